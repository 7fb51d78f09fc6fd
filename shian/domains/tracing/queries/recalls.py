"""Recalls: what one would reach before it begins, how far it has come, and what stops at the till."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from shian.domains.tracing.models import (
    Channel,
    Recall,
    RecallAlert,
    RecallHolder,
    RecallLevel,
    RecallLine,
    RecallState,
)
from shian.domains.tracing.queries.chains import Group, kilos_of, side_of
from shian.domains.tracing.rules.recalls import LevelClock
from shian.engine.trace.models import Holding, Ring
from shian.engine.trace.walks import Direction
from shian.kernel.parameters.dated import Dated
from shian.kernel.scope.rules import level_of_key
from shian.registers.operators.models import Operator

MOST_ROOTS = 2000


@dataclass(frozen=True)
class RecallNumbers:
    """Dated numbers of recalls and drills; answer_hours: in which a holder says what it has."""

    levels: Mapping[RecallLevel, LevelClock]
    answer_hours: int
    drill_minutes: int
    weights: Mapping[str, int]


def _read(told: Mapping[str, Any]) -> RecallNumbers:
    levels = {RecallLevel(int(key)): LevelClock(**each) for key, each in told["levels"].items()}
    drill = told["drill"]
    return RecallNumbers(levels, int(told["answer_hours"]), int(drill["minutes"]), drill["weights"])


NUMBERS: Dated[RecallNumbers] = Dated("recalls", _read)


@dataclass(frozen=True)
class Preview:
    """What a recall from these roots would reach now. kilos: made at or brought to the roots."""

    roots: Sequence[int]
    groups: Sequence[Group]
    kilos: float

    def holdings(self, ring: Ring) -> int:
        """The roots are confirmed holdings too."""
        return sum(each.holdings for each in self.groups if each.ring == ring) + (
            len(self.roots) if ring == Ring.CONFIRMED else 0
        )

    @property
    def areas(self) -> set[str]:
        return {each.area for each in self.groups if each.area}


def preview_of(roots: Sequence[int]) -> Preview:
    """Counts by level, county and ring, before anything is decided."""
    found = side_of(roots, Direction.FORWARD)
    return Preview(roots, found.groups, sum(kilos_of(roots).values()))


def holdings_of(user: Any, operator: Operator, since: datetime, until: datetime) -> list[int]:
    """What the operator held first in that time, in reach; at most MOST_ROOTS, the newest."""
    rows = Holding.objects.visible_to(user).filter(
        party__operator=operator, first_at__gte=since, first_at__lt=until
    )  # fmt: skip
    return list(rows.order_by("-first_at").values_list("pk", flat=True)[:MOST_ROOTS])


@dataclass(frozen=True)
class Progress:
    """How far a recall has come: holders, and kilograms of what they found in stock. asked: those who can answer, not
    whoever walked in; late: past the hours for an answer."""

    holders: int = 0
    asked: int = 0
    told: int = 0
    acknowledged: int = 0
    handled: int = 0
    late: int = 0
    confirmed: int = 0
    possible: int = 0
    received: Decimal = Decimal(0)
    on_hand: Decimal = Decimal(0)
    returned: Decimal = Decimal(0)
    destroyed: Decimal = Decimal(0)

    @property
    def recovered(self) -> Decimal:
        return self.returned + self.destroyed


_COUNTS: Mapping[str, Any] = {
    "holders": Count("pk"),
    "asked": Count("pk", filter=~Q(channel=Channel.PUBLIC)),
    "told": Count("pk", filter=Q(told_at__isnull=False)),
    "acknowledged": Count("pk", filter=Q(acknowledged_at__isnull=False)),
    "handled": Count("pk", filter=Q(handled_at__isnull=False)),
    "confirmed": Count("pk", filter=Q(ring=Ring.CONFIRMED)),
    "possible": Count("pk", filter=Q(ring=Ring.POSSIBLE)),
    "received": Sum("received", default=Decimal(0)),
    "on_hand": Sum("on_hand", default=Decimal(0)),
    "returned": Sum("returned", default=Decimal(0)),
    "destroyed": Sum("destroyed", default=Decimal(0)),
}


def _late(recall: Recall, at: datetime) -> Q:
    hours = NUMBERS.at(timezone.localdate(recall.proposed_at)).answer_hours
    return Q(told_at__lt=at - timedelta(hours=hours), acknowledged_at__isnull=True) & ~Q(channel=Channel.PUBLIC)


def progress_of(recall: Recall, at: datetime) -> Progress:
    """Of the whole recall, whoever asks: a recall is one, its holders' names are cut by reach."""
    counts = {**_COUNTS, "late": Count("pk", filter=_late(recall, at))}
    return Progress(**RecallHolder.objects.filter(recall=recall).aggregate(**counts))


def progress_by_area(recall: Recall, at: datetime) -> dict[str, Progress]:
    """County → how far it has come there."""
    counts = {**_COUNTS, "late": Count("pk", filter=_late(recall, at))}
    rows: Any = RecallHolder.objects.filter(recall=recall).values("county").annotate(**counts)
    ordered = sorted(rows, key=lambda each: (-each["holders"], each["county"]))
    return {each.pop("county"): Progress(**each) for each in ordered}


def recalls_chosen(user: Any, *, is_drill: bool, state: str = "", text: str = "") -> QuerySet[Recall]:
    """Recalls, or drills, in reach; never both."""
    rows = Recall.objects.visible_to(user).filter(is_drill=is_drill)
    rows = rows.filter(state=state) if state else rows
    return rows.filter(Q(number__startswith=text) | Q(title__contains=text)) if text else rows


