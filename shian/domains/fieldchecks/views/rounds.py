"""Rounds: list, record by format with overt and covert apart, the sample."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.fieldchecks.models import CrossCheck, FieldPoint, FieldRound, Mode, RoundState
from shian.domains.fieldchecks.permissions import ROUND_PLAN, ROUND_READ
from shian.domains.fieldchecks.queries.joint import crosschecks_of
from shian.domains.fieldchecks.queries.rounds import (
    FormatLine,
    format_lines,
    round_for,
    rounds_of,
    sampled_points,
    short_strata,
)
from shian.domains.fieldchecks.tables.joint import PAIRS, pair_row
from shian.domains.fieldchecks.tables.rounds import (
    FORMATS,
    REPLACE,
    ROUNDS,
    SAMPLE,
    TONES,
    format_row,
    round_row,
    round_url,
    sample_row,
)
from shian.engine.draws.models import Draw, DrawState
from shian.engine.draws.queries import draw_owned_by, draws_of
from shian.kernel.accounts.permissions import requires
from shian.kernel.notary.timelines import timeline_of
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.keyset import sliced_page
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
    Stat,
)
from shian.kernel.ui.states import DUE
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names

SHOWN_SHORT = 12


@requires(ROUND_READ)
def round_list(request: HttpRequest) -> HttpResponse:
    """Every round of the own areas and of those above."""
    user, names = request.user, area_names(timezone.localdate())
    rounds = list(rounds_of(user).annotate(format_count=Count("formats")))
    rows = [round_row(each, each.format_count, names) for each in rounds]
    may_plan = ROUND_PLAN(user).allowed
    create = reverse("fieldchecks:field_round_create")
    shown = ListPage(
        _("明查暗访轮次"),
        Table(ROUNDS, rows, empty=Empty(_("还没有轮次"), _("先登记检查点位，再计划一轮检查。"))),
        unit=_("轮"), summary=_("每一轮按县、业态和检查方式分层抽取，抽取过程可以重算核对。"),
        actions=[Action(_("计划一轮"), create, icon="plus", kind="primary")] if may_plan else [],
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": shown})


@requires(ROUND_READ)
def round_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: its formats, overt and covert apart."""
    found, user = round_for(request.user, pk), request.user
    draw, lines, state = draw_owned_by(found.subject), format_lines(found, user), RoundState(found.state)
    page = RecordPage(
        found.title, code=found.number, kind=_("明查暗访轮次"), state=TONES[state], state_label=state.label,
        crumbs=[Crumb(_("明查暗访轮次"), reverse("fieldchecks:field_round_list"))],
        actions=_actions(user, found, draw), sections=_sections(found, draw, user), timeline=timeline_of(found.subject),
    )  # fmt: skip
    tables = [(label, _format_table(found, lines, mode)) for mode, label in
              ((Mode.OVERT, _("明查业态")), (Mode.COVERT, _("暗访业态")))]  # fmt: skip
    pairs, names = crosschecks_of(found, user), area_names(timezone.localdate())
    tables.append((_("交叉互查"), Table(PAIRS, [pair_row(each, names) for each in pairs], id="pairs")))
    context = {"record": page, "notes": _notes(draw), "tables": [each for each in tables if each[1].rows]}
    return render(request, "ui/page_record_tables.html", context)


def _format_table(round_: FieldRound, lines: list[FormatLine], mode: Mode) -> Table:
    own = [line for line in lines if line.format.mode == mode]
    planned, visited = sum(line.planned for line in own), sum(line.tally.visited for line in own)
    scored = [line.tally for line in own if line.tally.mean is not None]
    scores = sum(each.visited for each in scored)
    totals = {
        "name": _("合计"), "points": sum(line.points for line in own), "planned": planned,
        "visited": (visited, planned) if planned else None,
        "mean": sum(each.mean * each.visited for each in scored) / scores if scores else None,
        "problems": sum(line.open_problems for line in own),
    }  # fmt: skip
    return Table(FORMATS, [format_row(line, round_) for line in own], id=f"formats-{mode}", totals=totals)


def _notes(draw: Draw | None) -> list[Callout]:
    if draw is None or draw.state not in (DrawState.DRAWN, DrawState.CONFIRMED):
        return []
    short = short_strata(draw)
    if not short:
        return []
    told = "、".join(f"{each.stratum}（{each.drawn}/{each.wanted}）" for each in short[:SHOWN_SHORT])
    more = _(" 等 %(count)s 层") % {"count": len(short)} if len(short) > SHOWN_SHORT else ""
    return [Callout(_("可抽点位不足的层：%(strata)s%(more)s") % {"strata": told, "more": more}, state=DUE)]


