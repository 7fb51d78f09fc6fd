"""Spot checks of officials' visits by the county, with what was found, and the matters that followed (C-09).

`duties: {spotchecks: […]}` in city.yaml names them: `back: 1` (so many quarters before the demo's day), the area, and
how many visits are found untrue.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from math import ceil
from typing import Any

from shian.domains.duties.rules.spotchecks import SpotNumbers, read_spot_numbers
from shian.domains.duties.rules.visits import Quarter
from tools.democity.casebook import CaseBook
from tools.democity.operators import COLUMN
from tools.democity.package import Resource
from tools.democity.place import PACKS, Place, read_yaml

CHECKS = ["督查编号", "名称", "区划代码", "督导自", "督导至", "督查组", "公布日期"]
ITEMS = ["督查编号", "督导编号", "核查结果", "核查得分", "核查情况", "核查日期", "核查人"]
BELOW = ("ZJ", "CJ")  # officials of townships and villages
REASONS = (
    "主体负责人说当日没有人来过，也没有见过督导记录", "督导记录上的企业签字不是主体人员所签",
    "照片是去年的，与现场布置不符", "当日主体停业，没有开门",
)  # fmt: skip
SCORES = (100, 100, 90, 90, 85, 80, 65)
AFTER_QUARTER, UNTIL_PUBLISHED = 8, 20
Row = Sequence[Any]


def duty_spotcheck_resources(
    place: Place, visits: Sequence[Row], operators: Sequence[Row], book: CaseBook
) -> list[Resource]:
    """Those that the city's pack asks for and that were over before the demo's day; nothing for a city without."""
    wishes = place.parameters.get("duties", {}).get("spotchecks", ())
    numbers = read_spot_numbers(read_yaml(PACKS / "parameters" / "duty_spotchecks.yaml")["versions"][0])
    names = {row[0]: row[COLUMN["名称"]] for row in operators}
    dice, checks, items = place.dice("duty spot checks"), [], []
    for wish in wishes:
        quarter = Quarter.of(place.today)
        for _ in range(wish["back"]):
            quarter = quarter.former
        published = quarter.last + timedelta(days=UNTIL_PUBLISHED)
        drawn = _drawn(visits, quarter, wish["area"], numbers, dice)
        if not drawn or published >= place.today:
            continue
        number = f"DC{quarter.year}-{wish['area']}-F{quarter.number}"
        title = f"{quarter.year}年第{'一二三四'[quarter.number - 1]}季度包保督导督查"
        checks.append([number, title, wish["area"], quarter.first, quarter.last, wish["team"], published])
        untrue = {row[0] for row in _spread(drawn, wish["untrue"], wish.get("near", ""))}
        found = [_item(number, row, row[0] in untrue, quarter.last, wish["team"], dice) for row in drawn]
        items += found
        told = {row[1]: row for row in found}
        for seed, row in enumerate(each for each in drawn if each[0] in untrue):
            _matter(row, told[row[0]], seed, names[row[1]], book)
    if not checks:
        return []
    return [
        Resource("duty_spotchecks", CHECKS, checks),
        Resource("duty_spotitems", ITEMS, items, types={"核查得分": "number"}),
    ]


def _drawn(
    visits: Sequence[Row], quarter: Quarter, area: str, numbers: SpotNumbers, dice: random.Random
) -> list[Row]:  # fmt: skip
    towns: dict[str, list[Row]] = defaultdict(list)
    for row in visits:
        if row[2].startswith(area) and quarter.first <= row[3] <= quarter.last and row[4].startswith(BELOW):
            towns[row[2][:9]].append(row)
    return [row for town in sorted(towns) for row in dice.sample(towns[town], _size(len(towns[town]), numbers))]


def _size(visits: int, numbers: SpotNumbers) -> int:
    """The share, rounded up, at least so many, at most all."""
    return min(visits, max(numbers.least, ceil(visits * numbers.share)))


def _spread(drawn: Sequence[Row], count: int, near: str) -> list[Row]:
    """So many, evenly over the sample; the first one, where the pack says so, in the area of a demo account."""
    chosen = [drawn[place * len(drawn) // count] for place in range(count)] if count else []
    close = [row for row in drawn if near and row[2].startswith(near)]
    return [*close[:1], *chosen[1:]] if close else chosen


def _item(number: str, row: Row, is_untrue: bool, ended: date, team: str, dice: random.Random) -> Row:
    on = ended + timedelta(days=AFTER_QUARTER + dice.randrange(7))
    if is_untrue:
        return [number, row[0], "不属实", "", REASONS[dice.randrange(len(REASONS))], on, team]
    return [number, row[0], "属实", dice.choice(SCORES), "", on, team]


def _matter(row: Row, found: Row, seed: int, name: str, book: CaseBook) -> None:
    """The first waits for a word of its official, the second for the office, the others are settled."""
    check, visit, on, bureau = found[0], row[0], found[5], f"{row[2][:6]}-SAMR"
    town = row[2][:9]
    thread = book.open(
        "duty_untrue", f"实{on.year}-{town}-{seed + 1}", f"督导不实：{name}", on=on, area=town, body=found[4],
        issuer=bureau, unit=bureau, operator=row[1], 督导编号=visit, 督查编号=check, 包保干部编号=row[4], 督导对象=name,
    )  # fmt: skip
    if seed == 0:
        return
    thread.step("包保干部说明", on + timedelta(days=2), "包保干部", note="情况属实，已重新督导。")
    if seed > 1:
        done = on + timedelta(days=5)
        thread.step("处理", done, "食安办工作人员", note="已批评教育，要求重新督导。", data={"follows": "批评教育"})
