"""Frozen days in tables."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shian.engine.measures.declarations import Measure
from shian.engine.snapshots.queries import Day, DayValue
from shian.kernel.ui.figures import figure_text
from shian.kernel.ui.tables import Cell, Column, Row

DAYS = (
    Column("day", _("数据时点"), kind="date", is_fixed=True),
    Column("figures", _("指标数"), kind="number", unit=_("项")),
    Column("taken_at", _("冻结时间"), kind="moment"),
    Column("state", _("说明")),
)
HISTORY = (
    Column("day", _("数据时点"), kind="date", is_fixed=True),
    Column("value", _("冻结值"), align="end"),
    Column("change", _("较上一日"), align="end"),
    Column("taken_at", _("冻结时间"), kind="moment"),
    Column("state", _("说明")),
)


def day_row(found: Day) -> Row:
    """One night."""
    cells = {"day": found.day, "figures": found.figures, "taken_at": found.taken_at, "state": _word(found.is_late)}
    return Row(cells, key=found.day.isoformat())


def history_rows(found: Sequence[DayValue], declared: Measure) -> list[Row]:
    """The days of a figure, newest first, each with its change from the day before."""
    rows: list[Row] = []
    before: DayValue | None = None
    for each in found:
        cells = {
            "day": each.day,
            "value": figure_text(each.shown, str(declared.unit), declared.decimals) or Cell(each.reason),
            "change": _change(before.shown if before else None, each.shown),
            "taken_at": each.taken_at,
            "state": _word(each.is_late),
        }
        rows.append(Row(cells, key=each.day.isoformat()))
        before = each
    return rows[::-1]


def _change(before: Decimal | None, after: Decimal | None) -> str | None:
    if before is None or after is None:
        return None
    return f"{after - before:+,}" if after != before else "0"


def _word(is_late: bool) -> Cell:
    if is_late:
        return Cell(gettext("补记"), state="due")
    return Cell(gettext("当晚冻结"), state="done")
