"""The standard as a nested mapping (the YAML form): what is wrong with it, and what it holds."""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from shian.domains.campaign.rules.problems import Invalid, Problem
from shian.domains.campaign.rules.readings import meets

Node = Mapping[str, Any]
LEVELS = ("city", "county", "township")
METHODS = ("document", "field", "statistic", "survey", "bonus", "veto")
CHANNELS = ("document", "field", "external", "veto")
WANTED_OF_INDICATOR = ("code", "title", "gist", "primary_channel", "computability")
WANTED_OF_MEASURE = ("key", "title", "operator", "threshold")


class StandardInvalid(Invalid):
    """The source of an edition cannot be loaded."""


def indicators_in(pack: Node) -> Iterator[tuple[Node, Node, Node]]:
    """(section, point, indicator) in the order of the source."""
    for section in pack.get("sections", []):
        for point in section.get("points", []):
            for indicator in point.get("indicators", []):
                yield section, point, indicator


def problems_of(pack: Node) -> list[Problem]:
    """What is wrong, each naming the item; empty when the pack can be loaded."""
    if not pack.get("sections"):
        return [Problem("pack.no_sections")]
    departments = {row["code"] for row in pack.get("departments", [])}
    found = [problem for _, _, indicator in indicators_in(pack) for problem in _of_indicator(indicator, departments)]
    codes = Counter(str(indicator.get("code", "")) for _, _, indicator in indicators_in(pack))
    twice = {code: times for code, times in codes.items() if times > 1}
    return [*found, *(Problem("item.twice", {"item": code, "times": times}) for code, times in twice.items())]


def _of_indicator(indicator: Node, departments: set[str]) -> Iterator[Problem]:
    name = str(indicator.get("code") or "")

    def wrong(code: str, **facts: object) -> Problem:
        return Problem(code, {"item": name, **facts})

    for key in WANTED_OF_INDICATOR:
        if not indicator.get(key):
            yield wrong("item.lacks", field=key)
    if indicator.get("primary_channel") not in CHANNELS:
        yield wrong("item.channel", value=indicator.get("primary_channel"), known=CHANNELS)
    for method in sorted(set(indicator.get("method", [])) - set(METHODS)):
        yield wrong("item.method", value=method)
    for level in sorted(set(indicator.get("applicable_levels", [])) - set(LEVELS)):
        yield wrong("item.level", value=level)
    for code in sorted({*indicator.get("lead", []), *indicator.get("responsible", [])} - departments):
        yield wrong("item.department", value=code)
    for row in indicator.get("measures", []):
        yield from _of_measure(name, row)


def _of_measure(name: str, row: Node) -> Iterator[Problem]:
    facts = {"item": name, "measure": row.get("key")}
    for key in WANTED_OF_MEASURE:
        if row.get(key) in (None, ""):
            yield Problem("measure.lacks", {**facts, "field": key})
            return
    try:
        meets(Decimal(0), row["operator"], Decimal(str(row["threshold"])))
    except (InvalidOperation, KeyError):
        yield Problem("measure.comparison", {**facts, "operator": row["operator"], "threshold": row["threshold"]})
