"""Where a lot came from and where it went, grouped so that thirteen thousand holders can be read.

A walk sees the whole graph (engine/trace/walks.py); what a reader gets of other areas are counts, never names.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from shian.domains.tracing.models import Certificate, InOrder, OutOrder
from shian.domains.tracing.rules.naming import CERTIFICATE, COLD, SHEET
from shian.engine.trace.balances import balances_of
from shian.engine.trace.models import Holding, Identifier, Ring
from shian.engine.trace.rules.identifiers import BadIdentifier, canonical, short_digest
from shian.engine.trace.walks import Direction, Limits, Walk, walk
from shian.kernel.scope.walls import system_scope

MOST = 200_000  # holdings of a page; a recall goes on to the end
MOST_FOUND = 50


@dataclass(frozen=True)
class Group:
    """Holdings of one level, area and ring. `area`: key of the county, "" where it is not known."""

    depth: int
    area: str
    ring: Ring
    holdings: int
    parties: int


@dataclass(frozen=True)
class Side:
    """One direction of a chain."""

    walk: Walk
    groups: list[Group]

    def count(self, ring: Ring) -> int:
        """Holdings reached, without the roots."""
        return sum(each.holdings for each in self.groups if each.ring == ring)

    def levels(self) -> dict[int, list[Group]]:
        """Depth → its groups, the largest first."""
        found: dict[int, list[Group]] = {}
        for each in sorted(self.groups, key=lambda group: (group.depth, -group.holdings)):
            found.setdefault(each.depth, []).append(each)
        return found


def side_of(roots: Iterable[int], direction: Direction, ring: Ring = Ring.POSSIBLE) -> Side:
    """What the roots lead to, level by level."""
    found = walk(roots, direction, Limits(ring=ring, most=MOST))
    return Side(found, groups_of(found))


def groups_of(found: Walk) -> list[Group]:
    """Counts by level, county and ring; the roots (depth 0) are left out."""
    holdings, depths, rings = arrays_of(found)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.depth, p.county, t.ring, count(*), count(DISTINCT h.party_id) "
            "FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS t(holding, depth, ring) "
            "JOIN trace_holding h ON h.id = t.holding JOIN trace_party p ON p.id = h.party_id "
            "WHERE t.depth > 0 GROUP BY 1, 2, 3 ORDER BY 1, 4 DESC, 2",
            [holdings, depths, rings],
        )
        return [Group(depth, area, Ring(ring), holdings, parties)
                for depth, area, ring, holdings, parties in cursor.fetchall()]  # fmt: skip


def arrays_of(found: Walk) -> tuple[list[int], list[int], list[int]]:
    """Holdings with their depths and rings, as three columns."""
    told = [(node, depth, 1) for node, depth in found.confirmed.items()]
    told += [(node, depth, 2) for node, depth in found.possible.items()]
    return [each[0] for each in told], [each[1] for each in told], [each[2] for each in told]


@dataclass(frozen=True)
class Node:
    """A holding as a row. `kilos`: what confirmed movements brought, or was made there; None for other units."""

    holding: int
    lot: int
    party: int
    area: str
    depth: int
    ring: Ring
    first_at: datetime
    kilos: float | None


def nodes_chosen(
    user: Any, found: Walk, depth: int | None = None, area: str = "", ring: Ring | None = None
) -> QuerySet[Holding]:
    """Holdings of a walk in the reader's reach."""
    chosen = [
        node
        for kept, nodes in ((Ring.CONFIRMED, found.confirmed), (Ring.POSSIBLE, found.possible))
        if ring in (None, kept)
        for node, told in nodes.items()
        if told == depth or (depth is None and told > 0)
    ]
    rows = Holding.objects.visible_to(user).filter(pk__in=chosen).select_related("party")
    return rows.filter(party__county=area) if area else rows


def nodes_of(found: Walk, holdings: Iterable[Holding]) -> list[Node]:
    """These holdings with what the walk and the balance say about them."""
    listed = list(holdings)
    came = kilos_of([each.pk for each in listed])
    return [
        Node(
            each.pk, each.lot, each.party_id, each.party.area,
            found.confirmed.get(each.pk, found.possible.get(each.pk, 0)),
            Ring.CONFIRMED if each.pk in found.confirmed else Ring.POSSIBLE, each.first_at, came.get(each.pk),
        )
        for each in listed
    ]  # fmt: skip


