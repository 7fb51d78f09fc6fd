"""Which measure answers each number of the standard (packs/criteria/<key>-bindings.yaml)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Binding:
    """A measure's key, or the reason why no register answers yet ("" where the file gives none)."""

    measure: str = ""
    period: str = ""
    reason: str = ""


def supporting_of(loaded: Mapping[str, Any] | None) -> dict[str, list[dict[str, str]]]:
    """Item code → measures that stand beside it and decide nothing."""
    lines = (loaded or {}).get("supporting") or {}
    return {
        code: [{"measure": row["measure"], "period": str(row.get("period", ""))} for row in rows]
        for code, rows in lines.items()
    }


def period_at(period: str, as_of: date) -> str:
    """The written period for a date: `last_year` is the last finished year."""
    return str(as_of.year - 1) if period == "last_year" else period


def bindings_of(loaded: Mapping[str, Any] | None) -> dict[str, Binding]:
    """Measure key of the standard → binding: each line names a `measure` or an `unknown_reason`."""
    lines = (loaded or {}).get("bindings", loaded or {})
    return {key: _binding(line) for key, line in lines.items() if key != "meta"}


def _binding(line: Any) -> Binding:
    if isinstance(line, str):
        return Binding(measure=line)
    measure = line.get("measure") or ""
    reason = line.get("unknown_reason") or line.get("reason") or ""
    return Binding(measure=measure, period=str(line.get("period") or ""), reason="" if measure else reason)
