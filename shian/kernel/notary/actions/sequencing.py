"""Sequencing: gives committed entries their leaf numbers, grows the tree, signs its head.

Safe to run anywhere, any number of times, at once: one at a time holds the lock, all of a run is one transaction, and
nothing is signed that is not committed with it. Only inserts. The database refuses a gap and a second head of one size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from shian.kernel.notary import keys
from shian.kernel.notary.models import Checkpoint, Tile
from shian.kernel.notary.notes import CheckpointText, SignerKey, signed_note
from shian.kernel.notary.queries import frontier_at, head
from shian.kernel.notary.tiles import Frontier, FullTile
from shian.kernel.notary.tree import leaf_hash

LOCK = 0x5E410647
AT_ONCE = 20_000

# Entries are numbered when they are inserted and seen when they are committed, so a lower number may come later. Each
# run notes how far numbers had been given (`allocated`) before its transaction had an id (`horizon`). Once all older
# transactions have ended, a look at what waits sees every entry up to there; later looks begin above it, at `floor`.
ALLOCATED = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM notary_entry_id_seq"
SETTLED = """
SELECT allocated FROM notary_checkpoint
WHERE horizon <= (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint ORDER BY size DESC LIMIT 1
"""
WAITING = """
SELECT id, leaf_data FROM notary_entry AS entry
WHERE id > %(floor)s AND NOT EXISTS (
    SELECT 1 FROM notary_leaf AS leaf WHERE leaf.entry_id > %(floor)s AND leaf.entry_id = entry.id
) ORDER BY id LIMIT %(limit)s
"""
NUMBER = """
INSERT INTO notary_leaf (number, entry_id, leaf_data)
SELECT %(size)s + place - 1, entry, data
FROM unnest(%(entries)s::bigint[], %(leaves)s::bytea[]) WITH ORDINALITY AS given (entry, data, place)
"""


class LogBroken(RuntimeError):
    """The tables do not agree with what was signed; nothing more is signed until somebody has looked."""


@dataclass(frozen=True)
class Waiting:
    """Committed entries without a leaf, in the order of their ids, and how far this look at them reaches."""

    entries: list[int]
    leaves: list[bytes]
    allocated: int
    horizon: int
    floor: int


def sequence(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Number up to `limit` waiting entries and sign the head; how many, 0 also when another process is at it.

    Raises LogBroken, BadKey.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            if not _locked(cursor):
                return 0
            before = head()
            waiting = _waiting(cursor, before.floor if before else 0, limit)
            if not waiting.entries:
                return 0
            signers = _signers(before, at)
            frontier = _grown_frontier(before)
            arguments: dict[str, Any] = {"size": frontier.size, "entries": waiting.entries, "leaves": waiting.leaves}
            cursor.execute(NUMBER, arguments)
        _keep_tiles([tile for data in waiting.leaves for tile in frontier.append(leaf_hash(data))])
        text = str(CheckpointText(signers[0].name, frontier.size, frontier.root()))
        note = signed_note(text, signers)
        Checkpoint.objects.create(
            size=frontier.size,
            root=frontier.root(),
            note=note,
            keys="\n".join(str(key.verifier) for key in signers),
            made_at=at,
            allocated=waiting.allocated,
            horizon=waiting.horizon,
            floor=waiting.floor,
        )
        transaction.on_commit(lambda: keys.remember_signed(note))
    return len(waiting.entries)


def _locked(cursor: CursorWrapper) -> bool:
    """The lock is held to the end of the transaction; what was committed before it was got is seen after it."""
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
    return bool(cursor.fetchone()[0])


def _waiting(cursor: CursorWrapper, floor: int, limit: int) -> Waiting:
    cursor.execute(ALLOCATED)
    allocated = cursor.fetchone()[0]
    cursor.execute("SELECT pg_current_xact_id()::text")
    horizon = int(cursor.fetchone()[0])
    cursor.execute(SETTLED)
    settled = (cursor.fetchone() or [floor])[0]
    cursor.execute(WAITING, {"floor": floor, "limit": limit})
    rows = cursor.fetchall()
    if len(rows) == limit:
        settled = min(settled, rows[-1][0])
    return Waiting([row[0] for row in rows], [bytes(row[1]) for row in rows], allocated, horizon, max(floor, settled))


def _signers(before: Checkpoint | None, at: datetime) -> Sequence[SignerKey]:
    """The keys to sign with. Refuses to sign a second history; keys of another database's log are put aside."""
    last = keys.last_signed()
    if last and before is None:
        keys.retire(at)
    elif last and before:
        signed = Checkpoint.objects.filter(size=last.size).first() if last.size <= before.size else None
        if signed is None or bytes(signed.root) != last.root:
            raise LogBroken(
                f"the log was signed up to {last.size} entries here, and this database does not hold that log: "
                "see “A database that was set back” in docs/notary.md"
            )
    return keys.signer_keys()


def _grown_frontier(before: Checkpoint | None) -> Frontier:
    """The right edge of the tree as the tables hold it, which must have the root that was signed last."""
    if before is None:
        return Frontier()
    frontier = frontier_at(before.size)
    if frontier.root() != bytes(before.root):
        raise LogBroken(f"leaves and tiles do not give the root that was signed at {before.size} entries")
    return frontier


def _keep_tiles(full: Sequence[FullTile]) -> None:
    Tile.objects.bulk_create(
        [Tile(level=tile.level, number=tile.number, hashes=tile.hashes, root=tile.root) for tile in full]
    )
