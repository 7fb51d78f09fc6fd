"""Ledger resources, made from the declarations of packs/ledgers and the city's ledgers.yaml and ledgers-*.yaml.

`<ledger key>: {rows: [{field: value}], groups: [...]}`; see ledger_groups for what a group may say. A bare list is
read as groups. Fields that nobody states are filled: numbers of a key by counting, enums by chance, years from dates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tools.democity.ledger_groups import Row, Workshop
from tools.democity.names import Namer
from tools.democity.package import Resource
from tools.democity.place import PACKS, Place, read_yaml

TYPES = {"integer": "integer", "number": "number"}


def make_ledgers(
    place: Place,
    vocabulary: Mapping[str, Any],
    operators: Sequence[list[Any]],
    residents: Mapping[str, int],
    packs: Path = PACKS,
) -> list[Resource]:
    """One resource per ledger that the city has rows for."""
    wishes = city_ledgers(packs / "cities" / place.name)
    resources = []
    for key in sorted(wishes):
        declaration = read_yaml(packs / "ledgers" / f"{key}.yaml")
        dice = place.dice(f"ledger {key}", with_today=True)
        namer = Namer(vocabulary, place, dice)
        workshop = Workshop(place, namer, vocabulary, residents, operators, declaration, dice, set())
        resources.append(ledger_resource(workshop, wishes[key]))
    return resources


def city_ledgers(folder: Path) -> dict[str, Any]:
    """What the files of a city say of its ledgers; a ledger stands in one of them. Raises ValueError."""
    wishes: dict[str, Any] = {}
    for path in sorted([*folder.glob("ledgers.yaml"), *folder.glob("ledgers-*.yaml")]):
        said = read_yaml(path) or {}
        if twice := sorted(set(said) & set(wishes)):
            message = f"{path.name}: {twice[0]} already stands in another file of {folder.name}"
            raise ValueError(message)
        wishes |= said
    return wishes


def ledger_resource(workshop: Workshop, wish: Mapping[str, Any] | Sequence[Any]) -> Resource:
    declaration = workshop.declaration
    if not isinstance(wish, Mapping):
        wish = {"groups": wish}
    rows: list[Row] = [{"@area": workshop.place.unit, **row} for row in wish.get("rows") or ()]
    for row in rows:
        _resolve_days(workshop, row)
    for group in wish.get("groups") or ():
        rows.extend(workshop.rows(group))
    _complete(workshop, rows)
    _check(declaration, rows)
    fields = [field for field in declaration["fields"] if "formula" not in field]
    table = [[_shown(row.get(field["name"])) for field in fields] for row in rows]
    types = {field["title"]: TYPES[field["type"]] for field in fields if field["type"] in TYPES}
    titles = [field["title"] for field in fields]
    return Resource(f"ledger.{declaration['key']}", titles, table, types=types)


def _resolve_days(workshop: Workshop, row: Row) -> None:
    for field in workshop.declaration["fields"]:
        value = row.get(field["name"])
        if field["type"] == "date" and isinstance(value, str) and value:
            row[field["name"]] = workshop.day(value)


def _complete(workshop: Workshop, rows: list[Row]) -> None:
    """Fills what was left out, then makes natural keys unique."""
    declaration = workshop.declaration
    for number, row in enumerate(rows, start=1):
        area_field = declaration.get("area")
        if area_field:
            row.setdefault(area_field, row["@area"].code)
        for field in declaration["fields"]:
            if field["name"] not in row and _is_needed(declaration, field):
                row[field["name"]] = _filled(workshop, field, row, number)
    _make_unique(declaration, rows)


def _is_needed(declaration: Mapping[str, Any], field: Mapping[str, Any]) -> bool:
    required = field.get("constraints", {}).get("required", False)
    return bool(required) or field["name"] in declaration["key_fields"]


def _filled(workshop: Workshop, field: Mapping[str, Any], row: Row, number: int) -> Any:
    limits = field.get("constraints", {})
    if "enum" in limits:
        return workshop.dice.choice(limits["enum"])
    kind = field["type"]
    if kind == "year":
        days = [value for value in row.values() if isinstance(value, date)]
        return days[0].year if days else workshop.place.as_of.year
    if kind == "date":
        return workshop.place.as_of
    if kind == "boolean":
        return False
    if kind in ("integer", "number"):
        return limits.get("minimum", 0)
    if field["name"].endswith(("_no", "_code")):
        return f"{workshop.place.unit.key}-{number:05d}"
    return f"{field['title']}{number}"


def _make_unique(declaration: Mapping[str, Any], rows: list[Row]) -> None:
    """A repeated natural key gets a running number on its last text field."""
    keys = declaration["key_fields"]
    fixed = {declaration.get("area"), declaration.get("operator"), declaration.get("organisation")}
    enums = {field["name"] for field in declaration["fields"] if "enum" in field.get("constraints", {})}
    names = [key for key in keys if key not in fixed and key not in enums]
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(str(row[name]) for name in keys)
        seen[key] = seen.get(key, 0) + 1
        if seen[key] > 1:
            if not names or not isinstance(row[names[-1]], str):
                message = f"{declaration['key']}: the key {key} occurs twice"
                raise ValueError(message)
            row[names[-1]] += f"（{seen[key]}）"


def _check(declaration: Mapping[str, Any], rows: list[Row]) -> None:
    known = {field["name"] for field in declaration["fields"] if "formula" not in field}
    for row in rows:
        unknown = [name for name in row if not name.startswith("@") and name not in known]
        if unknown:
            message = f"{declaration['key']}: fields {unknown} are not declared"
            raise ValueError(message)


def _shown(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return value
