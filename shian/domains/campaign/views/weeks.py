"""The weekly ledger: weeks, the city's summary with a row for each unit, a unit's report."""

from collections.abc import Sequence
from dataclasses import replace
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

from shian.domains.campaign.actions.weeks import (
    WeekRefused,
    confirm_report,
)
from shian.domains.campaign.models import ReportState, Week, WeekReport
from shian.domains.campaign.permissions import WEEK_CONFIRM, WEEK_FILE, WEEK_VIEW
from shian.domains.campaign.queries.weeks import (
    WeekCount,
    corrections_of,
    counts_of,
    lines_by_report,
    may_file,
    reports_for,
    weeks_for,
)
from shian.domains.campaign.tables.weeks import (
    LINES,
    SUMMARY,
    WEEKS,
    line_row,
    report_state,
    summary_row,
    week_row,
    week_state,
)
from shian.domains.campaign.views.sights import crumbs
from shian.engine.ledgers.exports import FORMATS, make_export
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
from shian.kernel.notary.deeds import deed_text
from shian.kernel.notary.queries import entries_of
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.actors import actor
from shian.kernel.ui.formats import week_text
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Section, Stat, TimelineEntry
from shian.kernel.ui.tables import Empty, ListQuery, Table, sorted_rows

STEPS = frozenset(
    {"campaign.week_filed", "campaign.week_confirmed", "campaign.week_returned", "campaign.week_corrected"}
)


@requires(WEEK_VIEW)
def week_list(request: HttpRequest) -> HttpResponse:
    """The weeks, with how many units have filed."""
    now = timezone.now()
    query = ListQuery.read(request.GET, WEEKS)
    page = keyset_page(weeks_for(request.user).order_by(), query_newest(query))
    counts = counts_of(page.items)
    nothing = WeekCount(0, 0, 0)
    rows = [week_row(each, counts.get(each.pk, nothing), now) for each in page.items]
    listed = ListPage(
        _("周台账"),
        Table(WEEKS, rows, query=query, page=page, empty=Empty(_("还没有周台账"), _("每周一由系统开启。"))),
        unit=pgettext("list", "周"),
        summary=_("各单位每周报一次工作、进度、问题和计划；截止后汇总，锁定后只能更正并留痕。"),
        crumbs=crumbs(),
    )
    return render(request, "ui/page_list.html", {"list": listed})


def query_newest(query: ListQuery) -> ListQuery:
    """The same page of the list in order of weeks, the newest first."""
    return replace(query, sort="-monday", order=("monday", "pk"))


@requires(WEEK_VIEW)
def week_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One row for each unit, filed or not; the reader's own unit first."""
    week, now = _week(request.user, pk), timezone.now()
    reports = list(reports_for(request.user, week))
    lines = lines_by_report(reports)
    own = reach_of(request.user).organisations
    reports.sort(key=lambda each: (each.unit_id not in own, each.county, each.unit_id))
    query = ListQuery.read(request.GET, SUMMARY)
    rows = [summary_row(each, lines.get(each.pk, []), now) for each in reports]
    label, tone = week_state(week, now)
    filed = sum(each.state != ReportState.OPEN for each in reports)
    stats = [
        Stat(_("已报"), filed, unit=pgettext("organisation", "家"), part=filed, whole=len(reports)),
        Stat(
            _("未报"),
            len(reports) - filed,
            unit=pgettext("organisation", "家"),
            state="overdue" if now > week.cut_off_at else "",
        ),
        Stat(_("存在问题"), sum(bool(line.problem) for each in lines.values() for line in each), unit=_("条")),
        Stat(_("需协调事项"), sum(bool(line.help_needed) for each in lines.values() for line in each), unit=_("条")),
    ]
    page = ListPage(
        _("%(week)s 周台账") % {"week": week_text(week.monday)},
        Table(SUMMARY, sorted_rows(rows, query), query=query, empty=Empty(_("没有您可以查看的台账"))),
        unit=pgettext("organisation", "家"),
        summary=_("截止 %(cut_off)s，%(lock)s 锁定。%(state)s。")
        % {"cut_off": timezone.localtime(week.cut_off_at).strftime("%m-%d %H:%M"), "lock": week.lock_on,
           "state": label},
        crumbs=crumbs(Crumb(_("周台账"), reverse("campaign:week_list"))),
        actions=_week_actions(request.user, week, reports),
        export_url=reverse("campaign:week_export", args=[pk]),
        export_formats=FORMATS,
    )  # fmt: skip
    return render(request, "campaign/week_detail.html", {"list": page, "stats": stats, "tone": tone})


def _week(user: Any, pk: int) -> Week:
    found = weeks_for(user).filter(pk=pk).first()
    if found is None:
        if Week.objects.filter(pk=pk).exists():
            raise OutOfReach(f"campaign.week:{pk}")
        raise Http404(pk)
    return found


def _week_actions(user: Any, week: Week, reports: Sequence[WeekReport]) -> list[Action]:
    found = [Action(_("打印"), "#print", icon="printer")]
    mine = next((each for each in reports if may_file(user, each) and each.state == ReportState.OPEN), None)
    if mine and not week.locked_at and WEEK_FILE(user).allowed:
        url = reverse("campaign:report_submit", args=[mine.pk])
        found.append(Action(_("填报本单位"), url, icon="edit", kind="primary"))
    waiting = sum(each.state == ReportState.FILED for each in reports)
    if waiting and not week.locked_at and WEEK_CONFIRM(user).allowed and reach_of(user).covers(week.area):
        url = reverse("campaign:week_confirm", args=[week.pk])
        label = _("确认已报的 %(count)s 家") % {"count": waiting}
        found.append(Action(label, url, icon="check", kind="primary", method="post"))
    return found


