"""Tables of the dynamic evaluation: the ranking, a unit's dimensions, what lost points, corrections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.campaign.models import ScoreCorrection, UnitScore
from shian.domains.campaign.queries.unit_losses import Matter
from shian.domains.campaign.queries.unit_scores import Standing
from shian.domains.campaign.rules.unit_scores import DIMENSIONS, FOUR
from shian.engine.cases.tables import case_url
from shian.kernel.ui.actors import actor
from shian.kernel.ui.languages import ChineseText
from shian.kernel.ui.states import DONE, OVERDUE, Text
from shian.kernel.ui.tables import Cell, Column, Row
from shian.registers.people.models import Organisation

NAMES: dict[str, Text] = {
    "document": gettext_lazy("资料和数据"),
    "field": gettext_lazy("现场核查"),
    "tasks": gettext_lazy("任务进度"),
    "closeouts": gettext_lazy("问题和督办销号"),
    "evidence": gettext_lazy("佐证材料"),
    "weeks": gettext_lazy("周台账"),
}
GROUPS: dict[str, Text] = {
    "department": gettext_lazy("市直部门"),
    "county": gettext_lazy("县（市、区）"),
}
RANKING = (
    Column("unit", gettext_lazy("单位"), is_fixed=True, is_wide=True),
    Column("place", gettext_lazy("名次"), kind="number", is_fixed=True),
    Column("score", gettext_lazy("得分"), kind="number", decimals=2, is_fixed=True),
    Column("change", gettext_lazy("名次变化")),
    Column("lost", gettext_lazy("失分"), kind="number", decimals=2),
    *(Column(key, NAMES[key], align="end") for key in DIMENSIONS),
)
PARTS = (
    Column("part", gettext_lazy("维度"), is_fixed=True),
    Column("score", gettext_lazy("得分"), kind="number", decimals=2),
    Column("maximum", gettext_lazy("满分"), kind="number", decimals=2,
           help=gettext_lazy("没有可计分事项的维度不计，其余维度折算到总分")),
    Column("lost", gettext_lazy("失分"), kind="number", decimals=2),
    Column("count", gettext_lazy("失分事项"), kind="number"),
)  # fmt: skip
LOSSES = (
    Column("matter", gettext_lazy("失分事项"), is_fixed=True, is_wide=True),
    Column("part", gettext_lazy("维度")),
    Column("lost", gettext_lazy("失分"), kind="number", decimals=2),
    Column("reason", gettext_lazy("原因"), is_wide=True),
)
MATTERS = (
    Column("matter", gettext_lazy("计分事项"), is_fixed=True, is_wide=True),
    Column("possible", gettext_lazy("分值"), kind="number", decimals=2),
    Column("earned", gettext_lazy("得分"), kind="number", decimals=2),
    Column("lost", gettext_lazy("失分"), kind="number", decimals=2),
    Column("reason", gettext_lazy("情况"), is_wide=True),
)
CORRECTIONS = (
    Column("at", gettext_lazy("更正时间"), kind="moment", is_fixed=True),
    Column("part", gettext_lazy("维度")),
    Column("before", gettext_lazy("原得分"), kind="number", decimals=2),
    Column("after", gettext_lazy("更正后"), kind="number", decimals=2),
    Column("reason", gettext_lazy("更正理由"), is_wide=True),
    Column("appeal", gettext_lazy("申诉")),
    Column("by", gettext_lazy("更正人"), is_wide=True),
)


@dataclass(frozen=True)
class Loss:
    """A matter that lost points, running or kept."""

    part: str
    code: str
    title: str
    reason: str
    lost: Decimal
    url: str


@dataclass(frozen=True)
class ShownPart:
    """A dimension as a page shows it."""

    key: str
    maximum: Decimal
    score: Decimal

    @property
    def lost(self) -> Decimal:
        """To four decimals, as scores are kept; never a negative nothing."""
        return max(Decimal(0), (self.maximum - self.score).quantize(FOUR))


@dataclass(frozen=True)
class ShownScore:
    """A unit as pages show it: counted now, or kept. `pk` of the kept score, None while it runs."""

    unit: Organisation
    group: str
    score: Decimal | None
    place: int | None
    parts: Sequence[ShownPart]
    pk: int | None = None
    is_corrected: bool = False

    @property
    def lost(self) -> Decimal | None:
        return sum((each.lost for each in self.parts), Decimal(0)) if self.parts else None


def running(row: Standing) -> ShownScore:
    """A unit as it is counted now."""
    parts = [ShownPart(each.key, each.maximum, each.score) for each in row.parts]
    return ShownScore(row.unit, row.group, row.score, row.place, parts)


def kept(row: UnitScore) -> ShownScore:
    """A unit as it was confirmed, with its corrections."""
    parts = [ShownPart(each["key"], Decimal(each["maximum"]), Decimal(each["score"])) for each in row.parts]
    is_corrected = bool(row.corrections.all())
    return ShownScore(row.unit, row.group, row.score, row.place, parts, row.pk, is_corrected)


def kept_losses(row: UnitScore) -> list[Loss]:
    """What lost points when the score was confirmed, most first."""
    found = [
        Loss(part["key"], each["code"], each["title"], ChineseText(each["reason"]), Decimal(each["lost"]), each["url"])
        for part in row.parts
        for each in part["losses"]
    ]
    return sorted(found, key=lambda each: (-each.lost, each.code))


def running_loss(part: str, matter: Matter) -> Loss:
    """What loses points now."""
    return Loss(part, matter.code, matter.title, matter.reason, matter.lost, matter.url)


def unit_url(code: str, period: str, **asked: str) -> str:
    return f"{reverse('campaign:ranking_detail', args=[code])}?{urlencode({'period': period, **asked})}"


def ranking_row(shown: ShownScore, period: str, former: Mapping[str, int]) -> Row:
    """One unit of the ranking; a dimension in which nothing is decided is a dash."""
    parts = {each.key: each for each in shown.parts}
    cells: dict[str, object] = {
        "unit": Cell(shown.unit.name, note=_("申诉后更正") if shown.is_corrected else ""),
        "place": shown.place if shown.place or not shown.parts else Cell(_("不排名"), title=_("可计分的维度不足")),
        "score": shown.score,
        "change": change_cell(shown.place, former.get(shown.unit.code)),
        "lost": shown.lost,
    }
    cells |= {
        key: Cell(f"{part.score:.2f} / {part.maximum:.2f}", url=unit_url(shown.unit.code, period, part=key))
        for key, part in parts.items()
    }
    return Row(cells, url=unit_url(shown.unit.code, period), key=shown.unit.code)


def change_cell(place: int | None, former: int | None) -> Cell | None:
    """How many places the unit went up or down since the period before."""
    if place is None or former is None:
        return None
    if place == former:
        return Cell(_("持平"))
    if place < former:
        return Cell(_("升 %(places)s 位") % {"places": former - place}, state=DONE)
    return Cell(_("降 %(places)s 位") % {"places": place - former}, state=OVERDUE)


def part_row(part: ShownPart, losses: Sequence[Loss], url: str) -> Row:
    """One dimension of a unit."""
    cells = {
        "part": NAMES[part.key],
        "score": part.score,
        "maximum": part.maximum,
        "lost": part.lost,
        "count": sum(each.part == part.key for each in losses),
    }
    return Row(cells, url=url, key=part.key)


def loss_row(loss: Loss) -> Row:
    """One matter that lost points."""
    return Row(
        {
            "matter": Cell(ChineseText(loss.title), note=loss.code),
            "part": NAMES[loss.part],
            "lost": loss.lost,
            "reason": loss.reason,
        },
        url=loss.url,
        key=f"{loss.part} {loss.code}",
    )


def matter_row(matter: Matter) -> Row:
    """One matter that counts, whether it lost points or not."""
    return Row(
        {
            "matter": Cell(ChineseText(matter.title), note=matter.code),
            "possible": matter.possible,
            "earned": matter.possible - matter.lost,
            "lost": matter.lost,
            "reason": matter.reason,
        },
        url=matter.url,
        key=f"{matter.code} {matter.url}",
    )


def correction_row(correction: ScoreCorrection) -> Row:
    """A correction after an appeal."""
    return Row(
        {
            "at": correction.at,
            "part": NAMES[correction.part],
            "before": correction.before,
            "after": correction.after,
            "reason": correction.reason,
            "appeal": Cell(correction.appeal.number, url=case_url(correction.appeal)),
            "by": actor(correction.by),
        },
        key=str(correction.pk),
    )
