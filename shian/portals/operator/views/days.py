"""The day's check, the days before, and days declared closed."""

from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from shian.domains.selfcontrol.actions.controls import declare_closure, end_closure, record_day
from shian.domains.selfcontrol.actions.refusals import DutyRefused
from shian.domains.selfcontrol.permissions import own_portal
from shian.domains.selfcontrol.queries.accounts import own_operator
from shian.domains.selfcontrol.queries.controls import (
    DayItem,
    closures_of,
    items_of_day,
    items_recorded,
    own_closure,
    problems_found,
    record_of,
)
from shian.domains.selfcontrol.queries.lists import list_in_force
from shian.domains.selfcontrol.rules.controls import ANSWERS
from shian.engine.forms.tables import clock_text
from shian.engine.reports.paper import paper_actions
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pages import FormPage
from shian.kernel.ui.states import DONE, DUE
from shian.portals.operator.views.desk import day_marks, told_of
from shian.portals.operator.views.frame import crumbs, day_in, framed, step_button, step_page, to

SHOWN_DAYS = 31
AHEAD = timedelta(days=366)
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


@dataclass(frozen=True)
class Line:
    """An item with what was typed."""

    item: DayItem
    answer: str = ""
    note: str = ""
    measure: str = ""
    fault: str = ""


class ClosureForm(forms.Form):
    """From when to when, and why."""

    from_on = forms.DateField(label=gettext_lazy("停业起"), widget=DAY)
    to_on = forms.DateField(label=gettext_lazy("停业止"), widget=DAY)
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=100)


@requires(own_portal)
def daily_control_calendar(request: HttpRequest, code: str) -> HttpResponse:
    """The last days, newest first, and what is declared closed."""
    operator, today = own_operator(request.user, code), timezone.localdate()
    marks = day_marks(operator, today - timedelta(days=SHOWN_DAYS - 1), today)
    ahead = closures_of(operator, today, today + AHEAD)
    context = framed(operator, "daily_control_calendar", days=marks[::-1], closures=ahead)
    return render(request, "operator/days.html", context)


@requires(own_portal)
def daily_control_enter(request: HttpRequest, code: str, day: str) -> HttpResponseBase:
    """The day's list, item by item; once recorded, what was recorded."""
    operator, when = own_operator(request.user, code), day_in(day)
    known = record_of(operator, when)
    if known is not None:
        found = {each.item: each for each in problems_found(operator, when, when)}
        lines = [
            Line(item, known.answers[item.key], found[item.key].description if item.key in found else "")
            for item in items_recorded(known)
        ]
        context = framed(
            operator, "", day=when, record=known, lines=lines, crumbs=crumbs(operator), word=told_of(known),
            state=DUE if known.problems else DONE, clock=clock_text(known.clock),
            downloads=paper_actions(_("下载记录"), to("daily_control_download", operator, day)),
        )  # fmt: skip
        return render(request, "operator/day_recorded.html", context)
    if list_in_force(operator, when) is None:
        messages.warning(request, _("那一天没有生效的风险管控清单，请先批准清单。"))
        return redirect("operator:risk_list_detail", operator.code)
    items = items_of_day(operator, when)
    lines, error = [Line(each) for each in items], ""
    if request.method == "POST":
        refused = _recorded(request, operator.code, when, items)
        if refused is None:
            return redirect("operator:desk_detail", operator.code)
        error = str(refused)
        lines = [_typed(request, each, refused) for each in items]
    context = framed(
        operator, "", day=when, lines=lines, error=error, crumbs=crumbs(operator), is_today=when == timezone.localdate()
    )
    return render(request, "operator/day.html", context)


def _recorded(request: HttpRequest, code: str, day: date, items: list[DayItem]) -> DutyRefused | None:
    """Record what was posted; the refusal when it cannot be."""
    posted = request.POST
    answers = {each.key: posted.get(each.key, "") for each in items}
    answers = {key: value for key, value in answers.items() if value in ANSWERS}
    notes = {each.key: posted.get(f"{each.key}-note", "")[:500] for each in items}
    measures = {each.key: posted.get(f"{each.key}-measure", "")[:500] for each in items}
    try:
        record_day(
            operator=own_operator(request.user, code), day=day, answers=answers, notes=notes, measures=measures,
            by=request.user, at=timezone.now(),
        )  # fmt: skip
    except DutyRefused as refused:
        return refused
    messages.success(request, _("%(day)s 的检查已记录。") % {"day": day.isoformat()})
    return None


def _typed(request: HttpRequest, item: DayItem, refused: DutyRefused) -> Line:
    posted = request.POST
    fault = str(refused) if refused.field == item.key else ""
    return Line(
        item, posted.get(item.key, ""), posted.get(f"{item.key}-note", ""), posted.get(f"{item.key}-measure", ""), fault
    )


@requires(own_portal)
def closure_create(request: HttpRequest, code: str) -> HttpResponseBase:
    """Declare days closed."""
    operator = own_operator(request.user, code)
    form = ClosureForm(request.POST or None, initial={"from_on": timezone.localdate()})
    back = to("daily_control_calendar", operator)

    def step() -> str:
        declare_closure(operator=operator, **form.cleaned_data, by=request.user, at=timezone.now())
        return _("已申报停业，停业期间不用记录。")

    page = FormPage(
        _("停业申报"), form, _("申报"), intro=_("停业期间不记录日管控；复业后请及时恢复。"), cancel_url=back,
        crumbs=crumbs(operator), draft="closure",
    )  # fmt: skip
    return step_page(request, page, step, back)


@requires(own_portal)
@require_POST
def closure_end(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Open again."""
    operator = own_operator(request.user, code)
    closure = own_closure(request.user, pk)

    def step() -> None:
        end_closure(closure=closure, by=request.user, at=timezone.now())

    return step_button(request, step, _("已恢复营业。"), to("daily_control_calendar", operator))
