"""Receptions of evaluations: what was found, how it moved since the last weekly notice, what notices said (A-27)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from shian.domains.campaign.models import NoticeLine, WeeklyNotice
from shian.domains.campaign.queries.problems import DISMISSED, PROBLEM
from shian.domains.campaign.rules.receptions import Movement, Standing, counted, movements
from shian.engine.cases.models import Case, CaseQuerySet
from shian.engine.cases.queries import LISTED, CloseOut, case_for, close_out_by, visible_cases
from shian.kernel.scope.walls import system_scope

RECEPTION = "reception"
# What a number of a notice opens: the lines of which this holds.
SHOWN: dict[str, dict[str, bool]] = {
    "new": {"is_new": True},
    "closed": {"is_closed": True},
    "reopened": {"is_reopened": True},
    "withdrawn": {"is_withdrawn": True},
    "overdue": {"is_overdue": True},
    "open": {"is_open": True},
    "struck": {"is_open": False, "is_withdrawn": False},
    "total": {"is_withdrawn": False},
}


@dataclass(frozen=True)
class Tally:
    """What a notice issued on `day` would say: every problem with its movement, and the numbers over them."""

    cases: Mapping[int, Case]
    moved: list[Movement]
    counts: dict[str, int]
    before: WeeklyNotice | None


def receptions_for(user: Any) -> CaseQuerySet:
    """Receptions in the user's reach, open ones first, newest first."""
    return visible_cases(user).filter(type=RECEPTION).select_related(*LISTED).order_by("-is_open", "-opened_on", "-pk")


def reception_for(user: Any, pk: int) -> Case:
    """The reception. Raises Http404, OutOfReach."""
    found = case_for(user, pk)
    if found.type != RECEPTION:
        raise Http404(pk)
    return found


def outs_of(receptions: Sequence[Case], today: date) -> dict[int, CloseOut]:
    """Reception → how far its problems are struck off. One statement."""
    with system_scope():
        rows = Case.objects.filter(parent__in=receptions, type=PROBLEM, merged_into__isnull=True)
        return close_out_by(rows.exclude(state=DISMISSED), "parent", today)


def last_notices(receptions: Sequence[Case]) -> dict[int, WeeklyNotice]:
    """Reception → its newest notice. One statement."""
    rows = WeeklyNotice.objects.filter(reception__in=receptions).order_by("reception", "-number").distinct("reception")
    return {each.reception_id: each for each in rows}


def problems_of(reception: Case) -> QuerySet[Case]:
    """The problems that count: made of the reception, neither found to be none nor merged. Whoever may read the
    reception reads its notices whole, so the ledger behind them is read whole too."""
    rows = Case.objects.filter(parent=reception, type=PROBLEM, merged_into__isnull=True)
    return rows.exclude(state=DISMISSED).select_related("unit").order_by("opened_on", "pk")


def tally_of(reception: Case, day: date) -> Tally:
    """The movement since the last notice, from the problem ledger as it stands now. Four statements."""
    with system_scope():
        before = notices_of(reception).first()
        lines = dict(_standing_lines(before).values_list("case", "is_open")) if before else {}
        problems = {each.pk: each for each in problems_of(reception)}
        withdrawn = Case.objects.filter(pk__in=[pk for pk in lines if pk not in problems]).select_related("unit")
        problems_now = [Standing(each.pk, each.is_open, each.due_on) for each in problems.values()]
        cases = {**problems, **{each.pk: each for each in withdrawn}}
    moved = movements(lines, problems_now, day)
    return Tally(cases, moved, counted(lines, moved), before)


def _standing_lines(notice: WeeklyNotice) -> QuerySet[NoticeLine]:
    return NoticeLine.objects.filter(notice=notice, is_withdrawn=False)


def notices_of(reception: Case) -> QuerySet[WeeklyNotice]:
    """The notices of a reception that the reader sees, newest first."""
    return WeeklyNotice.objects.filter(reception=reception).order_by("-number")


def notice_for(user: Any, pk: int) -> WeeklyNotice:
    """The notice with its reception, for who reads the reception and for whom one of its problems concerns.

    Raises Http404, OutOfReach.
    """
    found = addressed_to(user).filter(pk=pk).first()
    if found is None:
        notice: WeeklyNotice = WeeklyNotice.objects.get_visible(user, pk=pk)
        notice.reception = case_for(user, notice.reception_id)
        return notice
    with system_scope():
        found.reception = Case.objects.get(pk=found.reception_id)
    return found


def addressed_to(user: Any) -> QuerySet[WeeklyNotice]:
    """The notices that list a problem which the user sees as a case: those of the units that must put it right."""
    lines = NoticeLine.objects.filter(notice=OuterRef("pk"), case__in=visible_cases(user).filter(type=PROBLEM))
    return WeeklyNotice.objects.filter(Exists(lines))


def lines_of(notice: WeeklyNotice, shown: str = "") -> QuerySet[NoticeLine]:
    """The lines behind one of the notice's numbers; all of them for any other word."""
    with_cases = NoticeLine.objects.filter(notice=notice, **SHOWN.get(shown, {}))
    return with_cases.order_by("is_withdrawn", "-is_overdue", "-is_open", "due_on", "pk")


def may_see_notice(user: Any, key: str) -> bool:
    """Whether the user may open the seals of the notice with this key."""
    if not key.isdecimal():
        return False
    rows = (WeeklyNotice.objects.visible_to(user), addressed_to(user))
    return any(each.filter(pk=int(key)).exists() for each in rows)
