"""Persons and their posts; a few moved on, so that history shows."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tools.democity.names import Namer
from tools.democity.organisations import Organisation
from tools.democity.package import Resource
from tools.democity.place import Place

PERSON_HEADINGS = ["人员编号", "姓名", "手机"]
ASSESSORS = 3
POST_HEADINGS = ["人员编号", "单位编码", "职务", "岗位类别", "任职区划", "任职日期", "离任日期"]


@dataclass(frozen=True)
class Vacancy:
    """A post to be filled."""

    organisation: Organisation
    title: str
    kind: str
    count: int = 1


@dataclass
class Staff:
    """Everybody of the city, as rows."""

    persons: list[list[Any]] = field(default_factory=list)
    posts: list[list[Any]] = field(default_factory=list)
    reviewers: list[str] = field(default_factory=list)


def vacancies(place: Place, organisations: list[Organisation]) -> Iterator[Vacancy]:
    sizes = place.parameters["people"]
    for item in organisations:
        at_top = item.area is place.unit
        if item.kind in ("政府部门", "党委部门", "司法机关"):
            yield Vacancy(item, _head_title(item), "领导")
        if item.campaign or (item.department == "FSCO" and not at_top):
            yield Vacancy(item, "创建工作联络员", "联络员")
        if item.kind == "监管所":
            yield Vacancy(item, "所长", "站长")
            yield Vacancy(item, "食品安全监管员", "监管人员", sizes["per_station"])
        if item.department == "SAMR":
            yield Vacancy(item, "食品安全监管员", "监管人员", sizes["per_bureau"])
        if item.department == "CAMPO":
            yield Vacancy(item, "创建办工作人员", "创建办人员", sizes["campaign_office"] if at_top else 3)
        if item.department == "FSCO" and at_top:
            yield Vacancy(item, "评审组成员", "评审人员", sizes["reviewers"])
    # The province's assessors are guests of the city's office; last, so that everybody else keeps name and number.
    host = next((item for item in organisations if item.department == "FSCO" and item.area is place.unit), None)
    if host:
        yield Vacancy(host, "评估组成员", "评估人员", ASSESSORS)


def _head_title(item: Organisation) -> str:
    titles = {"PROC": "检察长", "COURT": "院长", "ORG": "部长", "PROP": "部长", "CYBER": "主任", "INSPECT": "主任"}
    if item.department in titles:
        return titles[item.department]
    return {"局": "局长", "会": "主任", "社": "主任", "关": "关长", "心": "主任", "室": "主任"}.get(
        item.name[-1], "负责人"
    )


def make_staff(place: Place, organisations: list[Organisation], namer: Namer) -> Staff:
    staff = Staff()
    dice = namer.dice
    for vacancy in vacancies(place, organisations):
        for _ in range(vacancy.count):
            _fill(place, vacancy, staff, namer, dice)
    return staff


def _fill(place: Place, vacancy: Vacancy, staff: Staff, namer: Namer, dice: random.Random) -> None:
    """Appoints one person; one in forty was replaced during the campaign by somebody else."""
    start = max(_day(dice, date(2019, 3, 1), date(2022, 6, 30)), vacancy.organisation.since)
    if dice.random() < 1 / 40:
        change = _day(dice, date(2022, 12, 5), date(2023, 4, 20))
        _appoint(place, vacancy, staff, namer, start, change)
        start = change + timedelta(days=1)
    _appoint(place, vacancy, staff, namer, start, None)


def _appoint(place: Place, vacancy: Vacancy, staff: Staff, namer: Namer, start: date, end: date | None) -> None:
    number = f"{place.unit.key}-P{len(staff.persons) + 1:05d}"
    name = namer.person()
    staff.persons.append([number, name, namer.phone()])
    organisation = vacancy.organisation
    staff.posts.append(
        [number, organisation.code, vacancy.title, vacancy.kind, organisation.area.code, start, end or ""]
    )
    if vacancy.kind == "评审人员":
        staff.reviewers.append(name)


def _day(dice: random.Random, low: date, high: date) -> date:
    return low + timedelta(days=dice.randrange((high - low).days + 1))


def people_resources(staff: Staff) -> list[Resource]:
    return [
        Resource("persons", PERSON_HEADINGS, staff.persons),
        Resource("posts", POST_HEADINGS, staff.posts),
    ]
