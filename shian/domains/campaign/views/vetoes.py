"""The veto monitor: counted from the registers at every look, as of today or any day before (A-29)."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.models import WatchState
from shian.domains.campaign.permissions import EVALUATION_VIEW
from shian.domains.campaign.queries.inputs import NothingInForce
from shian.domains.campaign.queries.vetoes import Watch, crossings_of, veto_watch
from shian.domains.campaign.tables.vetoes import CROSSINGS, VETOES, crossing_row, day_url, veto_row
from shian.domains.campaign.views.sights import Seen, crumbs, seen
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pages import ListPage
from shian.kernel.ui.pieces import Action, Callout, Filter, FilterBar, Tab
from shian.kernel.ui.tables import Empty, Table


@requires(EVALUATION_VIEW)
def veto_board(request: HttpRequest) -> HttpResponse:
    """Five conditions: value, threshold, margin, early warning, look-back window, state; when each changed."""
    found, today = seen(request), timezone.localdate()
    day = min(found.chosen.as_of or today, today)
    try:
        watch = veto_watch(found.area_key, day) if found.area_key else None
    except NothingInForce:
        watch = None
    if watch is None:
        return redirect("campaign:item_list")
    page = ListPage(
        _("否决项监测"),
        Table(
            VETOES,
            [veto_row(line, watch) for line in watch.lines],
            empty=Empty(_("否决项只对市级评价"), _("县级和乡级不单独评价否决项。")),
        ),
        unit=_("项"),
        summary=_("%(area)s · 截至 %(day)s，随时按登记簿重新核算") % {"area": found.area_name, "day": day},
        crumbs=crumbs(),
        tabs=_tabs(found, day, today),
        filters=FilterBar([Filter("as_of", _("截止日期"), kind="date", value=str(day))], area=found.picker),
        actions=[Action(_("打印"), "#print", icon="printer")],
    )
    crossings = crossings_of(found.area_key, request.user)
    titles = {line.indicator.code: line.indicator.title for line in watch.lines}
    tables = [(_("状态变化"), Table(CROSSINGS, [crossing_row(each, titles) for each in crossings], id="crossings"))]
    context = {"list": page, "stats": [], "notes": _notes(watch), "tables": tables if crossings else ()}
    return render(request, "campaign/overview.html", context)


def _tabs(found: Seen, day: date, today: date) -> list[Tab]:
    """Today, and the day of the newest evaluation."""
    evaluated = found.sight.evaluation.as_of if found.sight.evaluation else None
    days = [(_("实时（今天）"), today)]
    if evaluated and evaluated != today:
        days.append((_("评价时点 %(day)s") % {"day": evaluated}, evaluated))
    return [Tab(label, day_url(each, found.area_key), is_active=each == day) for label, each in days]


def _notes(watch: Watch) -> list[Callout]:
    """What is triggered, what comes near, and on what the numbers rest."""
    if not watch.lines:
        return []
    triggered, near = _named(watch, WatchState.TRIGGERED), _named(watch, WatchState.NEAR)
    unknown = [line for line in watch.lines if line.state == WatchState.UNKNOWN]
    notes = []
    if triggered:
        notes.append(Callout(_("已触发否决：%(names)s") % {"names": triggered}, state="overdue"))
    if near:
        text = _("还没有触发；预警线按计分版本“%(title)s”，%(day)s 起，可信度 %(confidence)s。") % {
            "title": watch.scoring.title, "day": watch.scoring.effective_from, "confidence": watch.scoring.confidence,
        }  # fmt: skip
        url = reverse("notices:notice_list")
        notes.append(Callout(_("预警：%(names)s") % {"names": near}, text, "due", [Action(_("查看通知"), url)]))
    if not triggered and not near and not unknown:
        notes.append(Callout(_("全部否决情形均未触发。"), state="done"))
    return notes


def _named(watch: Watch, state: WatchState) -> str:
    return "、".join(line.indicator.title for line in watch.lines if line.state == state)
