"""Problems: the published ones of 2023, those of the inspection rounds, and the campaign in mid-course."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tools.democity.casebook import CaseBook, Thread, picture
from tools.democity.operators import COLUMN
from tools.democity.place import Area, Place, read_yaml

MATTERS: list[dict[str, Any]] = read_yaml(Path(__file__).with_name("matters.yaml"))
SOURCES = {"监督检查": 52, "资料审查": 8, "自查": 14, "暗访": 10, "包联督导": 8, "投诉举报": 8}
PHOTOS = 4
Person = tuple[str, str]  # number and name


@dataclass
class Desk:
    """Whom makers of cases may name: units, and the people in them, on the demo's day."""

    place: Place
    book: CaseBook
    people: Mapping[str, list[Person]]
    operators: Mapping[tuple[str, str], list[list[Any]]]
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def office(self) -> str:
        return f"{self.place.unit.key}-CAMPO"

    def inspector(self, county: Area) -> str:
        """The inspection region that verifies in a county: north or south in turn."""
        return f"{self.place.unit.key}-REGION{1 + self.place.counties.index(county) % 2}"

    def who(self, unit: str, dice: random.Random) -> Person:
        """Somebody of the unit; the unit by its role where nobody is on record."""
        found = self.people.get(unit)
        return dice.choice(found) if found else ("", "承办人员")

    def number(self, area: str, year: int) -> str:
        """The next problem of an area and year."""
        self.counts[f"{area}{year}"] += 1
        return f"WT{year}-{area}-{self.counts[f'{area}{year}']}"


def desk_for(place: Place, book: CaseBook, staff: Any, operators: Sequence[list[Any]]) -> Desk:
    """Everybody who holds a post today by unit, and operators that were open in 2022 by county and format."""
    names = {row[0]: row[1] for row in staff.persons}
    people = defaultdict(list)
    for number, unit, _title, _kind, _area, _start, end in staff.posts:
        if not end:
            people[unit].append((number, names[number]))
    grouped = defaultdict(list)
    for row in operators:
        if not row[COLUMN["注销日期"]] and str(row[COLUMN["开业日期"]]) < "2022-01-01":
            grouped[str(row[COLUMN["所在区划"]])[:6], row[COLUMN["业态"]]].append(row)
    return Desk(place, book, people, grouped)


def keep_photos(book: CaseBook) -> None:
    for seed in range(PHOTOS):
        book.files[f"整改前{seed + 1}.png"] = picture(seed, is_after=False)
        book.files[f"整改后{seed + 1}.png"] = picture(seed, is_after=True)


@dataclass
class Finding:
    """One problem in the making."""

    county: Area
    matter: Mapping[str, Any]
    on: date
    due: date
    source: str
    parent: str = ""
    parent_type: str = "inspection"
    is_running: bool = False  # the office itself verifies what is under way: it is who signs in to the demo


def open_problem(desk: Desk, finding: Finding, dice: random.Random) -> tuple[Thread, str]:
    """A problem with place, operator and number; and the unit that will have to rectify it."""
    shop = _shop(desk, finding, dice)
    name = shop[COLUMN["名称"]] if shop else finding.county.name
    told: dict[str, Any] = {"area": str(shop[COLUMN["所在区划"]])[:9] if shop else finding.county.code}
    if shop:
        told |= {"operator": shop[COLUMN["主体编号"]], "地点": shop[COLUMN["地址"]]}
    if finding.parent:
        told |= {"parent_type": finding.parent_type, "parent": finding.parent}
    thread = desk.book.open(
        "problem",
        desk.number(str(told["area"]), finding.on.year),
        f"{name}：{finding.matter['text']}",
        on=finding.on,
        source=finding.source,
        item=finding.matter["item"],
        issuer=desk.office,
        verifier="" if finding.is_running else desk.inspector(finding.county),
        程度=finding.matter["severity"],
        **told,
    )
    return thread, f"{finding.county.key}-SAMR"


def _shop(desk: Desk, finding: Finding, dice: random.Random) -> list[Any] | None:
    found = [row for each in finding.matter["formats"] for row in desk.operators.get((finding.county.key, each), ())]
    return dice.choice(found) if found else None