@requires(WEEK_VIEW)
def week_export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The summary as a file, with a row for each unit."""
    week, now = _week(request.user, pk), timezone.now()
    file_format = request.GET.get("format", FORMATS[0])
    if file_format not in FORMATS:
        raise Http404(file_format)
    reports = list(reports_for(request.user, week))
    lines = lines_by_report(reports)
    door = Door.of_page(request)
    made = make_export(
        name=_("%(week)s 周台账") % {"week": week_text(week.monday)}, format=file_format, columns=SUMMARY,
        rows=(summary_row(each, lines.get(each.pk, []), now) for each in reports),
        facts={_("周"): week_text(week.monday)}, by=request.user.get_username(), at=now,
        door=door,
    )  # fmt: skip
    return made.leave(door, subject=f"campaign.week:{pk}", at=now)


@requires(WEEK_CONFIRM)
@require_POST
def week_confirm(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Confirm every filed report of the week, or the one named."""
    week, now = _week(request.user, pk), timezone.now()
    reports = reports_for(request.user, week).filter(state=ReportState.FILED)
    if one := request.POST.get("report", ""):
        reports = reports.filter(pk=int(one) if one.isdecimal() else 0)
    try:
        count = len([confirm_report(report=each, by=request.user, at=now) for each in reports])
    except WeekRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("已确认 %(count)s 家。") % {"count": count})
    return redirect("campaign:week_detail", pk)


def report_or_404(user: Any, pk: int) -> WeekReport:
    """A unit's report. Raises Http404, OutOfReach."""
    found = WeekReport.objects.select_related("week", "unit").filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    if not reports_for(user, found.week).filter(pk=pk).exists():
        raise OutOfReach(f"campaign.weekreport:{pk}")
    return found


@requires(WEEK_VIEW)
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What one unit reported for one week, and everything that happened to it."""
    report, now = report_or_404(request.user, pk), timezone.now()
    label, tone = report_state(report, now)
    lines = lines_by_report([report]).get(pk, [])
    corrections = corrections_of(report)
    page = RecordPage(
        report.unit.name,
        code=week_text(report.week.monday),
        kind=_("周台账"),
        state=tone,
        state_label=label,
        crumbs=crumbs(
            Crumb(_("周台账"), reverse("campaign:week_list")),
            Crumb(week_text(report.week.monday), reverse("campaign:week_detail", args=[report.week_id])),
        ),
        badges=[_("锁定后更正 %(count)s 次") % {"count": len(corrections)}] if corrections else [],
        actions=_report_actions(request.user, report),
        sections=[_facts(report)],
        timeline=_timeline(report),
    )
    context = {
        "record": page,
        "lines": Table(LINES, [line_row(each) for each in lines], empty=Empty(_("还没有填报")), id="lines"),
        "corrections": corrections,
    }
    return render(request, "campaign/week_report.html", context)


def _facts(report: WeekReport) -> Section:
    return Section(
        _("填报情况"),
        [
            Fact(_("截止时间"), report.week.cut_off_at, kind="moment"),
            Fact(_("填报时间"), report.filed_at, kind="moment"),
            Fact(_("填报人"), actor(report.filed_by)),
            Fact(_("确认时间"), report.confirmed_at, kind="moment"),
            Fact(_("锁定时间"), report.week.locked_at, kind="moment"),
        ],
    )


def _timeline(report: WeekReport) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            deed_text(entry.action), entry.at, by=actor(entry.actor), body=entry.data.get("reason", ""),
            seal=entry.seal, seal_url=reverse("notary:entry_detail", args=[entry.uid]),
        )
        for entry in entries_of(f"campaign.weekreport:{report.pk}")
        if entry.action in STEPS
    ]  # fmt: skip


def _report_actions(user: Any, report: WeekReport) -> list[Action]:
    found = []
    is_keeper = WEEK_CONFIRM(user).allowed and reach_of(user).covers(report.week.area)
    if not report.week.locked_at:
        if may_file(user, report) and report.state != ReportState.CONFIRMED and WEEK_FILE(user).allowed:
            label = _("填报") if report.state == ReportState.OPEN else _("修改")
            found.append(
                Action(label, reverse("campaign:report_submit", args=[report.pk]), icon="edit", kind="primary")
            )
        if is_keeper and report.state == ReportState.FILED:
            url = reverse("campaign:week_confirm", args=[report.week_id])
            found.append(Action(_("确认"), url, icon="check", kind="primary", method="post", name="report",
                                value=str(report.pk)))  # fmt: skip
        if is_keeper and report.state == ReportState.CONFIRMED:
            found.append(Action(_("退回"), reverse("campaign:report_return", args=[report.pk]), icon="arrow-left"))
    elif is_keeper:
        found.append(
            Action(pgettext("verb", "更正"), reverse("campaign:report_correct", args=[report.pk]), icon="edit")
        )
    return found
