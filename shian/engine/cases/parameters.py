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
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from shian.engine.cases.rules import Audience, Length, Rung

FOLDER = Path("parameters") / "cases"


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
    found = [each for each in versions_of(case_type) if each.valid_from <= day]
    if not found:
        raise ImproperlyConfigured(f"packs/{FOLDER}/{case_type}.yaml has no version in force on {day}.")
    return max(found, key=lambda each: each.valid_from)


def versions_of(case_type: str) -> tuple[Parameters, ...]:
    """Every version of a type. Raises ImproperlyConfigured for a file that is missing or wrong."""
    return _read(Path(settings.SHIAN_PACKS) / FOLDER / f"{case_type}.yaml")


@lru_cache(maxsize=128)
def _read(path: Path) -> tuple[Parameters, ...]:
    try:
        told = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        return tuple(_version(each) for each in told["versions"])
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise ImproperlyConfigured(f"{path.name}: {error!r}") from error


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
