"""The weekly ledger of the running campaign: eight weeks up to today, some units late."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tools.democity.organisations import Organisation
from tools.democity.package import Resource
from tools.democity.place import Place, read_yaml

HEADINGS = [
    "创建区划", "周一日期", "单位编码", "序号", "评价内容编号", "本周完成", "下周计划", "存在问题", "需协调事项",
    "填报日期",
]  # fmt: skip
WORDS = Path(__file__).with_name("weeks.yaml")
WEEKS, LATE, NOT_YET, FRIDAY = 8, 0.08, 0.6, 4


def week_resource(place: Place, organisations: Sequence[Organisation]) -> Resource | None:
    """None for a place that runs no campaign of its own."""
    below = {area.key for area in place.counties}
    units = [each for each in organisations if each.campaign or (each.department == "CAMPO" and each.area.key in below)]
    if not any(each.campaign for each in units):
        return None
    return Resource("weekly_ledger", HEADINGS, list(_rows(place, units, place.dice("weeks"))))


def _rows(place: Place, units: Sequence[Organisation], dice: random.Random) -> Iterator[list[Any]]:
    words = read_yaml(WORDS)
    this_monday = place.today - timedelta(days=place.today.weekday())
    for back in range(WEEKS, -1, -1):
        monday = this_monday - timedelta(weeks=back)
        friday = min(monday + timedelta(days=4), place.today)
        for unit in units:
            is_running = back == 0 and place.today.weekday() < FRIDAY
            if dice.random() < (NOT_YET if is_running else LATE):
                continue
            yield from _report(place, unit, monday, friday, words, dice)


def _report(
    place: Place, unit: Organisation, monday: date, filed_on: date, words: Any, dice: random.Random
) -> Iterator[list[Any]]:
    for number in range(1, dice.randint(1, 3) + 1):
        matter = dice.choice(words["matters"])
        trouble = dice.random() < 0.3
        yield [
            place.unit.code, monday, unit.code, number, matter["item"], dice.choice(matter["done"]),
            dice.choice(matter["planned"]), dice.choice(matter["problem"]) if trouble else "",
            dice.choice(words["help"]) if trouble and dice.random() < 0.4 else "", filed_on,
        ]  # fmt: skip
