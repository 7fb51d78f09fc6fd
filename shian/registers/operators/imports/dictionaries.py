"""What the packs say about formats and kinds of operators; the register works without them, with fewer checks."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from shian.registers.operators.models import LICENCE_KINDS, OPERATOR_KINDS, SMALL_KINDS


@dataclass(frozen=True)
class Dictionaries:
    """`format_kinds`, `format_stages`: format → kind, stage; `licences`: kind or small kind → licence kinds."""

    formats: tuple[str, ...]
    format_kinds: dict[str, str]
    format_stages: dict[str, str]
    licences: dict[str, list[str]]


def read_dictionaries() -> Dictionaries:
    """Formats and kinds of packs/dictionaries."""
    formats = _entries("formats.yaml")
    licences = {str(each["name"]): list(each["licence_kinds"]) for each in _entries("operator_kinds.yaml")}
    return Dictionaries(
        formats=tuple(str(each["name"]) for each in formats),
        format_kinds={str(each["name"]): str(each["kind"]) for each in formats if "kind" in each},
        format_stages={str(each["name"]): str(each["stage"]) for each in formats if "stage" in each},
        licences=licences or {kind: list(LICENCE_KINDS) for kind in (*OPERATOR_KINDS, *SMALL_KINDS)},
    )


def _entries(name: str) -> list[dict[str, Any]]:
    path = Path(settings.SHIAN_PACKS) / "dictionaries" / name
    if not path.exists():
        return []
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["entries"]
    return entries
