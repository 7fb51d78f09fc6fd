"""Numbered briefings: the issues, what each unit has in print, one issue and its paper (A-21)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.actions.briefings import BriefingRefused, issue_briefing
from shian.domains.campaign.definitions.briefings import briefing_paper
from shian.domains.campaign.forms.briefings import BriefingForm
from shian.domains.campaign.models import Briefing, Series
from shian.domains.campaign.permissions import BRIEFING_EDIT, BRIEFING_READ
from shian.domains.campaign.queries.briefings import adoptions, briefings_for, items_of, waiting_for_issue
from shian.domains.campaign.tables.briefings import (
    ADOPTIONS,
    BRIEFINGS,
    ITEMS,
    adoption_row,
    briefing_row,
    briefing_url,
    briefing_words,
    item_row,
)
from shian.domains.campaign.views.sights import crumbs
from shian.engine.reports.paper import paper, paper_actions
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
from shian.kernel.notary.queries import entries_of
from shian.kernel.scope.models import OutOfReach
from shian.kernel.ui.pages import FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Section, Tab, picked_year
from shian.kernel.ui.tables import Empty, Table
from shian.registers.areas.queries import home_key


@requires(BRIEFING_READ)
def briefing_list(request: HttpRequest) -> HttpResponse:
    """The issues of a year, and unit by unit how many of its items they carry."""
    rows, asked = briefings_for(request.user), picked_year(request.GET.get("year", ""))
    years = sorted(set(rows.order_by().values_list("year", flat=True)), reverse=True)
    year = asked if asked in years else None
    shown = rows.filter(year=year) if year else rows
    found = adoptions(request.user, year)
    page = ListPage(
        _("工作简报"),
        Table(BRIEFINGS, [briefing_row(each) for each in shown], empty=Empty(_("还没有印发简报"))),
        unit=_("期"),
        summary=_("期号按年连续；各单位的采用数等于简报中署其名的信息条数，点数字可打开。"),
        crumbs=crumbs(),
        tabs=[Tab(_("全部"), "?", is_active=year is None),
              *(Tab(_("%(year)s 年") % {"year": each}, f"?year={each}", is_active=each == year) for each in years)],
        actions=_list_actions(request.user),
    )  # fmt: skip
    units = Table(ADOPTIONS, [adoption_row(each, year) for each in found], empty=Empty(_("还没有单位报送")), id="units")
    return render(request, "campaign/overview.html", {"list": page, "tables": [(_("各单位采用情况"), units)]})


def _list_actions(user: Any) -> list[Action]:
    items = Action(_("信息报送"), reverse("campaign:dispatch_list"), icon="inbox")
    if not BRIEFING_EDIT(user).allowed:
        return [items]
    return [Action(_("编发简报"), reverse("campaign:briefing_create"), icon="plus", kind="primary"), items]


@requires(BRIEFING_EDIT)
def briefing_create(request: HttpRequest) -> HttpResponseBase:
    """Issue the next number with the chosen items."""
    waiting, key = list(waiting_for_issue(request.user)), home_key(request.user, timezone.localdate())
    choices = [(str(each.pk), f"{each.shown_title}（{each.unit.name}）") for each in waiting]
    form = BriefingForm(request.POST or None, items=choices)
    if request.method == "POST" and form.is_valid() and (made := _issued(request, form, key)):
        messages.success(request, _("%(issue)s已印发并留存证。") % {"issue": briefing_words(made)})
        return redirect(briefing_url(made))
    page = FormPage(
        _("编发简报"), form, _("印发"), cancel_url=reverse("campaign:briefing_list"), draft="briefing",
        intro="" if waiting else _("没有已采用、待刊登的信息。请先在信息报送中编辑并采用。"),
        consequence=_("印发后取得下一个期号，期号和内容不能更改。"),
        crumbs=crumbs(Crumb(_("工作简报"), reverse("campaign:briefing_list"))),
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page}, status=422 if form.errors else 200)


def _issued(request: HttpRequest, form: BriefingForm, key: str) -> Briefing | None:
    told = form.cleaned_data
    if not key:
        form.add_error(None, _("您的岗位不属于任何一个市或县，不能编发简报。"))
        return None
    try:
        return issue_briefing(
            area_key=key, series=Series(told["series"]), title=told["title"],
            dispatches=[int(each) for each in told["items"]], by=request.user, at=timezone.now(),
        )  # fmt: skip
    except BriefingRefused as refused:
        form.add_error(None, str(refused))
        return None


def briefing_or_404(user: Any, pk: int) -> Briefing:
    """The issue. Raises Http404, OutOfReach."""
    found = briefings_for(user).filter(pk=pk).first()
    if found is None and Briefing.objects.filter(pk=pk).exists():
        raise OutOfReach(f"campaign.briefing:{pk}")
    if found is None:
        raise Http404(pk)
    return found


@requires(BRIEFING_READ)
def briefing_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One issue with its items; it does not change any more."""
    found = briefing_or_404(request.user, pk)
    entry = entries_of(f"campaign.briefing:{pk}").first()
    facts = [Fact(_("期号"), briefing_words(found)), Fact(_("印发日期"), found.issued_on, kind="date")]
    if entry:
        facts.append(Fact(_("存证"), str(entry.seal), kind="code", url=entry.seal.url))
    record = RecordPage(
        found.title, kind=_("工作简报"), badges=[briefing_words(found)],
        crumbs=crumbs(Crumb(_("工作简报"), reverse("campaign:briefing_list"))), sections=[Section(_("概况"), facts)],
        actions=paper_actions(_("下载"), reverse("campaign:briefing_download", args=[pk])),
    )  # fmt: skip
    tables = [(_("刊登的信息"), Table(ITEMS, [item_row(each) for each in items_of(found)], id="items"))]
    return render(request, "campaign/evidence_record.html", {"record": record, "tables": tables})


@requires(BRIEFING_READ)
def briefing_download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The issue; every copy that leaves is listed."""
    found, at = briefing_or_404(request.user, pk), timezone.now()
    items, title = items_of(found), briefing_words(found)
    answer = paper(briefing_paper(found, items), title, request)
    return Door.of_page(request).let_out(
        answer, subject=f"campaign.briefing:{pk}", title=title, rows=len(items), at=at
    )  # fmt: skip
