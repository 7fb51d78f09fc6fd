"""What forms offer: units by name, and the people of a unit."""

from datetime import date
from typing import Any

from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.walls import system_scope
from shian.registers.areas.queries import area_names
from shian.registers.people.models import Organisation, Post
from shian.registers.people.queries import organisations_valid_at, valid_at

Choices = list[tuple[str, str]]


def unit_choices(user: Any, day: date) -> Choices:
    """Units inside the user's reach and on the way up from it, by area; names of units are no secret."""
    reach, names = reach_of(user), area_names(day)
    rows = organisations_valid_at(day).order_by("city", "county", "township", "code")
    return [(each.code, _named(each, names)) for each in rows if reach.touches(each.area)]


def own_unit_choices(user: Any, day: date) -> Choices:
    """The units in whose name the user can ask for something; an administrator may in any unit's of the city."""
    reach, names = reach_of(user), area_names(day)
    rows = organisations_valid_at(day).order_by("city", "county", "township", "code")
    if not reach.everything:
        rows = rows.filter(code__in=reach.organisations)
    return [(each.code, _named(each, names)) for each in rows]


def owner_choices(unit: str, day: date) -> Choices:
    """Person number and name with post, of those who hold a post in the unit on the day."""
    posts = Post.objects.filter(valid_at(day), organisation__code=unit).select_related("person").order_by("pk")
    with system_scope():  # colleagues, whatever the reach of the one who assigns
        found = {each.person.person_no: f"{each.person.name}（{each.title}）" for each in posts}
    return list(found.items())


def _named(unit: Organisation, names: dict[str, str]) -> str:
    area = names.get(unit.area, "")
    return unit.name if not area or unit.name.startswith(area) else f"{unit.name}（{area}）"
