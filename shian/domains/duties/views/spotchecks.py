"""Spot checks: list, record with the ranking, the sample with what was found."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n

from shian.domains.duties.models import SpotCheck, SpotItem, SpotScore, SpotState, Truth
from shian.domains.duties.permissions import DUTY_READ, SPOT_KEEP
from shian.domains.duties.queries.spotchecks import (
    ItemChoice,
    Tally,
    check_for,
    checks_of,
    items_of,
    levels_scored,
    scores_of,
    spot_numbers,
    tally_of,
)
from shian.domains.duties.tables.spotchecks import (
    CHECKS,
    ITEMS,
    SCORES,
    STATE_TONES,
    check_rows,
    check_url,
    item_rows,
    sample_url,
    score_row,
)
from shian.domains.duties.views.shown import names, paged
from shian.engine.draws.models import Draw
from shian.engine.draws.queries import draw_owned_by, draws_of
from shian.kernel.accounts.permissions import requires
from shian.kernel.notary.timelines import timeline_of
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import Level
from shian.kernel.ui.pages import ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Callout, Crumb, Fact, Filter, FilterBar, Option, Section, Stat, picked_area
from shian.kernel.ui.states import DONE, DUE, OVERDUE
from shian.kernel.ui.tables import Empty, Row, Table
from shian.registers.areas.queries import area_names, areas_valid_at
from shian.registers.areas.tables import area_picker, in_reach

LEVEL_WORDS = {"county": _n("县（市、区）"), "township": _n("乡镇（街道）"), "village": _n("村（社区）")}


def listed() -> Crumb:
    return Crumb(_("督查抽查"), reverse("duties:spotcheck_list"))


def may_keep(user: Any, check: SpotCheck) -> bool:
    """Plans, looks and publishes: who reaches the whole area of the check."""
    return SPOT_KEEP(user).allowed and reach_of(user).covers(check.area)


@requires(DUTY_READ)
def spotcheck_list(request: HttpRequest) -> HttpResponse:
    """Checks of the reader's areas, and published ones that scored them."""
    counted = {
        "drawn": Count("items"), "open_items": Count("items", filter=Q(items__truth=Truth.OPEN)),
        "untrue_items": Count("items", filter=Q(items__truth=Truth.UNTRUE)),
    }  # fmt: skip
    rows, named = checks_of(request.user).annotate(**counted), names()
    empty = Empty(_("还没有督查抽查"), _("季度结束后计划一次，抽取督导记录到现场核查。"))
    table = paged(request, rows, CHECKS, lambda items: check_rows(items, named), empty, sort="-since")
    act = Action(_("计划督查"), reverse("duties:spotcheck_create"), icon="plus", kind="primary")
    page = ListPage(
        _("督查抽查"), table, unit=_("次"), actions=[act] if SPOT_KEEP(request.user).allowed else [],
        summary=_("上级抽取下级的督导记录到现场核查，给乡镇（街道）和村（社区）打分；抽签可以由任何人重算。"),
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": page})


@requires(DUTY_READ)
def spotcheck_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One check: how far it is, the ranking, how the score is made."""
    check = check_for(request.user, pk)
    state, draw = SpotState(check.state), draw_owned_by(check.subject)
    tally = tally_of(items_of(check, request.user, ItemChoice()))
    page = RecordPage(
        check.title, code=check.number, kind=_("督查抽查"), state=STATE_TONES[state], state_label=state.label,
        crumbs=[listed()], actions=_actions(request.user, check, draw, tally),
        sections=_sections(request.user, check, draw, tally), timeline=timeline_of(check.subject),
    )  # fmt: skip
    tables = _rankings(request.user, check) if state in {SpotState.CHECKED, SpotState.PUBLISHED} else []
    return render(
        request, "ui/page_record_tables.html", {"record": page, "notes": _notes(check, tally), "tables": tables}
    )


def _notes(check: SpotCheck, tally: Tally) -> list[Callout]:
    if check.state == SpotState.SAMPLED:
        told = _("还有 %(open)s 次没有核查，都核查后才能计分。") if tally.open else _("都已核查，可以计分。")
        return [Callout(told % {"open": tally.open} if tally.open else told, state=DUE if tally.open else DONE)]
    if check.state == SpotState.CHECKED:
        return [Callout(_("得分还没有公布，乡镇（街道）现在看不到。"), state=DUE)]
    return []


def _sections(user: Any, check: SpotCheck, draw: Draw | None, tally: Tally) -> list[Section]:
    is_open = draw is not None and draws_of(user).filter(pk=draw.pk).exists()
    word = draw.get_state_display() if draw else (_("文件补录") if tally.drawn else _("尚未抽取"))
    numbers = spot_numbers(check)
    done = [
        Fact(_("抽中督导"), tally.drawn or None, kind="number", unit=_("次"),
             url=sample_url(check) if tally.drawn else ""),
        Fact(_("待核查"), tally.open if tally.drawn else None, kind="number", unit=_("次"),
             url=sample_url(check, truth="open") if tally.open else ""),
        Fact(_("不属实"), tally.untrue if tally.drawn else None, kind="number", unit=_("次"),
             url=sample_url(check, truth=Truth.UNTRUE) if tally.untrue else "", state=OVERDUE if tally.untrue else ""),
        Fact(_("抽签"), word, url=reverse("draws:draw_detail", args=[draw.pk]) if draw and is_open else ""),
        Fact(_("公布时间"), check.published_at, kind="moment"),
    ]  # fmt: skip
    plan = [
        Fact(_("区划"), names().get(check.area, check.area)), Fact(_("督查组"), check.team),
        Fact(_("督导自"), check.since, kind="date"), Fact(_("督导至"), check.until, kind="date"),
        Fact(_("抽取"), _("每个乡镇 %(share)s%%，至少 %(least)s 次")
             % {"share": f"{(check.share * 100).normalize():f}", "least": check.least} if check.share else None),
    ]  # fmt: skip
    made = [
        Fact(_("督导完成率"), numbers.completion, kind="number", unit=_("分")),
        Fact(_("抽中督导属实的比例"), numbers.truth, kind="number", unit=_("分")),
        Fact(_("核查表平均分"), numbers.quality, kind="number", unit=_("分")),
        Fact(_("依据"), numbers.basis),
    ]
    note = _("不属实的督导不计入完成率；没有可抽的督导，后两项不得分。")
    return [Section(_("进展"), done), Section(_("安排"), plan), Section(_("得分怎么算"), made, note)]


def _rankings(user: Any, check: SpotCheck) -> list[tuple[str, Table]]:
    found, reach = [], reach_of(user)
    for level in levels_scored(check):
        scores = list(scores_of(check, level).select_related("check_of"))
        named = _names_of(level, check)
        shown = [each for each in scores if level != Level.VILLAGE or reach.covers(each.area_key)]
        rows = [score_row(each, named.get(each.area_key, each.area_key), opens=reach.covers(each.area_key))
                for each in shown]  # fmt: skip
        if rows:
            found.append((_(LEVEL_WORDS[level.value]), Table(SCORES, rows, id=f"scores-{level.value}")))
    return found


def _names_of(level: Level, check: SpotCheck) -> dict[str, str]:
    """Names on the last day of the period; villages are not among the names that are kept ready."""
    if level != Level.VILLAGE:
        return area_names(check.until)
    rows = areas_valid_at(check.until).filter(level="village", key__startswith=check.area)
    return dict(rows.values_list("key", "name"))


def _actions(user: Any, check: SpotCheck, draw: Draw | None, tally: Tally) -> list[Action]:
    if not may_keep(user, check):
        return [Action(_("抽中的督导"), sample_url(check), icon="list-check")] if tally.drawn else []
    if check.state == SpotState.PLANNED:
        if draw is None:
            url = reverse("duties:spotcheck_freeze", args=[check.pk])
            return [Action(_("抽取督导记录"), url, icon="hierarchy-2", kind="primary")]
        url = reverse("draws:draw_detail", args=[draw.pk])
        return [Action(_("办理抽签"), url, icon="hierarchy-2", kind="primary")]
    sample = Action(_("抽中的督导"), sample_url(check), icon="list-check")
    if check.state == SpotState.SAMPLED and tally.open:
        return [Action(_("去核查"), sample_url(check, truth="open"), icon="clipboard-check", kind="primary"), sample]
    if check.state == SpotState.SAMPLED:
        url = reverse("duties:spotcheck_grade", args=[check.pk])
        return [Action(_("计分"), url, icon="calculator", kind="primary", method="post"), sample]
    if check.state == SpotState.CHECKED:
        told = _("公布后各乡镇（街道）看得到名次和自己被抽中的督导。")
        url = reverse("duties:spotcheck_publish", args=[check.pk])
        publish = Action(_("公布"), url, icon="speakerphone", kind="primary", method="post", consequence=told)
        return [publish, sample]
    return [sample]


@requires(DUTY_READ)
def spotitem_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The drawn visits of a check, or of one of its areas: which were found true, which untrue and why."""
    check, user = check_for(request.user, pk), request.user
    area = in_reach(user, picked_area(request.GET.getlist("area")))
    truths = {"open": Truth.OPEN, Truth.TRUE.value: Truth.TRUE, Truth.UNTRUE.value: Truth.UNTRUE}
    told = request.GET.get("truth", "")
    rows = items_of(check, user, ItemChoice(area, truths.get(told)))
    may, named = may_keep(user, check) and check.state == SpotState.SAMPLED, names()

    def drawn(items: list[SpotItem]) -> list[Row]:
        return list(item_rows(items, named, {each.pk for each in items if may and each.truth == Truth.OPEN}))

    empty = Empty(_("没有这样的督导"), _("抽签确认以后，抽中的督导出现在这里。"))
    options = [Option(key, each.label) for key, each in truths.items()]
    bar = FilterBar([Filter("truth", _("核查结果"), options=options, value=told if told in truths else "")],
                    area_picker(user, area, timezone.localdate(), named))  # fmt: skip
    columns = ITEMS if may else tuple(each for each in ITEMS if each.key != "act")
    page = ListPage(_("抽中的督导"), paged(request, rows, columns, drawn, empty), unit=_("次"), filters=bar,
                    crumbs=[listed(), Crumb(check.title, check_url(check))], summary=_lead(check, area))  # fmt: skip
    context = {"list": page, "stats": _stats(check, area, user), "notes": (), "tables": ()}
    return render(request, "ui/page_overview.html", context)


def _lead(check: SpotCheck, area: str) -> str:
    if not area or check.state not in {SpotState.CHECKED, SpotState.PUBLISHED}:
        return ""
    numbers = spot_numbers(check)
    told = {"completion": numbers.completion, "truth": numbers.truth, "quality": numbers.quality}
    return _("得分 = 督导完成率 × %(completion)s ＋ 属实比例 × %(truth)s ＋ 核查表平均分 × %(quality)s%%") % told


def _stats(check: SpotCheck, area: str, user: Any) -> list[Stat]:
    tally = tally_of(items_of(check, user, ItemChoice(area)))
    seen = tally.drawn - tally.open
    stats = [
        Stat(_("已核查"), seen, unit=_("次"), part=seen, whole=tally.drawn, state=DUE if tally.open else DONE,
             state_label=_("还没有核查完") if tally.open else ""),
        Stat(_("不属实"), tally.untrue, unit=_("次"), state=OVERDUE if tally.untrue else DONE,
             state_label=_("不计入完成率") if tally.untrue else _("没有"),
             url=sample_url(check, area, Truth.UNTRUE) if tally.untrue else ""),
    ]  # fmt: skip
    score = check.scores.filter(area_key=area).first() if area else None
    if score is not None:
        place = _("第 %(place)s 名") % {"place": score.place}
        stats = [
            Stat(_("得分"), score.score, decimals=2, note=place), *stats,
            Stat(_("督导完成率"), _share(score), unit="%", decimals=1, part=score.visited, whole=score.in_force),
            Stat(_("核查表平均分"), score.quality, decimals=2),
        ]  # fmt: skip
    return stats


def _share(score: SpotScore) -> float | None:
    return 100 * score.visited / score.in_force if score.in_force else None