def kilos_of(holdings: Iterable[int]) -> dict[int, float]:
    """Holding → kilograms that came into it by confirmed movements or were made there."""
    told = balances_of(holdings)
    return {holding: each.came for holding, rows in told.items() for each in rows if each.dimension == "mass"}


def holdings_named(user: Any, text: str) -> list[Holding]:
    """What a number, a code or an identifier stands for: the holdings in which its lot begins, in reach; where it
    begins elsewhere, those of the lot that are in reach, for whoever reads it from a voucher. Newest first for an
    operator, whose lots it names."""
    word = text.strip()[:512]
    if not word:
        return []
    number = word.rstrip("/").rpartition("/")[2][:40]
    rows = Holding.objects.visible_to(user).select_related("party__operator")
    for found in (Q(pk__in=_of_orders(user, number)), *_of_lots(_lots_named(number) or _lots_identified(word))):
        if listed := list(rows.filter(found).order_by("first_at", "pk")[:MOST_FOUND]):
            return listed
    return list(rows.filter(party__operator__code=word).order_by("-first_at", "-pk")[:MOST_FOUND])


def _of_orders(user: Any, word: str) -> set[int]:
    """By an in-order, an out-order or a certificate (number or code) in reach."""
    found = set(InOrder.objects.visible_to(user).filter(number=word).values_list("holding", flat=True))
    found |= set(OutOrder.objects.visible_to(user).filter(number=word).values_list("in_order__holding", flat=True))
    own = Certificate.objects.visible_to(user)
    found |= set(own.filter(number=word).values_list("holding", flat=True))
    found |= set(own.filter(token=word).values_list("holding", flat=True))
    return {each for each in found if each is not None}


def _lots_named(word: str) -> set[int]:
    """The lots of an out-order or a scanned label, wherever it was written, and those under our own numbers: in-orders,
    certificates, imported batches, dishes."""
    with system_scope():
        found = set(OutOrder.objects.filter(number=word).values_list("in_order__lot", flat=True))
        found |= set(InOrder.objects.filter(number=word).values_list("lot", flat=True))
        found |= set(Certificate.objects.filter(token=word).values_list("lot", flat=True))
    return {each for each in found if each is not None} | _lots_under(
        head + word for head in (CERTIFICATE, COLD, SHEET)
    )


def _lots_identified(word: str) -> set[int]:
    """The lot of an identifier, in any of its forms."""
    try:
        return _lots_under([canonical(word).uri])
    except BadIdentifier:
        return set()


def _lots_under(uris: Iterable[str]) -> set[int]:
    digests = [short_digest(each) for each in uris]
    return set(Identifier.objects.filter(digest__in=digests).values_list("pk", flat=True))


def _of_lots(lots: set[int]) -> Iterator[Q]:
    """The holdings of these lots that no other holding of the lot feeds; then all of them."""
    if not lots:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT h.id FROM trace_holding h WHERE h.lot = ANY(%s) AND NOT EXISTS (SELECT 1 FROM trace_movement m "
            "JOIN trace_holding s ON s.id = m.source AND s.lot = h.lot WHERE m.target = h.id)",
            [list(lots)],
        )
        yield Q(pk__in=[pk for (pk,) in cursor.fetchall()])
    yield Q(lot__in=lots)


def holding_for(user: Any, pk: int) -> Holding:
    """One holding in reach. Raises Http404; a holding beyond the reach is not told from one that is not there."""
    found: Holding = get_object_or_404(Holding.objects.visible_to(user).select_related("party"), pk=pk)
    return found


def origins_of(lot: int) -> list[str]:
    """Where the goods of a lot grew, as their certificates and gates say, along confirmed movements."""
    roots = list(Holding.objects.filter(lot=lot).values_list("pk", flat=True)[:MOST_FOUND])
    found = walk(roots, Direction.BACKWARD, Limits(ring=Ring.CONFIRMED, most=1000))
    lots = set(Holding.objects.filter(pk__in=found.confirmed).values_list("lot", flat=True))
    with system_scope():
        told: Mapping[str, None] = dict.fromkeys(
            Certificate.objects.filter(lot__in=lots).order_by("issued_at").values_list("origin", flat=True)
        )
    return [each for each in told if each]
