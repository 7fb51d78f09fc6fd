"""Writing an export: a zip that proves entries to whoever has the public key, off line (verification.py reads it)."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from shian.kernel.notary.actions.sealing import seal
from shian.kernel.notary.models import Checkpoint, Entry, Leaf, Rows
from shian.kernel.notary.queries import canonical_of, checkpoint_note, head, inclusion_of
from shian.kernel.notary.rules import files_named
from shian.kernel.notary.subjects import audits, file_path, may_see_subject
from shian.kernel.notary.verification import CHECKPOINT, ENTRIES, FILES, FORMAT, LEAVES, ROWS

AT_ONCE = 2_000
READ_ME = """\
存证导出 · Sealed entries of a transparency log

如何验证：取得日志的公钥（向公布它的单位索取，不要用本文件旁的公钥），离线运行
How to verify, off line, with the log's public key (ask the body that publishes it, not whoever gave you this file):

    shian verify THIS.zip --key "name+id+base64"
    python verify_log.py THIS.zip "name+id+base64"

checkpoint      signed head of the log (C2SP tlog-checkpoint, Ed25519): origin, size, root
entries.jsonl   one entry a line: leaf number, salt, canonical JSON (RFC 8785), audit path (RFC 9162)
leaves.bin      every leaf of the log, 32 bytes each (exports of the whole log): SHA-256(salt ‖ canonical entry)
rows/<uid>      digests of the rows of an imported batch, 32 bytes each
files/<sha256>  files that the entries name by their SHA-256
manifest.json   what was asked for, and files that were named but not here

By hand: SHA-256(salt ‖ entry) is the leaf's data; SHA-256(00 ‖ data) its hash; its path leads to the checkpoint's root.
"""


class NothingSealed(ValueError):
    """No entry of the record is in the tree yet: there is nothing to prove."""


@dataclass
class Exported:
    """What went into an export."""

    entries: int = 0
    files: int = 0
    absent: list[str] = field(default_factory=list)


@transaction.atomic
def export_record(*, subject: str, to: IO[bytes], by: str, at: datetime) -> Exported:
    """Everything sealed about one record, each entry with its path, and the files that the entries name.

    The caller has checked that the record is visible. Raises NothingSealed.
    """
    newest = head()
    numbers = _numbers(Entry.objects.filter(subject=subject), newest)
    if newest is None or not numbers:
        raise NothingSealed(subject)
    seal(action="notary.exported", by=by, subject=subject, data={"entries": len(numbers)}, at=at)
    return _write(to, newest, numbers, subject=subject)


@transaction.atomic
def export_log(*, user: Any, to: IO[bytes], by: str, at: datetime) -> Exported:
    """The whole log: every leaf, and the entries that `user` may see (None, at the command line: all). Raises
    NothingSealed."""
    newest = head()
    if newest is None:
        raise NothingSealed("log")
    numbers = _numbers(_visible(user), newest)
    seal(action="notary.exported", by=by, subject="notary.log:all", data={"entries": len(numbers)}, at=at)
    return _write(to, newest, numbers, subject="")


def _visible(user: Any) -> QuerySet[Entry] | None:
    """Entries whose record the user may open, or who did it; None for all."""
    if user is None or audits(user):
        return None
    subjects = Entry.objects.values_list("subject", flat=True).distinct()
    seen = [subject for subject in subjects if may_see_subject(user, subject)]
    return Entry.objects.filter(subject__in=seen) | Entry.objects.filter(actor=user.get_username())


def _numbers(entries: QuerySet[Entry] | None, newest: Checkpoint | None) -> list[int]:
    """Leaf numbers of those entries that the newest checkpoint covers, ascending."""
    if newest is None:
        return []
    leaves = Leaf.objects.filter(number__lt=newest.size)
    if entries is not None:
        leaves = leaves.filter(entry_id__in=entries.order_by().values("pk"))
    return list(leaves.order_by("number").values_list("number", flat=True))


def _write(to: IO[bytes], newest: Checkpoint, numbers: list[int], *, subject: str) -> Exported:
    told = Exported()
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(CHECKPOINT, checkpoint_note(newest))
        archive.writestr("README.txt", READ_ME)
        named, batches = _write_entries(archive, newest, numbers, told, has_paths=bool(subject))
        for rows in Rows.objects.filter(entry_uid__in=batches).iterator():
            archive.writestr(f"{ROWS}{rows.entry_uid}", bytes(rows.digests))
        if not subject:
            _write_leaves(archive, newest)
        _write_files(archive, named, told)
        about = {"format": FORMAT, "subject": subject, "entries": told.entries, "files": told.files}
        archive.writestr("manifest.json", json.dumps({**about, "absent_files": told.absent}, ensure_ascii=False))
    return told


def _write_entries(
    archive: zipfile.ZipFile, newest: Checkpoint, numbers: list[int], told: Exported, *, has_paths: bool
) -> tuple[dict[str, None], list[UUID]]:
    """One entry a line; which files they name, in order, and which of them are batches."""
    named, batches = dict[str, None](), list[UUID]()
    with archive.open(ENTRIES, "w", force_zip64=True) as lines:
        for number, entry in _entries(numbers):
            row: dict[str, Any] = {"leaf": number, "salt": bytes(entry.salt).hex()}
            row["entry"] = canonical_of(entry).decode()
            if has_paths:
                row["path"] = [step.hex() for step in inclusion_of(number, newest).path]
            lines.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            named.update(dict.fromkeys(files_named(entry.data)))
            batches += [entry.uid] if entry.rows_root else []
            told.entries += 1
    return named, batches


def _entries(numbers: list[int]) -> Iterator[tuple[int, Entry]]:
    """Entries by leaf number, some thousand at a time."""
    for start in range(0, len(numbers), AT_ONCE):
        part = numbers[start : start + AT_ONCE]
        leaves = dict(Leaf.objects.filter(number__in=part).values_list("entry_id", "number"))
        found = {leaves[entry.pk]: entry for entry in Entry.objects.filter(pk__in=leaves)}
        yield from ((number, found[number]) for number in part if number in found)


def _write_leaves(archive: zipfile.ZipFile, newest: Checkpoint) -> None:
    leaves = Leaf.objects.filter(number__lt=newest.size).order_by("number").values_list("leaf_data", flat=True)
    with archive.open(LEAVES, "w", force_zip64=True) as out:
        for data in leaves.iterator(chunk_size=20_000):
            out.write(bytes(data))


def _write_files(archive: zipfile.ZipFile, named: dict[str, None], told: Exported) -> None:
    for sha256 in named:
        path = file_path(sha256)
        if path is None:
            told.absent.append(sha256)
        else:
            archive.write(path, f"{FILES}{sha256}")
            told.files += 1
