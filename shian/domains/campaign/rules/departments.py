"""Which unit of a city does the work of a department of the standard: the city's table, first matching line."""

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
