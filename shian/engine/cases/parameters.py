"""Dated numbers of a case type: lengths of clocks and the escalation ladder, from packs/parameters/cases/<key>.yaml.

    versions:
      - valid_from: 2021-01-01
        basis: where the numbers are from
        confidence: M
        clocks: {reply: {amount: 5, unit: wd}}
        ladder:
          - {level: 0, after: -3, to: owner}
          - {level: 1, after: 1, to: unit_head}

A case keeps the version in force on the day that it was opened, whatever comes later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shian.engine.cases.rules import Audience, Length, Rung
from shian.kernel.parameters.dated import Dated


@dataclass(frozen=True)
class Parameters:
    """One version. `basis`, `confidence`: where the numbers are from."""

    valid_from: date
    basis: str
    confidence: str
    clocks: Mapping[str, Length]
    ladder: tuple[Rung, ...]


def parameters_at(case_type: str, day: date) -> Parameters:
    """The newest version in force on the day. Raises ImproperlyConfigured when the pack has none for it."""
    return Dated(f"cases/{case_type}", _version).at(day)


def versions_of(case_type: str) -> tuple[Parameters, ...]:
    """Every version of a type, the oldest first. Raises ImproperlyConfigured for a file that is missing or wrong."""
    return Dated(f"cases/{case_type}", _version).versions()


def _version(told: Mapping[str, Any]) -> Parameters:
    clocks = {
        key: Length(int(each["amount"]), str(each.get("unit", "wd")), bool(each.get("counts_start", False)))
        for key, each in (told.get("clocks") or {}).items()
    }
    ladder = tuple(
        Rung(int(each["level"]), int(each["after"]), Audience(each["to"])) for each in told.get("ladder") or ()
    )
    if [rung.after for rung in ladder] != sorted(rung.after for rung in ladder):
        raise ValueError("the ladder does not go up")
    return Parameters(told["valid_from"], str(told["basis"]), str(told["confidence"]), clocks, ladder)
