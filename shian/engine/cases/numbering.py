"""Numbers of cases: a format's fixed part, with its issuer, area and year, is a series of its own. Pure."""

import re
from collections.abc import Mapping
from string import Formatter
from typing import Any

NUMBER = "number"


def numbered(form: str, told: Mapping[str, Any], number: int) -> str:
    """The `number`-th number of the series that `told` (issuer, area, year) names."""
    return form.format(**told, number=number)


def series_of(key: str, form: str, told: Mapping[str, Any]) -> str:
    """The series' name: the type's key and the number's fixed part, "#" for the running number."""
    return f"{key}:" + "".join(_parts(form, told, "#"))


def place_in(form: str, told: Mapping[str, Any], given: str) -> int | None:
    """The running number inside a number that follows the format; None for one that does not."""
    pattern = "".join(_parts(form, told, None))
    found = re.fullmatch(pattern, given)
    return int(found.group(1)) if found else None


def _parts(form: str, told: Mapping[str, Any], mark: str | None) -> list[str]:
    """The format's pieces as they are read; without a `mark`, as a pattern with the running number as its group."""
    quoted = re.escape if mark is None else str
    found = []
    for literal, name, spec, _conversion in Formatter().parse(form):
        found.append(quoted(literal))
        if name == NUMBER:
            found.append(mark or r"(\d{1,9})")
        elif name:
            found.append(quoted(format(told[name], spec or "")))
    return found
