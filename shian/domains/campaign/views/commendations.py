"""Commendation and accountability: the entries with what caused them, and proposing one (A-18)."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shian.domains.campaign.actions.commendations import CommendationRefused, propose_commendation
from shian.domains.campaign.forms.commendations import CommendationForm
from shian.domains.campaign.permissions import COMMENDATION_KEEP, COMMENDATION_READ
from shian.domains.campaign.queries.commendations import (
    KEY,
    about_cause,
    cause_for,
    cause_of,
    cause_urls,
    commendations_in,
    keeps_commendations,
)
from shian.domains.campaign.queries.liaisons import campaign_area
from shian.domains.campaign.rules.commendations import BLAME, CASE, ITEM, KINDS, PRAISE, CauseKey
from shian.domains.campaign.tables.commendations import COMMENDATIONS, commendation_row
from shian.domains.campaign.views.sights import crumbs
from shian.engine.cases.actions import CaseRefused
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.cases.tables import case_url
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import code_of_key
from shian.kernel.scope.walls import system_scope
from shian.kernel.ui.pages import FormPage, ListPage
from shian.kernel.ui.pieces import Action, Callout, Crumb, Filter, FilterBar, Option, Tab
from shian.kernel.ui.tables import Empty, Table
from shian.registers.areas.queries import home_key

SHOWN = 300


@requires(COMMENDATION_READ)
def commendation_list(request: HttpRequest) -> HttpResponse:
    """The entries of the campaign: all for the office, for every other unit what is published."""
    user, today = request.user, timezone.localdate()
    area = campaign_area(user, today) or home_key(user, today)[:6]
    is_keeper = keeps_commendations(user, area)
    kind, state, side = (request.GET.get(name, "") for name in ("kind", "state", "side"))
    wanted = {"praise": PRAISE, "blame": BLAME}.get(side, KINDS)
    with system_scope():  # what is published is told to every unit, wherever it lies
        rows = commendations_in(user, area) if area else Case.objects.none()
        found = list(rows[:SHOWN])
    causes = cause_urls(found)
    shown = [each for each in found if each.data.get("kind") in ({kind} if kind else wanted)]
    shown = [each for each in shown if not state or each.state == state]
    table = Table(
        COMMENDATIONS,
        [commendation_row(each, causes.get(each.pk, ""), today, is_opened=is_keeper) for each in shown],
        empty=Empty(_("没有表彰问责"), _("在得分、考核、问题和督办卡的页面提请。")),
    )
    sides = (("", _("全部"), KINDS), ("praise", _("表彰"), PRAISE), ("blame", _("问责"), BLAME))
    states = [Option(each.key, each.title) for each in case_type(KEY).states]
    page = ListPage(
        _("表彰问责"), table, unit=_("件"), crumbs=crumbs(),
        summary=_("每一件都由得分、考核或者发现的问题引起；有决定文号才能公布。"),
        tabs=[
            Tab(label, f"?side={key}", sum(each.data.get("kind") in kinds for each in found), is_active=key == side)
            for key, label, kinds in sides
        ],
        filters=FilterBar([
            Filter("kind", _("种类"), options=[Option(each, each) for each in wanted], value=kind),
            *([Filter("state", _("状态"), options=states, value=state)] if is_keeper else []),
            Filter("side", "", "hidden", value=side),
        ]),
        actions=[Action(_("打印"), "#print", icon="printer")],
    )  # fmt: skip
    notes = [] if is_keeper else [Callout(_("这里是已公布的表彰和问责；姓名按规定隐去部分。"))]
    return render(request, "campaign/overview.html", {"list": page, "stats": [], "notes": notes, "tables": ()})


@requires(COMMENDATION_KEEP)
def commendation_create(request: HttpRequest) -> HttpResponseBase:
    """Propose an entry for the score or finding that ?cause= names."""
    asked = request.GET.get("cause", "")
    cause = cause_of(asked)
    if cause is None:
        raise Http404(asked)
    if not reach_of(request.user).covers(cause.area_key):
        raise OutOfReach(f"campaign.cause:{asked}")
    form = CommendationForm(request.POST or None, initial={"target_unit": cause.unit})
    if request.method == "POST" and form.is_valid():
        try:
            case = propose_commendation(cause=asked, told=form.cleaned_data, by=request.user, at=timezone.now())
        except CommendationRefused as refused:
            form.add_error(None, str(refused))
        except CaseRefused as refused:
            form.add_error(None, "；".join([*refused.fields.values()]) or str(refused))
        else:
            messages.success(request, _("已提请，编号 %(number)s。") % {"number": case.number})
            return redirect(case_url(case))
    page = FormPage(
        _("提请表彰问责"), form, _("提请"), intro=_("起因：%(label)s") % {"label": cause.label}, cancel_url=cause.url,
        consequence=_("提请后由另一人审核，再记录决定；填写决定文号后才能公布。"),
        crumbs=crumbs(Crumb(_("表彰问责"), reverse("campaign:commendation_list"))), draft=f"commendation-{asked}",
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page})


def propose_action(user: Any, key: CauseKey, area_key: str) -> list[Action]:
    """The button that proposes an entry for a score or finding, for the office of its area."""
    if not COMMENDATION_KEEP(user).allowed or not reach_of(user).covers(area_key):
        return []
    return [Action(_("提请表彰问责"), propose_url(key), icon="star", kind="quiet")]


def propose_url(key: CauseKey) -> str:
    return f"{reverse('campaign:commendation_create')}?{urlencode({'cause': str(key)})}"


def _key_of(about: Any) -> CauseKey:
    """The cause that a record is: a case by its number, an item's result by code and area."""
    if isinstance(about, Case):
        return CauseKey(CASE, about.type, about.number)
    return CauseKey(ITEM, about.indicator.code, code_of_key(about.area_key))


def caused_count(request: HttpRequest, about: Any) -> int:
    return about_cause(request.user, _key_of(about)).count()


def caused_panel(request: HttpRequest, about: Any) -> SafeString:
    """The entries that this case or item caused, and the way to propose one."""
    key, today = _key_of(about), timezone.localdate()
    rows = [commendation_row(each, "", today, is_opened=True) for each in about_cause(request.user, key)]
    offered = propose_action(request.user, key, about.area if isinstance(about, Case) else about.area_key)
    empty = Empty(_("没有由此引起的表彰问责"), "", propose_url(key) if offered else "", _("提请表彰问责"))
    table = Table(COMMENDATIONS, rows, empty=empty, id="commendations")
    found = render_to_string("ui/components/table.html", {"table": table}, request=request)
    if rows and offered:
        found += render_to_string("ui/components/actions.html", {"actions": offered}, request=request)
    return SafeString(found)


def cause_panel(request: HttpRequest, case: Case) -> SafeString:
    """What caused the entry, one click away."""
    found = cause_for(case)
    if found is None:
        note = Callout(case.data.get("grounds", ""), _("记录已不在系统中。"))
    else:
        note = Callout(found.label, actions=[Action(_("查看"), found.url, icon="arrow-right", kind="primary")])
    return SafeString(render_to_string("ui/components/callout.html", {"callout": note}, request=request))
