"""What a figure is: sources, measures and their registry.

A *source* is a register with dates: a table whose rows carry the five area columns. A *measure* counts or sums the rows
of a source (the part), alone or among others (the whole), or derives from other measures by a formula. Domains register
theirs from `definitions.py`; those of ledgers come from packs/ledgers by themselves.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model

from shian.engine.ledgers.conditions import Condition, fields_of
from shian.engine.measures.formulas import Node, operands, parse_formula
from shian.engine.measures.rules import is_period_rule
from shian.kernel.scope.rules import LEVELS, Level
from shian.kernel.ui.states import Text
from shian.kernel.ui.tables import Column, Row

AGGREGATES = frozenset({"count", "sum", "distinct", "min", "max", "latest", "longest_run"})
OWN_AREA = frozenset({"latest", "longest_run"})


class MeasureInvalid(ValueError):
    """A declaration contradicts itself or its source; the text names the measure and the key."""


@dataclass(frozen=True)
class SourceField:
    """A field that conditions and aggregates may name. `sql` is trusted: it comes from code or a checked identifier;
    `{as_of}` in it stands for the date."""

    title: Text
    sql: str


@dataclass(frozen=True)
class Source:
    """A register as measures read it; its table is aliased `t` in every SQL text here.

    valid_from, valid_to: columns of the validity that as-of reads. occurs_on: a date column for periods. year: SQL of a
    year number. latest_per: only the newest row by occurs_on of each such column counts. condition: SQL that always
    holds, where `{as_of}` stands for the date. columns and row_of draw the rows that a figure opens; draw, where given,
    draws a page of them for a user, with names for codes. words: how stored values read in a definition.
    """

    key: str
    title: Text
    register: str
    model: type[Model]
    fields: Mapping[str, SourceField]
    columns: tuple[Column, ...]
    row_of: Callable[[Any], Row]
    valid_from: str = ""
    valid_to: str = ""
    occurs_on: str = ""
    year: str = ""
    latest_per: str = ""
    condition: str = "TRUE"
    values: tuple[Any, ...] = ()
    related: tuple[str, ...] = ()
    draw: Callable[[Sequence[Any], Any], list[Row]] | None = None
    words: Mapping[Any, Text] = field(default_factory=dict)

    def drawn(self, rows: Sequence[Any], user: Any) -> list[Row]:
        """The rows of a page as that user reads them."""
        return self.draw(rows, user) if self.draw else [self.row_of(row) for row in rows]

    @property
    def table(self) -> str:
        return f'"{self.model._meta.db_table}"'

    def expressions(self, as_of: date) -> dict[str, str]:
        """SQL of each field as of the day."""
        day = f"DATE '{as_of.isoformat()}'"
        return {name: each.sql.replace("{as_of}", day) for name, each in self.fields.items()}

    @property
    def titles(self) -> dict[str, str]:
        return {name: str(each.title) for name, each in self.fields.items()}


@dataclass(frozen=True)
class Part:
    """An aggregate over the rows of a source for which `where` holds."""

    source: str
    aggregate: str = "count"
    column: str = ""
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Measure:
    """A figure's definition. Exactly one of `part` and `formula`; `whole` is a Part or the key of a measure.

    `opens_into` names measures that add up to this one: its page lists them and says when they do not.
    """

    key: str
    title: Text
    unit: Text
    levels: tuple[Level, ...]
    part: Part | None = None
    whole: Part | str | None = None
    formula: str = ""
    scale: Decimal = Decimal(1)
    decimals: int = 0
    period: str = "none"
    title_en: str = ""
    register: str = ""
    legal_basis: str = ""
    note: Text = ""
    is_external: bool = False
    opens_into: tuple[str, ...] = ()

    @property
    def tree(self) -> Node:
        return parse_formula(self.formula)

    @property
    def is_ratio(self) -> bool:
        return self.whole is not None

    @property
    def digest(self) -> str:
        """SHA-256 of everything that decides the value: a frozen figure names it."""
        decides = [self.key, self.part, self.whole, self.formula, self.scale, self.period, self.levels]
        return hashlib.sha256(json.dumps(decides, default=repr, ensure_ascii=False).encode()).hexdigest()


_sources: dict[str, Source] = {}
_measures: dict[str, Measure] = {}
_providers: list[Callable[[], tuple[Mapping[str, Source], Mapping[str, Measure]]]] = []


def register_source(source: Source) -> None:
    """Name a register that measures read; registering the same key again replaces it."""
    _sources[source.key] = source


def register_measure(measure: Measure) -> None:
    """Add a measure over a registered source. Raises MeasureInvalid."""
    check_measure(measure, source_of)
    _measures[measure.key] = measure


def register_provider(provider: Callable[[], tuple[Mapping[str, Source], Mapping[str, Measure]]]) -> None:
    """Add sources and measures that are read from packs when first asked for (and cached by the provider)."""
    if provider not in _providers:
        _providers.append(provider)


def source_of(key: str) -> Source:
    """The source with this key. Raises LookupError."""
    if key in _sources:
        return _sources[key]
    for provider in _providers:
        found = provider()[0].get(key)
        if found is not None:
            return found
    raise LookupError(f"No source {key!r} is registered.")


def measure(key: str) -> Measure:
    """The measure with this key. Raises LookupError."""
    if key in _measures:
        return _measures[key]
    for provider in _providers:
        found = provider()[1].get(key)
        if found is not None:
            return found
    raise LookupError(f"No measure {key!r} is declared.")


def all_measures() -> dict[str, Measure]:
    """Every measure by key, those of domains first."""
    merged = dict(_measures)
    for provider in _providers:
        merged |= provider()[1]
    return merged


def check_measure(measure: Measure, find: Callable[[str], Source]) -> None:
    """Raise MeasureInvalid unless the declaration can be computed."""
    if bool(measure.part) == bool(measure.formula):
        raise MeasureInvalid(f"{measure.key}: exactly one of an aggregate and a formula is needed.")
    if not is_period_rule(measure.period):
        raise MeasureInvalid(
            f"{measure.key}: period: {measure.period!r} is not none, year, campaign, range, lookback:<n>m."
        )
    if not measure.levels:
        raise MeasureInvalid(f"{measure.key}: levels: at least one is needed.")
    if measure.formula:
        list(operands(measure.tree))
    for part in (measure.part, measure.whole):
        if isinstance(part, Part):
            _check_part(measure, part, find(part.source))


def _check_part(measure: Measure, part: Part, source: Source) -> None:
    if part.aggregate not in AGGREGATES:
        raise MeasureInvalid(
            f"{measure.key}: aggregate: {part.aggregate!r} is not one of {', '.join(sorted(AGGREGATES))}."
        )
    if part.aggregate != "count" and not part.column:
        raise MeasureInvalid(f"{measure.key}: column: {part.aggregate} needs one.")
    unknown = sorted((fields_of(part.where) | ({part.column} if part.column else set())) - set(source.fields))
    if unknown:
        raise MeasureInvalid(f"{measure.key}: {unknown[0]!r} is not a field of {source.key}.")
    if measure.period != "none" and not (source.occurs_on or source.year):
        raise MeasureInvalid(f"{measure.key}: period: {source.key} has neither a date nor a year.")
    if part.aggregate == "latest" and not (source.occurs_on or source.year or source.valid_from):
        raise MeasureInvalid(f"{measure.key}: latest: {source.key} has no date to be the latest by.")


def levels_from(names: Iterable[str]) -> tuple[Level, ...]:
    """Levels in their order, from their names. Raises ValueError."""
    wanted = {Level(name) for name in names}
    return tuple(level for level in LEVELS if level in wanted)
