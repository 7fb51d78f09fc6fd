"""What a walk reached, as rows for whoever asks: who held which lot, how far away, and how sure that is.

Rows come in the order ring, depth, number. A walk sees the whole graph; a row is shown where its holder lies in the
reader's reach, and the others are counted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from shian.engine.trace.models import Holding, Identifier, Party, Ring
from shian.engine.trace.rules.identifiers import short_digest
from shian.engine.trace.walks import Walk

AT_ONCE = 5_000
Key = tuple[int, int, int]  # ring, depth, holding


@dataclass(frozen=True)
class Rows:
    """`hidden`: rows of these keys whose holders lie beyond the reader's reach."""

    rows: Sequence[dict[str, Any]]
    hidden: int


def roots_of(user: Any, lot: str) -> list[int]:
    """Holdings of a lot, by its canonical URI: all of them, if one lies in the reader's reach; else none."""
    found = Identifier.objects.filter(digest=short_digest(lot)).first()
    if found is None or not Holding.objects.visible_to(user).filter(lot=found.pk).exists():
        return []
    return list(Holding.objects.filter(lot=found.pk).order_by("pk").values_list("pk", flat=True))


def keys_of(found: Walk) -> list[Key]:
    """Every holding that was reached, in order."""
    sure = ((int(Ring.CONFIRMED), depth, holding) for holding, depth in found.confirmed.items())
    unsure = ((int(Ring.POSSIBLE), depth, holding) for holding, depth in found.possible.items())
    return sorted([*sure, *unsure])


def pages_of(user: Any, keys: Sequence[Key]) -> Iterator[Rows]:
    """The rows of these keys, some thousand at a time."""
    for start in range(0, len(keys), AT_ONCE):
        yield _rows(user, keys[start : start + AT_ONCE])


def _rows(user: Any, keys: Sequence[Key]) -> Rows:
    shown = Holding.objects.visible_to(user).filter(pk__in=[holding for _ring, _depth, holding in keys])
    holdings = {each.pk: each for each in shown}
    parties = dict(
        Party.objects.filter(pk__in={each.party_id for each in holdings.values()}).values_list("pk", "identifier")
    )
    named = {*parties.values(), *(each.lot for each in holdings.values())}
    uris = dict(Identifier.objects.filter(pk__in=named).values_list("pk", "uri"))
    rows = [
        {
            "lot": uris.get(holding.lot, ""),
            "party": uris.get(parties.get(holding.party_id, 0), ""),
            "ring": Ring(ring).name.lower(),
            "depth": depth,
            "firstTime": holding.first_at.isoformat(),
            "made": holding.made,
            "uom": holding.uom,
        }
        for ring, depth, number in keys
        if (holding := holdings.get(number)) is not None
    ]
    return Rows(rows, len(keys) - len(rows))
