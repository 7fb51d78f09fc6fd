"""One draw: what is fixed, where the randomness comes from, what came out; drawing again; the published record."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.engine.draws.actions.drafting import silent_parties
from shian.engine.draws.forms import ROUNDINGS
from shian.engine.draws.frames import frame_title, owner_page
from shian.engine.draws.models import Draw, DrawCell, DrawState, Method
from shian.engine.draws.permissions import DRAW_READ, DRAW_WORK
from shian.engine.draws.queries import (
    commitments_of,
    draw_for,
    expected_cells,
    last_readings,
    replacements_of,
    sources_told,
    subject_of,
)
from shian.engine.draws.rules.recusal import team_rules_in
from shian.engine.draws.rules.sampling import MissingWeight, Rounding
from shian.engine.draws.tables import (
    CELLS,
    REPLACEMENTS,
    STATES,
    cell_row,
    cell_totals,
    replacement_row,
)
from shian.engine.draws.views.lists import draw_crumbs, draw_tabs
from shian.kernel.accounts.permissions import requires
from shian.kernel.notary.queries import entries_of
from shian.kernel.ui.actors import actor
from shian.kernel.ui.formats import number_text
from shian.kernel.ui.keyset import sliced_page
from shian.kernel.ui.pages import RecordPage
from shian.kernel.ui.pieces import Action, Callout, Fact, Section, Step, TimelineEntry
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names
from shian.registers.areas.tables import area_url

WORDS = {
    "draws.drafted": gettext_lazy("起草"),
    "draws.frozen": gettext_lazy("冻结名册和参数"),
    "draws.read": gettext_lazy("录入公开数据"),
    "draws.committed": gettext_lazy("作出承诺"),
    "draws.revealed": gettext_lazy("揭示"),
    "draws.drawn": gettext_lazy("抽签"),
    "draws.confirmed": gettext_lazy("确认样本"),
    "draws.replaced": gettext_lazy("替换"),
    "draws.published": gettext_lazy("公布记录"),
    "draws.cancelled": gettext_lazy("作废"),
}
WAY = (
    (DrawState.DRAFT, gettext_lazy("起草")),
    (DrawState.FROZEN, gettext_lazy("冻结")),
    (DrawState.SEEDED, gettext_lazy("随机数")),
    (DrawState.DRAWN, gettext_lazy("抽签")),
    (DrawState.CONFIRMED, gettext_lazy("确认")),
)


@requires(DRAW_READ)
def draw_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The record with frame, parameters, randomness, result, replacements and timeline."""
    draw = draw_for(request.user, pk)
    context = {
        "record": _page(request, draw),
        "steps": _way(draw),
        "notes": _notes(request.user, draw),
        "cells": _cells(request, draw),
        "is_drawn": draw.drawn_at is not None,
        "replacements": _replacements(draw),
    }
    return render(request, "draws/draw_detail.html", context)


def _page(request: HttpRequest, draw: Draw) -> RecordPage:
    return RecordPage(
        draw.title,
        kind=_("抽签"),
        state=STATES[DrawState(draw.state)],
        state_label=draw.get_state_display(),
        crumbs=draw_crumbs(),
        actions=_actions(request.user, draw),
        sections=[_frame_facts(draw), _parameter_facts(draw), *_team_facts(draw), _randomness_facts(draw)],
        timeline=_timeline(draw),
        tabs=draw_tabs(draw, "draw"),
    )


def _way(draw: Draw) -> list[Step]:
    """The five steps; the one that is next is marked."""
    if draw.state == DrawState.CANCELLED:
        return []
    reached = [state for state, _label in WAY].index(DrawState(draw.state))
    is_over = draw.state == DrawState.CONFIRMED
    marks = ["done"] * (reached + 1) + ([] if is_over else ["due"]) + ["waiting"] * len(WAY)
    return [Step(label, mark) for (_state, label), mark in zip(WAY, marks, strict=False)]


def _actions(user: Any, draw: Draw) -> list[Action]:
    """What may be done now, the step that goes on first."""
    if not DRAW_WORK(user).allowed:
        return []
    found = _next(user, draw)
    if draw.state == DrawState.DRAFT and not draw.owner:
        found.append(Action(_("修改"), _url("draw_edit", draw), icon="edit"))
    if draw.frozen_at:
        found.append(Action(_("下载记录"), _url("record_download", draw), icon="download"))
    if draw.state not in (DrawState.CONFIRMED, DrawState.CANCELLED):
        found.append(Action(_("作废"), _url("draw_cancel", draw), icon="ban", kind="quiet"))
    return found


def _url(name: str, draw: Draw) -> str:
    return reverse(f"draws:{name}", args=[draw.pk])


