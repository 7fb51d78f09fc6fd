"""Divisions with square kilometres, and residents by township and year."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from typing import Any

from tools.democity.apportion import apportion
from tools.democity.package import Resource
from tools.democity.place import Area, Place

HEADINGS = [
    "区划代码",
    "名称",
    "级别",
    "类型",
    "上级代码",
    "面积平方公里",
    "启用日期",
    "停用日期",
    "继任代码",
    "虚拟区划",
    "创建批次",
]
POPULATION_HEADINGS = ["区划代码", "统计日期", "常住人口"]
TOWNSHIP_WEIGHTS = {"街道": 3.0, "镇": 1.0, "乡": 0.62, "园区": 0.5}
SEAT_WEIGHT = 3.6


def square_kilometres(place: Place) -> dict[str, float]:
    """Township cells scaled to the published total; counties and the unit are exact sums."""
    keys = [town.key for town in place.townships]
    raw = [place.cells[key].km2 for key in keys]
    total = place.parameters.get("area_km2") or sum(raw)
    hundredths = dict(zip(keys, apportion(round(float(total) * 100), raw), strict=True))
    sums: dict[str, int] = dict(hundredths)
    for key, value in hundredths.items():
        sums[key[:6]] = sums.get(key[:6], 0) + value
        if place.unit.level == "市":
            sums[key[:4]] = sums.get(key[:4], 0) + value
    return {key: value / 100 for key, value in sums.items()}


def area_resource(place: Place) -> Resource:
    km2 = square_kilometres(place)
    batches: Mapping[str, int] = place.parameters.get("campaign_batch", {})
    starts: Mapping[str, Any] = place.parameters.get("area_valid_from", {})
    rows = []
    for area in place.areas:
        parent = place.by_key[area.parent].code if area.parent else ""
        start = starts.get(area.key) or starts.get(area.key[:6]) or starts["default"]
        size = km2.get(area.key)
        rows.append(
            [
                area.code,
                area.name,
                area.level,
                area.kind,
                parent,
                "" if size is None else size,
                start,
                "",
                "",
                "是" if area.is_pseudo else "否",
                batches.get(area.code, ""),
            ]
        )
    return Resource("areas", HEADINGS, rows, types={"面积平方公里": "number", "创建批次": "integer"})


def township_weights(place: Place) -> dict[str, float]:
    """How many of the county's residents live in each township, before scaling."""
    parameters = place.parameters["population"]
    shares: Mapping[str, float] = parameters["county_shares"]
    extra: Mapping[str, float] = parameters.get("township_weights", {})
    dice = place.dice("township weights")
    weights: dict[str, float] = {}
    for county in place.counties:
        towns = place.children[county.key]
        local = {town.key: extra.get(town.key, _default_weight(town, towns)) for town in towns}
        local = {key: weight * dice.uniform(0.8, 1.25) for key, weight in local.items()}
        whole = sum(local.values())
        weights.update({key: shares[county.key] * weight / whole for key, weight in local.items()})
    return weights


def _default_weight(town: Area, towns: list[Area]) -> float:
    has_streets = any(other.kind == "街道" for other in towns)
    if not has_streets and town.key == min(other.key for other in towns):
        return SEAT_WEIGHT
    return TOWNSHIP_WEIGHTS[town.kind]


def residents_by_year(place: Place) -> dict[date, dict[str, int]]:
    """Exact yearly totals split over the townships, drifting a little from year to year."""
    totals: Mapping[date, int] = place.parameters["population"]["totals"]
    weights = township_weights(place)
    drift = {key: place.dice(f"drift {key}").gauss(0, 0.006) for key in weights}
    result = {}
    for index, (day, total) in enumerate(sorted(totals.items())):
        moved = {key: weight * (1 + drift[key]) ** index for key, weight in weights.items()}
        result[day] = dict(zip(moved, apportion(total, list(moved.values())), strict=True))
    return result


def population_resource(place: Place) -> Resource:
    years = residents_by_year(place)
    rows = [
        [place.by_key[key].code, day, residents]
        for day, towns in years.items()
        if day <= place.today
        for key, residents in towns.items()
    ]
    total = sum(sum(towns.values()) for day, towns in years.items() if day <= place.today)
    return Resource("area_populations", POPULATION_HEADINGS, rows, {"residents": total}, {"常住人口": "integer"})


def settle(place: Place) -> None:
    """Gives every village (or, without villages, a few nameless places) a point in its township."""
    for town in place.townships:
        dice = random.Random(f"{place.name} settlements {town.key}")
        cell = place.cells[town.key]
        names = [village.key for village in place.children[town.key]] or [f"{town.key}#{n}" for n in range(6)]
        for name in names:
            cell.centres[name] = cell.any_point(dice)
