"""Visits: list, export, record; and the way of the problems that they found."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from shian.domains.fieldchecks.actions.visits import LACKS
from shian.domains.fieldchecks.models import FieldVisit, Mode, VisitState
from shian.domains.fieldchecks.models.visits import BEFORE_SHEET, RELEASABLE, UNDER_WAY
from shian.domains.fieldchecks.permissions import VISIT_ASSIGN, VISIT_READ, VISIT_RELEASE, VISIT_WORK
from shian.domains.fieldchecks.queries.formats import format_names
from shian.domains.fieldchecks.queries.problems import problems_of
from shian.domains.fieldchecks.queries.visits import (
    VisitChoice,
    is_of_issuer,
    lacks_of,
    may_work,
    visit_for,
    visits_chosen,
)
from shian.domains.fieldchecks.tables.visits import (
    FINDINGS,
    TONES,
    VISITS,
    correct_url,
    finding_row,
    problem_table,
    verdict_cell,
    visit_rows,
)
from shian.domains.fieldchecks.views.photos import photo_facts
from shian.engine.cases.models import Case
from shian.engine.cases.tables import area_text
from shian.engine.forms.queries import submissions_for
from shian.engine.ledgers.exports import FORMATS, make_export
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
from shian.kernel.notary.deeds import deed_text
from shian.kernel.notary.queries import entries_of
from shian.kernel.ui.actors import actor
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import ListPage, RecordPage
from shian.kernel.ui.pieces import (
    Action,
    Callout,
    Crumb,
    Fact,
    Filter,
    FilterBar,
    Option,
    Section,
    Tab,
    TimelineEntry,
    picked_area,
)
from shian.kernel.ui.states import DUE
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names, home_key
from shian.registers.areas.tables import area_picker, in_reach

STANDINGS = {
    "mine": gettext_lazy("待我检查"),
    "open": gettext_lazy("进行中"),
    "done": gettext_lazy("已完成"),
    "": gettext_lazy("全部"),
}


def read_visits(request: HttpRequest) -> VisitChoice:
    """Unknown words mean no filter. Raises OutOfReach for an area beyond the reach."""
    told, user = request.GET, request.user
    standing = told.get("standing", "mine" if VISIT_WORK(user).allowed else "")
    mode, verdict = told.get("mode", ""), told.get("verdict", "")
    return VisitChoice(
        standing=standing if standing in STANDINGS else "",
        mode=mode if mode in Mode.values else "",
        format=told.get("kind", "")[:20],
        round_no=told.get("round", "")[:40],
        verdict=verdict if verdict in {"excellent", "passed", "failed"} else "",
        area=in_reach(user, picked_area(told.getlist("area"))),
        text=told.get("q", "").strip()[:60],
    )


@requires(VISIT_READ)
def visit_list(request: HttpRequest) -> HttpResponse:
    """What the user has to check, and what was checked."""
    choice, today = read_visits(request), timezone.localdate()
    query = ListQuery.read(request.GET, VISITS, default_sort="-number")
    page = keyset_page(visits_chosen(choice, request.user), query)
    names = area_names(today)
    formats = _format_names(request.user, choice)
    empty = Empty(_("没有符合条件的检查"), _("安排给您的明查暗访会出现在“待我检查”里。"))
    found = ListPage(
        _("明查暗访"), Table(VISITS, list(visit_rows(page.items, names, formats)), query=query, page=page, empty=empty),
        unit=_("次"), tabs=_tabs(request, choice), filters=_filters(request, choice),
        summary=_("明查须两人亮证、逐项打分、当场签字；暗访公布以前，只有检查人员和组织单位能看到。"),
        actions=_list_actions(request.user), export_url=reverse("fieldchecks:field_visit_export"),
        export_formats=FORMATS,
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": found})


def _format_names(user: Any, choice: VisitChoice) -> dict[tuple[str, str], str]:
    area = choice.area or home_key(user, timezone.localdate())
    return format_names(area, timezone.localdate()) if len(area) > 2 else {}


def _tabs(request: HttpRequest, choice: VisitChoice) -> list[Tab]:
    kept = request.GET.copy()
    for name in ("standing", "after", "before"):
        kept.pop(name, None)
    return [
        Tab(label, f"?{kept.urlencode()}&standing={key}", is_active=choice.standing == key)
        for key, label in STANDINGS.items()
        if key != "mine" or VISIT_WORK(request.user).allowed
    ]


def _filters(request: HttpRequest, choice: VisitChoice) -> FilterBar:
    verdicts = [
        Option("excellent", _("优秀")),
        Option("passed", pgettext("verdict", "合格")),
        Option("failed", _("不合格")),
    ]
    found = [
        Filter("standing", "", kind="hidden", value=choice.standing),
        Filter("q", _("搜索"), "search", value=choice.text, placeholder=_("检查对象或编号")),
        Filter("mode", _("检查方式"), options=[Option(each.value, each.label) for each in Mode], value=choice.mode),
        Filter("verdict", _("结论"), options=verdicts, value=choice.verdict),
        Filter("round", _("轮次"), "text", value=choice.round_no),
    ]
    return FilterBar(found, area_picker(request.user, choice.area, timezone.localdate()))


def _list_actions(user: Any) -> list[Action]:
    found = [
        Action(_("得分"), reverse("fieldchecks:field_score_detail"), icon="chart-bar"),
        Action(_("待回访"), reverse("fieldchecks:revisit_list"), icon="refresh"),
    ]
    if VISIT_ASSIGN(user).allowed:
        found.append(Action(_("安排检查"), reverse("fieldchecks:field_visit_create"), icon="plus", kind="primary"))
    return found


@requires(VISIT_READ)
def visit_export(request: HttpRequest) -> HttpResponseBase:
    """Every row of the filtered list that the reader may see."""
    choice, now = read_visits(request), timezone.now()
    file_format = request.GET.get("format", FORMATS[0])
    if file_format not in FORMATS:
        raise Http404(file_format)
    # Read at once: a door that asks for a reason stops in the middle, where a cursor of the server would be left open.
    rows = list(visits_chosen(choice, request.user).order_by("number"))
    door = Door.of_page(request)
    made = make_export(
        name=str(_("明查暗访")), format=file_format, columns=VISITS,
        rows=visit_rows(rows, area_names(timezone.localdate()), _format_names(request.user, choice)),
        facts={_("筛选"): str(STANDINGS[choice.standing]), _("数据时点"): timezone.localdate().isoformat()},
        by=request.user.get_username(), at=now, door=door,
    )  # fmt: skip
    return made.leave(door, subject="fieldchecks.visit:list", at=now)


@requires(VISIT_READ)
def visit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One visit: what was found, what still lacks, what happened."""
    visit, user = visit_for(request.user, pk), request.user
    today = timezone.localdate()
    state = VisitState(visit.state)
    findings = [finding_row(each) for each in visit.findings.select_related("problem")]
    problems = list(problems_of(visit, user).order_by("pk"))
    now = _to_correct(user, visit, problems)
    tables = [(_("失分项目"), Table(FINDINGS, findings, empty=Empty(_("没有失分项目")), id="findings"))]
    if problems:
        tables.append((_("问题整改"), problem_table(problems, now, today)))
    page = RecordPage(
        visit.point.name, code=visit.number, kind=_("明查暗访"), state=TONES[state], state_label=state.label,
        badges=[visit.get_mode_display(), *([_("未公布")] if visit.is_hidden else [])],
        crumbs=[Crumb(_("明查暗访"), reverse("fieldchecks:field_visit_list"))],
        actions=_actions(user, visit, now), sections=_sections(visit), timeline=_timeline(visit),
    )  # fmt: skip
    shown = tables if visit.submission_id or problems or findings else []
    context = {"record": page, "notes": _notes(user, visit), "tables": shown}
    return render(request, "ui/page_record_tables.html", context)


