"""A whole column of texts at once: what is already written as it is kept needs no look at each cell.

`quick_column` answers the values, or None as soon as one cell may need more than trimming; the column is then judged
cell by cell (cells.py), which alone knows findings. Both give the same values: tests compare them.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date

from shian.kernel.imports.rules import FIRST_YEAR, LAST_YEAR, is_odd
from shian.kernel.imports.specs import ImportField

SEPARATOR = "\x1f"
_INTEGER = r"(?:0|-?[1-9]\d{0,17})"
_NUMBER = rf"(?:{_INTEGER}|-?(?:0|[1-9]\d{{0,17}})\.\d{{0,11}}[1-9])"
_DAY = r"\d{4}-\d\d-\d\d"


def _all(cell: str) -> re.Pattern[str]:
    return re.compile(f"(?:{cell})?(?:{SEPARATOR}(?:{cell})?)*", re.ASCII)


_SHAPES = {"integer": _all(_INTEGER), "number": _all(_NUMBER), "date": _all(_DAY)}
Quick = Callable[[Sequence[str]], list[str] | None]
Judge = Callable[[list[str]], list[str] | None]


def quick_column(field: ImportField) -> Quick | None:
    """The quick way through columns of this field; None for one that has none (its values are few)."""
    limits = () if field.type in {"integer", "number"} else (field.minimum, field.maximum)
    if field.choices or field.type not in {"string", *_SHAPES} or any(limit is not None for limit in limits):
        return None
    shape = _SHAPES.get(field.type)
    if shape and (field.pattern or field.checks or field.normalise):
        return None
    judge = _texts(field) if shape is None else _days if field.type == "date" else _numbers(field)
    may_be_empty = not field.required and not field.default

    def column(cells: Sequence[str]) -> list[str] | None:
        trimmed = list(map(str.strip, cells))
        joined = SEPARATOR.join(trimmed)
        is_one_each = joined.count(SEPARATOR) == len(trimmed) - 1
        is_ready = shape.fullmatch(joined) if shape else not is_odd(joined) and "'" not in joined and "=" not in joined
        return judge(trimmed) if is_one_each and is_ready and (may_be_empty or all(trimmed)) else None

    return column


def _texts(field: ImportField) -> Judge:
    pattern = re.compile(field.pattern).fullmatch if field.pattern else None

    def judge(trimmed: list[str]) -> list[str] | None:
        values = [field.normalise(text) if text else "" for text in trimmed] if field.normalise else trimmed
        if field.max_length and max(map(len, values)) > field.max_length:
            return None
        filled = list(filter(None, values)) if pattern or field.checks else []
        if pattern and not all(map(pattern, filled)):
            return None
        return values if all(not any(map(check, filled)) for check in field.checks) else None

    return judge


def _numbers(field: ImportField) -> Judge:
    least = float("-inf") if field.minimum is None else float(field.minimum)
    most = float("inf") if field.maximum is None else float(field.maximum)

    def judge(cells: list[str]) -> list[str] | None:
        found = list(map(float, filter(None, cells)))
        return cells if not found or (least <= min(found) and max(found) <= most) else None

    return judge


def _days(cells: list[str]) -> list[str] | None:
    try:
        found = set(map(date.fromisoformat, set(filter(None, cells))))
    except ValueError:
        return None
    years = {day.year for day in found}
    return cells if all(FIRST_YEAR <= year <= LAST_YEAR for year in years) else None
