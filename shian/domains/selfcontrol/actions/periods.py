"""Week and month: the director's report, the principal's meeting."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.selfcontrol.actions.refusals import DutyRefused
from shian.domains.selfcontrol.actions.steps import acting_for, seal_own
from shian.domains.selfcontrol.models import Decision, DispatchMeeting, Duty, WeeklyCheck
from shian.domains.selfcontrol.permissions import CHECKERS, EVERYBODY, MANAGERS
from shian.domains.selfcontrol.queries.numbers import CONTROLS
from shian.domains.selfcontrol.queries.periods import found_in_week, meeting_of, week_of
from shian.domains.selfcontrol.rules.controls import month_due, week_due
from shian.registers.operators.models import Operator


@transaction.atomic
def draft_week(*, operator: Operator, monday: date, told: Mapping[str, str], by: Any, at: datetime) -> WeeklyCheck:
    """The week's report as a draft, with what the days found; `told`: summary, risks, measures. Raises DutyRefused
    for a week to come, a day that is no Monday, or a report that was signed."""
    acting_for(by, operator, EVERYBODY, at)
    if monday.weekday() or monday > timezone.localdate(at):
        raise DutyRefused(_("没有这一周。"))
    report = week_of(operator, monday) or WeeklyCheck(operator=operator, monday=monday)
    if report.signed_at is not None:
        raise DutyRefused(_("报告已签字，不能更改。"))
    report.found = found_in_week(operator, monday)
    report.summary, report.risks, report.measures = told["summary"], told["risks"], told["measures"]
    report.drafted_by = by.get_username()
    report.save()
    seal_own("week_drafted", operator, by.get_username(), at, {"monday": monday.isoformat()})
    return report


@transaction.atomic
def sign_week(*, report: WeeklyCheck, by: Any, at: datetime) -> None:
    """Director or officer sign; after Sunday it is late. Raises PermissionDenied, OutOfReach; DutyRefused when signed
    or without a summary."""
    duty = acting_for(by, report.operator, CHECKERS, at)
    found = WeeklyCheck.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if found.signed_at is not None:
        raise DutyRefused(_("报告已签字，不能更改。"))
    if not found.summary.strip():
        raise DutyRefused(_("请写明本周情况。"), "summary")
    found.found = found_in_week(report.operator, report.monday)
    found.signed_by, found.signed_duty, found.signed_at = by.get_username(), duty, at
    found.is_late = timezone.localdate(at) > week_due(report.monday, CONTROLS.at(report.monday))
    found.save()
    told = {"monday": report.monday.isoformat(), "duty": str(duty), "problems": len(found.found["problems"])}
    seal_own("week_signed", report.operator, by.get_username(), at, {**told, "late": found.is_late})


@transaction.atomic
def write_minutes(
    *, operator: Operator, month: date, told: Mapping[str, Any], decisions: Sequence[tuple[str, date]], by: Any,
    at: datetime,
) -> DispatchMeeting:  # fmt: skip
    """Minutes of the month's meeting as a draft; `told`: held_on, participants, heard, plan. Its decisions are written
    anew. Raises DutyRefused for a meeting not held yet, before its month, or with minutes that are signed."""
    acting_for(by, operator, MANAGERS, at)
    held_on = told["held_on"]
    if held_on > timezone.localdate(at) or held_on < month:
        raise DutyRefused(_("召开日期应在本月之后、今天以前。"), "held_on")
    if any(due_on < held_on for _text, due_on in decisions):
        raise DutyRefused(_("完成期限早于召开日期。"))
    meeting = meeting_of(operator, month) or DispatchMeeting(operator=operator, month=month)
    if meeting.signed_at is not None:
        raise DutyRefused(_("纪要已签字，不能更改。"))
    meeting.held_on, meeting.participants = held_on, told["participants"]
    meeting.heard, meeting.plan, meeting.written_by = told["heard"], told["plan"], by.get_username()
    meeting.save()
    meeting.decisions.all().delete()
    Decision.objects.bulk_create(
        Decision(operator=operator, meeting=meeting, text=text, due_on=due_on) for text, due_on in decisions
    )
    seal_own("month_written", operator, by.get_username(), at, {"month": month.isoformat()})
    return meeting


@transaction.atomic
def sign_minutes(*, meeting: DispatchMeeting, by: Any, at: datetime) -> None:
    """The principal signs; from now on its decisions stand in the daily lists. Raises PermissionDenied, OutOfReach;
    DutyRefused when signed."""
    acting_for(by, meeting.operator, (Duty.PRINCIPAL,), at)
    found = DispatchMeeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if found.signed_at is not None:
        raise DutyRefused(_("纪要已签字，不能更改。"))
    found.signed_by, found.signed_at = by.get_username(), at
    found.is_late = timezone.localdate(at) > month_due(meeting.month, CONTROLS.at(meeting.month))
    found.save(update_fields=["signed_by", "signed_at", "is_late"])
    told = {"month": meeting.month.isoformat(), "decisions": found.decisions.count(), "late": found.is_late}
    seal_own("month_signed", meeting.operator, by.get_username(), at, told)
