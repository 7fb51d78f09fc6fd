"""Tables of figures: the catalogue, the ranking by child area, frozen values."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shian.engine.measures.declarations import Measure
from shian.engine.measures.queries import Comparison, Figure
from shian.engine.measures.wording import definition_text, levels_text, period_text
from shian.kernel.ui.actors import actor
from shian.kernel.ui.tables import Cell, Column, Row
from shian.registers.dictionaries.queries import name_of

CATALOGUE = (
    Column("title", _("指标"), sort="title", is_fixed=True, is_wide=True),
    Column("unit", _("单位")),
    Column("register", _("登记簿"), sort="register"),
    Column("definition", _("口径"), is_wide=True),
    Column("period", _("时间")),
    Column("levels", _("层级")),
    Column("legal_basis", _("依据"), is_default=False),
    Column("key", _("标识"), kind="code", sort="key", is_default=False),
)
FROZEN = (
    Column("document", _("文件"), is_fixed=True, is_wide=True),
    Column("as_of", _("数据时点"), kind="date"),
    Column("period", _("期间")),
    Column("frozen", _("冻结值"), kind="number"),
    Column("today", _("今日重算"), kind="number"),
    Column("state", _("比较")),
    Column("frozen_at", _("冻结时间"), kind="moment"),
    Column("frozen_by", _("冻结人")),
)


def catalogue_row(found: Measure) -> Row:
    """A measure in the catalogue."""
    url = reverse("figures:figure_detail", args=[found.key])
    cells = {
        "title": Cell(str(found.title), url=url),
        "unit": found.unit,
        "register": str(name_of("registers", found.register)),
        "definition": definition_text(found),
        "period": period_text(found).split("：")[0],
        "levels": levels_text(found),
        "legal_basis": found.legal_basis,
        "key": found.key,
    }
    return Row(cells, url=url, key=found.key)


def is_additive(found: Measure) -> bool:
    """Do the values of the parts of an area add up to its own?"""
    return found.part is not None and not found.is_ratio and found.part.aggregate in {"count", "sum"}


def ranking_columns(found: Measure, *, has_reasons: bool) -> tuple[Column, ...]:
    """Area, value and its bar; part and whole for a ratio; why there is no value where one has none."""
    columns = [
        Column("area", _("区划"), is_fixed=True),
        Column("value", found.title, kind="number", unit=found.unit, decimals=found.decimals),
    ]
    if found.is_ratio or is_additive(found):
        columns.append(Column("bar", _("比率") if found.is_ratio else _("占上级"), kind="progress"))
    if found.is_ratio:
        columns += [Column("part", _("分子"), kind="number"), Column("whole", _("分母"), kind="number")]
    return (*columns, Column("reason", _("说明"))) if has_reasons else tuple(columns)


def ranking_rows(
    figures: Iterable[Figure], total: Decimal | None, names: dict[str, str], urls: dict[str, str]
) -> list[Row]:
    """Areas by value, largest first; those without one come last and say why. `total` is that of the area above."""
    listed = sorted(figures, key=lambda each: (each.value is None, -(each.value or 0), each.area))
    return [_ranking_row(each, total, names, urls) for each in listed]


def _ranking_row(figure: Figure, total: Decimal | None, names: dict[str, str], urls: dict[str, str]) -> Row:
    cells: dict[str, Any] = {
        "area": Cell(names.get(figure.area, figure.area), url=urls.get(figure.area, "")),
        "value": figure.shown,
        "part": figure.part,
        "whole": figure.whole,
        "reason": Cell(figure.reason, state="waiting") if figure.reason else None,
    }
    if figure.whole:
        cells["bar"] = (figure.part, figure.whole)
    elif figure.value is not None and total:
        cells["bar"] = (figure.value, total)
    return Row(cells, url=urls.get(figure.area, ""), key=figure.area)


def frozen_row(comparison: Comparison) -> Row:
    """A frozen value beside today's count."""
    frozen, today = comparison.frozen, comparison.today
    if comparison.is_redefined:
        state = Cell(gettext("口径已变"), state="due")
    elif comparison.is_changed:
        state = Cell(gettext("数据已变"), state="due")
    else:
        state = Cell(gettext("一致"), state="done")
    cells = {
        "document": frozen.document,
        "as_of": frozen.as_of,
        "period": frozen.period,
        "frozen": frozen.shown,
        "today": today.shown if today else None,
        "state": state,
        "frozen_at": frozen.frozen_at,
        "frozen_by": actor(frozen.frozen_by),
    }
    return Row(cells, key=str(frozen.pk))
