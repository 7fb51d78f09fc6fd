#!/usr/bin/env python3
"""Verify an export of a sealed log, off line: python3 verify_log.py EXPORT.zip PUBLIC-KEY

On purpose one file that imports nothing of Shian: only Python >= 3.11 and `cryptography`, so that it can be read in one
sitting and run by whoever trusts nobody. Formats: C2SP signed-note and tlog-checkpoint, RFC 9162 (SHA-256), RFC 8785.
Exit status 0: everything holds. 1: something was changed; each record that is concerned is named.
"""

import base64
import hashlib
import io
import json
import re
import sys
import zipfile
import zlib
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

NAMED = re.compile(rb'\\"([0-9a-f]{64})\\"')  # whatever in an entry reads like a SHA-256 names a file


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def chunks(data: bytes) -> list[bytes]:
    return [data[place : place + 32] for place in range(0, len(data), 32)]


def read_key(text: str) -> tuple[str, bytes]:
    """name+id+base64(01 || key), id = SHA-256(name || newline || 01 || key)[:4]"""
    name, key_id, encoded = text.strip().split("+", 2)
    data = base64.b64decode(encoded, validate=True)
    if len(data) != 33 or data[0] != 1 or sha256(name.encode(), b"\n", data)[:4].hex() != key_id:
        raise ValueError("not a public key of a log")
    return name, data[1:]


def open_checkpoint(note: str, name: str, public: bytes) -> tuple[int, bytes]:
    """Size and root of the tree, once the key's signature over the text is found and right."""
    text, _, lines = note.rpartition("\n\n")
    text += "\n"
    key_id = sha256(name.encode(), b"\n\x01", public)[:4]
    for signer, encoded in re.findall(r"^\u2014 (\S+) (\S+)$", lines, re.MULTILINE):
        data = base64.b64decode(encoded)
        if signer == name and data[:4] == key_id:
            Ed25519PublicKey.from_public_bytes(public).verify(data[4:], text.encode())
            _origin, size, root = text.split("\n")[:3]
            return int(size), base64.b64decode(root)
    raise InvalidSignature


def root_of(leaves: list[bytes]) -> bytes:
    """The root over leaf data: 00 before a leaf, 01 before two joined nodes, an odd one is carried up."""
    level = [hashlib.sha256(b"\x00" + data).digest() for data in leaves]
    while len(level) > 1:
        odd, pairs = level[-1:] if len(level) % 2 else [], zip(level[::2], level[1::2], strict=False)
        level = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs] + odd
    return level[0] if level else sha256(b"")


def root_by_path(data: bytes, number: int, size: int, path: list[bytes]) -> bytes | None:
    """The root that an audit path leads to (RFC 9162 section 2.1.3.2); None for a path that does not fit."""
    at, last, root = number, size - 1, sha256(b"\x00", data)
    for step in path:
        if last == 0:
            return None
        if at % 2 or at == last:
            root = sha256(b"\x01", step, root)
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            root = sha256(b"\x01", root, step)
        at, last = at >> 1, last >> 1
    return root if last == 0 and 0 <= number < size else None


def label(row: Any) -> str:
    try:
        told = json.loads(row["entry"])
        return f"entry {row['leaf']} ({told['subject']}, {told['action']}, {told['at']})"
    except (ValueError, KeyError, TypeError):
        return f"entry {row['leaf']}"


def check_entry(archive: zipfile.ZipFile, line: bytes, tree: Any, problems: list[str]) -> Any:
    """One line: SHA-256(salt || entry) is the leaf, and the leaf is in the tree. The line as it reads."""
    size, root, leaves = tree
    try:
        row = json.loads(line)
        number, entry = int(row["leaf"]), row["entry"]
        data = hashlib.sha256(bytes.fromhex(row["salt"]) + entry.encode()).digest()
        path = [bytes.fromhex(step) for step in row.get("path", ())]
    except (ValueError, KeyError, TypeError, AttributeError):
        problems.append(f"a line of entries.jsonl cannot be read: {line[:60]!r}")
        return None
    if leaves and "path" not in row:
        holds = leaves[number : number + 1] == [data]
    else:
        holds = root_by_path(data, number, size, path) == root
    if not holds:
        problems.append(f"{label(row)}: the entry is not what was sealed")
    elif '"rows_root"' in entry:
        told = json.loads(entry)
        rows = f"rows/{told['uid']}"
        digests = chunks(archive.read(rows)) if rows in archive.NameToInfo and "rows_root" in told else []
        if digests and (root_of(digests).hex(), len(digests)) != (told["rows_root"], told["rows_count"]):
            problems.append(f"{label(row)}: the digests of its rows are not those that were sealed")
    return row


def verify(export: str, key: str) -> tuple[int, int, int, list[str]]:
    problems: list[str] = []
    named: dict[str, Any] = {}
    entries = 0
    with zipfile.ZipFile(export) as archive:
        size, root = open_checkpoint(archive.read("checkpoint").decode(), *read_key(key))
        leaves = chunks(archive.read("leaves.bin")) if "leaves.bin" in archive.NameToInfo else []
        if leaves and (len(leaves) != size or root_of(leaves) != root):
            problems.append("the leaves do not give the signed root: one was changed, added or removed")
        with io.BufferedReader(archive.open("entries.jsonl"), 1 << 20) as lines:  # type: ignore[type-var]
            for line in lines:
                row = check_entry(archive, line, (size, root, leaves), problems)
                if row:
                    entries += 1
                    for digest in NAMED.findall(line):
                        named.setdefault(digest.decode(), row)
        for path in (files := [each for each in archive.namelist() if each.startswith("files/")]):
            row = named.get(path[6:])
            try:
                digest = sha256(archive.read(path)).hex()
            except (zipfile.BadZipFile, zlib.error):
                digest = ""
            if row is None or "files/" + digest != path:
                name = json.loads(row["entry"])["data"].get("name", path) if row else path
                problems.append(f"{label(row) if row else 'no entry'}: the file {name} is not the one that was sealed")
    return entries, len(files), size, problems


if __name__ == "__main__":
    try:
        counts = verify(*sys.argv[1:]) if len(sys.argv) == 3 else sys.exit(__doc__)
    except (InvalidSignature, ValueError, KeyError, OSError, zipfile.BadZipFile, zlib.error) as error:
        sys.exit(f"cannot be verified: {str(error) or 'not signed by this key'}")
    if counts[3]:
        sys.exit("\n".join(counts[3]))
    print("Verified: {} entries and {} files under a checkpoint of {} entries.".format(*counts))
