"""How many operators of which format, in which life phase and township: the plan behind the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.democity.apportion import apportion
from tools.democity.place import Place, read_yaml
from tools.democity.siting import Siting

FORMATS = Path(__file__).with_name("formats.yaml")
MARKET_KIND = "农贸市场"


@dataclass(frozen=True)
class Format:
    """One business format with what its operators look like."""

    name: str
    kind: str
    share: float
    stage: str
    size: str
    licence: str
    staff: tuple[float, float]
    floor: tuple[float, float]
    where: str
    legal: str
    names: tuple[str, ...]
    small: str = ""


@dataclass(frozen=True)
class Demand:
    """One operator to be made. Phases: standing at as_of, gone before it, late (opened after it)."""

    format: Format
    township: str
    phase: str = "standing"
    guest_of: str = ""  # the market format whose stall this is


def read_formats() -> dict[str, Format]:
    raw: Mapping[str, Mapping[str, Any]] = read_yaml(FORMATS)
    result = {}
    for name, entry in raw.items():
        values = dict(entry)
        values["staff"], values["floor"] = tuple(entry["staff"]), tuple(entry["floor"])
        values["names"] = tuple(entry["names"])
        result[name] = Format(name=name, **values)
    return result


def format_counts(place: Place, formats: Mapping[str, Format]) -> dict[str, int]:
    """Published kinds split over their formats; formats with a stated count keep it."""
    parameters = place.parameters["operators"]
    stated: Mapping[str, int] = parameters.get("formats", {})
    kinds = {kind: place.scaled(count) for kind, count in parameters["kinds"].items()}
    smalls = {small: place.scaled(count) for small, count in parameters["small"].items()}
    counts: dict[str, int] = dict(smalls)
    for kind, total in kinds.items():
        members = [f for f in formats.values() if f.kind == kind]
        fixed = {f.name: place.scaled(stated[f.name]) for f in members if f.name in stated}
        free = [f for f in members if f.name not in stated]
        if place.scale < 1:
            total = max(total, sum(fixed.values()))
        elif sum(fixed.values()) > total:
            message = f"{kind}: stated formats exceed {total}"
            raise ValueError(message)
        parts = apportion(total - sum(fixed.values()), [f.share for f in free])
        counts.update(fixed)
        counts.update({f.name: part for f, part in zip(free, parts, strict=True)})
    return counts


def history_counts(place: Place, counts: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Operators that are not in the published figure: gone before it, or opened after it."""
    history = place.parameters["operators"]["history"]
    years = max(0.0, (place.today - place.as_of).days / 365.25)
    churning = {name: count for name, count in counts.items() if name not in ("批发市场", "农贸市场", "商场")}
    total = sum(counts.values())
    sizes = {"gone": history["closed_before"], "late": history["opened_per_year"] * years}
    return {
        phase: dict(zip(churning, apportion(round(total * size), list(churning.values())), strict=True))
        for phase, size in sizes.items()
    }


def guest_counts(place: Place) -> list[tuple[str, str, int]]:
    """(market format, guest format, number of stalls)."""
    entries = place.parameters["operators"].get("hosted", ())
    return [(entry["market"], entry["guest"], place.scaled(entry["total"])) for entry in entries]


def make_demand(place: Place, siting: Siting) -> tuple[list[Demand], list[Demand]]:
    """Markets first (they host others), then everything else in random order."""
    formats = read_formats()
    counts = format_counts(place, formats)
    markets = [
        Demand(fmt, town)
        for fmt in formats.values()
        if fmt.kind == MARKET_KIND
        for town in siting.townships_for(counts[fmt.name], fmt.where)
    ]
    others: list[Demand] = []
    rest = dict(counts)
    for market, guest, total in guest_counts(place):
        halls = [d.township for d in markets if d.format.name == market]
        total = min(total, rest[guest]) if halls else 0
        rest[guest] -= total
        sizes = apportion(total, [siting.dice.uniform(0.5, 1.6) for _ in halls])
        for hall, size in zip(range(len(halls)), sizes, strict=True):
            others.extend(Demand(formats[guest], halls[hall], guest_of=f"{market}#{hall}") for _ in range(size))
    phases = {"standing": rest, **history_counts(place, counts)}
    for phase, numbers in phases.items():
        for name, count in numbers.items():
            if formats[name].kind != MARKET_KIND:
                towns = siting.townships_for(count, formats[name].where)
                others.extend(Demand(formats[name], town, phase) for town in towns)
    siting.dice.shuffle(others)
    return markets, others
