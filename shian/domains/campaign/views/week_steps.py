"""Steps of a weekly report: the unit files it, the office returns or corrects it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.actions.weeks import WeekRefused, correct_report, file_report, return_report
from shian.domains.campaign.forms.weeks import CorrectionForm, WeekForm, WeekReturnForm
from shian.domains.campaign.models import WeekReport
from shian.domains.campaign.permissions import WEEK_CONFIRM, WEEK_FILE
from shian.domains.campaign.queries.standards import standard_in_force
from shian.domains.campaign.queries.weeks import LINE_FIELDS, last_planned, lines_of, may_file
from shian.domains.campaign.views.sights import crumbs
from shian.domains.campaign.views.weeks import report_or_404
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.models import OutOfReach
from shian.kernel.ui.formats import week_text
from shian.kernel.ui.pages import FieldGroup, FormPage
from shian.kernel.ui.pieces import Crumb

SPARE = 3


@requires(WEEK_FILE)
def report_submit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The unit writes its week; last week's plans stand there as a beginning."""
    report = report_or_404(request.user, pk)
    if not may_file(request.user, report):
        raise OutOfReach(f"campaign.weekreport:{pk}")
    said = lines_of(report) or [
        {"item_code": line["item_code"], "done": line["planned"]} for line in last_planned(report)
    ]
    form = _form(WeekForm, request, said)
    if request.method == "POST" and form.is_valid():
        try:
            file_report(report=report, lines=form.lines, by=request.user, at=timezone.now())
        except WeekRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已填报并留存证。"))
            return redirect("campaign:report_detail", pk)
    note = _("截止前可以修改；上周的计划已带入，请改成实际完成情况。")
    return _page(request, report, form, _("填报周台账"), note)


@requires(WEEK_CONFIRM)
def report_correct(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The office changes a locked report; what it said stays beside it."""
    report = report_or_404(request.user, pk)
    form = _form(CorrectionForm, request, lines_of(report))
    if request.method == "POST" and form.is_valid():
        try:
            correct_report(report=report, lines=form.lines, reason=form.cleaned_data["reason"], by=request.user,
                           at=timezone.now())  # fmt: skip
        except WeekRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已更正；原内容保留在下方。"))
            return redirect("campaign:report_detail", pk)
    return _page(request, report, form, _("更正已锁定的台账"), _("更正会留下原内容、更正人、时间和理由。"))


@requires(WEEK_CONFIRM)
def report_return(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Back to the unit, with a reason."""
    report = report_or_404(request.user, pk)
    form = WeekReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return_report(report=report, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except WeekRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已退回。"))
            return redirect("campaign:report_detail", pk)
    return _page(request, report, form, _("退回周台账"), "")


def _form(kind: type[WeekForm], request: HttpRequest, said: Sequence[Mapping[str, str]]) -> WeekForm:
    standard = standard_in_force()
    items = (
        [(each.code, f"{each.code} {each.title}") for each in standard.indicators.order_by("order")] if standard else []
    )
    sent = request.POST or None
    posted = sum(name.startswith("done_") for name in request.POST)
    initial = {f"{name}_{number}": line.get(name, "") for number, line in enumerate(said, 1) for name in LINE_FIELDS}
    return kind(sent, items=items, count=min(posted, 60) or len(said) + SPARE, initial=initial)


def _page(request: HttpRequest, report: WeekReport, form: Any, title: str, intro: str) -> HttpResponseBase:
    count = getattr(form, "count", 0)
    groups = [
        FieldGroup(_("第 %(number)s 条") % {"number": number}, [f"{name}_{number}" for name in LINE_FIELDS])
        for number in range(1, count + 1)
    ]
    page = FormPage(
        title, form, _("提交"), groups=groups, intro=f"{report.unit.name} · {week_text(report.week.monday)}",
        consequence=intro, cancel_url=reverse("campaign:report_detail", args=[report.pk]),
        crumbs=crumbs(Crumb(_("周台账"), reverse("campaign:week_list")),
                      Crumb(report.unit.name, reverse("campaign:report_detail", args=[report.pk]))),
        draft=f"week-{report.pk}",
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page})
