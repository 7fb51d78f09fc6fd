"""Named reads of liaison officers: who stands for which unit, and which units have nobody (A-15)."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from shian.domains.campaign.permissions import LIAISON_NOTIFY
from shian.domains.campaign.queries.weeks import campaign_areas, reporting_units
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.walls import system_scope
from shian.registers.people.models import Organisation, Post
from shian.registers.people.queries import valid_at

OFFICER, DEPUTY = "联络员", "副联络员"
SOON = timedelta(days=30)  # an officer whose post ends within these days is to be replaced


@dataclass(frozen=True)
class Liaison:
    """One unit and who stands for it today. `former` is the newest officer of a unit that has none."""

    unit: Organisation
    officer: Post | None
    deputy: Post | None
    former: Post | None = None

    @property
    def is_reachable(self) -> bool:
        return any(each and each.person.user_id for each in (self.officer, self.deputy))

    def ends_soon(self, today: date) -> bool:
        ends = self.officer.valid_to if self.officer else None
        return ends is not None and ends <= today + SOON


def called(unit: Organisation, names: Mapping[str, str]) -> str:
    """The short name of a unit, with its county in front where it is not the city's."""
    short = unit.short_name or unit.name
    return f"{names.get(unit.county, '')}{short}" if unit.county else short


def liaison_units(area_key: str, day: date) -> list[Organisation]:
    """The units that must name an officer: the departments of the campaign, and the campaign offices below."""
    return list(reporting_units(area_key, day))


def may_see_liaisons(user: Any, key: str) -> bool:
    """For the seals of notices to the officers of an area: who may send them there, and the units they went to."""
    reach = reach_of(user)
    if LIAISON_NOTIFY(user).allowed and reach.covers(key):
        return True
    if key not in campaign_areas(timezone.localdate()):
        return False
    return reporting_units(key, timezone.localdate()).filter(code__in=list(reach.organisations)).exists()


def liaisons(units: Collection[Organisation], day: date) -> list[Liaison]:
    """Each unit with its officers on the day; two holders at once: the newest counts. One query."""
    held: dict[int, list[Post]] = defaultdict(list)
    posts = Post.objects.filter(organisation__in=units, kind__in=(OFFICER, DEPUTY), valid_from__lte=day)
    with system_scope():  # an officer is named to the office and to every unit of the list
        for post in posts.select_related("person").order_by("-valid_from", "-pk"):
            held[post.organisation_id].append(post)
    return [_liaison(unit, held[unit.pk], day) for unit in units]


def _liaison(unit: Organisation, posts: list[Post], day: date) -> Liaison:
    valid = [each for each in posts if each.valid_to is None or each.valid_to > day]
    officer = next((each for each in valid if each.kind == OFFICER), None)
    deputy = next((each for each in valid if each.kind == DEPUTY), None)
    former = next((each for each in posts if each.kind == OFFICER), None) if officer is None else None
    return Liaison(unit, officer, deputy, former)


def officers_of(codes: Collection[str], day: date) -> dict[str, list[int]]:
    """Unit code → accounts of its officers and deputies on the day; units whose officers have none are left out."""
    posts = Post.objects.filter(valid_at(day), organisation__code__in=codes, kind__in=(OFFICER, DEPUTY))
    found: dict[str, list[int]] = defaultdict(list)
    with system_scope():
        rows = posts.filter(person__user__is_active=True).values_list("organisation__code", "person__user")
        for code, user in rows:
            found[code].append(user)
    return dict(found)


def campaign_area(user: Any, day: date) -> str:
    """The area whose campaign the user works in: the widest with a command office that touches the own reach."""
    reach = reach_of(user)
    found = [key for key in campaign_areas(day) if reach.everything or reach.touches(key)]
    return min(found, key=lambda key: (len(key), key), default="")
