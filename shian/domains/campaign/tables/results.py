"""Columns and rows of the campaign's lists."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.models import Channel, Duty, Indicator, ItemResult, ItemState, Method
from shian.domains.campaign.queries.catalogues import Listed
from shian.domains.campaign.queries.declared import DECIMALS, decimals_of
from shian.domains.campaign.queries.losses import AreaLoss, Loss
from shian.domains.campaign.queries.report_figures import FAILED, NOT_APPLICABLE, PARTIAL, PASSED, UNKNOWN, outcome_of
from shian.domains.campaign.queries.units import Units
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.actors import actor
from shian.kernel.ui.figures import figure_text
from shian.kernel.ui.formats import difference_unit
from shian.kernel.ui.languages import ChineseText
from shian.kernel.ui.states import DONE, DUE, NEUTRAL, OVERDUE, WAITING, Text
from shian.kernel.ui.tables import Cell, Column, Row

OUTCOMES: dict[str, tuple[Text, str]] = {
    PASSED: (_("达标"), DONE),
    PARTIAL: (_("部分达标"), DUE),
    FAILED: (_("不达标"), OVERDUE),
    UNKNOWN: (_("未定"), WAITING),
    NOT_APPLICABLE: (_("不适用"), NEUTRAL),
}
ITEMS = (
    Column("code", _("编号"), kind="code", is_fixed=True),
    Column("title", _("评价内容"), is_fixed=True, is_wide=True),
    Column("section", _("大项"), is_default=False),
    Column("outcome", _("结论")),
    Column("state", _("来源")),
    Column("value", _("数值"), align="end"),
    Column("target", _("目标值"), align="end"),
    Column("margin", _("余量"), align="end"),
    Column("score", _("得分"), kind="number", decimals=2, sort="score"),
    Column("weight", _("分值"), kind="number", decimals=2, is_default=False),
    Column("lost", _("失分"), kind="number", decimals=2, sort="lost"),
    Column("lead", _("牵头单位"), is_wide=True),
    Column("methods", _("检查方式"), kind="badges", is_default=False),
    Column("reason", _("说明"), is_wide=True, is_default=False),
)
RANKING = (
    Column("area", _("下级区划"), is_fixed=True),
    Column("outcome", _("结论")),
    Column("state", _("来源")),
    Column("value", _("数值"), align="end"),
    Column("margin", _("余量"), align="end"),
    Column("score", _("得分"), kind="number", decimals=2),
    Column("reason", _("说明"), is_wide=True),
)
LOSSES = (
    Column("unit", _("牵头单位"), is_fixed=True),
    Column("lost", _("失分"), kind="number", decimals=2),
    Column("items", _("失分项"), kind="number"),
    Column("undecided", _("未定分值"), kind="number", decimals=2),
    Column("unknown", _("未定项"), kind="number"),
    Column("codes", pgettext_lazy("list", "评价内容"), is_wide=True),
)
AREA_LOSSES = (
    Column("area", _("区划"), is_fixed=True),
    Column("lost", _("失分"), kind="number", decimals=2),
    Column("earned", _("得分"), kind="number", decimals=2),
    Column("possible", _("适用分值"), kind="number", decimals=2),
    Column("converted", _("折算分"), kind="number", decimals=2),
    Column("undecided", _("未定分值"), kind="number", decimals=2),
    Column("unknown", _("未定项"), kind="number"),
)
INDICATORS = (
    Column("code", _("编号"), kind="code", is_fixed=True),
    Column("title", _("评价内容"), is_fixed=True, is_wide=True),
    Column("point", _("考评要点")),
    Column("channel", _("主渠道")),
    Column("methods", _("检查方式"), is_wide=True),
    Column("levels", _("适用层级")),
    Column("lead", _("牵头单位"), is_wide=True),
    Column("numbers", _("量化指标"), kind="number"),
    Column("veto", _("否决")),
)
DUTIES = (
    Column("code", _("编号"), kind="code", is_fixed=True),
    Column("title", _("评价内容"), is_fixed=True, is_wide=True),
    Column("audience", _("承担单位")),
    Column("role", _("职责")),
    Column("target", _("量化目标"), is_wide=True),
    Column("lead", _("牵头单位"), is_wide=True),
    Column("responsible", _("责任单位"), is_wide=True, is_default=False),
    Column("due_on", _("完成期限"), kind="date", is_default=False),
    Column("acknowledged", pgettext_lazy("column", "签收")),
)
CATALOGUES = (
    Column("kind", _("目录"), is_fixed=True),
    Column("state", _("状态")),
    Column("revision", _("修订"), kind="number"),
    Column("duties", _("分解条目"), kind="number"),
    Column("items", _("涉及评价内容"), kind="number"),
    Column("due_on", _("完成期限"), kind="date"),
    Column("issued", pgettext_lazy("column", "下发")),
    Column("signed", pgettext_lazy("column", "签收"), kind="rate"),
)
SHORT = 60
SIGNS = {">=": "≥", "<=": "≤"}
LEVEL_WORDS: dict[str, Text] = {"city": _("市"), "county": _("县"), "township": _("乡")}


def points_text(number: Decimal | None, unit: str = "", decimals: int | None = DECIMALS) -> str:
    """A measured number as people write it, with its unit; "" for none."""
    return figure_text(number, str(unit), decimals)


def margin_text(margin: Decimal | None, unit: str, decimals: int = DECIMALS) -> str:
    """How far a value lies from its target: percentages differ by percentage points."""
    return figure_text(margin, difference_unit(str(unit)), decimals)


def target_text(operator: str, threshold: Decimal | None, unit: str) -> str:
    """≥ 25%; "" for none."""
    shown = points_text(threshold, unit, decimals=None)
    return f"{SIGNS.get(operator, operator)} {shown}" if shown else ""


def outcome_cell(outcome: str) -> Cell:
    """An outcome as a badge, its word in the present language."""
    word, state = OUTCOMES[outcome]
    return Cell(str(word), state=state)


@lru_cache(maxsize=4096)
def item_url(code: str, area_key: str, as_of: Any) -> str:
    """The page of one item for one area and date."""
    return f"{reverse('campaign:item_detail', args=[code])}?{urlencode({'area': area_key, 'as_of': as_of})}"


class _Words(NamedTuple):
    """Words of an item's row, translated once for all rows."""

    outcomes: dict[str, Cell]
    states: dict[str, str]
    methods: dict[str, str]
    no_lead: Cell

    @classmethod
    def now(cls) -> "_Words":
        states, methods = ({each.value: str(each.label) for each in kind} for kind in (ItemState, Method))
        outcomes = {outcome: outcome_cell(outcome) for outcome in OUTCOMES}
        return cls(outcomes, states, methods, Cell(gettext("无牵头单位"), state=WAITING))


