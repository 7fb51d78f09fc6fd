"""Tiles as C2SP tlog-tiles names and fills them: 256 neighbouring hashes of every eighth level of the tree.

Pure functions. A full tile never changes; the part of an unfinished one that a checkpoint covers is a partial tile.
"""

import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from shian.kernel.notary.tree import EMPTY_ROOT, folded, pairs_hashed

HEIGHT = 8
WIDTH = 1 << HEIGHT
HASH = 32
MAX_LEVEL = 63
_PATH = re.compile(r"(?P<number>(?:x\d{3}/)*\d{3})(?:\.p/(?P<width>[1-9]\d{0,2}))?")


def tile_path(number: int, width: int = WIDTH) -> str:
    """The end of a tile's address: 1234067 → "x001/x234/067", with ".p/<width>" for a partial one."""
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03d}")
    return "/".join(groups) + ("" if width == WIDTH else f".p/{width}")


def read_tile_path(path: str) -> tuple[int, int] | None:
    """Number and width of a tile's address; None for an address that the specification does not know."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    number = int(re.sub(r"[x/]", "", found["number"]))
    width = int(found["width"] or WIDTH)
    is_exact = tile_path(number, width) == path and (found["width"] is None or width < WIDTH)
    return (number, width) if is_exact else None


def tile_width(level: int, number: int, size: int) -> int:
    """How many hashes of this tile a tree of `size` leaves has: 0 … 256."""
    return max(0, min(WIDTH, (size >> (HEIGHT * level)) - number * WIDTH))


def entry_bundle(leaves: Iterable[bytes]) -> bytes:
    """Leaf data one after the other, each behind its length as a big-endian uint16."""
    return b"".join(struct.pack(">H", len(data)) + data for data in leaves)


def hashes_in(tile: bytes) -> list[bytes]:
    """The hashes of a tile."""
    return [tile[place : place + HASH] for place in range(0, len(tile), HASH)]


def node_in_tile(hashes: Sequence[bytes], level: int, number: int) -> bytes:
    """The node `number` of inner level `level` (0 … 7) of a tile, from its hashes."""
    part = list(hashes[number << level : (number + 1) << level])
    while len(part) > 1:
        part = pairs_hashed(part)
    return part[0]


@dataclass(frozen=True)
class FullTile:
    """A tile that will never change, and the root over it, which is one hash of the tile above."""

    level: int
    number: int
    hashes: bytes
    root: bytes


@dataclass
class Frontier:
    """The right edge of a tree: the hashes of the unfinished tile of each level. All that is needed to append."""

    size: int = 0
    levels: list[list[bytes]] = field(default_factory=list)

    def append(self, data_hash: bytes) -> list[FullTile]:
        """Add a leaf hash; the tiles that it completes, lowest first."""
        number, filled, rising = self.size, [], data_hash
        self.size += 1
        for level in range(MAX_LEVEL + 1):
            if level == len(self.levels):
                self.levels.append([])
            hashes = self.levels[level]
            hashes.append(rising)
            number //= WIDTH
            if len(hashes) < WIDTH:
                break
            rising = node_in_tile(hashes, HEIGHT, 0)
            filled.append(FullTile(level, number, b"".join(hashes), rising))
            self.levels[level] = []
        return filled

    def root(self) -> bytes:
        """The root of the tree as it stands."""
        root: bytes | None = None
        for hashes in self.levels:
            root = folded(hashes, root)
        return root or EMPTY_ROOT