def _next(user: Any, draw: Draw) -> list[Action]:
    if draw.state == DrawState.FROZEN:
        return _randomness_actions(user.get_username(), draw)
    told: dict[str, tuple[str, str, str, str]] = {
        DrawState.DRAFT: ("draw_freeze", "lock", _("冻结"), _("名册和参数从此不能更改，并存证。")),
        DrawState.SEEDED: ("draw_run", "player-skip-forward", _("抽签"), _("按冻结的名册和已定的随机数抽取。")),
        DrawState.DRAWN: ("draw_confirm", "check", _("确认样本"), _("确认后按此名单检查，只能按备选次序替换。")),
    }
    if draw.state == DrawState.CONFIRMED and draw.published_at is None:
        consequence = _("整份记录（编号、参数、随机数、经办账号、存证）任何人都能查看。")
        return [Action(_("公布记录"), _url("draw_publish", draw), icon="speakerphone", kind="primary", method="post",
                       consequence=consequence)]  # fmt: skip
    if draw.state not in told:
        return []
    name, icon, label, consequence = told[draw.state]
    return [Action(label, _url(name, draw), icon=icon, kind="primary", method="post", consequence=consequence)]


def _randomness_actions(name: str, draw: Draw) -> list[Action]:
    if draw.method == Method.PUBLIC:
        is_known = draw.known_at is not None and draw.known_at <= timezone.now()
        return [Action(_("录入公开数据"), _url("reading_enter", draw), icon="edit", kind="primary")] if is_known else []
    bound = commitments_of(draw)
    if name in draw.parties and name not in bound:
        return [Action(_("作出承诺"), _url("commitment_enter", draw), icon="lock", kind="primary")]
    if name in bound and not bound[name].secret and all(party in bound for party in draw.parties):
        return [Action(_("揭示"), _url("commitment_open", draw), icon="eye", kind="primary")]
    return []


def _notes(user: Any, draw: Draw) -> list[Callout]:
    """What waits, and for whom; a draw that was cancelled says why."""
    if draw.state == DrawState.CANCELLED:
        silent = silent_parties(draw)
        more = _("没有揭示的参与方：%(names)s。") % {"names": _names(silent)} if silent else ""
        return [Callout(_("已作废"), " ".join(filter(None, [draw.reason, more])), state="overdue")]
    if draw.published_at:
        url = reverse("draws:record_file", args=[draw.uid])
        return [Callout(_("记录已公布"), _("任何人都能下载，并用独立脚本重新抽一遍。"), state="done",
                        actions=[Action(_("公开的记录"), url, icon="external-link")])]  # fmt: skip
    if draw.state != DrawState.FROZEN:
        return []
    return _public_notes(user, draw) if draw.method == Method.PUBLIC else _party_notes(draw)


def _public_notes(user: Any, draw: Draw) -> list[Callout]:
    if draw.known_at is not None and draw.known_at > timezone.now():
        moment = timezone.localtime(draw.known_at).strftime("%Y-%m-%d %H:%M")
        return [
            Callout(_("等待公开数据"), _("%(moment)s 公布后，由两人分别录入。") % {"moment": moment}, state="waiting")
        ]
    readings = last_readings(draw)
    if not readings:
        return [Callout(_("请录入公开数据"), _("两人分别录入，一致后才能抽签。"), state="due")]
    if len(readings) == 1:
        (reader,) = readings
        is_own = reader == user.get_username()
        told = (
            _("你已录入，等另一人录入。") if is_own else _("%(name)s已录入，请你独立录入。") % {"name": actor(reader)}
        )
        return [Callout(_("已有一人录入"), told, state="due")]
    return [Callout(_("录入不一致"), _differing(draw), state="overdue")]


def _differing(draw: Draw) -> str:
    """By source, who read what: shown only once two have read."""
    readings = last_readings(draw)
    lines = []
    for number, source in enumerate(draw.sources):
        told = {by: " ".join(each.values[number]) for by, each in readings.items()}
        if len(set(told.values())) > 1:
            shown = "；".join(f"{actor(by)} {values}" for by, values in told.items())
            lines.append(_("%(source)s：%(shown)s。") % {"source": source["name"], "shown": shown})
    return " ".join([*lines, _("请对照来源，录错的人重新录入。")])


def _party_notes(draw: Draw) -> list[Callout]:
    bound = commitments_of(draw)
    if unbound := [party for party in draw.parties if party not in bound]:
        return [Callout(_("等待承诺"), _("还没有承诺：%(names)s。") % {"names": _names(unbound)}, state="waiting")]
    silent = _names(silent_parties(draw))
    told = _("还没有揭示：%(names)s。有一方不揭示就不能抽签，只能作废重来，并记下是谁。") % {"names": silent}
    return [Callout(_("等待揭示"), told, state="due")]


def _names(parties: list[str]) -> str:
    return "、".join(str(actor(party)) for party in parties)


def _frame_facts(draw: Draw) -> Section:
    names, used_for = area_names(draw.as_of), owner_page(draw.frame_kind, draw.owner)
    facts = [
        Fact(_("名册"), frame_title(draw.frame_kind)),
        Fact(_("用于"), used_for and used_for.label, url=used_for.url if used_for else ""),
        Fact(_("区划"), names.get(draw.area_key, draw.area_key), url=area_url(draw.area_key)),
        Fact(_("名册时点"), draw.as_of, kind="date"),
        Fact(_("总体"), draw.frame_count, kind="number", unit=_("个")),
        Fact(_("依据"), draw.basis or None),
        Fact(_("冻结时间"), draw.frozen_at, kind="moment"),
        Fact(_("名册校验值（SHA-256）"), draw.frame_digest or None, kind="code", is_copied=True),
    ]
    return Section(_("抽什么"), [fact for fact in facts if fact.value is not None])