def item_rows(results: Iterable[ItemResult], units: Units, sections: dict[int, str], as_of: Any) -> Iterator[Row]:
    """The 94 items of an area."""
    words = _Words.now()
    for result in results:
        yield _item_row(result, result.indicator, units, sections, as_of, words)


def _item_row(
    result: ItemResult, indicator: Indicator, units: Units, sections: dict[int, str], as_of: Any, words: _Words
) -> Row:
    lead = "、".join(units.names(result.lead_codes, indicator.code))
    decimals, reason = decimals_of(result), result.stated_reason or result.reason
    cells = {
        "code": indicator.code,
        "title": Cell(ChineseText(indicator.title), note=_short(reason)),
        "section": ChineseText(sections.get(result.section_number, "")),
        "outcome": words.outcomes[outcome_of(result)],
        "state": words.states[result.state],
        "value": points_text(result.value, result.unit, decimals),
        "target": target_text(result.operator, result.threshold, result.unit),
        "margin": margin_text(result.margin, result.unit, decimals),
        "score": result.score,
        "weight": result.weight,
        "lost": result.lost,
        "lead": lead or words.no_lead,
        "methods": [words.methods[method] for method in indicator.methods],
        "reason": reason,
    }
    return Row(cells, url=item_url(indicator.code, result.area_key, as_of), key=indicator.code)


def _short(text: str) -> str:
    """What fits under a title; the whole of it stands on the item's page and in the column 说明."""
    return text if len(text) <= SHORT else f"{text[:SHORT]}…"


def ranking_row(result: ItemResult, code: str, names: dict[str, str], as_of: Any) -> Row:
    """The same item in a child area."""
    cells = {
        "area": names.get(result.area_key, result.area_key),
        "outcome": outcome_cell(outcome_of(result)),
        "state": ItemState(result.state).label,
        "value": points_text(result.value, result.unit, decimals_of(result)),
        "margin": margin_text(result.margin, result.unit, decimals_of(result)),
        "score": result.score,
        "reason": result.stated_reason or result.reason,
    }
    return Row(cells, url=item_url(code, result.area_key, as_of), key=result.area_key)


