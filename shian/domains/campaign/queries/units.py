"""Which organisation answers for a department code of the standard, in the city, a county or a township."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from shian.domains.campaign.models import Department, Standard
from shian.domains.campaign.rules.departments import Line, unit_of
from shian.kernel.scope.rules import columns_of_key
from shian.registers.people.queries import organisations_valid_at


@dataclass(frozen=True)
class Unit:
    """A unit in charge. `code` is the organisation's code, "" when the city has none under this department code."""

    department: str
    code: str
    name: str


class Units:
    """Department code of the standard → unit in charge of an item, for one area.

    The city's table goes first (its science bureau does the science items of a county's 发展和改革局); where the
    registers hold no unit, the standard's own name stands.
    """

    def __init__(self, found: dict[str, Unit], names: dict[str, str], lines: Sequence[Line]) -> None:
        self._found, self._names, self._lines = found, names, lines
        self._special = {line["department"] for line in lines if line["points"] or line["items"]}
        self._known: dict[tuple[str, str], Unit] = {}

    def of(self, department: str, code: str = "") -> Unit:
        spot = (department, code if department in self._special else "")
        if spot not in self._known:
            own = unit_of(self._lines, department, code)
            self._known[spot] = self._found.get(own) or Unit(own, "", self._names.get(department, department))
        return self._known[spot]

    def names(self, departments: Iterable[str], code: str = "") -> list[str]:
        return list(dict.fromkeys(self.of(each, code).name for each in departments))


def units_for(standard: Standard, area_key: str, as_of: date) -> Units:
    """The units of the area: its own, else those of the area above; two of one department code: the first by code."""
    own = columns_of_key(area_key)
    rows = (
        organisations_valid_at(as_of)
        .filter(city=own["city"], county__in={"", own["county"]}, township__in={"", own["township"]})
        .exclude(department_code="")
        .order_by("township", "county", "-code")
        .values_list("department_code", "code", "short_name", "name")
    )
    found = {department: Unit(department, code, short or name) for department, code, short, name in rows}
    tables = standard.department_map
    return Units(found, department_names(standard.pk), tables.get(area_key[:6]) or tables.get(area_key[:4]) or [])


@lru_cache(maxsize=32)
def department_names(standard_id: int) -> dict[str, str]:
    """Names as the standard gives them; a loaded edition never changes."""
    return dict(Department.objects.filter(standard_id=standard_id).values_list("code", "name"))