def _sections(round_: FieldRound, draw: Draw | None, user: Any) -> list[Section]:
    names = area_names(timezone.localdate())
    teams = round_.teams.count()
    is_open = draw is not None and draws_of(user).filter(pk=draw.pk).exists()
    draw_url = reverse("draws:draw_detail", args=[draw.pk]) if draw is not None and is_open else ""
    return [
        Section(_("安排"), [
            Fact(_("区划"), names.get(round_.area, round_.area_code)),
            Fact(_("开始日期"), round_.starts_on, kind="date"),
            Fact(_("结束日期"), round_.ends_on, kind="date"),
            Fact(_("检查队伍"), teams or None, kind="number", unit=_("支"),
                 url=reverse("fieldchecks:field_team_list") if teams else ""),
        ]),
        Section(_("抽取"), [
            Fact(_("抽取比例"), round_.ratio * 100, kind="percent"),
            Fact(_("取整"), _("向上取整（不少于比例）")),
            Fact(_("每层至少"), round_.least, kind="number", unit=_("个")),
            Fact(_("备选占样本"), round_.reserves * 100, kind="percent"),
            Fact(_("近期检查过的不抽"), round_.quiet_days, kind="number", unit=_("天")),
            Fact(_("抽签"), _draw_word(round_, draw), url=draw_url),
        ]),
    ]  # fmt: skip


def _draw_word(round_: FieldRound, draw: Draw | None) -> str:
    if draw is not None:
        return str(draw.get_state_display())
    return _("在系统外抽取") if round_.state == RoundState.CLOSED else _("尚未起草")


def _actions(user: Any, round_: FieldRound, draw: Draw | None) -> list[Action]:
    if not ROUND_PLAN(user).allowed or not reach_of(user).covers(round_.area):
        return []
    if round_.state == RoundState.PLANNED:
        if draw is None:
            url = reverse("fieldchecks:field_round_freeze", args=[round_.pk])
            return [Action(_("抽取样本"), url, icon="hierarchy-2", kind="primary")]
        return [Action(_("办理抽签"), reverse("draws:draw_detail", args=[draw.pk]), icon="hierarchy-2", kind="primary")]
    sample = Action(_("样本名单"), reverse("fieldchecks:sample_list", args=[round_.pk]), icon="list-check")
    assign = Action(_("安排检查"), reverse("fieldchecks:sample_assign", args=[round_.pk]), icon="users", kind="primary")
    if round_.state == RoundState.DRAWN:
        begin = Action(_("开始检查"), reverse("fieldchecks:field_round_start", args=[round_.pk]), icon="check",
                       kind="primary", method="post", consequence=_("检查人员按样本名单到访。"))  # fmt: skip
        pair = Action(_("交叉互查配对"), reverse("fieldchecks:field_round_assign", args=[round_.pk]),
                      icon="users", method="post",
                      consequence=_("用本轮抽签的随机数配对，任何队伍都不检查本区划；配对后不能重来。"))  # fmt: skip
        is_paired = CrossCheck.objects.filter(round=round_).exists()
        return [begin, sample] if is_paired else [begin, pair, sample]
    if round_.state == RoundState.VISITING:
        close = Action(_("结束本轮"), reverse("fieldchecks:field_round_close", args=[round_.pk]), icon="check",
                       method="post", consequence=_("结束后不再检查；未检查的点位仍在名单中列出。"))  # fmt: skip
        return [assign, sample, close]
    return [sample] if draw else []


@requires(ROUND_READ)
def sample_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The points that are visited in the round, as far as the reader may see them."""
    found, user = round_for(request.user, pk), request.user
    points, names = sampled_points(found, user), area_names(timezone.localdate())
    formats = {(each.mode, each.code): each.name for each in found.formats.order_by("-mode", "code")}
    kind, county = request.GET.get("kind", ""), request.GET.get("county", "")
    chosen = [
        point for point in points
        if (not kind or f"{point.mode}:{point.format}" == kind) and (not county or point.county == county)
    ]  # fmt: skip
    may_replace = ROUND_PLAN(user).allowed and reach_of(user).covers(found.area) and found.state != RoundState.CLOSED
    columns = (*SAMPLE, REPLACE) if may_replace else SAMPLE
    query = ListQuery.read(request.GET, columns)
    page = sliced_page(chosen, query)
    bar = FilterBar([
        Filter("kind", _("业态"), value=kind, options=[
            Option(f"{mode}:{code}", f"{code} {name}") for (mode, code), name in formats.items()]),
        Filter("county", _("县（市、区）"), value=county, options=[
            Option(key, names.get(key, key)) for key in sorted({point.county for point in points})]),
    ])  # fmt: skip
    shown = ListPage(
        _("样本名单"),
        Table(columns, [sample_row(each, formats, names, _replace_url(found, each) if may_replace else "")
                        for each in page.items], query=query, page=page,
              empty=Empty(_("名单里没有点位"), _("样本确认以后，这里列出要到访的点位。"))),
        unit=_("个"), filters=bar, actions=[Action(_("打印"), "#print", icon="printer")],
        crumbs=[Crumb(_("明查暗访轮次"), reverse("fieldchecks:field_round_list")),
                Crumb(found.title, round_url(found))],
    )  # fmt: skip
    stats = [Stat(mode.label, sum(point.mode == mode for point in points), unit=_("个")) for mode in Mode]
    return render(request, "ui/page_overview.html", {"list": shown, "stats": stats, "notes": ()})


def _replace_url(round_: FieldRound, point: FieldPoint) -> str:
    return reverse("fieldchecks:sample_replace", args=[round_.pk, point.pk])
