"""How a ledger's rows look in tables: columns and cells from the declaration."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.urls import reverse

from shian.engine.ledgers.declarations import Ledger, LedgerField
from shian.engine.ledgers.models import LedgerRow
from shian.kernel.ui.tables import Cell, Column, Row

_KINDS = {"integer": "number", "number": "number", "date": "date"}
SHOWN_AT_FIRST = 8


def columns_of(ledger: Ledger) -> tuple[Column, ...]:
    """One column per field, natural key first; those beyond the eighth wait in the column chooser."""
    keyed = [ledger.by_name[name] for name in ledger.key_fields]
    others = [each for each in ledger.fields if each.name not in ledger.key_fields]
    return tuple(
        Column(
            each.name,
            each.title,
            kind=_KINDS.get(each.type, "text"),
            sort="key" if position == 0 else "",
            unit=each.unit,
            is_default=position < SHOWN_AT_FIRST,
            is_fixed=position == 0,
        )
        for position, each in enumerate([*keyed, *others])
    )


def row_of(ledger: Ledger) -> Callable[[LedgerRow], Row]:
    """The function that draws a row of this ledger."""

    def draw(row: LedgerRow) -> Row:
        cells = {each.name: value_of(each, row.data.get(each.name)) for each in ledger.fields}
        if ledger.operator and row.operator_code:
            cells[ledger.operator] = Cell(row.operator_code, url=_operator_url(row.operator_code))
        return Row(cells, url=reverse("ledgers:row_detail", args=[ledger.key, row.pk]), key=str(row.pk))

    return draw


def value_of(field: LedgerField, value: Any) -> Any:
    """A stored value as a page shows it."""
    if value is None or value == "":
        return None
    if field.type == "date":
        return date.fromisoformat(value)
    if field.type == "boolean":
        return "是" if value else "否"
    return str(value) if field.type in {"year", "string"} else value


def _operator_url(code: str) -> str:
    """The operator's record lives in a domain above; its address is found by name."""
    from django.urls import NoReverseMatch

    try:
        return reverse("census:operator_detail", args=[code])
    except NoReverseMatch:
        return ""
