"""Scheduling a meeting, freezing its agenda, deciding, issuing the minutes, acknowledging them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.models import AgendaItem, Attendance, Decision, Mechanism, Meeting, MeetingState
from shian.domains.campaign.permissions import MEETING_HOLD
from shian.domains.campaign.queries.meetings import own_attendance, would_be_agenda
from shian.domains.campaign.queries.weeks import campaign_areas, reporting_units, week_rule
from shian.domains.campaign.rules.meetings import Reason
from shian.domains.campaign.rules.weeks import monday_of
from shian.engine.cases.actions import Opening, open_case
from shian.engine.cases.declarations import case_type
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import columns_of_key
from shian.kernel.ui.languages import language_of_record
from shian.registers.people.models import Organisation, Person

TASK = "task"


class MeetingRefused(ValueError):
    """The meeting cannot take this step; the text says why."""


@dataclass(frozen=True)
class Plan:
    """What is known of a meeting beforehand. A circular brings its text as `minutes`."""

    mechanism: Mechanism
    title: str
    held_on: date
    place: str = ""
    chair: str = ""
    minutes: str = ""

    @classmethod
    def friday(cls, held_on: date, place: str = "") -> "Plan":
        """The dispatch meeting of that Friday."""
        with language_of_record():
            return cls(Mechanism.FRIDAY, f"{held_on} {Mechanism.FRIDAY.label}", held_on, place)

    @classmethod
    def circular(cls, title: str, day: date, text: str) -> "Plan":
        """A circular with its text."""
        return cls(Mechanism.EXCHANGE, title, day, minutes=text)


@transaction.atomic
def schedule_meeting(*, area_key: str, plan: Plan, units: Collection[Organisation], by: Any, at: datetime) -> Meeting:
    """A meeting with its member units. Raises MeetingRefused, PermissionDenied, OutOfReach."""
    name = acting(MEETING_HOLD, by, area_key)
    if not units:
        raise MeetingRefused(_("请选择参加单位。"))
    if plan.mechanism == Mechanism.FRIDAY and _is_scheduled(area_key, plan.held_on):
        raise MeetingRefused(_("%(day)s 的周五调度会已经安排。") % {"day": plan.held_on})
    meeting = Meeting.objects.create(
        mechanism=plan.mechanism, title=plan.title, held_on=plan.held_on, place=plan.place, chair=plan.chair,
        minutes=plan.minutes, made_by=name, **columns_of_key(area_key),
    )  # fmt: skip
    Attendance.objects.bulk_create(Attendance(meeting=meeting, unit=each) for each in units)
    said = {"held_on": plan.held_on.isoformat(), "units": sorted(each.code for each in units)}
    _seal("campaign.meeting_scheduled", meeting, name, at, **said)
    return meeting


def keep_fridays(*, by: str, at: datetime) -> None:
    """Every area with a campaign has its dispatch meeting of this week; one that is there already stays."""
    today = timezone.localdate(at)
    monday = monday_of(today)
    held_on = monday + timedelta(days=week_rule(monday).weekday - 1)
    for key in campaign_areas(today):
        if _is_scheduled(key, held_on):
            continue
        plan = Plan.friday(held_on)
        units = list(reporting_units(key, today))
        if units:
            schedule_meeting(area_key=key, plan=plan, units=units, by=by, at=at)


def _is_scheduled(area_key: str, held_on: date) -> bool:
    """Has the area its dispatch meeting of the day?"""
    columns = columns_of_key(area_key)
    same = {"city": columns["city"], "county": columns["county"], "held_on": held_on}
    return Meeting.objects.filter(mechanism=Mechanism.FRIDAY, **same).exists()


@transaction.atomic
def add_topic(*, meeting: Meeting, title: str, unit_name: str, by: Any, at: datetime) -> AgendaItem:
    """A point of its own, before the agenda is frozen. Raises MeetingRefused."""
    locked, name = _mine(meeting, by)
    if locked.state != MeetingState.SCHEDULED:
        raise MeetingRefused(_("议程已定，不能再加议题。"))
    item = AgendaItem.objects.create(
        meeting=locked, number=_next(AgendaItem, locked), reason=Reason.TOPIC, title=title, unit_name=unit_name
    )
    _seal("campaign.topic_added", locked, name, at, title=title)
    return item


@transaction.atomic
def freeze_agenda(*, meeting: Meeting, by: Any, at: datetime) -> Meeting:
    """Write down what stands on the agenda now, topics last; it does not change any more. Raises MeetingRefused."""
    locked, name = _mine(meeting, by)
    if locked.state != MeetingState.SCHEDULED:
        raise MeetingRefused(_("议程已经确定。"))
    topics = list(AgendaItem.objects.filter(meeting=locked).order_by("number").values_list("title", "unit_name"))
    AgendaItem.objects.filter(meeting=locked).delete()
    points: list[tuple[Reason, int | None, str, str, date | None]] = [
        (reason, case.pk, case.title, case.unit, case.due_on) for reason, case in would_be_agenda(locked)
    ]
    points += [(Reason.TOPIC, None, title, unit, None) for title, unit in topics]
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=locked, number=number, reason=reason, case_id=case, title=title, unit_name=unit, due_on=due)
        for number, (reason, case, title, unit, due) in enumerate(points, 1)
    )
    locked.state, locked.frozen_at = MeetingState.FROZEN, at
    locked.save(update_fields=["state", "frozen_at"])
    _seal("campaign.agenda_frozen", locked, name, at, cases=[pk for _reason, pk, *_rest in points if pk])
    return locked


@transaction.atomic
def decide(
    *, meeting: Meeting, text: str, unit: Organisation, owner: Person | None, due_on: date, by: Any, at: datetime
) -> Decision:
    """A decision is a task of the unit from this moment on. Raises MeetingRefused, CaseRefused, OutOfReach."""
    locked, name = _mine(meeting, by)
    if locked.state == MeetingState.SCHEDULED:
        raise MeetingRefused(_("请先确定议程，再记录决定。"))
    issuer = _issuer(locked, by)
    opening = Opening(
        title=text, area_key=unit.area if unit.area.startswith(locked.area) else locked.area, issuer=issuer, unit=unit,
        owner=owner, due_on=due_on, source="meeting", subject=f"campaign.meeting:{locked.pk}",
        data={"basis": locked.title},
    )  # fmt: skip
    case = open_case(declared=case_type(TASK), opening=opening, by=by, at=at)
    decision = Decision.objects.create(meeting=locked, number=_next(Decision, locked), text=text, case=case)
    _seal("campaign.decided", locked, name, at, text=text, task=case.number)
    return decision


def _issuer(meeting: Meeting, by: Any) -> Organisation:
    """The office in whose name the meeting's tasks are given."""
    rows = Organisation.objects.filter(city=meeting.city, county=meeting.county)
    if isinstance(by, str) or reach_of(by).everything:
        found = rows.filter(kind="指挥部办公室").first()
    else:
        found = rows.filter(code__in=reach_of(by).organisations).order_by("code").first()
    if found is None:
        raise MeetingRefused(_("没有可以交办任务的单位。"))
    return found