def _notes(user: Any, visit: FieldVisit) -> list[Callout]:
    if visit.is_covert or visit.state not in UNDER_WAY or not may_work(user, visit):
        return []
    missing = "、".join(str(LACKS[each]) for each in lacks_of(visit))
    return [Callout(_("归档前还缺少：%(missing)s。") % {"missing": missing}, state=DUE)] if missing else []


def _sections(visit: FieldVisit) -> list[Section]:
    today = timezone.localdate()
    formats, areas = format_names(visit.area, today), area_names(today)
    point, operator, verdict = visit.point, visit.point.operator, verdict_cell(visit)
    operator_url = reverse("census:operator_detail", args=[operator.code]) if operator else ""
    place = f"{visit.lat:.6f}, {visit.lon:.6f}" if visit.lat is not None and visit.lon is not None else ""
    told = _("误差 %(metres)s 米") % {"metres": f"{visit.accuracy:.0f}"} if visit.accuracy else ""
    facts = [
        Fact(_("得分"), visit.percent, kind="number"),
        Fact(_("结论"), verdict.value, state=verdict.state),
        Fact(_("业态"), f"{visit.format} {formats.get((visit.mode, visit.format), '')}".strip()),
        Fact(_("检查对象"), point.name, url=operator_url),
        Fact(_("地址"), point.address),
        Fact(_("区划"), area_text(visit.township or visit.area, areas)),
        Fact(_("指导意见"), visit.opinion),
        Fact(_("未检查原因"), visit.reason),
    ]
    course = [
        Fact(_("组织单位"), str(visit.issuer)),
        Fact(_("检查人员"), "、".join(filter(None, (visit.lead_name, visit.second_name)))),
        Fact(_("轮次"), visit.round_no),
        Fact(_("期限"), visit.due_on, kind="date"),
        Fact(_("检查日期"), visit.visited_on, kind="date"),
        Fact(_("到场时间"), visit.arrived_at, kind="moment"),
        Fact(_("开始时间"), visit.started_at, kind="moment"),
        Fact(_("结束时间"), visit.ended_at, kind="moment"),
        Fact(_("现场位置"), place, note=told),
        Fact(_("公布时间"), visit.released_at, kind="moment"),
        *photo_facts(visit),
    ]
    return [
        Section(title, [fact for fact in found if fact.value not in (None, "")])
        for title, found in ((_("结果"), facts), (_("检查情况"), course))
    ]


