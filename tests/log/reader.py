"""A reader of transparency logs written from the C2SP pages alone: tlog-tiles, tlog-checkpoint, signed-note, RFC 9162.

It shares no line with the program: it knows an address and a public key, and asks over HTTP like any stranger.
"""

import base64
import hashlib
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FULL = 256  # hashes of a full tile, entries of a full bundle


class LogInvalid(Exception):
    """The log is not what its checkpoint says, or not of the form that the specification wants."""


class Head(NamedTuple):
    """What a checkpoint states: the log's name, its number of entries, the root over them."""

    origin: str
    size: int
    root: bytes


class Reader:
    """`address` is the log's prefix, `key` its verifier key in text form: name+id+base64."""

    def __init__(self, address: str, key: str) -> None:
        self.address = address.rstrip("/")
        self.name, self.key_id, encoded = key.split("+", 2)
        raw = base64.b64decode(encoded)
        if raw[0] != 1 or self.key_id != hashlib.sha256(self.name.encode() + b"\n" + raw).hexdigest()[:8]:
            raise LogInvalid("the key's id is not its own")
        self.public = Ed25519PublicKey.from_public_bytes(raw[1:])
        self.asked: list[str] = []

    def get(self, path: str) -> bytes:
        self.asked.append(path)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{self.address}/{path}", timeout=30) as answer:
            return bytes(answer.read())

    def status(self, path: str) -> int:
        try:
            self.get(path)
        except urllib.error.HTTPError as error:
            return error.code
        return 200

    def head(self) -> Head:
        """The checkpoint, once its signature is verified."""
        return self.opened(self.get("checkpoint").decode("utf-8"))

    def opened(self, note: str) -> Head:
        text, _, signatures = note.rpartition("\n\n")
        text += "\n"
        lines = [line.split(" ") for line in signatures.splitlines()]
        ours = [base64.b64decode(line[2]) for line in lines if line[0] == "\u2014" and line[1] == self.name]
        ours = [signature for signature in ours if signature[:4].hex() == self.key_id]
        if not ours:
            raise LogInvalid("not signed by the key")
        for signature in ours:
            self.public.verify(signature[4:], text.encode())
        origin, size, root = text.split("\n")[:3]
        if str(int(size)) != size:
            raise LogInvalid("the size is not in plain decimals")
        return Head(origin, int(size), base64.b64decode(root, validate=True))

    def entries(self, size: int) -> list[bytes]:
        """Every entry of a tree of that size, from full bundles and a partial one."""
        found: list[bytes] = []
        for number in range(-(-size // FULL)):
            width = min(FULL, size - number * FULL)
            cut = unbundled(self.get(f"tile/entries/{place(number, width)}"))
            if len(cut) != width:
                raise LogInvalid(f"bundle {number} holds {len(cut)} entries, not {width}")
            found += cut
        return found

    def hashes(self, level: int, size: int) -> list[bytes]:
        """Every hash that the tiles of a level hold for a tree of that size."""
        whole, found = size // FULL**level, []
        for number in range(-(-whole // FULL)):
            width = min(FULL, whole - number * FULL)
            tile = self.get(f"tile/{level}/{place(number, width)}")
            if len(tile) != 32 * width:
                raise LogInvalid(f"tile {level}/{number} has {len(tile)} bytes")
            found += [tile[at : at + 32] for at in range(0, len(tile), 32)]
        return found

    def check(self) -> Head:
        """Read all of it, from entries and from tiles, and compare each with the signed root. Raises LogInvalid."""
        head = self.head()
        lower = [hashlib.sha256(b"\x00" + entry).digest() for entry in self.entries(head.size)]
        if tree_hash(lower) != head.root:
            raise LogInvalid("the entries do not give the root")
        level = 0
        while lower:
            if self.hashes(level, head.size) != lower:
                raise LogInvalid(f"the tiles of level {level} are not over the entries")
            lower = [tree_hash(lower[at : at + FULL]) for at in range(0, len(lower) - FULL + 1, FULL)]
            level += 1
        return head


def place(number: int, width: int) -> str:
    """The end of a tile's address: three digits an element, all but the last behind an x; .p/W for a partial one."""
    digits = str(number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    end = "" if width == FULL else f".p/{width}"
    return "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]]) + end


def unbundled(bundle: bytes) -> list[bytes]:
    """Entries behind their lengths, two bytes each, the larger first."""
    found, at = [], 0
    while at < len(bundle):
        length = bundle[at] * 256 + bundle[at + 1]
        at += 2 + length
        if at > len(bundle):
            raise LogInvalid("a bundle ends inside an entry")
        found.append(bundle[at - length : at])
    return found


def tree_hash(hashes: Sequence[bytes]) -> bytes:
    """RFC 9162, 2.1.1: split at the largest power of two below the number of leaves."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256().digest()
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return hashlib.sha256(b"\x01" + tree_hash(hashes[:split]) + tree_hash(hashes[split:])).digest()
