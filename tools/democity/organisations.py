"""Departments, committees, command office, township bodies and stations; codes are <area key>-<DEPT>."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tools.democity.package import Resource
from tools.democity.place import Area, Place, read_yaml

HEADINGS = [
    "单位编码",
    "单位名称",
    "简称",
    "单位类别",
    "所在区划",
    "上级单位编码",
    "部门代码",
    "创建部门",
    "成立日期",
    "撤销日期",
]
DEPARTMENTS = Path(__file__).with_name("departments.yaml")
FOUNDED = date(2019, 1, 1)
ZONE_KINDS = ("国家级开发区", "临空经济区")


@dataclass(frozen=True)
class Organisation:
    """One row of organisations.csv."""

    code: str
    name: str
    short_name: str
    kind: str
    area: Area
    parent: str = ""
    department: str = ""
    campaign: bool = False
    since: date = FOUNDED

    def row(self) -> list[Any]:
        return [
            self.code,
            self.name,
            self.short_name,
            self.kind,
            self.area.code,
            self.parent,
            self.department,
            "是" if self.campaign else "否",
            self.since,
            "",
        ]


def department_name(entry: Mapping[str, Any], area: Area, city: Area) -> str:
    """The name that a department bears at this level; empty where there is none."""
    if area.level == "市":
        stem = area.name.removesuffix("市") if entry.get("plain_city") else area.name
        return f"中共{stem}{entry['name']}" if entry.get("kind") == "党委部门" else stem + entry["name"]
    if entry.get("only") == "city":
        return ""
    base = str(entry.get("county", entry["name"]))
    zone = area.kind in ZONE_KINDS
    if zone and "zone" in entry:
        base = str(entry["zone"])
    if not base:
        return ""
    if entry.get("kind") == "党委部门":
        return f"中共{area.name}{base}"
    if entry.get("branch") or (zone and not entry.get("kind")):
        place = area.name.removeprefix(city.name.removesuffix("市")) if zone else area.name
        return f"{city.name}{entry['name']}{place}分局"
    return area.name + base


def departments(place: Place, area: Area) -> Iterator[Organisation]:
    above = place.city.key if place.unit.level == "市" and area.level == "县" else ""
    for entry in read_yaml(DEPARTMENTS):
        name = department_name(entry, area, place.city)
        if not name:
            continue
        code = entry["code"]
        parent = f"{area.key}-{entry['parent']}" if "parent" in entry else (f"{above}-{code}" if above else "")
        campaign = bool(entry.get("campaign")) and area is place.unit
        prefix = {"市": "市", "县": area.name[-1]}[area.level]
        kind = entry.get("kind", "政府部门")
        yield Organisation(f"{area.key}-{code}", name, prefix + entry["short"], kind, area, parent, code, campaign)


def campaign_bodies(place: Place, area: Area) -> Iterator[Organisation]:
    """The command office of the unit; below it, leading groups that are no command offices."""
    top = area is place.unit
    body = place.parameters["organisations"]["campaign_body"] if top else "工作领导小组"
    name = f"{area.name}创建国家食品安全示范城市{body}"
    kinds = ("指挥部", "指挥部办公室") if top else ("其他", "其他")
    since = place.parameters["organisations"]["campaign_since"]
    upper = "" if top else f"{place.unit.key}-CAMP"
    camp = f"{area.key}-CAMP"
    yield Organisation(camp, name, "创建" + body, kinds[0], area, upper, "CAMP", since=since)
    yield Organisation(f"{area.key}-CAMPO", name + "办公室", "创建办", kinds[1], area, camp, "CAMPO", since=since)
    if not top:
        return
    for index, group in enumerate(place.parameters["organisations"].get("work_groups", ()), start=1):
        code = f"{area.key}-GROUP{index}"
        yield Organisation(code, f"{name}{group}", group, "工作组", area, camp, since=since)
    for index, region in enumerate(place.parameters["organisations"].get("supervision_areas", ()), start=1):
        yield Organisation(f"{area.key}-REGION{index}", region, region, "督查片区", area, camp, since=since)


def township_bodies(place: Place, town: Area) -> Iterator[Organisation]:
    county = place.county_of(town.key)
    government = {"街道": "街道办事处", "园区": "管理委员会"}.get(town.kind, "人民政府")
    stem = town.name.removesuffix("街道") if town.kind == "街道" else town.name
    committee = "委员会" if town.kind in ("镇", "乡") else "工作委员会"
    key = town.key
    yield Organisation(f"{key}-TOWN", stem + government, town.name, "街乡镇政府", town, "", "TOWN")
    yield Organisation(
        f"{key}-TOWNP", f"中共{town.name}{committee}", town.name + "党委", "街乡镇党委", town, "", "TOWNP"
    )
    body = f"{county.name}{town.name}食品药品安全委员会"
    yield Organisation(f"{key}-BODY", body, town.name + "食药安委", "议事机构", town, f"{key}-TOWN", "")


def stations(place: Place) -> Iterator[Organisation]:
    """One station per township, or the named ones of a small district."""
    named = place.parameters["organisations"].get("stations")
    if named:
        for index, name in enumerate(named, start=1):
            full = f"{place.unit.name}市场监督管理局{name}市场监督管理所"
            code = f"{place.unit.key}-STATION{index}"
            yield Organisation(code, full, name + "所", "监管所", place.unit, f"{place.unit.key}-SAMR")
        return
    for town in place.townships:
        county = place.county_of(town.key)
        short = town.name.removesuffix("街道") if town.kind == "街道" else town.name
        name = f"{county.name}市场监督管理局{short}市场监督管理所"
        yield Organisation(f"{town.key}-STATION", name, short + "所", "监管所", town, f"{county.key}-SAMR")


def extra_bodies(place: Place) -> Iterator[Organisation]:
    for entry in place.parameters["organisations"].get("others", ()):
        code = f"{place.unit.key}-{entry['code']}"
        parent = f"{place.unit.key}-{entry['parent']}" if entry.get("parent") else ""
        yield Organisation(code, entry["name"], entry.get("short", entry["name"]), entry["kind"], place.unit, parent)


def make_organisations(place: Place) -> list[Organisation]:
    """Every organisation, parents before children."""
    areas = [place.unit, *([] if place.unit.level == "县" else place.counties)]
    result: list[Organisation] = []
    for area in areas:
        result.extend(departments(place, area))
        result.extend(campaign_bodies(place, area))
    for town in place.townships:
        result.extend(township_bodies(place, town))
    result.extend(stations(place))
    result.extend(extra_bodies(place))
    return result


def organisation_resource(organisations: list[Organisation]) -> Resource:
    return Resource("organisations", HEADINGS, [item.row() for item in organisations])
