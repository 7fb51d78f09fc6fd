"""Draws, their cells, rows and picks in lists."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.engine.draws.actions.refusals import BARRIERS
from shian.engine.draws.frames import frame_title
from shian.engine.draws.models import Draw, DrawCell, DrawPerson, DrawPick, DrawRow, DrawState, Replacement
from shian.engine.draws.rules.estimates import Estimate
from shian.engine.draws.rules.inference import Inference
from shian.engine.draws.rules.record import Finding, Part
from shian.engine.draws.rules.recusal import TeamRules, barrier_to_all, person_in
from shian.kernel.ui.actors import actor
from shian.kernel.ui.states import Text
from shian.kernel.ui.tables import Cell, Column, Row

STATES = {
    DrawState.DRAFT: "neutral",
    DrawState.FROZEN: "waiting",
    DrawState.SEEDED: "due",
    DrawState.DRAWN: "due",
    DrawState.CONFIRMED: "done",
    DrawState.CANCELLED: "neutral",
}
DRAWS = (
    Column("title", gettext_lazy("名称"), is_fixed=True, is_wide=True),
    Column("area", gettext_lazy("区划")),
    Column("frame", gettext_lazy("名册")),
    Column("as_of", gettext_lazy("名册时点"), kind="date", is_default=False),
    Column("state", gettext_lazy("状态")),
    Column("population", gettext_lazy("总体"), kind="number", sort="frame_count"),
    Column("drawn", gettext_lazy("抽中"), kind="number"),
    Column("created_by", gettext_lazy("起草人"), is_default=False),
    Column("created_at", gettext_lazy("起草时间"), kind="moment", sort="created_at"),
)
CELLS = (
    Column("stratum", gettext_lazy("层"), is_fixed=True, is_wide=True),
    Column("grade", gettext_lazy("等级")),
    Column("population", gettext_lazy("总体"), kind="number"),
    Column("eligible", gettext_lazy("可抽"), kind="number"),
    Column("drawn", gettext_lazy("抽中"), kind="number"),
    Column("share", gettext_lazy("抽中占总体"), kind="rate"),
    Column("reserves", gettext_lazy("备选"), kind="number"),
)
ROWS = (
    Column("key", gettext_lazy("编号"), kind="code", sort="key", is_fixed=True),
    Column("label", gettext_lazy("名称"), is_wide=True),
    Column("stratum", gettext_lazy("层")),
    Column("grade", gettext_lazy("等级")),
    Column("area", gettext_lazy("区划")),
    Column("excluded", gettext_lazy("不参加抽取的原因")),
)
PEOPLE = (
    Column("key", gettext_lazy("编号"), kind="code", sort="key", is_fixed=True),
    Column("label", gettext_lazy("姓名"), is_wide=True),
    Column("area", gettext_lazy("所属区划")),
    Column("specialities", gettext_lazy("专业")),
    Column("assessed", gettext_lazy("考核有效期至"), kind="date"),
    Column("certified", gettext_lazy("执法证件有效期至"), kind="date"),
    Column("places", gettext_lazy("抽到"), kind="number", unit=gettext_lazy("处")),
    Column("state", gettext_lazy("参加")),
)
PICKS = (
    Column("key", gettext_lazy("编号"), kind="code", is_fixed=True),
    Column("label", gettext_lazy("名称"), is_wide=True),
    Column("stratum", gettext_lazy("层")),
    Column("grade", gettext_lazy("等级")),
    Column("area", gettext_lazy("区划")),
    Column("kind", gettext_lazy("抽为")),
    Column("number", gettext_lazy("次序"), kind="number"),
    Column("team", gettext_lazy("检查组")),
    Column("state", gettext_lazy("替换")),
)
REPLACEMENTS = (
    Column("gone", gettext_lazy("被替换"), is_fixed=True),
    Column("stand_in", gettext_lazy("替换为")),
    Column("reason", gettext_lazy("原因"), is_wide=True),
    Column("by", gettext_lazy("经办")),
    Column("at", gettext_lazy("时间"), kind="moment"),
)
INFERENCES = (
    Column("name", gettext_lazy("层"), is_fixed=True, is_wide=True),
    Column("population", gettext_lazy("可抽"), kind="number"),
    Column("visited", gettext_lazy("已检查"), kind="number"),
    Column("rate", gettext_lazy("合格率"), align="end"),
    Column("mean", gettext_lazy("平均分"), align="end"),
    Column("halving", gettext_lazy("误差减半需检查"), kind="number"),
)
FINDINGS = (
    Column("part", gettext_lazy("核对内容"), is_fixed=True),
    Column("state", gettext_lazy("结果")),
    Column("told", gettext_lazy("说明"), is_wide=True),
)
PARTS: Mapping[Part, Text] = {
    Part.FORM: gettext_lazy("记录格式和参数"),
    Part.FRAME: gettext_lazy("名册与冻结时的存证"),
    Part.SEALS: gettext_lazy("存证在公开日志中"),
    Part.ORDER: gettext_lazy("先冻结名册，后有随机数"),
    Part.RANDOMNESS: gettext_lazy("随机数"),
    Part.SAMPLE: gettext_lazy("重新抽取的样本"),
    Part.REPLACEMENTS: gettext_lazy("替换"),
    Part.TEAMS: gettext_lazy("重新抽取的检查组"),
}
WAITS = {
    "checkpoint": gettext_lazy("存证还没有进入公开日志，稍候再核对。"),
    "draws.frozen": gettext_lazy("名册还没有冻结。"),
    "key": gettext_lazy("随机数还没有确定。"),
    "draws.drawn": gettext_lazy("还没有抽签。"),
}


def draw_row(draw: Draw, names: Mapping[str, str]) -> Row:
    """One draw; `drawn` is annotated."""
    cells = {
        "title": draw.title,
        "area": names.get(draw.area_key, draw.area_key),
        "frame": frame_title(draw.frame_kind),
        "as_of": draw.as_of,
        "state": state_cell(draw),
        "population": draw.frame_count,
        "drawn": getattr(draw, "drawn", None) or None,
        "created_by": actor(draw.created_by),
        "created_at": draw.created_at,
    }
    return Row(cells, url=draw_url(draw), key=str(draw.pk))


def draw_url(draw: Draw) -> str:
    return reverse("draws:draw_detail", args=[draw.pk])


def state_cell(draw: Draw) -> Cell:
    return Cell(draw.get_state_display(), state=STATES[DrawState(draw.state)])


def cell_row(cell: DrawCell) -> Row:
    """A stratum with its share; one with too few that could be drawn says so."""
    short = _("可抽的不足 %(wanted)s") % {"wanted": cell.wanted} if cell.drawn < cell.wanted else ""
    cells = {
        "stratum": cell.stratum,
        "grade": cell.grade,
        "population": cell.population,
        "eligible": cell.eligible,
        "drawn": Cell(cell.drawn, note=short),
        "share": (cell.drawn, cell.population),
        "reserves": cell.reserves,
    }
    return Row(cells, state="overdue" if short else "")


def cell_totals(cells: Iterable[DrawCell]) -> dict[str, Any]:
    """The last row of the table."""
    listed = list(cells)
    sums = {
        name: sum(getattr(cell, name) for cell in listed) for name in ("population", "eligible", "drawn", "reserves")
    }
    return {"stratum": _("合计"), **sums, "share": (sums["drawn"], sums["population"])}


def frame_row(row: DrawRow, names: Mapping[str, str]) -> Row:
    cells = {
        "key": row.key,
        "label": row.label,
        "stratum": row.stratum,
        "grade": row.grade,
        "area": names.get(row.area_key, row.area_key),
        "excluded": row.excluded,
    }
    return Row(cells, key=str(row.pk))


def pick_row(pick: DrawPick, names: Mapping[str, str], *, is_replaceable: bool) -> Row:
    """One that was drawn or stands by; `replaced` and `replaces` are joined."""
    gone, came = getattr(pick, "replaced", None), getattr(pick, "replaces", None)
    state: Any = None
    if gone is not None:
        state = Cell(_("由 %(key)s 替换") % {"key": gone.stand_in.row.key}, note=gone.reason)
    elif is_replaceable and (came is not None or not pick.is_reserve):
        url = reverse("draws:replacement_create", args=[pick.draw_id, pick.pk])
        state = Cell(_("替换"), url=url, note=_("顶替 %(key)s") % {"key": came.gone.row.key} if came else "")
    row = pick.row
    cells = {
        **frame_row(row, names).cells,
        "kind": Cell(_("备选") if pick.is_reserve else _("样本"), state="waiting" if pick.is_reserve else "done"),
        "number": pick.number,
        "team": "、".join(sorted(str(each.person) for each in pick.members.all())),
        "state": state,
    }
    return Row(cells, key=str(pick.pk))


def person_row(person: DrawPerson, rules: TeamRules, day: date, names: Mapping[str, str]) -> Row:
    """Who can be drawn, or what keeps them from every place; `drawn`, the number of their places, is annotated."""
    told = person_in(person.facts)
    why = barrier_to_all(told, rules, day)
    cells = {
        "key": person.key,
        "label": person.label,
        "area": names.get(person.area_key, person.area_key),
        "specialities": "、".join(sorted(told.specialities)),
        "assessed": told.assessed_to,
        "certified": told.certified_to,
        "places": getattr(person, "drawn", None) or None,
        "state": Cell(BARRIERS[why] if why else _("参加"), state="neutral" if why else "done"),
    }
    return Row(cells, key=str(person.pk))


def replacement_row(found: Replacement) -> Row:
    cells = {
        "gone": Cell(found.gone.row.key, kind="code", note=found.gone.row.label),
        "stand_in": Cell(found.stand_in.row.key, kind="code", note=found.stand_in.row.label),
        "reason": found.reason,
        "by": actor(found.by),
        "at": found.at,
    }
    return Row(cells)


def finding_row(found: Finding) -> Row:
    """A part of the record that was checked again."""
    if found.holds is None:
        state, told = Cell(_("还不能核对"), state="waiting"), WAITS.get(found.place, found.place)
    elif found.holds:
        state, told = Cell(_("一致"), state="done"), ""
    else:
        state, told = Cell(_("不一致"), state="overdue"), difference(found)
    return Row({"part": PARTS[found.part], "state": state, "told": told})


def difference(found: Finding) -> str:
    """The first difference of a part in words."""
    told = {"place": found.place, "recorded": found.recorded, "computed": found.computed}
    return _("%(place)s：记录为 %(recorded)s，重算为 %(computed)s。") % told


def inference_row(found: Inference, names: Mapping[str, str]) -> Row:
    """What the sample tells of a stratum or an area."""
    cells = {
        "name": names.get(found.name, found.name) or "—",
        "population": found.population,
        "visited": found.visited,
        "rate": Cell(percentage(found.rate), note=interval_text(found.rate, is_rate=True)),
        "mean": Cell(mean_text(found.mean), note=interval_text(found.mean, is_rate=False)),
        "halving": found.halving or None,
    }
    return Row(cells, key=found.name)


def percentage(found: Estimate | None) -> str | None:
    return f"{100 * found.value:.1f}%" if found else None


def mean_text(found: Estimate | None) -> str | None:
    return f"{found.value:.2f}" if found else None


def interval_text(found: Estimate | None, *, is_rate: bool) -> str:
    """The interval: 71.3%–88.0%, or 80.15–84.02."""
    if found is None:
        return ""
    return f"{100 * found.low:.1f}%–{100 * found.high:.1f}%" if is_rate else f"{found.low:.2f}–{found.high:.2f}"
