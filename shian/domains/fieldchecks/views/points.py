"""The point register: list, export, record."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.fieldchecks.filters import point_facts, point_filters, read_points
from shian.domains.fieldchecks.models import FieldPoint, Mode, PointState
from shian.domains.fieldchecks.models.points import BENCHMARKS
from shian.domains.fieldchecks.permissions import POINT_KEEP, POINT_READ
from shian.domains.fieldchecks.queries.formats import CheckFormat, format_names, formats_at
from shian.domains.fieldchecks.queries.points import PointChoice, coverage_of, point_for, points_chosen
from shian.domains.fieldchecks.rules.points import next_steps
from shian.domains.fieldchecks.tables.points import POINTS, TONES, point_rows
from shian.engine.ledgers.exports import FORMATS, make_export
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
from shian.kernel.imports.permissions import import_into
from shian.kernel.imports.specs import importer
from shian.kernel.notary.queries import entries_of
from shian.kernel.notary.timelines import timeline_of
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import KEY_WIDTH, Level
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Section, Stat, TimelineEntry
from shian.kernel.ui.states import DONE, DUE
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names, home_key

LISTED = "fieldchecks.point_listed"
BUTTONS = {
    "prepared": gettext_lazy("记录整备"),
    "checked": gettext_lazy("记录检查"),
    "ready": gettext_lazy("确认就绪"),
}


def formats_for(user: Any, area: str) -> list[CheckFormat]:
    """The dictionary where the reader stands: of the chosen area, else of the own one."""
    today = timezone.localdate()
    key = area or home_key(user, today)
    return formats_at(key, today) if len(key) >= KEY_WIDTH[Level.CITY] else []


@requires(POINT_READ)
def point_list(request: HttpRequest) -> HttpResponse:
    """Every point of the reach, with how many have a check record."""
    user, today = request.user, timezone.localdate()
    choice = read_points(request.GET, user)
    query = ListQuery.read(request.GET, POINTS, default_sort="code", unique="id")
    page = keyset_page(points_chosen(choice, user).select_related("operator"), query)
    names, formats = area_names(today), formats_for(user, choice.area)
    labels = {(each.mode.value, each.code): each.name for each in formats}
    table = Table(
        POINTS, list(point_rows(page.items, names, labels)), query=query, page=page,
        empty=Empty(_("没有符合条件的点位"), _("请放宽筛选条件；只显示本人辖区内的点位。")),
    )  # fmt: skip
    shown = ListPage(
        _("检查点位"), table, unit=_("个"), filters=point_filters(choice, user, formats, names, today),
        summary=_("评价组可能到访的点位：同一检查方式下一个主体只属于一个业态。"),
        actions=_list_actions(user), export_url=reverse("fieldchecks:field_point_export"), export_formats=FORMATS,
    )  # fmt: skip
    return render(request, "ui/page_overview.html", {"list": shown, "stats": _stats(choice, user), "notes": ()})


def _stats(choice: PointChoice, user: Any) -> list[Stat]:
    today = timezone.localdate()
    found = coverage_of(points_chosen(choice, user), today)
    area = choice.area or home_key(user, today)
    figure = reverse("figures:figure_detail", args=["check_points.coverage"]) + (f"?area={area}" if area else "")
    missing = found.points - found.checked
    return [
        Stat(_("点位"), found.points, unit=_("个")),
        Stat(_("有检查记录"), found.checked, unit=_("个"), part=found.checked, whole=found.points, url=figure),
        Stat(_("没有检查记录"), missing, unit=_("个"), state=DUE if missing else DONE,
             state_label=_("待检查") if missing else _("全覆盖")),
        Stat(_("已就绪"), found.ready, unit=_("个"), part=found.ready, whole=found.points),
    ]  # fmt: skip


def _list_actions(user: Any) -> list[Action]:
    found = []
    if POINT_KEEP(user).allowed:
        found.append(Action(_("登记点位"), reverse("fieldchecks:field_point_create"), icon="plus"))
    if import_into(importer("check_points"))(user).allowed:
        url = f"{reverse('imports:batch_create')}?importer=check_points"
        found.append(Action(_("导入"), url, icon="file-import", kind="primary"))
    return found


@requires(POINT_READ)
def point_export(request: HttpRequest) -> HttpResponseBase:
    """Every row of the filtered list that the reader may see."""
    user, now = request.user, timezone.now()
    choice, file_format = read_points(request.GET, user), request.GET.get("format", FORMATS[0])
    if file_format not in FORMATS:
        raise Http404(file_format)
    today = timezone.localdate()
    formats = {(each.mode.value, each.code): each.name for each in formats_for(user, choice.area)}
    # Read at once: a door that asks for a reason stops in the middle, where a cursor of the server would be left open.
    rows = list(points_chosen(choice, user).select_related("operator").order_by("code"))
    door = Door.of_page(request)
    made = make_export(
        name=str(_("检查点位")), format=file_format, columns=POINTS, rows=point_rows(rows, area_names(today), formats),
        facts=point_facts(choice, today), by=user.get_username(), at=now, door=door,
    )  # fmt: skip
    return made.leave(door, subject="fieldchecks.point:list", at=now)


@requires(POINT_READ)
def point_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One point: what it is, how far it is, what happened to it."""
    point, user = point_for(request.user, pk), request.user
    state = PointState(point.state)
    page = RecordPage(
        point.name, code=point.code, kind=_("检查点位"), state=TONES[state], state_label=state.label,
        badges=[point.get_mode_display(), *([_("标杆点位")] if point.is_benchmark else [])],
        crumbs=[Crumb(_("检查点位"), reverse("fieldchecks:field_point_list"))],
        actions=_actions(user, point), sections=_sections(point), timeline=_timeline(point),
    )  # fmt: skip
    return render(request, "ui/page_record_tables.html", {"record": page, "notes": (), "tables": ()})


