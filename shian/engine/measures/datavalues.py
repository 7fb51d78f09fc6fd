"""DHIS2 data value sets: what their words mean here.

| DHIS2 | here |
|---|---|
| data set | the first word of a measure's key (`operators`), for figures out; a ledger, for values in |
| data element | the key of a measure (`operators.total`) out; `<ledger>.<field>` (`pesticides.used`) in |
| org unit | the code of a division as people write it (`131000`) |
| period | 2022, 2022S1, 2022Q3, 202211 or 20221124 |
| attribute option combo | the other key fields of a ledger's row, `field:value;field:value`; `default` for none |
| category option combo | always `default` |
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shian.engine.ledgers.declarations import Ledger, ledger
from shian.engine.measures.declarations import all_measures, measure
from shian.engine.measures.queries import Figure, figures, refuse_days_to_come
from shian.engine.measures.rules import PeriodInvalid, parse_period
from shian.kernel.scope.rules import LEVELS, Level, level_of_key

DEFAULT = "default"
DEEPEST = Level.TOWNSHIP


class ValueMisplaced(ValueError):
    """A data value names no ledger, no field of it, or lacks what makes its row; the text says which."""


@dataclass(frozen=True)
class Days:
    """What a written period means: `period` for measures of days ("" for their own), `as_of` for those of a state."""

    period: str
    as_of: date


def days_of(text: str, today: date) -> Days:
    """A DHIS2 period. A state is read at its end, or today when that is still to come. Raises PeriodInvalid."""
    if len(text) == 8 and text.isdecimal():
        try:
            return Days("", date(int(text[:4]), int(text[4:6]), int(text[6:])))
        except ValueError as error:
            raise PeriodInvalid(text) from error
    window = parse_period(text)
    return Days(text, min(window.end, today))


def data_sets() -> list[str]:
    """The data sets that figures can be asked for."""
    return sorted({key.partition(".")[0] for key in all_measures()})


def set_figures(data_set: str, days: Days, area: str, *, with_children: bool) -> list[Figure]:
    """The figures of a data set for an area, and for all below it down to townships. Those without a value are left
    out. Raises LookupError for an unknown set, DayToCome."""
    keys = [key for key in all_measures() if key.partition(".")[0] == data_set]
    if not keys:
        raise LookupError(data_set)
    refuse_days_to_come(days.as_of, days.period)
    own = level_of_key(area)
    below = LEVELS[LEVELS.index(own) : LEVELS.index(DEEPEST) + 1] if with_children else (own,)
    areas = None if with_children else [area]
    of_states = [key for key in keys if measure(key).period == "none"]
    of_days = [key for key in keys if measure(key).period != "none"]
    found = figures(of_states, as_of=days.as_of, area_prefix=area, levels=below, areas=areas)
    found |= figures(of_days, as_of=days.as_of, area_prefix=area, period=days.period or None, levels=below, areas=areas)
    listed = [each for by_area in found.values() for each in by_area.values() if each.shown is not None]
    return sorted(listed, key=lambda each: (each.measure, each.area))


@dataclass(frozen=True)
class DataValue:
    """One value on its way in."""

    element: str
    period: str
    org_unit: str
    combo: str
    value: str


@dataclass(frozen=True)
class LedgerFile:
    """The rows of one ledger that data values make up, as a file for the ordinary importer."""

    ledger: Ledger
    content: bytes
    rows: int


def ledger_files(values: Iterable[DataValue]) -> list[LedgerFile]:
    """One CSV file for each ledger: values of the same area, period and combo stand in one row.

    Raises ValueMisplaced. Whether a value is good is for the importer to judge.
    """
    rows: dict[str, dict[tuple[str, str, str], dict[str, str]]] = {}
    for each in values:
        key, _dot, name = each.element.partition(".")
        found = _ledger(key, each)
        if name not in found.by_name:
            raise ValueMisplaced(_("“%(element)s”不是台账字段。") % {"element": each.element})
        place = (each.org_unit, each.period, each.combo)
        row = rows.setdefault(key, {}).setdefault(place, _keyed(found, each))
        row[name] = each.value
    return [_file(ledger(key), list(listed.values())) for key, listed in sorted(rows.items())]


def _ledger(key: str, each: DataValue) -> Ledger:
    try:
        found = ledger(key)
    except LookupError:
        raise ValueMisplaced(
            _("没有名为“%(key)s”的台账（%(element)s）。") % {"key": key, "element": each.element}
        ) from None
    if not found.area:
        raise ValueMisplaced(_("台账“%(key)s”不按区划登记，请用文件导入。") % {"key": key})
    return found


def _keyed(found: Ledger, each: DataValue) -> dict[str, str]:
    """The fields that make a row: area, year where the ledger has one, and those that the combo names."""
    row = {found.area: each.org_unit}
    if found.year_field:
        row[found.year_field] = each.period[:4]
    if each.combo not in {"", DEFAULT}:
        row |= _combo(found, each.combo)
    return row


def _combo(found: Ledger, text: str) -> Mapping[str, str]:
    pairs = [part.partition(":") for part in text.split(";") if part]
    named = {name.strip(): value for name, _colon, value in pairs}
    unknown = sorted(set(named) - set(found.by_name))
    if unknown:
        raise ValueMisplaced(_("“%(combo)s”中的“%(name)s”不是台账字段。") % {"combo": text, "name": unknown[0]})
    return named


def _file(found: Ledger, rows: list[dict[str, Any]]) -> LedgerFile:
    names = [each.name for each in found.fields if any(each.name in row for row in rows)]
    text = io.StringIO()
    sheet = csv.DictWriter(text, names)
    sheet.writeheader()
    sheet.writerows(rows)
    return LedgerFile(found, text.getvalue().encode(), len(rows))
