"""The first page of an operator's people: today's check, problems to put right, my certificates."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.selfcontrol.permissions import own_portal
from shian.domains.selfcontrol.queries.accounts import duty_of, own_operator, own_operators
from shian.domains.selfcontrol.queries.controls import closures_of, open_decisions, open_problems, records_between
from shian.domains.selfcontrol.queries.lists import draft_of, list_in_force
from shian.domains.selfcontrol.queries.numbers import CONTROLS
from shian.domains.selfcontrol.queries.periods import meeting_of, week_of
from shian.domains.selfcontrol.queries.staff import appointments_of, exams_of, missing_duties
from shian.domains.selfcontrol.rules.controls import monday_of, month_due, month_of, week_due
from shian.domains.tracing.queries.recalls import notices_of
from shian.domains.tracing.tables.recalls import holder_cell, shown_title
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.states import DONE, DUE, NEUTRAL, OVERDUE, WAITING
from shian.portals.operator.views.boards import board_mark
from shian.portals.operator.views.frame import framed, may_of, to
from shian.portals.operator.views.marks import Mark, paper_mark
from shian.portals.operator.views.phone import addresses
from shian.portals.operator.views.reports import owed_reports
from shian.registers.operators.models import Operator

SHOWN_DAYS = 7


@requires(own_portal)
def home(request: HttpRequest) -> HttpResponse:
    """The only business of the user, or the list of all."""
    found = own_operators(request.user)
    if len(found) == 1:
        return redirect("operator:desk_detail", found[0].code)
    return render(request, "operator/home.html", {"operators": found})


@requires(own_portal)
def desk_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One business today: the check, what to put right, papers of the week and the month, certificates."""
    operator, today = own_operator(request.user, code), timezone.localdate()
    duty, may = duty_of(request.user, operator.pk, today), may_of(request.user, operator)
    days = day_marks(operator, today - timedelta(days=SHOWN_DAYS - 1), today)
    context = framed(
        operator, "desk_detail", today=today, duty=duty.label if duty else "", day=days[-1], days=days[:-1],
        has_list=list_in_force(operator, today) is not None, has_draft=draft_of(operator) is not None,
        problems=open_problems(operator), decisions=open_decisions(operator, today).filter(done_on__isnull=True),
        papers=_papers(operator, today) + owed_reports(operator, today, may), may=may,
        proofs=_proofs(request.user, operator, today), phone={**addresses(), "isDesk": True},
        notices=recall_marks(request.user, operator),
    )  # fmt: skip
    return render(request, "operator/desk.html", context)


def recall_marks(user: Any, operator: Operator) -> list[Mark]:
    """Recalls and drills that the business was told of, those that wait for its answer in their colour."""
    marks = []
    for each in notices_of(user, operator):
        cell = holder_cell(each)
        marks.append(
            Mark(shown_title(each.recall), cell.state, str(cell.value), to("recall_answer", operator, each.pk))
        )
    return marks


def day_marks(operator: Operator, first: date, last: date) -> list[Mark]:
    """Each day between, both included: recorded, late, closed, a gap, or still to do."""
    records = records_between(operator, first, last)
    closed = closures_of(operator, first, last)
    marks = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        url, record = to("daily_control_enter", operator, day.isoformat()), records.get(day)
        if record is not None:
            marks.append(Mark(day.isoformat(), DUE if record.problems else DONE, told_of(record), url))
        elif any(each.from_on <= day <= each.to_on for each in closed):
            marks.append(Mark(day.isoformat(), NEUTRAL, _("停业"), url))
        else:
            marks.append(_unrecorded(operator, day, url))
    return marks


def told_of(record: Any) -> str:
    """What a day's record says, and whether it came late."""
    told = {"result": record.get_result_display()}
    if record.is_backfilled:
        return _("%(result)s（补录）") % told
    return _("%(result)s（迟报）") % told if record.is_late else str(told["result"])


def _unrecorded(operator: Operator, day: date, url: str) -> Mark:
    today = timezone.localdate()
    if day < operator.opened_on:
        return Mark(day.isoformat(), NEUTRAL, _("未开业"))
    if day == today:
        return Mark(day.isoformat(), WAITING, _("待检查"), url)
    may_still = (today - day).days < CONTROLS.at(day).taken_days
    return Mark(day.isoformat(), OVERDUE, _("缺报"), url if may_still else "")


def _papers(operator: Operator, today: date) -> list[Mark]:
    """This week's and last week's report, last month's and this month's minutes: those that are not signed, and the
    newest of each kind."""
    numbers = CONTROLS.at(today)
    this_monday, this_month = monday_of(today), month_of(today)
    found = []
    for monday in (this_monday - timedelta(days=7), this_monday):
        report, due_on = week_of(operator, monday), week_due(monday, numbers)
        title = _("周排查 %(week)s") % {"week": _week_name(monday)}
        url = to("own_week_edit", operator, monday.isoformat())
        is_signed = report is not None and report.signed_at is not None
        if monday == this_monday or not is_signed:
            found.append(paper_mark(title, due_on, today, url, is_signed=is_signed, is_drafted=report is not None))
    for month in (month_of(this_month - timedelta(days=1)), this_month):
        meeting, due_on = meeting_of(operator, month), month_due(month, numbers)
        title = _("月调度 %(month)s") % {"month": f"{month:%Y-%m}"}
        url = to("own_month_edit", operator, f"{month:%Y-%m}")
        is_signed = meeting is not None and meeting.signed_at is not None
        if month == this_month or not is_signed:
            found.append(paper_mark(title, due_on, today, url, is_signed=is_signed, is_drafted=meeting is not None))
    return found


def _week_name(monday: date) -> str:
    year, week, _day = monday.isocalendar()
    return _("%(year)s年第%(week)s周") % {"year": year, "week": week}


def _proofs(user: Any, operator: Operator, today: date) -> list[Mark]:
    """Licence, notice board, posts that must be filled, who fills them, tests to take."""
    staff = to("safety_staff_detail", operator)
    licence = operator.licence_no or operator.uscc
    marks = [Mark(licence, DONE, _("证照"))] if licence else []
    board = board_mark(operator)
    marks += [board] if board else []
    marks += [Mark(each.label, OVERDUE, _("未配备"), staff) for each in missing_duties(operator, today)]
    for each in appointments_of(operator, user):
        if each.ended_on is None:
            word, state = (_("暂停上岗"), OVERDUE) if each.suspended_on else (_("在任"), DONE)
            marks.append(Mark(f"{each.staff.person_name} · {each.get_duty_display()}", state, word, staff))
    waiting = [
        each for each in exams_of(operator, user) if each.score is None and each.last_on and each.last_on >= today
    ]
    return marks + [Mark(_("监督抽考"), DUE, _("待参加"), staff, each.last_on) for each in waiting]