def _timeline(visit: FieldVisit) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            deed_text(entry.action),
            entry.at,
            by=actor(entry.actor),
            seal=entry.seal,
            seal_url=reverse("notary:entry_detail", args=[entry.uid]),
        )
        for entry in entries_of(visit.subject)
    ]


def _actions(user: Any, visit: FieldVisit, problems: list[Case]) -> list[Action]:
    """What the reader may do now, the next step first."""
    found: list[Action] = []
    if visit.submission_id and submissions_for(user).filter(pk=visit.submission_id).exists():
        url = reverse("forms:submission_detail", args=[visit.submission_id])
        found.append(Action(_("打分表"), url, icon="checklist"))
    if not (VISIT_WORK(user).allowed and may_work(user, visit)):
        return found

    def to(name: str, label: Any, **more: Any) -> Action:
        return Action(label, reverse(f"fieldchecks:{name}", args=[visit.pk]), **more)

    if visit.state == VisitState.ASSIGNED:
        found.append(to("field_visit_enter", _("到达现场"), icon="map-pin", kind="primary"))
    if visit.state in BEFORE_SHEET:
        kind = "secondary" if visit.state == VisitState.ASSIGNED else "primary"
        found += [to("field_visit_check", _("打开打分表"), icon="checklist", kind=kind)]
        found += [to("field_visit_cancel", _("未能检查"), icon="ban", kind="quiet")]
    if not visit.is_covert and visit.state in (VisitState.CHECKED, VisitState.SIGNED):
        found.append(to("field_visit_add", _("登记同行人员"), icon="users"))
        found.append(to("field_visit_sign", _("签字"), icon="edit"))
        found.append(to("field_visit_close", _("归档"), icon="circle-check", kind="primary", method="post",
                        consequence=_("归档后检查记录不再改动，失分项目列为问题。")))  # fmt: skip
    if visit.is_covert and visit.state in RELEASABLE and VISIT_RELEASE(user).allowed and is_of_issuer(user, visit):
        found.append(to("field_visit_publish", _("公布"), icon="eye", kind="primary", method="post",
                        consequence=_("公布后，辖区监管单位能看到这次暗访，失分项目列为问题交办整改。")))  # fmt: skip
    return [*found, *_corrections(problems)]


def _to_correct(user: Any, visit: FieldVisit, problems: list[Case]) -> list[Case]:
    """What the reader may have put right on the spot, while the day lasts."""
    if not (VISIT_WORK(user).allowed and may_work(user, visit)):
        return []
    today = timezone.localdate()
    return [each for each in problems if each.state == "found" and each.opened_on == today]


def _corrections(problems: list[Case]) -> list[Action]:
    """The one problem, or the table in which each has its link."""
    if not problems:
        return []
    url = correct_url(problems[0]) if len(problems) == 1 else "#problems"
    told = _("立行立改（%(count)s）") % {"count": len(problems)} if len(problems) > 1 else _("立行立改")
    return [Action(told, url, icon="camera")]
