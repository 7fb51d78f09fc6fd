"""Broken chains: how many stand open, and which."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from shian.domains.tracing.models import OutOrder, TraceAnomaly
from shian.engine.trace.balances import movements_behind
from shian.engine.trace.models import Holding, Movement
from shian.engine.trace.rules.units import kilograms
from shian.kernel.notary.queries import entries_of
from shian.kernel.scope.rules import level_of_key


@dataclass(frozen=True)
class AnomalyChoice:
    """state: open, handled, cleared; "" is open."""

    check: str = ""
    state: str = ""
    area: str = ""


def anomalies_chosen(user: Any, choice: AnomalyChoice) -> QuerySet[TraceAnomaly]:
    """Anomalies of holders in the reader's reach."""
    rows = TraceAnomaly.objects.visible_to(user)
    rows = rows.filter(check_key=choice.check) if choice.check else rows
    rows = rows.filter(**{level_of_key(choice.area).value: choice.area}) if choice.area else rows
    if choice.state == "cleared":
        return rows.filter(cleared_on__isnull=False)
    return rows.filter(cleared_on__isnull=True, handled_at__isnull=choice.state != "handled")


def open_by_check(user: Any) -> Mapping[str, int]:
    """Check → open anomalies in reach."""
    rows = TraceAnomaly.objects.visible_to(user).filter(cleared_on__isnull=True, handled_at__isnull=True)
    return dict(rows.order_by().values("check_key").annotate(n=Count("pk")).values_list("check_key", "n"))


def open_at(user: Any, holding: int) -> list[TraceAnomaly]:
    """What stands open of one holding, in reach."""
    rows = TraceAnomaly.objects.visible_to(user).filter(holding=holding, cleared_on__isnull=True)
    return list(rows.filter(handled_at__isnull=True).order_by("check_key"))


@dataclass(frozen=True)
class Shown:
    """A movement that shows what is wrong. `seller`, `buyer`: parties, None beyond the reader's reach; `kilos`: None
    where it was told in another unit; `number`: of the out-order that told of it, "" for none."""

    movement: Movement
    seller: int | None
    buyer: int | None
    kilos: float | None
    number: str = ""


def shown_by(user: Any, anomaly: TraceAnomaly, most: int) -> list[Shown]:
    """The movements behind an anomaly, the largest first."""
    moves = movements_behind(anomaly.check_key, anomaly.holding, most)
    ends = {end for each in moves for end in (each.source, each.target)} - {anomaly.holding}
    seen = set(Holding.objects.visible_to(user).filter(pk__in=ends).values_list("pk", flat=True)) | {anomaly.holding}
    numbers = _numbers(user, moves)
    return [
        Shown(
            each, each.seller if each.source in seen else None, each.buyer if each.target in seen else None,
            kilograms(each.quantity, each.uom), next(numbers[each.source, each.at, each.buyer], ""),
        )
        for each in moves
    ]  # fmt: skip


def _numbers(user: Any, moves: Iterable[Movement]) -> Mapping[tuple[int, datetime, int], Iterator[str]]:
    """Holding, moment and buyer → the numbers of the out-orders of it, in the order of their quantities."""
    found: dict[tuple[int, datetime, int], list[str]] = {}
    sources, times = {each.source for each in moves}, {each.at for each in moves}
    rows = OutOrder.objects.visible_to(user).filter(in_order__holding__in=sources, sold_at__in=times)
    for order in rows.order_by("-quantity", "pk").select_related("in_order"):
        if order.in_order and order.in_order.holding:
            found.setdefault((order.in_order.holding, order.sold_at, order.buyer), []).append(order.number)
    return defaultdict(lambda: iter(()), {key: iter(told) for key, told in found.items()})


def last_checked(subject: str) -> datetime | None:
    """When all chains were looked through last."""
    found = entries_of(subject)
    return found[0].at if found else None
