"""The rows behind a figure as CSV files: what the figure's own page exports, personal data masked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from django.utils.encoding import force_str
from django.utils.translation import gettext as _

from shian.engine.ledgers.exports import make_export
from shian.engine.measures.declarations import Measure, Part, measure
from shian.engine.measures.queries import Ask, ask_for, operand_asks, rows_of
from shian.engine.measures.wording import definition_text
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.masking import masked_name, masked_phone
from shian.kernel.ui.tables import Cell, Column, Row

NAMES = re.compile("姓名|联系人|法定代表人|负责人姓名|经办人|评审人")
NUMBERS = re.compile("电话|手机|身份证|证件号码")
AT_ONCE = 2_000


@dataclass(frozen=True)
class Side:
    """One side of a figure over certain days: what one CSV file holds."""

    measure: str
    side: str
    as_of: date
    period: str

    @property
    def name(self) -> str:
        """A file name without its ending."""
        days = f"-{self.period.replace('/', '_')}" if self.period else ""
        return f"{self.measure}-{self.side}{days}"


@dataclass(frozen=True)
class RowsFile:
    """A written CSV. `checksum` is over the rows alone, as every export states it."""

    file: IO[bytes]
    rows: int
    checksum: str


def sides_of(key: str, as_of: date, period: str = "") -> list[Side]:
    """The sides of a figure that have rows; those of its operands for a formula. Raises LookupError, PeriodInvalid."""
    found = measure(key)
    ask = ask_for(key, as_of, period or None)
    if found.formula:
        return list(dict.fromkeys(side for each in operand_asks(ask) for side in _operand_sides(each)))
    return [Side(key, side, as_of, _asked_period(ask, period)) for side in _own_sides(found)]


def _operand_sides(ask: Ask) -> list[Side]:
    return sides_of(ask.measure.key, ask.as_of, ask.window.text if ask.window else "")


def _asked_period(ask: Ask, period: str) -> str:
    return period if ask.window else ""


def _own_sides(found: Measure) -> list[str]:
    sides = ["part"] if found.part else []
    whole = measure(found.whole) if isinstance(found.whole, str) else None
    has_rows = isinstance(found.whole, Part) or (whole is not None and whole.part is not None)
    return [*sides, "whole"] if has_rows else sides


def write_rows(side: Side, *, area: str, reader: Any, at: datetime) -> RowsFile:
    """The rows of one side as CSV, cut to the reader's reach. Raises OutOfReach."""
    period = side.period or None
    opened = rows_of(side.measure, side.side, area=code_of_key(area), as_of=side.as_of, period=period, user=reader)
    source, declared = opened.source, measure(side.measure)
    rows = (source.row_of(row) for row in opened.rows.order_by("pk").iterator(chunk_size=AT_ONCE))
    made = make_export(
        name=f"{declared.title} {code_of_key(area)}",
        format="csv",
        columns=source.columns,
        rows=_masked(source.columns, rows),
        facts={
            _("指标"): f"{declared.title} ({side.measure}, {side.side})",
            _("口径"): definition_text(declared),
            _("数据时点"): side.as_of.isoformat(),
            **({_("期间"): side.period} if side.period else {}),
            _("导出理由"): _("归档：评价档案的明细"),
        },
        by=reader.get_username(),
        at=at,
    )
    return RowsFile(made.file, made.rows, made.checksum)


def _masked(columns: tuple[Column, ...], rows: Iterator[Row]) -> Iterator[Row]:
    masks = {column.key: mask for column in columns if (mask := _mask_of(force_str(column.label)))}
    if not masks:
        yield from rows
        return
    for row in rows:
        cells = {key: _hidden(value, masks[key]) if key in masks else value for key, value in row.cells.items()}
        yield row._replace(cells=cells)


def _mask_of(label: str) -> Any:
    """How a column of this title is masked; None for what is no personal data."""
    if NUMBERS.search(label):
        return masked_phone
    return masked_name if NAMES.search(label) else None


def _hidden(value: Any, mask: Any) -> Any:
    text = value.value if isinstance(value, Cell) else value
    return mask(force_str(text)) if text else text