def _sections(point: FieldPoint) -> list[Section]:
    today, operator = timezone.localdate(), point.operator
    areas = area_names(today)
    form = format_names(point.area, today).get((point.mode, point.format), "")
    operator_url = reverse("census:operator_detail", args=[operator.code]) if operator else ""
    spot = f"{point.lon}, {point.lat}" if point.lon is not None else None
    days = [
        Fact(_("列入日期"), point.listed_on, kind="date"),
        Fact(_("整备日期"), point.prepared_on, kind="date"),
        Fact(_("检查日期"), point.checked_on, kind="date"),
        Fact(_("就绪日期"), point.ready_on, kind="date"),
    ]
    if point.withdrawn_on:
        days += [Fact(_("退出日期"), point.withdrawn_on, kind="date"), Fact(_("退出原因"), point.reason)]
    return [
        Section(_("点位"), [
            Fact(_("业态"), f"{point.format} {form}".strip()),
            Fact(_("检查方式"), point.get_mode_display()),
            Fact(_("主管部门"), point.department),
            Fact(_("经营主体"), operator.name if operator else _("无登记主体"), url=operator_url),
            Fact(_("所在区划"), " ".join(areas[key] for key in (point.county, point.township) if key in areas)),
            Fact(_("地址"), point.address),
            Fact(_("坐标"), spot, kind="code"),
        ]),
        Section(_("进展"), days),
    ]  # fmt: skip


def _timeline(point: FieldPoint) -> list[TimelineEntry]:
    """What was sealed about the point by itself; days that came with a file stand below, without a seal."""
    sealed = timeline_of(point.subject, _told)
    if any(entry.action == LISTED for entry in entries_of(point.subject)):
        return sealed
    told = [
        TimelineEntry(PointState(state).label, day, body=_("随导入的文件登记"))
        for state, day in zip(PointState.values, _days(point), strict=True)
        if day is not None
    ]
    return [*sealed, *reversed(told)]


def _days(point: FieldPoint) -> tuple[date | None, ...]:
    return point.listed_on, point.prepared_on, point.checked_on, point.ready_on, point.withdrawn_on


def _told(data: Any) -> str:
    state = data.get("state")
    words = [str(PointState(state).label)] if state in PointState.values else []
    return " · ".join([*words, *(data[name] for name in ("on", "reason") if data.get(name))])


def _actions(user: Any, point: FieldPoint) -> list[Action]:
    if not POINT_KEEP(user).allowed or not reach_of(user).covers(point.area):
        return []
    found = []
    for step in next_steps(point.state):
        is_back = point.state == PointState.READY
        label = _("退回整改") if is_back else BUTTONS[step]
        url = reverse("fieldchecks:field_point_confirm", args=[point.pk, step])
        found.append(Action(label, url, icon="check", kind="secondary" if is_back else "primary"))
    if point.mode == Mode.OVERT and point.state != PointState.WITHDRAWN:
        found.append(Action(_("标杆台账"), reverse("ledgers:row_list", args=[BENCHMARKS]), icon="star"))
    if point.state != PointState.WITHDRAWN:
        url = reverse("fieldchecks:field_point_withdraw", args=[point.pk])
        found.append(Action(_("退出点位库"), url, icon="ban", kind="danger-quiet"))
    return found
