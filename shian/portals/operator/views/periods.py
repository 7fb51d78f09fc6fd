"""The week's report and the month's minutes."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from shian.domains.selfcontrol.actions.periods import draft_week, sign_minutes, sign_week, write_minutes
from shian.domains.selfcontrol.actions.refusals import DutyRefused
from shian.domains.selfcontrol.permissions import own_portal
from shian.domains.selfcontrol.queries.accounts import own_operator
from shian.domains.selfcontrol.queries.controls import problems_found
from shian.domains.selfcontrol.queries.numbers import controls_began
from shian.domains.selfcontrol.queries.periods import found_in_week, meeting_of, signed_weeks, week_of
from shian.domains.selfcontrol.rules.controls import next_month
from shian.engine.reports.paper import paper_actions
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.acting import acted
from shian.kernel.ui.languages import language_of_record
from shian.portals.operator.views.days import DAY
from shian.portals.operator.views.frame import crumbs, day_in, framed, may_of, month_in, step_button, to
from shian.registers.operators.models import Operator

LINES = {"rows": 3}
DECISIONS = 5


class WeekForm(forms.Form):
    """What the week was like, what may go wrong, what is done about it."""

    summary = forms.CharField(label=gettext_lazy("本周情况"), max_length=2000, widget=forms.Textarea(attrs=LINES))
    risks = forms.CharField(
        label=gettext_lazy("风险分析"), max_length=2000, required=False, widget=forms.Textarea(attrs=LINES)
    )
    measures = forms.CharField(
        label=gettext_lazy("治理措施"), max_length=2000, required=False, widget=forms.Textarea(attrs=LINES)
    )


class MonthForm(forms.Form):
    """The meeting, and up to five decisions, each with its day."""

    held_on = forms.DateField(label=gettext_lazy("召开日期"), widget=DAY)
    participants = forms.CharField(label=gettext_lazy("参加人员"), max_length=300)
    heard = forms.CharField(label=gettext_lazy("听取汇报"), max_length=4000, widget=forms.Textarea(attrs=LINES))
    plan = forms.CharField(
        label=gettext_lazy("下月安排"), max_length=4000, required=False, widget=forms.Textarea(attrs=LINES)
    )

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        for number in range(1, DECISIONS + 1):
            self.fields[f"text{number}"] = forms.CharField(
                label=_("决定事项 %(number)s") % {"number": number}, max_length=300, required=False
            )
            self.fields[f"due{number}"] = forms.DateField(label=_("完成期限"), widget=DAY, required=False)

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        for number in range(1, DECISIONS + 1):
            if told.get(f"text{number}") and not told.get(f"due{number}"):
                self.add_error(f"due{number}", _("请填写完成期限。"))
        return told

    @property
    def decisions(self) -> list[tuple[str, date]]:
        """Those that were filled in."""
        told = self.cleaned_data
        numbers = range(1, DECISIONS + 1)
        return [(told[f"text{number}"], told[f"due{number}"]) for number in numbers if told[f"text{number}"]]


@requires(own_portal)
def own_week_edit(request: HttpRequest, code: str, monday: str) -> HttpResponseBase:
    """The week's report, begun with what the days found; once signed, as it was signed."""
    operator, first = own_operator(request.user, code), day_in(monday)
    if first.weekday() or not controls_began() <= first <= timezone.localdate():
        raise Http404(monday)
    report = week_of(operator, first)
    is_signed = report is not None and report.signed_at is not None
    found = report.found if report is not None and is_signed else found_in_week(operator, first)
    begun = {"summary": _first_summary(found), "risks": "", "measures": _first_measures(found)}
    kept = {name: getattr(report, name) for name in begun} if report else begun
    form = WeekForm(request.POST or None, initial=kept)

    def step() -> None:
        draft_week(operator=operator, monday=first, told=form.cleaned_data, by=request.user, at=timezone.now())

    if request.method == "POST" and form.is_valid() and acted(form, step, DutyRefused):
        return redirect(to("own_week_edit", operator, monday))
    context = framed(
        operator, "", form=form, report=report, may=may_of(request.user, operator), is_signed=is_signed,
        found=found, monday=first, sunday=first + timedelta(days=6), crumbs=crumbs(operator),
        downloads=paper_actions(_("下载报告"), to("own_week_download", operator, monday)),
    )  # fmt: skip
    return render(request, "operator/week.html", context)


