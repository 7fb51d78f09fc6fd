"""Frictionless Data Packages: a folder or a zip with datapackage.json names files, importers and stated totals."""

import json
import shutil
import tempfile
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

from shian.kernel.imports.headings import FileUnusable

DESCRIPTOR = "datapackage.json"
UNPACKED_LIMIT = 4 << 30


@dataclass(frozen=True)
class Resource:
    """One file of a package, with what its sender states about it. `attachments`: files that its rows name."""

    name: str
    path: Path
    importer: str
    expected_rows: int | None = None
    expected_sums: dict[str, str] = field(default_factory=dict)
    attachments: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Package:
    name: str
    resources: tuple[Resource, ...]


def is_package_folder(path: Path) -> bool:
    """A folder with a descriptor."""
    return path.is_dir() and (path / DESCRIPTOR).is_file()


def read_package(folder: Path, wanted: Collection[str] | None = None) -> Package:
    """The package in a folder; `wanted` names resources or importers. Resources without an importer are left out."""
    try:
        document = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8-sig"))
        listed = document["resources"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FileUnusable(_("数据包的 datapackage.json 无法读取：%(error)s") % {"error": error}) from error
    found = [resource for item in listed if (resource := _resource(folder, item)) is not None]
    if wanted is not None:
        found = [resource for resource in found if {resource.name, resource.importer} & set(wanted)]
    if not found:
        raise FileUnusable(_("数据包里没有可以导入的资源（每个资源须在 shian.importer 写明导入类型）。"))
    return Package(str(document.get("name") or folder.name), tuple(found))


def _resource(folder: Path, item: Any) -> Resource | None:
    own = item.get("shian") or {}
    if not own.get("importer"):
        return None
    path = _inside(folder, str(item.get("path", "")))
    if not path.is_file():
        raise FileUnusable(_("数据包缺少文件：%(path)s") % {"path": item.get("path")})
    sums = {str(name): str(value) for name, value in (own.get("expected") or {}).items()}
    rows = own.get("expected_rows")
    return Resource(
        str(item.get("name") or path.stem), path, str(own["importer"]), None if rows is None else int(rows), sums,
        _attachments(folder, str(own.get("attachments") or "")),
    )  # fmt: skip


def _inside(folder: Path, name: str) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise FileUnusable(_("数据包的资源路径越出了数据包：%(path)s") % {"path": name})
    return path


def _attachments(folder: Path, name: str) -> tuple[Path, ...]:
    """The files of the folder that a resource names for its attachments, in order of name."""
    if not name:
        return ()
    place = _inside(folder, name)
    if not place.is_dir():
        raise FileUnusable(_("数据包缺少文件：%(path)s") % {"path": name})
    return tuple(sorted(each for each in place.iterdir() if each.is_file() and not each.is_symlink()))


@contextmanager
def unpacked(archive: Path) -> Iterator[Path]:
    """The folder of a zipped package, unpacked for as long as the block lasts. Raises FileUnusable."""
    folder = Path(tempfile.mkdtemp(prefix="shian-package-"))
    try:
        yield _unpack(archive, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unpack(archive: Path, folder: Path) -> Path:
    try:
        with zipfile.ZipFile(archive) as packed:
            names = [PurePosixPath(name) for name in packed.namelist()]
            roots = sorted((name.parent for name in names if name.name == DESCRIPTOR), key=lambda root: len(root.parts))
            if not roots:
                raise FileUnusable(_("压缩包里没有 datapackage.json，不是数据包。"))
            if any(name.is_absolute() or ".." in name.parts for name in names):
                raise FileUnusable(_("压缩包里有越界的路径，已拒绝。"))
            if sum(item.file_size for item in packed.infolist()) > UNPACKED_LIMIT:
                raise FileUnusable(_("压缩包解开后过大，已拒绝。"))
            packed.extractall(folder)
    except zipfile.BadZipFile as error:
        raise FileUnusable(_("压缩包已损坏，无法读取。")) from error
    return folder / roots[0]
