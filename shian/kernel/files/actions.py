"""Storing a file: hash, sniff, write once, one row."""

import hashlib
import os
import tempfile
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from shian.kernel.files.dangers import danger_of
from shian.kernel.files.models import StoredFile
from shian.kernel.files.queries import path_of
from shian.kernel.files.rules import clean_name, sniff
from shian.kernel.notary.actions import Deed, seal_several

CHUNK = 1 << 20
# One statement, also beside another that keeps the same content: a phone's visit brings several files. In the order of
# their content, so that of two with the same files neither waits for the other's.
KEEP = """
INSERT INTO files_storedfile (sha256, name, kind, size, stored_at, stored_by)
SELECT x.*, %s, %s FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[]) x (sha256, name, kind, size)
ORDER BY x.sha256
ON CONFLICT (sha256) DO NOTHING RETURNING id, sha256
"""


class FileRefused(ValueError):
    """The content is empty, too large or of a kind that is not accepted here; the text says which, for the user."""


def store_file(*, name: str, stream: BinaryIO, kinds: Collection[str], by: str, at: datetime) -> StoredFile:
    """Keep the stream's content under its SHA-256 and return its row (the same row for the same content).

    Raises FileRefused. The file is on disk, flushed, before the row is written.
    """
    return store_files(streams={name: stream}, kinds=kinds, by=by, at=at)[name]


def store_files(
    *, streams: Mapping[str, BinaryIO], kinds: Collection[str], by: str, at: datetime
) -> dict[str, StoredFile]:
    """The same of several by the names that are given: one statement for their rows, one for their seals."""
    rows = {name: _on_disk(name, stream, kinds, by, at) for name, stream in streams.items()}
    if not rows:
        return {}
    with transaction.atomic(savepoint=False):
        found = _kept({each.sha256: each for each in reversed(rows.values())}, by, at)
    return {name: found[row.sha256] for name, row in rows.items()}


def _on_disk(name: str, stream: BinaryIO, kinds: Collection[str], by: str, at: datetime) -> StoredFile:
    """The row of a file whose content is on disk, flushed; not yet saved."""
    name, kind = clean_name(name), sniff(stream)
    if kind not in kinds:
        raise FileRefused(_kind_refusal(name, kind, kinds))
    if danger := danger_of(stream, kind):
        raise FileRefused(_danger_refusal(name, danger))
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    digest, size, temporary = _spool(stream, folder, name)
    target = path_of(digest)
    if target.exists():
        temporary.unlink()
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(target)
    return StoredFile(sha256=digest, name=name, kind=kind, size=size, stored_at=at, stored_by=by)


def _kept(rows: Mapping[str, StoredFile], by: str, at: datetime) -> dict[str, StoredFile]:
    """By content: the rows that are new, saved and sealed, and those that were here."""
    columns = [[getattr(each, name) for each in rows.values()] for name in ("sha256", "name", "kind", "size")]
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [at, by, *columns])
        numbers = {digest: number for number, digest in cursor.fetchall()}
    for digest, number in numbers.items():
        rows[digest].pk = number
    seal_several([_deed(rows[digest]) for digest in numbers], by=by, at=at)
    others = rows.keys() - numbers.keys()
    known = StoredFile.objects.filter(sha256__in=others) if others else ()
    return {**rows, **{each.sha256: each for each in known}}


def _deed(row: StoredFile) -> Deed:
    """The content by its hash: a byte that changes on disk later is found by verifying the log."""
    told = {"name": row.name, "sha256": row.sha256, "kind": row.kind, "size": row.size}
    return Deed("files.stored", f"files.storedfile:{row.sha256}", told)


def _spool(stream: BinaryIO, folder: Path, name: str) -> tuple[str, int, Path]:
    with tempfile.NamedTemporaryFile(dir=folder, prefix="incoming-", delete=False) as out:
        path = Path(out.name)
        try:
            digest, size = _copied(stream, out, name)
            out.flush()
            os.fsync(out.fileno())
        except BaseException:
            path.unlink()
            raise
    return digest, size, path


def _copied(stream: BinaryIO, out: IO[bytes], name: str) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > settings.SHIAN_FILE_LIMIT:
            limit = settings.SHIAN_FILE_LIMIT // (1024 * 1024)
            told = {"name": name, "limit": limit}
            raise FileRefused(_("文件“%(name)s”超过 %(limit)s MB 的上限，请拆分后再上传。") % told)
        digest.update(chunk)
        out.write(chunk)
    if not size:
        raise FileRefused(_("文件“%(name)s”是空的，请检查后重新上传。") % {"name": name})
    return digest.hexdigest(), size


def _danger_refusal(name: str, danger: str) -> str:
    told = {
        "bomb": _("“%(name)s”解压后过大，或压缩内容与目录不符，已拒收。请另存后重新上传。"),
        "macro": _("“%(name)s”含有宏，已拒收。请另存为不含宏的 .xlsx 或 .docx 后再上传。"),
        "nested": _("“%(name)s”内还有压缩包，已拒收。请解开后分别上传。"),
        "path": _("“%(name)s”内的文件名指向压缩包之外，已拒收。"),
        "polyglot": _("“%(name)s”里混有另一种格式的内容，已拒收。请用原程序重新导出后再上传。"),
    }
    return told[danger] % {"name": name}


def _kind_refusal(name: str, kind: str, kinds: Collection[str]) -> str:
    wanted = "、".join(sorted(kinds))
    if kind == "xls":
        return _("“%(name)s”是旧版 Excel（.xls）文件，请在 Excel 中另存为 .xlsx 后再上传。") % {"name": name}
    if kind == "locked":
        return _("“%(name)s”有密码保护，无法读取，请在 Excel 中取消密码后再上传。") % {"name": name}
    if kind == "svg":
        return _("“%(name)s”是 SVG 图片，可能含有脚本，不予接收，请转存为 PNG 后再上传。") % {"name": name}
    return _("“%(name)s”的内容不是可接受的格式（%(wanted)s），请检查文件是否损坏或选错。") % {
        "name": name,
        "wanted": wanted,
    }
