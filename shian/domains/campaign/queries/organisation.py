"""Named reads of the campaign's organisation: the tree with a head for each node, and the bodies of townships."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from shian.engine.ledgers.models import LedgerRow
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import Level, columns_of_key, level_of_key
from shian.kernel.scope.walls import system_scope
from shian.registers.areas.models import Area
from shian.registers.areas.queries import areas_valid_at
from shian.registers.people.models import Organisation, Post
from shian.registers.people.queries import organisations_valid_at, valid_at

BODY, HEAD = "议事机构", "领导"
KINDS = ("指挥部", "指挥部办公室", "工作组", "督查片区")
CODES = ("CAMP", "CAMPO")  # command and office of a county, under these department codes
MEETINGS = "committee_meetings"


@dataclass(frozen=True)
class Node:
    """A body of the campaign in the tree, and who heads it today."""

    unit: Organisation
    depth: int
    head: Post | None

    @property
    def level(self) -> Level:
        return Level(level_of_key(self.unit.area))


@dataclass(frozen=True)
class TownBody:
    """A township and its deliberating body: head, last meeting and the rules that hold, where there are such."""

    area: Area
    body: Organisation | None
    head: Post | None
    met_on: date | None
    rules: str


def campaign_tree(area_key: str, user: Any, day: date) -> list[Node]:
    """City, counties and townships from the top down, each body under its upper one; what lies beside the user's
    reach is left out. Three queries."""
    own = columns_of_key(area_key)
    wanted = Q(kind__in=KINDS) | Q(department_code__in=CODES) | (Q(kind=BODY) & ~Q(township=""))
    here = Q(city=own["city"], **({"county": own["county"]} if own["county"] else {}))
    reach = reach_of(user)
    found = organisations_valid_at(day).filter(wanted & here).order_by("area_code", "code")
    units = [each for each in found if reach.everything or reach.touches(each.area)]
    heads = heads_of(units, day)
    known, commands = {each.pk for each in units}, {each.area: each for each in units if each.department_code == "CAMP"}
    below: dict[int, list[Organisation]] = defaultdict(list)
    for each in units:
        below[_upper(each, known, commands)].append(each)
    return list(_walk(below, 0, 0, heads))


def _upper(unit: Organisation, known: set[int], commands: dict[str, Organisation]) -> int:
    """The number of the body above: the stated parent, else the command of the next wider area; 0 at the top."""
    if unit.parent_id in known:
        return unit.parent_id or 0
    wider = [each for key, each in commands.items() if unit.area.startswith(key) and each.pk != unit.pk]
    return max(wider, key=lambda each: len(each.area)).pk if wider else 0


def _walk(below: dict[int, list[Organisation]], upper: int, depth: int, heads: dict[int, Post]) -> list[Node]:
    found: list[Node] = []
    for unit in below[upper]:
        found.append(Node(unit, depth, heads.get(unit.pk)))
        found += _walk(below, unit.pk, depth + 1, heads)
    return found


def heads_of(units: list[Organisation], day: date) -> dict[int, Post]:
    """Unit → who heads it on the day; the newest where there are two. One query."""
    rows = Post.objects.filter(valid_at(day), organisation__in=units, kind=HEAD).select_related("person")
    with system_scope():  # who heads a body of the campaign is no secret to those who work in it
        return {each.organisation_id: each for each in rows.order_by("valid_from", "pk")}


def town_bodies(area_key: str, user: Any, day: date) -> list[TownBody]:
    """Every township of the area in the user's reach, with its body or none. Four queries."""
    here = {str(level_of_key(area_key)): area_key}
    towns = areas_valid_at(day).visible_to(user).filter(level="township", is_pseudo=False, **here).order_by("code")
    bodies = organisations_valid_at(day).filter(kind=BODY, **here).exclude(township="").order_by("code")
    by_town = {each.township: each for each in bodies}
    heads = heads_of(list(by_town.values()), day)
    met = _meetings([each.code for each in by_town.values()], day)
    found = []
    for town in towns:
        body = by_town.get(town.key)
        last = met.get(body.code) if body else None
        met_on, rules = (last.occurs_on, str(last.data.get("rules_no") or "")) if last else (None, "")
        found.append(TownBody(town, body, heads.get(body.pk) if body else None, met_on, rules))
    return found


def _meetings(codes: list[str], day: date) -> dict[str, LedgerRow]:
    rows = LedgerRow.objects.filter(ledger=MEETINGS, organisation_code__in=codes, occurs_on__lte=day)
    return {each.organisation_code: each for each in rows.order_by("occurs_on", "pk")}
