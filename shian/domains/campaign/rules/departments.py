"""Which unit of a city does the work that the standard asks: departments and the sections of the market bureau."""

from collections.abc import Mapping, Sequence
from typing import Any

Line = Mapping[str, Any]


def lines_of(pack: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines of a city's departments.yaml as they are stored: named units, then groups."""
    return [
        {
            "department": line["department"],
            "points": list(line.get("points", [])),
            "items": list(line.get("items", [])),
            "organisation": line["organisation"],
            "basis": line.get("basis", ""),
        }
        for line in [*pack.get("map", []), *pack.get("groups", [])]
        if line.get("organisation")
    ]


def unit_of(lines: Sequence[Line], department: str, code: str) -> str:
    """The department code of the city's own unit for this item; the standard's code where no line matches."""
    point = int(code.split(".")[1]) if code.count(".") == 2 else 0
    for line in lines:
        named = line["points"] or line["items"]
        if line["department"] == department and (not named or point in line["points"] or code in line["items"]):
            return str(line["organisation"])
    return department


def sections_of(pack: Mapping[str, Any]) -> list[tuple[str, list[int]]]:
    """The sections of a city's bureau_sections.yaml in order, each with the points that fall to it."""
    return [(str(line["name"]), [int(point) for point in line["points"]]) for line in pack.get("sections", [])]
