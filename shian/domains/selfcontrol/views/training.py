"""Training of operators' people, and random tests called by the station."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from shian.domains.selfcontrol.actions.exams import call_sample
from shian.domains.selfcontrol.permissions import DUTY_READ, EXAM_CALL
from shian.domains.selfcontrol.queries.coverage import last_year_trained, reach_in_year, sessions_for
from shian.domains.selfcontrol.queries.exams import exams_for, last_year_examined, rate_of
from shian.domains.selfcontrol.queries.numbers import TRAINING
from shian.domains.selfcontrol.tables.boards import EXAMS, SESSIONS, exam_row, session_row
from shian.domains.selfcontrol.views.forms import step_page
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.rules import Level
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FormPage, ListPage
from shian.kernel.ui.pieces import Action, Crumb, Filter, FilterBar, Stat, picked_year
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.tables import area_choices


class SampleForm(forms.Form):
    """How many people of which area are called, and by when they take the test."""

    area = forms.ChoiceField(label=gettext_lazy("区划"))
    count = forms.IntegerField(label=gettext_lazy("人数"), min_value=1, max_value=500, initial=10)
    last_on = forms.DateField(
        label=gettext_lazy("最迟参加日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *given: Any, areas: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["area"].choices = areas  # type: ignore[attr-defined]


@requires(DUTY_READ)
def session_list(request: HttpRequest) -> HttpResponse:
    """A year's sessions, of the last that had any unless another is asked for; reach in distinct operators and in
    attendances, and which is which."""
    year = picked_year(request.GET.get("year", "")) or last_year_trained() or timezone.localdate().year
    operators, people = reach_in_year(request.user, year)
    rows = [session_row(each) for each in sessions_for(request.user, year)]
    empty = Empty(_("这一年没有培训"), _("请导入培训和签到。"))
    page = ListPage(
        _("企业人员培训"), Table(SESSIONS, rows, empty=empty), unit=_("场"),
        summary=_("参训主体一家只计一次；参训人次每到一场计一次。"),
        filters=FilterBar([Filter("year", _("年度"), "text", value=str(year))]),
    )  # fmt: skip
    stats = [
        Stat(_("参训主体（不重复）"), operators, unit=_("家")), Stat(_("参训人次"), people, unit=_("人次")),
    ]  # fmt: skip
    return render(request, "ui/page_overview.html", {"list": page, "stats": stats, "notes": []})


@requires(DUTY_READ)
def exam_list(request: HttpRequest) -> HttpResponse:
    """A year's tests, of the last that had any unless another is asked for; the pass rate is counted from this list."""
    today = timezone.localdate()
    tests = exams_for(request.user)
    year = picked_year(request.GET.get("year", "")) or last_year_examined(tests) or today.year
    found = tests.filter(examined_on__year=year)
    passed, taken = rate_of(found)
    query = ListQuery.read(request.GET, EXAMS, default_sort="-examined_on", unique="id")
    shown = keyset_page(found.order_by(), query)
    rows = [exam_row(each) for each in shown.items]
    create = Action(_("随机抽考"), reverse("selfcontrol:exam_create"), icon="refresh", kind="primary")
    page = ListPage(
        _("监督抽考"), Table(EXAMS, rows, query=query, page=shown, empty=Empty(_("这一年没有抽考"))), unit=_("人次"),
        filters=FilterBar([Filter("year", _("年度"), "text", value=str(year))]),
        actions=[create] if EXAM_CALL(request.user).allowed else [],
    )  # fmt: skip
    target = TRAINING.at(today).rate
    told = _("目标不低于 %(rate)s%%") % {"rate": target}
    stats = [Stat(pgettext("verdict", "合格"), passed, unit=_("人次"), part=passed, whole=taken, note=told)]
    return render(request, "ui/page_overview.html", {"list": page, "stats": stats, "notes": []})


@requires(EXAM_CALL)
def exam_create(request: HttpRequest) -> HttpResponseBase:
    """People in post are drawn by a sealed seed, and called."""
    today = timezone.localdate()
    areas = area_choices(request.user, (Level.COUNTY, Level.TOWNSHIP), today)
    form, back = SampleForm(request.POST or None, areas=areas), reverse("selfcontrol:exam_list")

    def step() -> str:
        told = form.cleaned_data
        called = call_sample(
            area_code=told["area"], count=told["count"], last_on=told["last_on"], by=request.user, at=timezone.now()
        )
        return _("已通知 %(count)s 人参加抽考。") % {"count": called}

    page = FormPage(
        _("随机抽考"), form, _("抽取并通知"), cancel_url=back, crumbs=[Crumb(_("监督抽考"), back)],
        intro=_("从在任的食品安全总监和食品安全员中随机抽取；种子存证，任何人可以复核。"),
    )  # fmt: skip
    return step_page(request, page, step, back)