@language_of_record()
def _first_summary(found: dict[str, Any]) -> str:
    """What the report begins with, as its paper will say it."""
    told = {"days": len(found["days"]), "problems": len(found["problems"])}
    return _("本周记录 %(days)s 天，发现问题 %(problems)s 个。") % told


def _first_measures(found: dict[str, Any]) -> str:
    return "\n".join(f"{each['risk']}：{each['measure']}" for each in found["problems"] if each["measure"])


@requires(own_portal)
@require_POST
def own_week_sign(request: HttpRequest, code: str, monday: str) -> HttpResponse:
    """Director or officer sign."""
    operator = own_operator(request.user, code)
    report = week_of(operator, day_in(monday))
    if report is None:
        raise Http404(monday)

    def step() -> None:
        sign_week(report=report, by=request.user, at=timezone.now())

    return step_button(request, step, _("周排查报告已签字。"), to("own_week_edit", operator, monday))


@requires(own_portal)
def own_month_edit(request: HttpRequest, code: str, month: str) -> HttpResponseBase:
    """The month's minutes; once signed, as they were signed."""
    operator, first, today = own_operator(request.user, code), month_in(month), timezone.localdate()
    if not controls_began() <= first <= today:
        raise Http404(month)
    meeting = meeting_of(operator, first)
    is_signed = meeting is not None and meeting.signed_at is not None
    form = MonthForm(request.POST or None, initial=_first_minutes(operator, first, today))

    def step() -> None:
        names = ("held_on", "participants", "heard", "plan")
        write_minutes(
            operator=operator, month=first, told={name: form.cleaned_data[name] for name in names},
            decisions=form.decisions, by=request.user, at=timezone.now(),
        )  # fmt: skip

    if request.method == "POST" and form.is_valid() and acted(form, step, DutyRefused):
        return redirect(to("own_month_edit", operator, month))
    rows = [(form[f"text{number}"], form[f"due{number}"]) for number in range(1, DECISIONS + 1)]
    context = framed(
        operator, "", form=form, meeting=meeting, may=may_of(request.user, operator), is_signed=is_signed,
        month=month, crumbs=crumbs(operator), decision_fields=rows,
        weeks=signed_weeks(operator, first, next_month(first)),
        downloads=paper_actions(_("下载纪要"), to("own_month_download", operator, month)),
    )  # fmt: skip
    return render(request, "operator/month.html", context)


@language_of_record()
def _first_minutes(operator: Operator, first: date, today: date) -> dict[str, Any]:
    """What the draft says, else what the month's weeks say."""
    meeting = meeting_of(operator, first)
    if meeting is not None:
        told = {name: getattr(meeting, name) for name in ("held_on", "participants", "heard", "plan")}
        for number, each in enumerate(meeting.decisions.order_by("pk"), 1):
            told |= {f"text{number}": each.text, f"due{number}": each.due_on}
        return told
    weeks = signed_weeks(operator, first, next_month(first))
    found = problems_found(operator, first, next_month(first) - timedelta(days=1))
    open_ones = sum(each.handled_on is None for each in found)
    heard = _("本月签署周排查报告 %(weeks)s 份，发现问题 %(found)s 个，未处置 %(open)s 个。")
    told = {"weeks": len(weeks), "found": len(found), "open": open_ones}
    return {"held_on": today, "heard": "\n".join([heard % told, *(each.summary for each in weeks)])}


@requires(own_portal)
@require_POST
def own_month_sign(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """The principal signs."""
    operator = own_operator(request.user, code)
    meeting = meeting_of(operator, month_in(month))
    if meeting is None:
        raise Http404(month)

    def step() -> None:
        sign_minutes(meeting=meeting, by=request.user, at=timezone.now())

    return step_button(request, step, _("月调度会议纪要已签字。"), to("own_month_edit", operator, month))