def loss_row(loss: Loss, url: str) -> Row:
    """What one unit loses."""
    unit = Cell(loss.unit.name) if loss.unit else Cell(gettext("无牵头单位"), state=WAITING)
    cells = {
        "unit": unit,
        "lost": loss.shown_lost,
        "items": len(loss.items),
        "undecided": loss.shown_undecided,
        "unknown": len(loss.unknown_items),
        "codes": "、".join([*loss.items, *loss.unknown_items]),
    }
    return Row(cells, url=url, key=loss.unit.department if loss.unit else "")


def area_loss_row(loss: AreaLoss, names: dict[str, str], url: str) -> Row:
    """What one area loses."""
    score = loss.score
    cells = {
        "area": Cell(names.get(loss.area_key, loss.area_key), note=code_of_key(loss.area_key)),
        "lost": score.lost,
        "earned": score.earned,
        "possible": score.possible,
        "converted": score.converted,
        "undecided": score.undecided,
        "unknown": score.states[ItemState.UNKNOWN],
    }
    return Row(cells, url=url, key=loss.area_key)


def indicator_row(indicator: Indicator, names: dict[str, str]) -> Row:
    """An item as the standard has it."""
    lead = "、".join(names.get(code, code) for code in indicator.stated_leads)
    inferred = "、".join(names.get(code, code) for code in indicator.lead_codes)
    without = Cell(gettext("无牵头单位"), state=WAITING, note=gettext("推断：%(unit)s") % {"unit": inferred})
    cells = {
        "code": indicator.code,
        "title": Cell(ChineseText(indicator.title), note=ChineseText(indicator.gist)),
        "point": ChineseText(indicator.point.title),
        "channel": Channel(indicator.primary_channel).label,
        "methods": gettext("、").join(str(Method(method).label) for method in indicator.methods),
        "levels": level_words(indicator.levels),
        "lead": Cell(lead) if lead else without,
        "numbers": len(indicator.measures.all()) or None,
        "veto": gettext("否决") if indicator.is_veto else "",
    }
    return Row(cells, url=reverse("campaign:item_detail", args=[indicator.code]), key=indicator.code)


def level_words(levels: Iterable[str]) -> str:
    return gettext("、").join(str(LEVEL_WORDS[level]) for level in levels)


def duty_row(duty: Duty) -> Row:
    """A line of a catalogue (its indicator fetched)."""
    cells = {
        "code": duty.indicator.code,
        "title": ChineseText(duty.indicator.title),
        "audience": duty.audience_name,
        "role": duty.get_role_display(),
        "target": duty.target,
        "lead": gettext("、").join(duty.lead_names) or gettext("无牵头单位"),
        "responsible": gettext("、").join(duty.responsible_names),
        "due_on": duty.due_on,
        "acknowledged": _signature_cell(duty),
    }
    return Row(cells, url=reverse("campaign:item_detail", args=[duty.indicator.code]), key=str(duty.pk))


def _signature_cell(duty: Duty) -> Cell:
    if duty.acknowledged_at is None:
        return Cell(gettext("未签收"), state=WAITING)
    day = timezone.localdate(duty.acknowledged_at)
    return Cell(gettext("已签收"), state=DONE, note=str(day), title=actor(duty.acknowledged_by))


def catalogue_row(listed: Listed) -> Row:
    """One of the catalogues with what of it concerns the reader."""
    catalogue = listed.catalogue
    states = {"drafted": WAITING, "issued": DONE, "revised": NEUTRAL}
    issued = f"{actor(catalogue.issued_by)} {timezone.localdate(catalogue.issued_at)}" if catalogue.issued_at else ""
    cells = {
        "kind": catalogue.get_kind_display(),
        "state": Cell(catalogue.get_state_display(), state=states[catalogue.state]),
        "revision": catalogue.revision,
        "duties": listed.lines,
        "items": listed.items,
        "due_on": catalogue.due_on,
        "issued": issued,
        "signed": (listed.signed, listed.lines) if catalogue.issued_at else None,
    }
    return Row(cells, url=reverse("campaign:catalogue_detail", args=[catalogue.pk]), key=str(catalogue.pk))