@transaction.atomic
def issue_minutes(*, meeting: Meeting, minutes: str, by: Any, at: datetime) -> Meeting:
    """Send the minutes (or a circular) to the member units, which acknowledge them. Raises MeetingRefused."""
    locked, name = _mine(meeting, by)
    if locked.state == MeetingState.ISSUED:
        raise MeetingRefused(_("纪要已经印发。"))
    if locked.state == MeetingState.SCHEDULED and locked.mechanism == Mechanism.FRIDAY:
        raise MeetingRefused(_("请先确定议程。"))
    if not minutes.strip():
        raise MeetingRefused(_("请填写纪要。"))
    locked.minutes, locked.state, locked.issued_at = minutes.strip(), MeetingState.ISSUED, at
    locked.save(update_fields=["minutes", "state", "issued_at"])
    _seal("campaign.minutes_issued", locked, name, at, minutes=locked.minutes)
    return locked


@transaction.atomic
def acknowledge_minutes(*, meeting: Meeting, by: Any, at: datetime) -> int:
    """The user's units have read it; how many had not. Raises MeetingRefused, OutOfReach."""
    if meeting.state != MeetingState.ISSUED:
        raise MeetingRefused(_("纪要印发后才能签收。"))
    own = own_attendance(by, meeting)
    if not own.exists():
        raise OutOfReach(f"campaign.meeting:{meeting.pk}")
    name = str(by.get_username())
    units = sorted(own.filter(read_at__isnull=True).values_list("unit__code", flat=True))
    own.filter(read_at__isnull=True).update(read_at=at, read_by=name)
    _seal("campaign.minutes_acknowledged", meeting, name, at, units=units)
    return len(units)


def _mine(meeting: Meeting, by: Any) -> tuple[Meeting, str]:
    """The meeting, locked, for who may hold it."""
    locked = Meeting.objects.select_for_update().get(pk=meeting.pk)
    return locked, acting(MEETING_HOLD, by, locked.area)


def _next(model: Any, meeting: Meeting) -> int:
    last = model.objects.filter(meeting=meeting).order_by("-number").values_list("number", flat=True).first()
    return int(last or 0) + 1


def _seal(action: str, meeting: Meeting, by: str, at: datetime, **said: Any) -> None:
    data = {"title": meeting.title, "state": meeting.state, **said}
    seal(action=action, by=by, subject=f"campaign.meeting:{meeting.pk}", data=data, at=at)