def rectify(desk: Desk, thread: Thread, unit: str, finding: Finding, dice: random.Random, *, until: str) -> None:
    """Steps of a problem up to `until`: listed, rectifying, submitted, closed."""
    stages = ("listed", "rectifying", "submitted", "closed")
    reached = stages.index(until)
    if reached:
        thread.step("交办", finding.on + timedelta(days=dice.randrange(2)), "创建办工作人员", to=unit, due=finding.due)
    if reached > 1:
        day = finding.due - timedelta(days=dice.randrange(1, 4))
        thread.step(
            "报整改结果",
            day,
            desk.who(unit, dice)[1],
            note=f"{finding.matter['measures']}，现场已复核。",
            kind="after",
            evidence=f"整改后{dice.randrange(PHOTOS) + 1}.png",
            data={"measures": finding.matter["measures"]},
        )
    if reached > 2:
        thread.step(
            "核实销号",
            thread.at.date() + timedelta(days=dice.randrange(1, 4)),
            "创建办工作人员" if finding.is_running else "督查片区核实人员",
            note="现场核实，整改到位。",
        )


def published_problems(desk: Desk, wish: Mapping[str, Any]) -> None:
    """The published count: all but the named three are closed before the reply was written."""
    told, dice = wish["found"], desk.place.dice("problems")
    second = next((each for each in wish["rounds"] if "share" in each), None)
    named = wish["open_by_name"]
    for _each in range(told["problems"] - len(named)):
        county, matter = dice.choice(desk.place.counties), dice.choice(MATTERS)
        is_rounds = second is not None and dice.random() < second["share"]
        first, last = (second["from"], second["to"]) if is_rounds and second else (told["from"], told["to"])
        on = first + timedelta(days=dice.randrange((last - first).days))
        due = min(on + timedelta(days=dice.randrange(7, 22)), told["closed_by"] - timedelta(days=5))
        source = "两办督查" if is_rounds else dice.choices(list(SOURCES), list(SOURCES.values()))[0]
        finding = Finding(county, matter, on, due, source, second["number"] if is_rounds and second else "")
        thread, unit = open_problem(desk, finding, dice)
        rectify(desk, thread, unit, finding, dice, until="closed")
    for each in named:
        county = desk.place.by_key[each["county"]]
        finding = Finding(county, MATTERS[each["matter"]], told["to"], each["due_on"], "监督检查")
        thread, unit = open_problem(desk, finding, dice)
        rectify(desk, thread, unit, finding, dice, until="rectifying")


def inspection_rounds(desk: Desk, wish: Mapping[str, Any]) -> None:
    """The rounds of the two supervision offices; what the first one found was all rectified inside its limits."""
    dice, unit = desk.place.dice("rounds"), f"{desk.place.unit.key}-SUPERV"
    for each in wish["rounds"]:
        thread = desk.book.open(
            "inspection",
            each["number"],
            each["title"],
            on=each["from"] - timedelta(days=10),
            due=each["to"],
            area=desk.place.unit.code,
            issuer=desk.office,
            unit=unit,
            开始日期=each["from"],
            督查组=2,
            督查范围="全市各县（市、区）和廊坊开发区、临空经济区",
        )
        for _number in range(each.get("problems", 0)):
            on = each["from"] + timedelta(days=dice.randrange((each["to"] - each["from"]).days))
            county, matter = dice.choice(desk.place.counties), dice.choice(MATTERS)
            due = on + timedelta(days=dice.randrange(7, 16))
            finding = Finding(county, matter, on, due, "两办督查", each["number"])
            problem, rectifier = open_problem(desk, finding, dice)
            rectify(desk, problem, rectifier, finding, dice, until="closed")
        thread.step("开始督查", each["from"], "督查室工作人员")
        thread.step(
            "报告",
            each["to"],
            "督查室工作人员",
            note="督查情况已报告，问题限期整改。",
            evidence="督查报告.pdf",
            kind="report",
        )
        thread.step("办结", each["closed_on"], "创建办工作人员", note="问题全部整改销号。")


def running_problems(desk: Desk, wish: Mapping[str, Any]) -> None:
    """Problems of the last weeks: some to be assigned, some late, some to be verified, some closed."""
    today, dice = desk.place.today, desk.place.dice("running problems", with_today=True)
    plan = (("listed", 0.2), ("rectifying", 0.4), ("submitted", 0.16), ("closed", 0.24))
    for place in range(wish["running"]["problems"]):
        until = dice.choices([each for each, _share in plan], [share for _each, share in plan])[0]
        ago = {"listed": (1, 2), "rectifying": (4, 26), "submitted": (10, 18), "closed": (16, 45)}[until]
        on = today - timedelta(days=dice.randint(*ago))
        due = on + timedelta(days=dice.randrange(7, 16))
        county = desk.place.counties[place % len(desk.place.counties)]
        source = dice.choices(list(SOURCES), list(SOURCES.values()))[0]
        finding = Finding(county, dice.choice(MATTERS), on, due, source, is_running=True)
        thread, unit = open_problem(desk, finding, dice)
        rectify(desk, thread, unit, finding, dice, until=until)
