"""Checking an export off line: the signature, every entry's way to the signed root, every file's content.

Needs the export and the log's public key, nothing else: no database, no Django. tools/verify_log.py does the same in a
file of its own, for whoever does not want to trust this program.
"""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from shian.kernel.notary.notes import BadNote, CheckpointText, VerifierKey, open_note
from shian.kernel.notary.rules import files_named
from shian.kernel.notary.tree import ProofFailed, root_of, verify_inclusion

FORMAT = "shian-seal-export/1"
CHECKPOINT, ENTRIES, LEAVES, FILES, ROWS = "checkpoint", "entries.jsonl", "leaves.bin", "files/", "rows/"
HASH = 32
CHUNK = 1 << 20


@dataclass
class Outcome:
    """What was checked and what was found wrong; `problems` is empty when everything holds."""

    origin: str = ""
    size: int = 0
    entries: int = 0
    files: int = 0
    absent_files: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.problems


@dataclass(frozen=True)
class Told:
    """An entry as a message names it."""

    number: int
    content: dict[str, Any]

    def __str__(self) -> str:
        what = f"{self.content.get('subject', '?')}, {self.content.get('action', '?')}, {self.content.get('at', '?')}"
        return f"entry {self.number} ({what})"


def verify_export(path: Path, keys: Iterable[VerifierKey]) -> Outcome:
    """Check everything in the export. Never raises for what an export may hold: it is told in `problems`."""
    outcome = Outcome()
    try:
        with zipfile.ZipFile(path) as archive:
            _verify(archive, list(keys), outcome)
    except (zipfile.BadZipFile, zlib.error) as error:
        outcome.problems.append(f"the export is damaged: {error}")
    except KeyError as error:
        outcome.problems.append(f"the export is not complete: {error}")
    return outcome


def _verify(archive: zipfile.ZipFile, keys: list[VerifierKey], outcome: Outcome) -> None:
    try:
        text = open_note(archive.read(CHECKPOINT).decode("utf-8", "replace"), keys)
        head = CheckpointText.parse(text)
    except BadNote as error:
        outcome.problems.append(f"the checkpoint is not signed by this key: {error}")
        return
    outcome.origin, outcome.size = head.origin, head.size
    leaves = _leaves(archive, head, outcome)
    named: dict[str, Told] = {}
    with archive.open(ENTRIES) as lines:
        for told in (_check_entry(line, head, leaves, archive, outcome) for line in lines):
            _note_files(told, named, outcome)
    _check_files(archive, named, outcome)


def _note_files(told: Told | None, named: dict[str, Told], outcome: Outcome) -> None:
    """Count the entry, and keep which files it is the first to name."""
    if told is None:
        return
    outcome.entries += 1
    for sha256 in files_named(told.content.get("data")):
        named.setdefault(sha256, told)


def _leaves(archive: zipfile.ZipFile, head: CheckpointText, outcome: Outcome) -> bytes | None:
    """All published leaves, when the export is of the whole log."""
    if LEAVES not in archive.namelist():
        return None
    leaves = archive.read(LEAVES)
    root, count = root_of(leaves[place : place + HASH] for place in range(0, len(leaves), HASH))
    if count != head.size or root != head.root:
        outcome.problems.append("the leaves do not give the signed root: one was changed, added or removed")
    return leaves


def _check_entry(
    line: bytes, head: CheckpointText, leaves: bytes | None, archive: zipfile.ZipFile, outcome: Outcome
) -> Told | None:
    try:
        row = json.loads(line)
        number, content = int(row["leaf"]), row["entry"].encode()
        told = Told(number, json.loads(content))
        data = hashlib.sha256(bytes.fromhex(row["salt"]) + content).digest()
        path = [bytes.fromhex(step) for step in row.get("path", ())]
    except (ValueError, KeyError, TypeError, AttributeError):
        outcome.problems.append(f"a line of {ENTRIES} cannot be read: {line[:60]!r}")
        return None
    if leaves is not None and "path" not in row:
        is_true = leaves[number * HASH : (number + 1) * HASH] == data
    else:
        is_true = _is_proven(data, number, path, head)
    if not is_true:
        outcome.problems.append(f"{told}: the entry is not what was sealed")
    _check_rows(told, archive, outcome)
    return told


def _is_proven(data: bytes, number: int, path: list[bytes], head: CheckpointText) -> bool:
    try:
        verify_inclusion(data, number, head.size, path, head.root)
    except ProofFailed:
        return False
    return True


def _check_rows(told: Told, archive: zipfile.ZipFile, outcome: Outcome) -> None:
    """A batch's digests give the root that its entry sealed."""
    if "rows_root" not in told.content or f"{ROWS}{told.content.get('uid')}" not in archive.NameToInfo:
        return
    digests = archive.read(f"{ROWS}{told.content['uid']}")
    root, count = root_of(digests[place : place + HASH] for place in range(0, len(digests), HASH))
    if root.hex() != told.content["rows_root"] or count != told.content.get("rows_count"):
        outcome.problems.append(f"{told}: the digests of its rows are not those that were sealed")


def _check_files(archive: zipfile.ZipFile, named: dict[str, Told], outcome: Outcome) -> None:
    """Files that entries name have the content that was sealed; files that nobody names are told."""
    for name in archive.namelist():
        if not name.startswith(FILES):
            continue
        sha256 = name.removeprefix(FILES)
        told = named.pop(sha256, None)
        if told is None:
            outcome.problems.append(f"file {sha256}: no entry of the export names it")
            continue
        outcome.files += 1
        if not _has_content(archive, name, sha256):
            known = told.content.get("data", {}).get("name", "")
            outcome.problems.append(f"{told}: the file {known or sha256} is not the one that was sealed")
    outcome.absent_files = len(named)


def _has_content(archive: zipfile.ZipFile, name: str, sha256: str) -> bool:
    try:
        with archive.open(name) as stream:
            return digest_of(stream) == sha256
    except (zipfile.BadZipFile, zlib.error):
        return False


def digest_of(stream: IO[bytes]) -> str:
    """The SHA-256 of a stream, as text."""
    digest = hashlib.sha256()
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
