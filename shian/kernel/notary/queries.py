"""Reads of the log: entries, leaves, tiles, checkpoints and the proofs made from them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from shian.kernel.notary.models import Checkpoint, Cosignature, Entry, Leaf, Rows, Tile
from shian.kernel.notary.rules import content_of
from shian.kernel.notary.tiles import HEIGHT, WIDTH, Frontier, entry_bundle, hashes_in, node_in_tile, tile_width
from shian.kernel.notary.tree import Node, consistency_path, inclusion_path, leaf_hash, nodes_over

# By hand: a proof is three small reads, and building them as querysets takes longer than answering them.
LEAVES = "SELECT leaf_data FROM notary_leaf WHERE number >= %s AND number < %s ORDER BY number"
ROOTS = "SELECT root FROM notary_tile WHERE level = %s AND number >= %s AND number < %s ORDER BY number"
TILES = """
SELECT level, number, hashes FROM notary_tile
WHERE (level, number) IN (SELECT * FROM unnest(%s::smallint[], %s::bigint[]))
"""


def entries_of(subject: str) -> QuerySet[Entry]:
    """Entries about one subject ("app.model:key"), newest first, each with its `leaf_number` (None while it waits).

    The caller has checked that the subject is visible.
    """
    return numbered(Entry.objects.filter(subject=subject)).order_by("-id")


def numbered(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """The same entries with `leaf_number`."""
    number = Leaf.objects.filter(entry_id=OuterRef("pk")).values("number")[:1]
    return entries.annotate(leaf_number=Subquery(number))


def canonical_of(entry: Entry) -> bytes:
    """The bytes that were sealed, from the entry's columns."""
    return content_of(
        uid=entry.uid,
        action=entry.action,
        actor=entry.actor,
        subject=entry.subject,
        at=entry.at,
        data=entry.data,
        rows_root=None if entry.rows_root is None else bytes(entry.rows_root),
        rows_count=entry.rows_count,
    )


def waiting_count() -> int:
    """Committed entries that have no leaf yet."""
    return max(0, Entry.objects.count() - Leaf.objects.count())


def head() -> Checkpoint | None:
    """The newest checkpoint."""
    return Checkpoint.objects.order_by("-size").first()


def checkpoint_note(checkpoint: Checkpoint) -> str:
    """The signed note with the cosignatures of witnesses."""
    return checkpoint.note + "".join(each.line for each in cosignatures_of(checkpoint))


def cosignatures_of(checkpoint: Checkpoint) -> QuerySet[Cosignature]:
    return Cosignature.objects.filter(size=checkpoint.size).order_by("pk")


def first_covering(number: int) -> Checkpoint | None:
    """The first checkpoint that has the leaf: when the world could see it."""
    return Checkpoint.objects.filter(size__gt=number).order_by("size").first()


def leaf_of(data: bytes) -> Leaf | None:
    """The leaf that publishes this hash."""
    return Leaf.objects.filter(leaf_data=data).first()


def frontier_at(size: int) -> Frontier:
    """The right edge of the tree of the first `size` leaves."""
    frontier, level = Frontier(size), 0
    while size >> (HEIGHT * level):
        frontier.levels.append(_unfinished(level, size))
        level += 1
    return frontier


