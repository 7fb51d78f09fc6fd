"""The measures of ledgers: made from packs/ledgers by themselves, one source and its measures per ledger."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from shian.engine.ledgers.conditions import ConditionInvalid, parse_conditions
from shian.engine.ledgers.declarations import Ledger, all_ledgers
from shian.engine.ledgers.fields import DeclarationInvalid, titled
from shian.engine.ledgers.models import LedgerRow
from shian.engine.ledgers.tables import columns_of, row_of, rows_drawn
from shian.engine.measures.declarations import (
    Measure,
    MeasureInvalid,
    Part,
    Source,
    SourceField,
    check_measure,
    levels_from,
    register_provider,
)
from shian.engine.measures.formulas import FormulaInvalid
from shian.kernel.ui.languages import bilingual

_KNOWN = frozenset(
    {
        "key",
        "title",
        "title_en",
        "unit",
        "unit_en",
        "aggregate",
        "column",
        "where",
        "whole",
        "scale",
        "formula",
        "period",
    }
    | {"levels", "decimals", "legal_basis", "note"}
)


def register() -> None:
    """Make the measures of ledgers known; they are read from the packs when first asked for."""
    register_provider(_provided)


def _provided() -> tuple[Mapping[str, Source], Mapping[str, Measure]]:
    return _from_packs(Path(settings.SHIAN_PACKS))


@lru_cache(maxsize=8)
def _from_packs(folder: Path) -> tuple[dict[str, Source], dict[str, Measure]]:
    ledgers = all_ledgers()
    sources = {f"ledger.{key}": ledger_source(each) for key, each in ledgers.items()}
    measures: dict[str, Measure] = {}
    for each in ledgers.values():
        for raw in each.measures:
            try:
                made = ledger_measure(each, raw)
                check_measure(made, sources.__getitem__)
            except (MeasureInvalid, ConditionInvalid, FormulaInvalid, ValueError) as error:
                raise DeclarationInvalid(f"{each.path}: measures.{raw.get('key')}: {error}") from error
            measures[made.key] = made
    return sources, measures


def measure_faults(ledger: Ledger) -> Iterator[str]:
    """What is wrong with the measures that the ledger declares, each with its key."""
    source = ledger_source(ledger)
    for number, raw in enumerate(ledger.measures, 1):
        key = raw.get("key") if isinstance(raw, Mapping) else None
        if not key:
            yield f"measures[{number}]: key: a text is needed, as in {ledger.key}.rows."
            continue
        try:
            check_measure(ledger_measure(ledger, raw), {source.key: source}.__getitem__)
        except (DeclarationInvalid, MeasureInvalid, ConditionInvalid, FormulaInvalid, ValueError, KeyError) as error:
            yield f"measures.{key}: {error}"


def ledger_source(ledger: Ledger) -> Source:
    """A ledger as measures read it."""
    year = ledger.by_name[ledger.year_field].sql if ledger.year_field else ""
    return Source(
        key=f"ledger.{ledger.key}",
        title=ledger.title,
        register=ledger.register,
        model=LedgerRow,
        fields={each.name: SourceField(each.title, each.sql) for each in ledger.fields},
        columns=columns_of(ledger),
        row_of=row_of(ledger),
        draw=rows_drawn(ledger),
        valid_from="valid_from" if ledger.valid_from else "",
        valid_to="valid_to" if ledger.valid_to else "",
        occurs_on="occurs_on" if ledger.occurs_on else "",
        year=year,
        condition="t.ledger = %s",
        values=(ledger.key,),
    )


def ledger_measure(ledger: Ledger, raw: Mapping[str, Any]) -> Measure:
    """A measure as the pack declares it. Raises MeasureInvalid for an unknown key."""
    unknown = sorted(set(raw) - _KNOWN)
    if unknown:
        raise MeasureInvalid(f"{unknown[0]}: unknown; known keys are {', '.join(sorted(_KNOWN))}.")
    source = f"ledger.{ledger.key}"
    part = None if "formula" in raw else _part(source, raw, "count", "")
    return Measure(
        key=raw["key"],
        title=titled(raw),
        title_en=raw.get("title_en", ""),
        unit=bilingual(raw.get("unit", ""), raw.get("unit_en")),
        levels=levels_from(raw.get("levels") or ()),
        part=part,
        whole=_whole(source, raw),
        formula=raw.get("formula", ""),
        scale=Decimal(str(raw.get("scale", 1))),
        decimals=int(raw.get("decimals", 0)),
        period=raw.get("period", "none"),
        register=ledger.register,
        legal_basis=raw.get("legal_basis") or ledger.legal_basis,
        note=raw.get("note", ""),
        is_external=ledger.is_external,
    )


def _part(source: str, raw: Mapping[str, Any], aggregate: str, column: str) -> Part:
    return Part(
        source=source,
        aggregate=raw.get("aggregate", aggregate),
        column=raw.get("column", column),
        where=parse_conditions(raw.get("where")),
    )


def _whole(source: str, raw: Mapping[str, Any]) -> Part | str | None:
    whole = raw.get("whole")
    if not whole:
        return None
    if "measure" in whole:
        return str(whole["measure"])
    return _part(source, whole, raw.get("aggregate", "count"), raw.get("column", ""))
