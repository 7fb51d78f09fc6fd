"""The yearly appraisal: issued, scored by each unit of itself, verified, graded, published (A-17)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from shian.domains.campaign.actions.appraisals import (
    AppraisalRefused,
    grade_appraisal,
    issue_appraisal,
    publish_appraisal,
)
from shian.domains.campaign.forms.appraisals import AppraisalForm
from shian.domains.campaign.models import Appraisal, AppraisalEntry, AppraisalState
from shian.domains.campaign.permissions import APPRAISAL_KEEP, APPRAISAL_VIEW
from shian.domains.campaign.queries.appraisals import (
    appraisal_rule,
    appraisals_of,
    entries_for,
    reads_lines,
    standing_of,
)
from shian.domains.campaign.queries.liaisons import campaign_area
from shian.domains.campaign.tables.appraisals import ENTRIES, entry_row
from shian.domains.campaign.tables.unit_scores import GROUPS
from shian.domains.campaign.views.sights import crumbs
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.formats import number_text
from shian.kernel.ui.pages import FormPage, ListPage
from shian.kernel.ui.pieces import Action, Callout, Crumb, Filter, FilterBar, Option, Stat, Tab
from shian.kernel.ui.states import DONE, DUE
from shian.kernel.ui.tables import Empty, Table
from shian.kernel.workdays.queries import calendar
from shian.registers.areas.queries import home_key


def area_of(user: Any) -> str:
    """The campaign that the user works in."""
    today = timezone.localdate()
    return campaign_area(user, today) or home_key(user, today)[:6]


@requires(APPRAISAL_VIEW)
def appraisal_list(request: HttpRequest) -> HttpResponse:
    """The units of a year: what each says of itself beside what was verified, grade and place."""
    user, today, area = request.user, timezone.localdate(), area_of(request.user)
    years = list(appraisals_of(area)) if area else []
    asked = request.GET.get("year", "")
    appraisal = next((each for each in years if str(each.year) == asked), None)
    if asked and appraisal is None:
        raise Http404(asked)
    appraisal = appraisal or (years[0] if years else None)
    entries = entries_for(user, appraisal) if appraisal else []
    groups = [key for key in GROUPS if any(each.group == key for each in entries)]
    group = request.GET.get("group", "")
    group = group if group in groups else next(iter(groups), "department")
    shown = [each for each in entries if each.group == group]
    is_late = appraisal is not None and today > appraisal.due_on
    empty = Empty(_("还没有考核"), _("创建办下发后，各单位在这里自评。"))
    rows = [entry_row(each, is_late=is_late, is_opened=reads_lines(user, each)) for each in shown]
    page = ListPage(
        _("年度考核"), Table(ENTRIES, rows, empty=empty), unit=_("个单位"), crumbs=crumbs(),
        summary=_("各单位逐条自评并附佐证材料，创建办逐条核定；有差异的每一条都写明理由。"),
        tabs=_tabs(appraisal, entries, groups, group) if appraisal else [],
        filters=_bar(years, appraisal, group), actions=_actions(user, area, appraisal),
    )  # fmt: skip
    stats, notes = (_stats(appraisal), _notes(appraisal)) if appraisal else ([], [])
    return render(request, "campaign/overview.html", {"list": page, "stats": stats, "notes": notes, "tables": ()})


def _tabs(appraisal: Appraisal, entries: list[AppraisalEntry], groups: list[str], group: str) -> list[Tab]:
    return [
        Tab(GROUPS[key], f"?year={appraisal.year}&group={key}", sum(each.group == key for each in entries),
            is_active=key == group)
        for key in groups
    ]  # fmt: skip


def _bar(years: list[Appraisal], appraisal: Appraisal | None, group: str) -> FilterBar | None:
    if appraisal is None:
        return None
    options = [Option(str(each.year), _("%(year)s年") % {"year": each.year}) for each in years]
    year = str(appraisal.year)
    return FilterBar(
        [
            Filter("year", _("年度"), options=options, value=year, default=year),
            Filter("group", "", "hidden", value=group),
        ]
    )


def _stats(appraisal: Appraisal) -> list[Stat]:
    found = standing_of(appraisal)
    whole = sum(found.values())
    return [
        Stat(
            _("已自评"),
            whole - found["open"],
            unit=pgettext("organisation", "家"),
            part=whole - found["open"],
            whole=whole,
        ),
        Stat(_("待核定"), found["filed"], unit=pgettext("organisation", "家"), state=DUE if found["filed"] else DONE),
        Stat(_("已核定"), found["verified"], unit=pgettext("organisation", "家"), part=found["verified"], whole=whole),
    ]


def _notes(appraisal: Appraisal) -> list[Callout]:
    """Where the year stands, and on what its rules rest."""
    grades = "；".join(
        _("%(grade)s 不低于 %(least)s 分") % {"grade": each["grade"], "least": number_text(each["least"])}
        for each in appraisal.grades
    )
    body = _("自评期限 %(day)s。等次：%(grades)s。依据：%(basis)s") % {
        "day": appraisal.due_on, "grades": grades, "basis": appraisal.basis,
    }  # fmt: skip
    state = DONE if appraisal.state == AppraisalState.PUBLISHED else DUE
    told = {"year": appraisal.year, "state": appraisal.get_state_display()}
    return [Callout(_("%(year)s 年度考核：%(state)s") % told, body, state)]


def _actions(user: Any, area: str, appraisal: Appraisal | None) -> list[Action]:
    found = [Action(_("打印"), "#print", icon="printer")]
    if not APPRAISAL_KEEP(user).allowed or not area or not reach_of(user).covers(area):
        return found
    if appraisal and appraisal.state == AppraisalState.ISSUED:
        url = reverse("campaign:appraisal_grade", args=[appraisal.pk])
        asked = _("按核定分评定等次和名次；评定后不能再改核定分。")
        found.append(Action(_("评定等次"), url, icon="scale", kind="primary", method="post", consequence=asked))
    if appraisal and appraisal.state == AppraisalState.GRADED:
        url = reverse("campaign:appraisal_publish", args=[appraisal.pk])
        asked = _("公布后各单位都能看到得分、等次和名次。")
        found.append(Action(_("公布"), url, icon="speakerphone", kind="primary", method="post", consequence=asked))
    kind = "secondary" if appraisal else "primary"
    return [*found, Action(_("下发考核"), reverse("campaign:appraisal_create"), icon="plus", kind=kind)]


@requires(APPRAISAL_KEEP)
def appraisal_create(request: HttpRequest) -> HttpResponseBase:
    """A year's appraisal for every unit of the campaign, by the rules in force today."""
    today, area = timezone.localdate(), area_of(request.user)
    rule = appraisal_rule(today)
    initial = {"year": today.year, "due_on": calendar().add_workdays(today, rule.due)}
    form = AppraisalForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = issue_appraisal(area_key=area, year=told["year"], due_on=told["due_on"], by=request.user,
                                   at=timezone.now())  # fmt: skip
        except AppraisalRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已下发 %(year)s 年度考核。") % {"year": made.year})
            return redirect(f"{reverse('campaign:appraisal_list')}?year={made.year}")
    lines = "；".join(f"{each.title} {number_text(each.maximum)}" for each in rule.lines)
    page = FormPage(
        _("下发考核"), form, _("下发"), crumbs=crumbs(Crumb(_("年度考核"), reverse("campaign:appraisal_list"))),
        consequence=_("下发后通知各单位联络员自评；考核内容：%(lines)s。") % {"lines": lines},
        cancel_url=reverse("campaign:appraisal_list"), draft="appraisal-new",
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page})


@requires(APPRAISAL_KEEP)
@require_POST
def appraisal_grade(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Grades and places by the verified totals."""

    def step(appraisal: Appraisal) -> str:
        grade_appraisal(appraisal=appraisal, by=request.user, at=timezone.now())
        return _("已评定等次和名次。")

    return _step(request, pk, step)


@requires(APPRAISAL_KEEP)
@require_POST
def appraisal_publish(request: HttpRequest, pk: int) -> HttpResponseBase:
    """All units may read it now."""

    def step(appraisal: Appraisal) -> str:
        told = publish_appraisal(appraisal=appraisal, by=request.user, at=timezone.now())
        return _("已公布，通知联络员 %(count)s 人。") % {"count": told}

    return _step(request, pk, step)


def _step(request: HttpRequest, pk: int, step: Callable[[Appraisal], str]) -> HttpResponseBase:
    appraisal = Appraisal.objects.get_visible(request.user, pk=pk)
    try:
        messages.success(request, step(appraisal))
    except AppraisalRefused as refused:
        messages.error(request, str(refused))
    return redirect(f"{reverse('campaign:appraisal_list')}?year={appraisal.year}")