def _unfinished(level: int, size: int) -> list[bytes]:
    """The hashes of the last, partial tile of a level: none when the level ends with a full one."""
    count = size >> (HEIGHT * level)
    return _hashes(level, count // WIDTH * WIDTH, count)


def _hashes(level: int, start: int, end: int) -> list[bytes]:
    """Hashes start … end - 1 of a tile level, from the leaves or from the roots of the full tiles below."""
    if start == end:
        return []
    with connection.cursor() as cursor:
        if level == 0:
            cursor.execute(LEAVES, [start, end])
            return [leaf_hash(data) for (data,) in cursor.fetchall()]
        cursor.execute(ROOTS, [level - 1, start, end])
        return [bytes(root) for (root,) in cursor.fetchall()]


def tile_hashes(level: int, number: int, width: int) -> bytes | None:
    """The first `width` hashes of a tile, as published; None when the last checkpoint does not cover them."""
    newest = head()
    if newest is None or not 0 < width <= tile_width(level, number, newest.size):
        return None
    if width == WIDTH:
        return bytes(Tile.objects.values_list("hashes", flat=True).get(level=level, number=number))
    return b"".join(_hashes(level, number * WIDTH, number * WIDTH + width))


def bundle(number: int, width: int) -> bytes | None:
    """The entry bundle of a level-0 tile: the salted hashes, nothing else. None as for tiles."""
    newest = head()
    if newest is None or not 0 < width <= tile_width(0, number, newest.size):
        return None
    leaves = Leaf.objects.filter(number__gte=number * WIDTH, number__lt=number * WIDTH + width).order_by("number")
    return entry_bundle(bytes(data) for data in leaves.values_list("leaf_data", flat=True))


@dataclass(frozen=True)
class Inclusion:
    """A leaf's place under a checkpoint, with the audit path (RFC 9162 §2.1.3)."""

    number: int
    checkpoint: Checkpoint
    path: Sequence[bytes]


def inclusion_of(number: int, checkpoint: Checkpoint) -> Inclusion:
    """The proof that leaf `number` is in the tree of this checkpoint. Raises IndexError for a leaf beyond it."""
    size = checkpoint.size
    edge = _edge_under(checkpoint).__getitem__
    return Inclusion(number, checkpoint, _with_tiles(size, edge, lambda node: inclusion_path(number, size, node)))


def consistency_of(old: int, new: int) -> list[bytes]:
    """The proof that the tree of `new` leaves begins with that of `old`. Raises IndexError."""
    return _with_tiles(new, lambda level: _unfinished(level, new), lambda node: consistency_path(old, new, node))


def row_path(entry: Entry, number: int) -> list[bytes]:
    """The path of a batch's row `number` (from 0) to the entry's root: the row's own seal. Raises IndexError."""
    digests = hashes_in(bytes(Rows.objects.get(entry_uid=entry.uid).digests))
    return inclusion_path(number, len(digests), nodes_over(digests))


def _edge_under(checkpoint: Checkpoint) -> list[list[bytes]]:
    """The unfinished tile of each level; many proofs are asked for under one head, so that of a head is remembered."""
    try:
        return _signed_edge(checkpoint.size, bytes(checkpoint.root))
    except ValueError:
        return frontier_at(checkpoint.size).levels


@lru_cache(maxsize=4)
def _signed_edge(size: int, root: bytes) -> list[list[bytes]]:
    """Only what gives the signed root is kept, so it is the same in every database. Raises ValueError for another."""
    frontier = frontier_at(size)
    if frontier.root() != root:
        raise ValueError(size)
    return frontier.levels


Edge = Callable[[int], list[bytes]]


def _with_tiles(size: int, edge: Edge, make: Callable[[Node], list[bytes]]) -> list[bytes]:
    """Run `make` twice: first to learn which nodes it asks for, then with their tiles, fetched in one read.

    `edge` gives the hashes of a level's unfinished tile.
    """
    asked: set[tuple[int, int]] = set()

    def listed(level: int, number: int) -> bytes:
        asked.add((level, number))
        return b""

    make(listed)
    tiles = _tiles({_tile_of(level, number) for level, number in asked}, size, edge)

    def fetched(level: int, number: int) -> bytes:
        tile = _tile_of(level, number)
        inner = level % HEIGHT
        return node_in_tile(tiles[tile], inner, number & ((WIDTH >> inner) - 1))

    return make(fetched)


def _tile_of(level: int, number: int) -> tuple[int, int]:
    """The tile that holds a node: (tile level, tile number)."""
    return level // HEIGHT, number >> (HEIGHT - level % HEIGHT)


def _tiles(wanted: set[tuple[int, int]], size: int, edge: Edge) -> dict[tuple[int, int], list[bytes]]:
    is_full = {tile: tile_width(*tile, size) == WIDTH for tile in wanted}
    found = {tile: edge(tile[0]) for tile in wanted if not is_full[tile]}
    full = [tile for tile in wanted if is_full[tile]]
    with connection.cursor() as cursor:
        cursor.execute(TILES, [[level for level, _ in full], [number for _, number in full]])
        found |= {(level, number): hashes_in(bytes(hashes)) for level, number, hashes in cursor.fetchall()}
    return found
