"""The retention schedule in force on a day, read from packs/parameters/retention.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shian.kernel.parameters.dated import Dated
from shian.kernel.ui.languages import bilingual
from shian.kernel.ui.states import Text


@dataclass(frozen=True)
class Rule:
    """How long. `years` None: for good."""

    key: str
    title: Text
    years: int | None
    basis: str


@dataclass(frozen=True)
class Kind:
    """A table and its rule; `event` is the column from which the years run, "" where nothing ever ends.

    `is_purged`: its rows are removed when their time is over.
    """

    table: str
    rule: Rule
    event: str
    is_purged: bool = False


@dataclass(frozen=True)
class Schedule:
    """Every table's rule. `basis`, `confidence`: where the numbers are from."""

    valid_from: date
    basis: str
    confidence: str
    kinds: Mapping[str, Kind]


def schedule_at(day: date) -> Schedule:
    """The schedule in force on the day. Raises ImproperlyConfigured when the pack has none for it."""
    return SCHEDULES.at(day)


def kept_until(event: date, years: int) -> date:
    """The last day on which a record of that event is kept; 29 February becomes the 28th."""
    try:
        return event.replace(year=event.year + years)
    except ValueError:
        return event.replace(year=event.year + years, day=28)


def purged_before(today: date, years: int) -> date:
    """Rows of earlier days are past their time; never a day too early."""
    return kept_until(today, -years)


def _schedule(told: Mapping[str, Any]) -> Schedule:
    rules = {
        key: Rule(key, bilingual(each["title"], each.get("title_en")), each.get("years"), each["basis"])
        for key, each in told["classes"].items()
    }
    kinds = {
        table: Kind(table, rules[each["class"]], each.get("event", ""), each.get("purge", False))
        for table, each in told["kinds"].items()
    }
    return Schedule(told["valid_from"], told["basis"], told["confidence"], kinds)


SCHEDULES = Dated("retention", _schedule)
