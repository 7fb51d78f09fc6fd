"""What the packs say about formats and kinds of operators; the register works without them, with fewer checks.

Entries are dated: a renamed format is two entries of one code, the first with `valid_to`, the second with `valid_from`.
`area` (an area key) restricts an entry to a place. Rows keep the name that was in force, so an old figure shows it.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from shian.registers.operators.models import LICENCE_KINDS, OPERATOR_KINDS, SMALL_KINDS

ALWAYS = date(1, 1, 1)


@dataclass(frozen=True)
class Term:
    """A name of a code, in force from `valid_from` until before `valid_to`, in one place or anywhere."""

    code: str
    name: str
    valid_from: date
    valid_to: date | None
    area: str


@dataclass(frozen=True)
class Dictionaries:
    """`terms`: the dated formats; `formats`: every name that ever was one;

    `format_kinds`, `format_stages`: format → kind, stage; `licences`: kind or small kind → licence kinds.
    """

    terms: tuple[Term, ...]
    formats: tuple[str, ...]
    format_kinds: dict[str, str]
    format_stages: dict[str, str]
    licences: dict[str, list[str]]


def read_dictionaries() -> Dictionaries:
    """Formats and kinds of packs/dictionaries."""
    formats = _entries("formats.yaml")
    licences = {str(each["name"]): list(each["licence_kinds"]) for each in _entries("operator_kinds.yaml")}
    return Dictionaries(
        terms=tuple(_term(each) for each in formats),
        formats=tuple(dict.fromkeys(str(each["name"]) for each in formats)),
        format_kinds={str(each["name"]): str(each["kind"]) for each in formats if "kind" in each},
        format_stages={str(each["name"]): str(each["stage"]) for each in formats if "stage" in each},
        licences=licences or {kind: list(LICENCE_KINDS) for kind in (*OPERATOR_KINDS, *SMALL_KINDS)},
    )


def _term(entry: dict[str, Any]) -> Term:
    return Term(
        code=str(entry["code"]),
        name=str(entry["name"]),
        valid_from=entry.get("valid_from", ALWAYS),
        valid_to=entry.get("valid_to"),
        area=str(entry.get("area", "")),
    )


def _entries(name: str) -> list[dict[str, Any]]:
    path = Path(settings.SHIAN_PACKS) / "dictionaries" / name
    if not path.exists():
        return []
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["entries"]
    return entries
