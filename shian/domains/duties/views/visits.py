"""Visits: list, export, record with its faults and signatures."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.duties.models import DutyVisit, TierLetter
from shian.domains.duties.models.visits import NEAR_WORDS
from shian.domains.duties.permissions import VISIT_READ
from shian.domains.duties.queries.coverage import quarters_known
from shian.domains.duties.queries.visits import VisitChoice, count_of, visit_for, visits_chosen
from shian.domains.duties.tables.visits import FAULTS, VISITS, fault_row, near_cell, visit_rows
from shian.domains.duties.views.found import SPOT_PHOTO, found_for, found_notes, found_sections, steps_of
from shian.engine.cases.tables import area_text
from shian.engine.forms.queries import submissions_for
from shian.engine.ledgers.exports import FORMATS, make_export
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
from shian.kernel.disclosures.models import Kind
from shian.kernel.notary.deeds import deed_text
from shian.kernel.notary.queries import entries_of
from shian.kernel.ui.actors import actor
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import ListPage, RecordPage
from shian.kernel.ui.pieces import (
    Action,
    Crumb,
    Fact,
    Filter,
    FilterBar,
    Option,
    Section,
    TimelineEntry,
    picked_area,
)
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names
from shian.registers.areas.tables import area_picker, in_reach

SIGNATURES = ("operator_signature", "official_signature")


def read_visits(request: HttpRequest) -> VisitChoice:
    """Unknown words mean no filter. Raises OutOfReach for an area beyond the reach."""
    told, user = request.GET, request.user
    known = [each.key for each in quarters_known(user, timezone.localdate())]
    quarter, official = told.get("quarter", ""), told.get("official", "")
    return VisitChoice(
        quarter=quarter if quarter in known else "",
        area=in_reach(user, picked_area(told.getlist("area"))),
        tier=told.get("tier", "") if told.get("tier") in TierLetter.values else "",
        nearness=told.get("near", "") if told.get("near") in dict(NEAR_WORDS) else "",
        official=int(official) if official.isdecimal() and len(official) < 18 else None,
        is_late=told.get("late") == "1",
        has_faults=told.get("faults") == "1",
        is_untrue=told.get("untrue") == "1",
        text=told.get("q", "").strip()[:60],
    )


@requires(VISIT_READ)
def visit_list(request: HttpRequest) -> HttpResponse:
    """Visits in the reader's reach, newest first."""
    choice, today = read_visits(request), timezone.localdate()
    query = ListQuery.read(request.GET, VISITS, default_sort="-visited_on")
    rows = visits_chosen(choice, request.user)
    page = keyset_page(rows, query, total=count_of(rows))
    empty = Empty(_("没有符合条件的督导记录"), _("包保干部在手机上完成督导并上报后，会出现在这里。"))
    found = ListPage(
        _("包保督导"),
        Table(VISITS, list(visit_rows(page.items, area_names(today))), query=query, page=page, empty=empty),
        unit=_("次"), filters=_filters(request, choice),
        summary=_("包保干部每季度到所包保的主体督导一次；离主体超过规定距离的记录照收，并在这里标明。"),
        actions=[Action(_("督导进度"), reverse("duties:coverage_detail"), icon="chart-bar")],
        export_url=reverse("duties:visit_export"), export_formats=FORMATS,
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": found})


def _filters(request: HttpRequest, choice: VisitChoice) -> FilterBar:
    today = timezone.localdate()
    quarters = [Option(each.key, each.key) for each in quarters_known(request.user, today)]
    found = [
        Filter("q", _("搜索"), "search", value=choice.text, placeholder=_("督导对象或编号")),
        Filter("quarter", _("季度"), options=quarters, value=choice.quarter),
        Filter("tier", _("包保层级"), options=[Option(each.value, each.label) for each in TierLetter],
               value=choice.tier),
        Filter("near", _("定位"), options=[Option(key, word) for key, word in NEAR_WORDS], value=choice.nearness),
        Filter("faults", _("问题"), options=[Option("1", _("发现问题的"))], value="1" if choice.has_faults else ""),
        Filter("untrue", _("督查"), options=[Option("1", _("核查不属实"))], value="1" if choice.is_untrue else ""),
        Filter("late", _("补报"), options=[Option("1", _("冻结后补报"))], value="1" if choice.is_late else ""),
    ]  # fmt: skip
    if choice.official:
        found.append(Filter("official", "", kind="hidden", value=str(choice.official)))
    return FilterBar(found, area_picker(request.user, choice.area, today))


@requires(VISIT_READ)
def visit_export(request: HttpRequest) -> HttpResponseBase:
    """Every row of the filtered list that the reader may see."""
    choice, now = read_visits(request), timezone.now()
    file_format = request.GET.get("format", FORMATS[0])
    if file_format not in FORMATS:
        raise Http404(file_format)
    rows = list(visits_chosen(choice, request.user).order_by("-visited_on", "-pk"))
    door = Door.of_page(request)
    made = make_export(
        name=str(_("包保督导")), format=file_format, columns=VISITS,
        rows=visit_rows(rows, area_names(timezone.localdate())),
        facts={_("季度"): choice.quarter or str(_("全部")), _("数据时点"): timezone.localdate().isoformat()},
        by=request.user.get_username(), at=now, door=door,
    )  # fmt: skip
    return made.leave(door, subject="duties.visit:list", at=now)


@requires(VISIT_READ)
def visit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One visit: what was found, where, by whom, and what became of it."""
    visit = visit_for(request.user, pk)
    faults = [fault_row(each) for each in visit.found.select_related("problem")]
    found = found_for(request.user, visit)
    badges = [visit.get_tier_display(), visit.get_way_display(), *([_("冻结后补报")] if visit.is_late else [])]
    page = RecordPage(
        visit.operator.name, code=visit.number, kind=_("包保督导"), badges=badges,
        crumbs=[Crumb(_("包保督导"), reverse("duties:visit_list"))],
        actions=_actions(request.user, visit) + steps_of(request.user, found),
        sections=[*_sections(visit), *found_sections(found)], timeline=_timeline(visit),
    )  # fmt: skip
    tables = [(_("回答为否的项目"), Table(FAULTS, faults, empty=Empty(_("没有发现问题")), id="faults"))]
    shown = tables if visit.submission_id or faults else []
    return render(request, "ui/page_record_tables.html", {"record": page, "notes": found_notes(found), "tables": shown})


def _sections(visit: DutyVisit) -> list[Section]:
    areas, near = area_names(timezone.localdate()), near_cell(visit)
    place = f"{visit.lat:.6f}, {visit.lon:.6f}" if visit.lat is not None and visit.lon is not None else ""
    told = _("误差 %(metres)s 米") % {"metres": f"{visit.accuracy:.0f}"} if visit.accuracy else ""
    asked = _("%(known)s / %(asked)s 题") % {"known": visit.known, "asked": visit.asked} if visit.asked else ""
    facts = [
        Fact(_("督导对象"), visit.operator.name, url=reverse("census:operator_detail", args=[visit.operator.code])),
        Fact(_("地址"), visit.operator.address),
        Fact(_("区划"), area_text(visit.township or visit.area, areas)),
        Fact(_("问题数"), visit.faults, kind="number"),
        Fact(_("知识抽问"), asked),
        Fact(_("督导意见"), visit.opinion),
    ]
    course = [
        Fact(_("包保干部"), visit.official.name, note=visit.official.post),
        Fact(_("同行人员"), visit.companion),
        Fact(_("包保培训"), "" if visit.is_trained else _("未参加，由同行人员陪同")),
        Fact(_("季度"), visit.quarter),
        Fact(_("督导日期"), visit.visited_on, kind="date"),
        Fact(_("开始时间"), visit.started_at, kind="moment"),
        Fact(_("结束时间"), visit.ended_at, kind="moment"),
        Fact(_("收到时间"), visit.recorded_at, kind="moment"),
        Fact(_("定位"), near.value, state=near.state, note=near.note),
        Fact(_("现场位置"), place, note=told),
        *_signatures(visit),
    ]
    return [
        Section(title, [fact for fact in found if fact.value not in (None, "")])
        for title, found in ((_("结果"), facts), (_("督导情况"), course))
    ]


def _signatures(visit: DutyVisit) -> list[Fact]:
    labels = {"operator_signature": _("企业签字"), "official_signature": _("包保干部签字")}
    return [
        Fact(labels[name], _("已签"), url=reverse("duties:visit_download", args=[visit.pk, name]))
        for name in SIGNATURES
        if getattr(visit, f"{name}_id") is not None
    ]


def _timeline(visit: DutyVisit) -> list[TimelineEntry]:
    return [
        TimelineEntry(deed_text(entry.action), entry.at, by=actor(entry.actor), seal=entry.seal,
                      seal_url=reverse("notary:entry_detail", args=[entry.uid]))
        for entry in entries_of(visit.subject)
    ]  # fmt: skip


def _actions(user: Any, visit: DutyVisit) -> list[Action]:
    if visit.submission_id and submissions_for(user).filter(pk=visit.submission_id).exists():
        return [Action(_("督导表"), reverse("forms:submission_detail", args=[visit.submission_id]), icon="checklist")]
    return []


@requires(VISIT_READ)
def visit_download(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """A signature as it was drawn, or the photo of who looked at the visit again."""
    visit = visit_for(request.user, pk)
    stored = getattr(visit, name) if name in SIGNATURES else None
    if name == SPOT_PHOTO:
        found = found_for(request.user, visit)
        stored = found.photo if found else None
    if stored is None:
        raise Http404(name)
    return Door.of_page(request).let_out_stored(
        stored, f"{visit.number}-{name}.{stored.kind}", kind=Kind.FILE, subject=visit.subject, title=visit.number,
        at=timezone.now(),
    )  # fmt: skip
