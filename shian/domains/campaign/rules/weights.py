"""A scoring version from its pack: the weight of each item, its conversion, and what they rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shian.domains.campaign.rules.problems import Invalid, Problem
from shian.domains.campaign.rules.scoring import Formula, apportioned

FORMULA_WORDS = frozenset({"match", "formula", "version", "note"})


class ScoringInvalid(Invalid):
    """The weights contradict the standard or themselves."""


@dataclass(frozen=True)
class Spot:
    """Where an item stands: what rules may match."""

    code: str
    point: int
    section: int


def weights_of(
    sections: Mapping[int, Decimal], spots: Sequence[Spot], own: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """Item code → points. Items with a weight of their own keep it; the rest of the section is split evenly.

    Raises ScoringInvalid when own weights do not fit their section or name no item of the standard. A section without
    points gives its items none.
    """
    weights: dict[str, Decimal] = {}
    if strange := sorted(set(own) - {spot.code for spot in spots}):
        raise ScoringInvalid(Problem("weights.no_item", {"item": code}) for code in strange)
    for number in sorted({spot.section for spot in spots}):
        members = [spot.code for spot in spots if spot.section == number]
        total = sections.get(number, Decimal(0))
        taken = sum((own[code] for code in members if code in own), Decimal(0))
        free = [code for code in members if code not in own]
        if taken > total or (taken < total and not free):
            raise ScoringInvalid([Problem("weights.sum", {"section": number, "total": total, "taken": taken})])
        weights |= {code: own[code] for code in members if code in own}
        weights |= dict(zip(free, apportioned(total - taken, len(free)), strict=True))
    return weights


def rules_of(pack: Mapping[str, Any], spots: Sequence[Spot]) -> dict[str, Any]:
    """The pack's rules by item: the first matching line counts, the default last. Raises ScoringInvalid."""
    lines = pack.get("rules", [])
    default = next((line for line in lines if line.get("match", {}).get("default")), {"formula": "step"})
    items = {}
    for spot in spots:
        line = next((line for line in lines if _matches(line.get("match", {}), spot)), None)
        if line is not None:
            items[spot.code] = _stored(line)
    resolved = {
        "default": _stored(default),
        "items": items,
        "vetoes": {code: {**line} for code, line in pack.get("vetoes", {}).items()},
        "partial": pack.get("partial", "reviewer_ratio"),
        "not_applicable": pack.get("not_applicable", "leaves_denominator"),
    }
    for line in (resolved["default"], *items.values()):
        _checked(line)
    return resolved


def _matches(match: Mapping[str, Any], spot: Spot) -> bool:
    return (
        spot.code in match.get("items", [])
        or spot.point in match.get("points", [])
        or spot.section in match.get("sections", [])
    )


def _stored(line: Mapping[str, Any]) -> dict[str, Any]:
    parameters = {name: str(value) for name, value in line.items() if name not in FORMULA_WORDS}
    return {
        "formula": line.get("formula", "step"),
        "version": str(line.get("version", "")),
        "note": line.get("note", ""),
        "parameters": parameters,
    }


def _checked(line: Mapping[str, Any]) -> None:
    try:
        _formula(line)
    except (ValueError, ArithmeticError) as error:
        facts = {"formula": line["formula"], "error": error}
        raise ScoringInvalid([Problem("weights.formula", facts)]) from error


def formula_of(rules: Mapping[str, Any], code: str) -> Formula:
    """The conversion of one item as the scoring version keeps it."""
    return _formula(rules.get("items", {}).get(code) or rules.get("default", {}))


def _formula(line: Mapping[str, Any]) -> Formula:
    parameters = {name: Decimal(str(value)) for name, value in line.get("parameters", {}).items()}
    return Formula(line.get("formula", "step"), line.get("version", ""), parameters)


def near_margin_of(rules: Mapping[str, Any], code: str, own: Any) -> Decimal | None:
    """The warning margin of a veto: the scoring version's, else the standard's own."""
    near = rules.get("vetoes", {}).get(code, {}).get("near", own)
    return None if near is None else Decimal(str(near))