def _parameter_facts(draw: Draw) -> Section:
    told = draw.parameters
    weights = "；".join(f"{grade} × {weight}" for grade, weight in told["weights"].items())
    facts = [
        Fact(_("抽取比例"), float(told["ratio"]) * 100, kind="percent"),
        Fact(_("取整"), ROUNDINGS[Rounding(told["rounding"])]),
        Fact(_("每层至少"), told["minimum"], kind="number", unit=_("个")),
        Fact(_("备选占样本"), float(told["reserves"]) * 100, kind="percent"),
        Fact(_("等级倍数"), weights or _("不分等级")),
    ]
    return Section(_("抽多少"), facts)


def _team_facts(draw: Draw) -> list[Section]:
    if not draw.team_rules:
        return []
    rules = team_rules_in(draw.team_rules)
    apart = [
        _("与所在区划不同") if rules.own_width else "",
        _("上次没有去过") if rules.avoids_last else "",
        _("没有申报关系"),
    ]
    facts = [
        Fact(_("检查人员"), draw.people_count, kind="number", unit=_("人"), url=_url("person_list", draw)),
        Fact(_("每组"), rules.size, kind="number", unit=_("人")),
        Fact(_("每组持执法证件至少"), rules.certified_seats or None, kind="number", unit=_("人")),
        Fact(_("所需专业"), rules.speciality or None),
        Fact(_("须考核有效"), _("是") if rules.needs_assessment else None),
        Fact(_("回避"), "、".join(filter(None, apart))),
        Fact(_("每人至多"), rules.limit or None, kind="number", unit=_("处")),
        Fact(_("人员名册校验值（SHA-256）"), draw.people_digest or None, kind="code", is_copied=True),
    ]
    told = _("检查组与样本用同一随机数抽取，先用任务少的人；谁都可以重算。")
    return [Section(_("谁去检查"), [fact for fact in facts if fact.value is not None], note=told)]


def _randomness_facts(draw: Draw) -> Section:
    facts = [Fact(_("来源"), draw.get_method_display())]
    if draw.method == Method.PUBLIC:
        facts.append(Fact(_("数据公布时间"), draw.known_at, kind="moment"))
        facts += [Fact(each["name"], " ".join(each["values"]) or _("未定")) for each in sources_told(draw)]
        facts.append(Fact(_("录入人"), "、".join(str(actor(by)) for by in last_readings(draw)) or None))
    else:
        bound = commitments_of(draw)
        facts += [Fact(actor(party), *_bound(bound.get(party))) for party in draw.parties]
    if draw.key:
        facts.append(Fact(_("种子"), draw.key, kind="code", is_copied=True))
    return Section(_("随机数"), facts, note=_("按 RFC 3797 由公开的数值算出抽取次序。"))


def _bound(commitment: Any) -> tuple[Any, str]:
    """What a party's line shows: value and kind."""
    if commitment is None:
        return _("还没有承诺"), "text"
    return (commitment.secret, "code") if commitment.secret else (f"{commitment.digest[:16]}…", "code")


def _cells(request: HttpRequest, draw: Draw) -> Table | None:
    """What came out, or what is to be expected, by the page; None where a grade has no weight yet."""
    if draw.drawn_at:
        cells = list(DrawCell.objects.filter(draw=draw).order_by("stratum", "grade"))
    else:
        try:
            cells = expected_cells(draw)
        except MissingWeight:
            return None
    has_grades = any(cell.grade for cell in cells)
    columns = [column for column in CELLS if has_grades or column.key != "grade"]
    query = ListQuery.read(request.GET, columns)
    page = sliced_page(cells, query)
    return Table(
        columns, [cell_row(cell) for cell in page.items], query=query, page=page, totals=cell_totals(cells),
        id="cells", empty=Empty(_("名册里没有单位")),
    )  # fmt: skip


def _replacements(draw: Draw) -> Table | None:
    found = [replacement_row(each) for each in replacements_of(draw)]
    return Table(REPLACEMENTS, found, id="replacements") if found else None


def _timeline(draw: Draw) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            WORDS[entry.action], entry.at, by=actor(entry.actor), body=_told(entry.action, entry.data), seal=entry.seal,
            state="overdue" if entry.action == "draws.cancelled" else "",
        )
        for entry in entries_of(subject_of(draw))
        if entry.action in WORDS
    ]  # fmt: skip


def _told(action: str, data: Any) -> str:
    if action == "draws.replaced":
        told: str = _("%(key)s 由 %(by)s 替换：%(reason)s") % data
        return told
    if action == "draws.drawn":
        return _("抽中 %(count)s 个") % {"count": number_text(data["drawn"])}
    if action == "draws.frozen":
        return _("共 %(count)s 个") % {"count": number_text(data["rows"])}
    if action == "draws.read" and data["agrees"]:
        return _("与另一人一致，随机数已定")
    return str(data.get("reason", ""))
