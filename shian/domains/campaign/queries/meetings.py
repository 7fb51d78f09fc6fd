"""Named reads of meetings: whose they are, what would be on the agenda now, receipts, counts per mechanism."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from shian.domains.campaign.models import AgendaItem, Attendance, Decision, Meeting
from shian.domains.campaign.rules.meetings import OpenCase, Reason, agenda_of
from shian.engine.cases.models import Case
from shian.engine.cases.queries import types_for_all, visible_cases
from shian.engine.cases.tables import unit_text
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import Level, level_of_key
from shian.kernel.scope.walls import system_scope


def meetings_for(user: Any) -> ScopedQuerySet[Meeting]:
    """Meetings of the areas in reach, and those that the user's unit, or one in the user's area, is a member of."""
    reach = reach_of(user)
    if reach.everything:
        return Meeting.objects.all()
    members = Attendance.objects.filter(meeting=OuterRef("pk"))
    own = members.filter(Q(unit__in=list(reach.organisations)) | reach.area_filter("unit__"))
    return Meeting.objects.filter(reach.area_filter() | Exists(own))


def own_attendance(user: Any, meeting: Meeting) -> QuerySet[Attendance]:
    """The memberships that the user may acknowledge: the own unit's, or the own county's office by its regulators.
    Who reaches a whole city answers for the own unit only."""
    reach = reach_of(user)
    counties = () if reach.by_unit else reach.by_level.get(Level.COUNTY, ())
    office = Q(unit__county__in=counties, unit__township="")
    return Attendance.objects.filter(Q(unit__in=list(reach.organisations)) | office, meeting=meeting)


def would_be_agenda(meeting: Meeting) -> list[tuple[Reason, OpenCase]]:
    """What the agenda would hold if it were frozen now: open decisions, late cards, everything else that is late. Who
    sees the meeting reads its whole agenda, so it holds no case of a type that is not for everybody."""
    level = Level(level_of_key(meeting.area)).value
    decided = Decision.objects.filter(case=OuterRef("pk"))
    rows: Any = Case.objects.filter(is_open=True, **{level: meeting.area}).annotate(is_decision=Exists(decided))
    rows = rows.filter(Q(is_decision=True) | Q(due_on__lt=meeting.held_on), type__in=types_for_all())
    with system_scope():
        found = list(rows.select_related("unit"))
    cases = (OpenCase(row.pk, row.type, row.title, unit_text(row.unit), row.due_on, row.is_decision) for row in found)
    return agenda_of(cases, meeting.held_on)


def agenda_items(meeting: Meeting) -> list[AgendaItem]:
    """The agenda as it was frozen, and topics; with what became of the cases."""
    with system_scope():  # as in the minutes that every member unit has
        return list(AgendaItem.objects.filter(meeting=meeting).select_related("case").order_by("number"))


def decisions_of(meeting: Meeting) -> list[Decision]:
    """The decisions, with their tasks."""
    rows = Decision.objects.filter(meeting=meeting).select_related("case__unit", "case__owner")
    with system_scope():
        return list(rows.order_by("number"))


def opened_by(user: Any, cases: Iterable[int | None]) -> set[int]:
    """Those of the cases that the user may open."""
    wanted = [each for each in cases if each]
    return set(visible_cases(user).filter(pk__in=wanted).values_list("pk", flat=True))


def attendance_of(meeting: Meeting) -> list[Attendance]:
    """The member units, those that have not acknowledged first."""
    rows = Attendance.objects.filter(meeting=meeting).select_related("unit")
    return sorted(rows, key=lambda each: (each.read_at is not None, each.unit.code))


def counts_by_mechanism(user: Any, year: int) -> Counter[str]:
    """Mechanism → meetings held in the year, of those that the user sees."""
    rows = meetings_for(user).filter(held_on__range=(date(year, 1, 1), date(year, 12, 31)))
    return Counter(rows.values_list("mechanism", flat=True))


def may_see_meeting(user: Any, key: str) -> bool:
    """Whether the user may open the seals of the meeting with this key."""
    return key.isdecimal() and meetings_for(user).filter(pk=int(key)).exists()
