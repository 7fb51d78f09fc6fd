"""Inspection teams of the counties: supervisors of the county and its stations, most with an enforcement certificate.

`field_teams: {"131072": {members: 29, certified: 26}}` in city.yaml states a county's numbers; the others are filled by
chance, above what the standard asks for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tools.democity.ledgers import city_ledgers
from tools.democity.organisations import Organisation
from tools.democity.package import Resource
from tools.democity.people import Staff
from tools.democity.place import PACKS, Area, Place

TEAM_HEADINGS = ["队伍编号", "队伍名称", "区划代码", "片区", "组建单位编码", "组建日期", "培训日期", "上岗日期"]
MEMBER_HEADINGS = ["队伍编号", "区划代码", "人员编号", "所在单位", "执法证号", "执法证有效期至", "加入日期"]
FORMED_BEFORE = 420  # days before the published day
KINDS = ("监管人员", "站长")


def team_resources(
    place: Place, organisations: Sequence[Organisation], staff: Staff, packs: Path = PACKS
) -> list[Resource]:
    """A team for each county that has supervisors, and its members."""
    dice = place.dice("field teams", with_today=True)
    units = {each.code: each for each in organisations}
    regions = _regions(place, units, packs)
    people = _supervisors(staff, units)
    teams: list[list[Any]] = []
    members: list[list[Any]] = []
    for county in place.counties:
        found = people.get(county.key, [])
        bureau = next((each.code for each in organisations if each.area is county and each.department == "SAMR"), "")
        if not found or not bureau:
            continue
        wish = place.parameters.get("field_teams", {}).get(county.code, {})
        size = min(wish.get("members", 30 + dice.randrange(10)), len(found))
        certified = wish.get("certified", round(size * dice.uniform(0.74, 0.95)))
        formed = place.as_of - timedelta(days=FORMED_BEFORE - dice.randrange(60))
        code = f"{county.key}-CHECK"
        days = [formed, formed + timedelta(days=20), formed + timedelta(days=30)]
        teams.append([code, f"{county.name}食品安全检查队", county.code, regions.get(county.code, ""), bureau, *days])
        chosen = dice.sample(found, size)
        for number, (person, unit) in enumerate(chosen):
            last = _last_day(place, dice, is_valid=number < certified)
            card = f"{county.key}{number + 1:05d}" if last else ""
            members.append([code, county.code, person, unit, card, last or "", formed])
    return [
        Resource("field_teams", TEAM_HEADINGS, teams), Resource("team_members", MEMBER_HEADINGS, members),
    ]  # fmt: skip


def _last_day(place: Place, dice: Any, *, is_valid: bool) -> date | None:
    """Of a certificate: some time ahead; one that ran out, or none."""
    if is_valid:
        return place.today + timedelta(days=40 + dice.randrange(1500))
    return place.today - timedelta(days=10 + dice.randrange(200)) if dice.random() < 0.4 else None


def _supervisors(staff: Staff, units: dict[str, Organisation]) -> dict[str, list[tuple[str, str]]]:
    """County key → (person number, name of the unit) of those who hold a supervisor's post to this day, each once."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    taken: set[str] = set()
    for person, unit, _title, kind, _area, _since, until in staff.posts:
        county = _county(units[unit].area)
        if kind in KINDS and not until and county and person not in taken:
            taken.add(person)
            found[county][person] = units[unit].name
    return {county: sorted(people.items()) for county, people in found.items()}


def _county(area: Area) -> str:
    return area.key[:6] if len(area.key) >= 6 else ""


def _regions(place: Place, units: dict[str, Organisation], packs: Path) -> dict[str, str]:
    """County code → the supervision area of the city that it belongs to."""
    rows = city_ledgers(packs / "cities" / place.name).get("supervision_pairs", {}).get("rows", [])
    return {row["area_code"]: units[row["org_code"]].short_name for row in rows if row["org_code"] in units}
