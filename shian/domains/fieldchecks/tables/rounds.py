"""Rounds, their formats and their samples as rows."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.fieldchecks.models import FieldPoint, FieldRound, RoundState
from shian.domains.fieldchecks.queries.rounds import FormatLine
from shian.domains.fieldchecks.tables.points import point_url
from shian.kernel.ui.states import DONE, DUE, WAITING
from shian.kernel.ui.tables import Cell, Column, Row

TONES = {
    RoundState.PLANNED: WAITING,
    RoundState.DRAWN: DUE,
    RoundState.VISITING: DUE,
    RoundState.CLOSED: DONE,
}
ROUNDS = (
    Column("title", gettext_lazy("轮次"), is_fixed=True, is_wide=True),
    Column("number", gettext_lazy("轮次编号"), kind="code"),
    Column("state", gettext_lazy("状态")),
    Column("area", gettext_lazy("区划")),
    Column("starts_on", gettext_lazy("开始日期"), kind="date"),
    Column("ends_on", gettext_lazy("结束日期"), kind="date"),
    Column("ratio", gettext_lazy("抽取比例"), kind="percent"),
    Column("formats", gettext_lazy("业态"), kind="number", unit=gettext_lazy("类")),
)
FORMATS = (
    Column("name", gettext_lazy("业态"), is_fixed=True, is_wide=True),
    Column("points", gettext_lazy("点位"), kind="number", unit=gettext_lazy("个")),
    Column("planned", gettext_lazy("计划检查"), kind="number", unit=gettext_lazy("个")),
    Column("visited", gettext_lazy("已检查"), kind="progress"),
    Column("mean", gettext_lazy("平均分"), kind="number", decimals=1),
    Column("problems", gettext_lazy("未整改问题"), kind="number", unit=gettext_lazy("个")),
)
SAMPLE = (
    Column("name", gettext_lazy("点位名称"), is_fixed=True, is_wide=True),
    Column("code", gettext_lazy("点位编号"), kind="code"),
    Column("mode", gettext_lazy("检查方式")),
    Column("format", gettext_lazy("业态")),
    Column("county", gettext_lazy("县（市、区）")),
    Column("address", gettext_lazy("地址"), is_wide=True),
)
REPLACE = Column("replace", gettext_lazy("不能到访"))


def round_url(round_: FieldRound) -> str:
    return reverse("fieldchecks:field_round_detail", args=[round_.pk])


def round_row(round_: FieldRound, formats: int, areas: Mapping[str, str]) -> Row:
    """A round in the list."""
    state = RoundState(round_.state)
    return Row(
        {
            "title": round_.title,
            "number": round_.number,
            "state": Cell(state.label, state=TONES[state]),
            "area": areas.get(round_.area, round_.area_code),
            "starts_on": round_.starts_on,
            "ends_on": round_.ends_on,
            "ratio": round_.ratio * 100,
            "formats": formats,
        },
        url=round_url(round_),
        key=str(round_.pk),
    )


def format_row(line: FormatLine, round_: FieldRound) -> Row:
    """A format of a round; its points open the register."""
    form = line.format
    query = f"?kind={form.mode}:{form.code}"
    sample = reverse("fieldchecks:sample_list", args=[round_.pk])
    url = sample + query if line.drawn else ""
    planned = Cell(line.planned, url=url, note=_share(line)) if line.planned else None
    return Row(
        {
            "name": Cell(form.name, note=form.code),
            "points": Cell(line.points, url=reverse("fieldchecks:field_point_list") + query),
            "planned": planned,
            "visited": (line.tally.visited, line.planned) if line.planned else None,
            "mean": line.tally.mean,
            "problems": line.open_problems,
        },
        key=f"{form.mode}:{form.code}",
    )


def _share(line: FormatLine) -> str:
    """The share of the format's points that was drawn: at least what was promised."""
    return f"{line.drawn * 100 / line.points:.1f} %" if line.points and line.drawn else ""


def sample_row(
    point: FieldPoint, formats: Mapping[tuple[str, str], str], areas: Mapping[str, str], replace_url: str = ""
) -> Row:
    """A point that was drawn; `replace_url`: where a reserve takes its place."""
    return Row(
        {
            "name": point.name,
            "code": point.code,
            "mode": point.get_mode_display(),
            "format": formats.get((point.mode, point.format), point.format),
            "county": areas.get(point.county, point.county),
            "address": point.address or _("未登记"),
            "replace": Cell(_("替换"), url=replace_url) if replace_url else None,
        },
        url=point_url(point),
        key=point.code,
    )