def recall_for(user: Any, number: str) -> Recall:
    """One recall or drill in reach. Raises OutOfReach, Http404."""
    return Recall.objects.all().get_visible(user, number=number)


@dataclass(frozen=True)
class HolderChoice:
    """What the reader of the list asked for. state: waiting, told, acknowledged, handled, late."""

    state: str = ""
    area: str = ""
    ring: int = 0
    channel: str = ""
    text: str = ""


def holders_chosen(user: Any, recall: Recall, choice: HolderChoice, at: datetime) -> QuerySet[RecallHolder]:
    """Holders in the reader's reach."""
    rows = RecallHolder.objects.visible_to(user).filter(recall=recall)
    states = {
        "waiting": Q(told_at__isnull=True),
        "told": Q(told_at__isnull=False, acknowledged_at__isnull=True),
        "acknowledged": Q(acknowledged_at__isnull=False, handled_at__isnull=True),
        "handled": Q(handled_at__isnull=False),
        "late": _late(recall, at),
    }
    rows = rows.filter(states.get(choice.state, Q()))
    rows = rows.filter(ring=choice.ring) if choice.ring else rows
    rows = rows.filter(channel=choice.channel) if choice.channel else rows
    rows = rows.filter(**{level_of_key(choice.area).value: choice.area}) if choice.area else rows
    return rows.filter(operator__code=choice.text) if choice.text else rows


def holder_for(user: Any, recall: Recall, pk: int) -> RecallHolder:
    """One holder of the recall in reach. Raises OutOfReach, Http404."""
    rows = RecallHolder.objects.select_related("operator", "recall")
    return rows.filter(recall=recall).get_visible(user, pk=pk)


def lines_of(holder: RecallHolder, most: int = 200) -> list[RecallLine]:
    """What the holder has to look for, the newest first."""
    return list(holder.lines.order_by("-first_at", "-pk")[:most])


def alerts_of(user: Any, recall: Recall) -> QuerySet[RecallAlert]:
    """Sales after the recall began, in reach; what is open comes first."""
    rows = RecallAlert.objects.visible_to(user).filter(recall=recall)
    return rows.order_by(F("handled_at").asc(nulls_first=True), "-moved_at", "-pk")


def stopped_by(holding: int | None) -> Recall | None:
    """The running recall that stops sales of this holding. Drills stop nothing."""
    if holding is None:
        return None
    lines = RecallLine.objects.filter(holding=holding).values("recall")
    return Recall.objects.running().filter(pk__in=lines).order_by("pk").first()


def published_for(lot: int) -> Recall | None:
    """The recall of the lot that the public was told of and that is not over."""
    lines = RecallLine.objects.filter(lot=lot).values("recall")
    return Recall.objects.running().filter(pk__in=lines, published_at__isnull=False).order_by("-pk").first()


def published() -> list[Recall]:
    """Recalls that the public may read, the newest first. Never a drill."""
    return list(Recall.objects.real().filter(published_at__isnull=False).order_by("-published_at", "-pk")[:200])


def published_one(number: str) -> Recall:
    """One of them. Raises Http404."""
    return get_object_or_404(Recall.objects.real().filter(published_at__isnull=False), number=number)


def notices_of(user: Any, operator: Operator) -> list[RecallHolder]:
    """What the operator was told and has not finished with, and what it finished in a recall that still runs."""
    rows = RecallHolder.objects.visible_to(user).filter(operator=operator, recall__state=RecallState.RUNNING)
    return list(rows.select_related("recall").order_by("recall__is_drill", "-told_at", "-pk"))


def own_notice(user: Any, operator: Operator, pk: int) -> RecallHolder:
    """One of them, also after the recall was closed. Raises OutOfReach, Http404."""
    found = RecallHolder.objects.select_related("recall").get_visible(user, pk=pk)
    if found.operator_id != operator.pk:
        raise Http404(pk)
    return found


def seconds_to_tell(recall: Recall) -> float:
    """From the decision to the last notice of those who held the goods then; 0 before it."""
    rows = RecallHolder.objects.filter(recall=recall, is_late=False)
    last = rows.aggregate(last=Max("told_at"))["last"]
    return (last - recall.decided_at).total_seconds() if last and recall.decided_at else 0.0


@dataclass(frozen=True)
class OpenRecall:
    """A real recall that waits for its decision, or runs; `due_on` is the last day of either."""

    number: str
    title: str
    area: str
    due_on: date


def open_recalls(*, is_decided: bool) -> list[OpenRecall]:
    """For reminders; drills are none."""
    state = RecallState.RUNNING if is_decided else RecallState.PROPOSED
    return [
        OpenRecall(
            each.number, each.title, each.area, each.finish_due_on or timezone.localdate(each.start_due_at)
        )
        for each in Recall.objects.real().filter(state=state).order_by("pk")
    ]  # fmt: skip


def lines_in_reach(user: Any, recall: Recall) -> QuerySet[RecallLine]:
    """Every holding of the recall whose holder is in reach, with its holder; nearest to the source first."""
    holders = RecallHolder.objects.visible_to(user).filter(recall=recall)
    rows = RecallLine.objects.filter(recall=recall, holder__in=holders)
    return rows.select_related("holder").order_by("depth", "pk")


def recall_number(number: str) -> int:
    """The key of the recall or drill with that number."""
    return Recall.objects.values_list("pk", flat=True).get(number=number)
