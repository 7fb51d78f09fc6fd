"""What a declaration may add to the rows of a ledger: derived states, numbering without gaps, texts without identities,
a public list, counters by month. Parsed here, read by pages and by the importer. The form is in docs/ledgers.md.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from shian.engine.ledgers.conditions import Condition, ConditionInvalid, fields_of, holds, parse_conditions
from shian.kernel.ui.states import STATES, Text

DAY_OPERATORS = ("due_in", "older_than")


class AspectInvalid(ValueError):
    """Part of a declaration is wrong; the text names the key and what is expected."""


@dataclass(frozen=True)
class DayLimit:
    """Holds where the date in `field` is not later than `days` after the day that is asked about."""

    field: str
    days: int

    def last(self, as_of: date) -> date:
        """The latest date that still fits."""
        return as_of + timedelta(days=self.days)


@dataclass(frozen=True)
class RowState:
    """A state that a row is in while all its conditions hold; the first that fits wins. `tone`: ui/states."""

    title: Text
    tone: str
    conditions: tuple[Condition, ...] = ()
    limits: tuple[DayLimit, ...] = ()

    def fits(self, data: Mapping[str, Any], as_of: date) -> bool:
        """Does the row with this data have the state on the day?"""
        in_time = all(data.get(each.field) and data[each.field] <= each.last(as_of).isoformat() for each in self.limits)
        return in_time and holds(self.conditions, data)


@dataclass(frozen=True)
class Numbering:
    """Whole numbers in `field` run from 1 without gaps, among the rows that agree in the fields `within`."""

    field: str
    within: tuple[str, ...] = ()


@dataclass(frozen=True)
class Redaction:
    """Texts in `fields` hold no identity number, phone, number plate, nor anything that stands in the `sources` fields
    of the same row (several are parted by 、，；), nor the name of the row's operator."""

    fields: tuple[str, ...]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class PublicList:
    """Rows in force for which the conditions hold are shown without sign-in, by the ledger's public fields only."""

    conditions: tuple[Condition, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Aspects:
    """Everything optional of one declaration. `by_month` is the field that splits the counters by month, or ""."""

    states: tuple[RowState, ...] = ()
    numbering: Numbering | None = None
    redaction: Redaction | None = None
    public: PublicList | None = None
    by_month: str = ""
    owners: tuple[str, ...] = ()
    named: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # key of the declaration → fields it mentions


KEYS = frozenset({"states", "numbering", "redact", "public", "by_month", "owners"})


def read_aspects(raw: Mapping[str, Any], title_of: Callable[[Mapping[str, Any]], Text]) -> Aspects:
    """The aspects of a declaration. Raises AspectInvalid, ConditionInvalid."""
    states = tuple(_state(number, each, title_of) for number, each in enumerate(raw.get("states") or (), 1))
    numbering = _numbering(raw.get("numbering"))
    redaction = _redaction(raw.get("redact"))
    public = _public(raw.get("public"))
    by_month = raw.get("by_month") or ""
    named = {
        **{f"states[{number}]": _fields_of_state(each) for number, each in enumerate(states, 1)},
        "numbering": (numbering.field, *numbering.within) if numbering else (),
        "redact": (*redaction.fields, *redaction.sources) if redaction else (),
        "public": tuple(fields_of(public.conditions)) if public else (),
        "by_month": (by_month,) if by_month else (),
    }
    return Aspects(states, numbering, redaction, public, by_month, tuple(_names("owners", raw.get("owners"))), named)


def _fields_of_state(state: RowState) -> tuple[str, ...]:
    return (*fields_of(state.conditions), *(each.field for each in state.limits))


def _state(number: int, raw: Any, title_of: Callable[[Mapping[str, Any]], Text]) -> RowState:
    where = f"states[{number}]"
    _only(where, raw, {"title", "title_en", "tone", "when"})
    if raw.get("tone") not in STATES:
        raise AspectInvalid(f"{where}.tone: {raw.get('tone')!r}; use one of {', '.join(STATES)}.")
    limits, others = [], {}
    for name, wanted in (raw.get("when") or {}).items():
        days = {op: wanted[op] for op in DAY_OPERATORS if isinstance(wanted, Mapping) and op in wanted}
        limits += [_limit(where, name, operator, value) for operator, value in days.items()]
        rest = {op: v for op, v in wanted.items() if op not in days} if isinstance(wanted, Mapping) else wanted
        if rest != {}:
            others[name] = rest
    try:
        return RowState(title_of(raw), raw["tone"], parse_conditions(others), tuple(limits))
    except ConditionInvalid as error:
        raise AspectInvalid(f"{where}.when: {error}; for days {' or '.join(DAY_OPERATORS)}.") from error


def _limit(where: str, name: str, operator: str, value: Any) -> DayLimit:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise AspectInvalid(f"{where}.when.{name}.{operator}: a number of days is needed, not {value!r}.")
    return DayLimit(name, value if operator == "due_in" else -value - 1)


def _numbering(raw: Any) -> Numbering | None:
    if not raw:
        return None
    _only("numbering", raw, {"field", "within"})
    if not raw.get("field"):
        raise AspectInvalid("numbering.field: the field with the number is needed.")
    return Numbering(raw["field"], tuple(_names("numbering.within", raw.get("within"))))


def _redaction(raw: Any) -> Redaction | None:
    if not raw:
        return None
    _only("redact", raw, {"fields", "sources"})
    fields = tuple(_names("redact.fields", raw.get("fields")))
    if not fields:
        raise AspectInvalid("redact.fields: at least one field is needed.")
    return Redaction(fields, tuple(_names("redact.sources", raw.get("sources"))))


def _public(raw: Any) -> PublicList | None:
    if raw in (None, False):
        return None
    if raw is True:
        return PublicList()
    _only("public", raw, {"where", "note"})
    return PublicList(parse_conditions(raw.get("where")), raw.get("note") or "")


def _names(where: str, raw: Any) -> Sequence[str]:
    if raw is None:
        return ()
    if not isinstance(raw, list) or not all(isinstance(each, str) for each in raw):
        raise AspectInvalid(f"{where}: a list of names is needed, as in [name, other_name].")
    return raw


def _only(where: str, raw: Any, known: set[str]) -> None:
    if not isinstance(raw, Mapping):
        raise AspectInvalid(f"{where}: a mapping with {', '.join(sorted(known))} is expected.")
    if unknown := sorted(set(map(str, raw)) - known):
        raise AspectInvalid(f"{where}: {unknown[0]!r} is unknown; known are {', '.join(sorted(known))}.")
