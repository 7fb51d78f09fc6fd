"""Data packages: order, stated totals, and paths that try to leave the package."""

import json
import zipfile
from pathlib import Path

import pytest

from shian.kernel.imports.datapackages import read_package, unpacked
from shian.kernel.imports.headings import FileUnusable


def package(folder: Path, *resources: dict[str, object]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "datapackage.json").write_text(json.dumps({"name": "city", "resources": resources}), encoding="utf-8")
    return folder


def test_resources_keep_their_order_and_their_totals(tmp_path: Path) -> None:
    stated = {"importer": "things", "expected_rows": 2, "expected": {"amount": 3.5}}
    folder = package(
        tmp_path / "p",
        {"name": "b", "path": "b.csv", "shian": stated},
        {"name": "readme", "path": "a.csv"},
        {"name": "a", "path": "a.csv", "shian": {"importer": "others"}},
    )
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text("x", encoding="utf-8")

    found = read_package(folder)

    assert [resource.name for resource in found.resources] == ["b", "a"]
    assert (found.resources[0].expected_rows, found.resources[0].expected_sums) == (2, {"amount": "3.5"})
    assert [resource.name for resource in read_package(folder, ["others"]).resources] == ["a"]


@pytest.mark.parametrize("path", ["../secret.csv", "/etc/passwd", "missing.csv"])
def test_paths_outside_or_missing_are_refused(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.csv").write_text("x", encoding="utf-8")
    folder = package(tmp_path / "p", {"name": "x", "path": path, "shian": {"importer": "things"}})

    with pytest.raises(FileUnusable):
        read_package(folder)


def test_a_zipped_package_may_lie_in_a_folder(tmp_path: Path) -> None:
    archive = tmp_path / "p.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("city/datapackage.json", "{}")

    with unpacked(archive) as folder:
        assert (folder / "datapackage.json").exists()
    assert not folder.exists()


def test_a_zip_without_descriptor_or_with_wild_paths_is_refused(tmp_path: Path) -> None:
    plain, wild = tmp_path / "a.zip", tmp_path / "b.zip"
    with zipfile.ZipFile(plain, "w") as packed:
        packed.writestr("a.csv", "x")
    with zipfile.ZipFile(wild, "w") as packed:
        packed.writestr("datapackage.json", "{}")
        packed.writestr("../evil.csv", "x")

    for archive in (plain, wild):
        with pytest.raises(FileUnusable), unpacked(archive):
            pass
