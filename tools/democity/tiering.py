"""Which operators have a tier, which not and why, with numbers from which the rule gives the same tier (C-01, C-02).

`duties: {tiers: {A: 81, …}}` in city.yaml states the numbers on the published day. The rule is the product's own.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from shian.domains.duties.rules.matching import LEVEL_OF, WIDTH
from shian.domains.duties.rules.tiers import LETTERS, Facts, TierRules, industry_of, read_rules, tier_of
from tools.democity.operators import COLUMN
from tools.democity.package import Resource
from tools.democity.place import PACKS, Place, read_yaml

CENSUS_HEADINGS = [
    "主体编号", "所在区划", "起始日期", "终止日期", "从业人数", "年产值", "就餐人数", "走访日期", "核实日期",
    "核实单位", "不纳入原因",
]  # fmt: skip
TIER_HEADINGS = [
    "主体编号",
    "所在区划",
    "起始日期",
    "终止日期",
    "包保层级",
    "从业人数",
    "年产值",
    "规则版本",
    "分级依据",
]
CENSUS_BEFORE = 5  # days before the tiers
TIERED_DAYS = 50  # before the published day, unless the pack says `tiered_before`
MANY, NONE = Decimal(10_000_000), Decimal(0)
BY_CHANCE = ("已停业、歇业或查无下落", "已不从事食品经营", "重复登记")
CANTEEN = "学校食堂"


@dataclass
class Tiered:
    """One operator with its tier and what it was worked out from. `area` is its key."""

    row: list[Any]
    area: str
    letter: str = ""
    employees: int = 0
    output: Decimal = NONE
    diners: int | None = None
    reason: str = ""

    @property
    def code(self) -> str:
        return str(self.row[COLUMN["主体编号"]])

    @property
    def format(self) -> str:
        return str(self.row[COLUMN["业态"]])

    @property
    def closed(self) -> date | None:
        return self.row[COLUMN["注销日期"]] or None

    def facts(self, output: Decimal, diners: int | None) -> Facts:
        row = self.row
        return Facts(row[COLUMN["主体类别"]], self.format, row[COLUMN["三小类别"]], self.employees, output, diners)


@dataclass
class Tiering:
    """Everybody of the published day: with a tier, or left out for a reason."""

    on: date
    rules: TierRules
    tiered: list[Tiered] = field(default_factory=list)
    excluded: list[tuple[list[Any], str]] = field(default_factory=list)


def make_tiering(place: Place, operators: Sequence[list[Any]], packs: Path = PACKS) -> Tiering | None:
    """The published numbers of tiers over the operators of that day; None for a city that states none."""
    wish = place.parameters.get("duties")
    if not wish:
        return None
    dice = place.dice("tiers")
    versions = read_yaml(packs / "parameters" / "duty_tiers.yaml")["versions"]
    found = Tiering(tiered_on(place), read_rules(versions[0]))
    counts = {letter: place.scaled(wish["tiers"].get(letter, 0)) for letter in LETTERS}
    there = [row for row in operators if _stands(row, place.as_of)]
    left, found.excluded = _left_out(there, sum(counts.values()), dice)
    areas = _areas(place, wish)
    chosen = [_measured(row) for row in left]
    for letter in LETTERS[:-1]:
        taken = _best(chosen, letter, counts[letter], found.rules, areas)
        found.tiered += [_set(each, letter, found.rules, dice) for each in taken]
        gone = {each.code for each in taken}
        chosen = [each for each in chosen if each.code not in gone]
    found.tiered += [_set(each, LETTERS[-1], found.rules, dice) for each in chosen]
    found.tiered.sort(key=lambda each: each.code)
    return found


def _areas(place: Place, wish: Any) -> dict[str, set[str]]:
    """Where a tier may be at all: a level with fewer officials than areas stands in the largest ones only."""
    towns = sorted(place.townships, key=lambda area: (area.kind != "街道", area.key))
    count = wish["officials"].get("township", 0)
    return {"C": {area.key for area in towns[:count]}} if count < len(towns) else {}


def _stands(row: list[Any], day: date) -> bool:
    closed = row[COLUMN["注销日期"]]
    return bool(row[COLUMN["开业日期"]] <= day and (not closed or closed > day))


def _left_out(
    rows: list[list[Any]], tiered: int, dice: random.Random
) -> tuple[list[list[Any]], list[tuple[list[Any], str]]]:
    """Those with a tier, and those without with the reason: by what they are first, the rest among small shops."""
    reasons = [_reason(row) for row in rows]
    order = sorted(range(len(rows)), key=lambda at: (_RANK.get(reasons[at], 9), dice.random()))
    out = set(order[: max(0, len(rows) - tiered)])
    excluded = [(rows[at], reasons[at] or dice.choice(BY_CHANCE)) for at in range(len(rows)) if at in out]
    return [row for at, row in enumerate(rows) if at not in out], excluded


_RANK = {
    "流动或季节性摊点，由街面网格管理": 0,
    "小作坊、小餐饮，由乡村网格统一包保": 1,
    "只生产食品相关产品": 2,
    "并入总部、市场或托管方一并包保": 3,
    "无实体场所，由平台所在地管理": 4,
    "": 5,
}


def tiered_on(place: Place) -> date:
    """The day on which the operators of the city got their tiers and officials."""
    before = int(place.parameters["duties"].get("tiered_before", TIERED_DAYS))
    return place.as_of - timedelta(days=before)


def _reason(row: list[Any]) -> str:
    """Why it has no tier, whatever its size; "?" marks what is never left out."""
    small = row[COLUMN["三小类别"]]
    if small:
        return "流动或季节性摊点，由街面网格管理" if small == "小摊点" else "小作坊、小餐饮，由乡村网格统一包保"
    if row[COLUMN["主体类别"]] == "食品相关产品生产":
        return "只生产食品相关产品"
    if row[COLUMN["所在市场编号"]] or row[COLUMN["连锁总部编号"]]:
        return "并入总部、市场或托管方一并包保"
    if row[COLUMN["业态"]] in ("自动售货", "网络食品销售"):
        return "无实体场所，由平台所在地管理"
    return "" if row[COLUMN["业态"]] in ("便利店", "食杂店", "小吃店", "饮品店") else "?"


def _measured(row: list[Any]) -> Tiered:
    code = str(row[COLUMN["所在区划"]])
    return Tiered(row, code, employees=int(row[COLUMN["从业人数"]]))


def _best(
    chosen: Iterable[Tiered], letter: str, count: int, rules: TierRules, areas: dict[str, set[str]]
) -> list[Tiered]:
    """Those that can have the letter: who cannot have a lower one first, then the most employees."""

    def fits(each: Tiered, wanted: str) -> bool:
        return wanted not in areas or each.area[: WIDTH[LEVEL_OF[wanted]]] in areas[wanted]

    def order(each: Tiered) -> tuple[bool, bool, int, str]:
        least = tier_of(each.facts(NONE, None), rules).letter
        must = least <= letter or not fits(each, least)
        return (not must, each.format == CANTEEN, -each.employees, each.code)

    able = [
        each
        for each in chosen
        if tier_of(each.facts(MANY, 5000 if each.format == CANTEEN else None), rules).letter <= letter
        and fits(each, letter)
    ]
    return sorted(able, key=order)[:count]


def _set(each: Tiered, letter: str, rules: TierRules, dice: random.Random) -> Tiered:
    """Turnover and diners from which the rule gives the letter."""
    thresholds = rules.industries[industry_of(each.facts(NONE, None), rules)].thresholds
    for diners in (None, *((least for _letter, least in rules.diners) if each.format == CANTEEN else ())):
        for least in (NONE, *(step.output for step in reversed(thresholds))):
            output = (least or thresholds[-1].output * Decimal("0.1")) * Decimal(f"{1 + dice.random() * 0.9:.2f}")
            eaters = diners and diners + int(dice.random() * 300)
            if (found := tier_of(each.facts(output, eaters), rules)).letter == letter:
                each.letter, each.output, each.diners, each.reason = letter, output.quantize(NONE), eaters, found.reason
                return each
    raise ValueError(f"{each.code} cannot be of tier {letter}.")


def census_resource(place: Place, tiering: Tiering) -> Resource:
    """Verified with its numbers, or excluded with the reason; what closed later ends that day."""
    on = tiered_on(place) - timedelta(days=CENSUS_BEFORE)
    rows: list[list[Any]] = []
    for each in tiering.tiered:
        first = _from(each.row, on)
        rows.append([
            each.code, each.area, first, each.closed or "", each.employees, each.output, each.diners or "",
            first, first, "", "",
        ])  # fmt: skip
    for row, reason in tiering.excluded:
        first, closed = _from(row, on), row[COLUMN["注销日期"]]
        rows.append([
            row[COLUMN["主体编号"]], row[COLUMN["所在区划"]], first, closed or "", row[COLUMN["从业人数"]], "", "",
            first, "", "", reason,
        ])  # fmt: skip
    return Resource("duty_census", CENSUS_HEADINGS, sorted(rows, key=lambda row: row[0]))


def _from(row: list[Any], on: date) -> date:
    opened: date = row[COLUMN["开业日期"]]
    return max(on, opened)


def tier_resource(tiering: Tiering) -> Resource:
    rows = [
        [each.code, each.area, since(each, tiering.on), each.closed or "", each.letter, each.employees, each.output,
         tiering.rules.version, each.reason]
        for each in tiering.tiered
    ]  # fmt: skip
    return Resource("duty_tiers", TIER_HEADINGS, rows)


def since(each: Tiered, on: date) -> date:
    """The first day of its tier and match."""
    return _from(each.row, on)
