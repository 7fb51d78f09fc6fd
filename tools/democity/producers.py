"""Producers of farm goods, and the certificates that they issue."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tools.democity.names import Namer
from tools.democity.package import Resource
from tools.democity.place import Place

PRODUCERS = [
    "生产主体编号", "生产主体名称", "类别", "区划代码", "联系人", "联系电话", "产地", "主要产品", "规模以上",
    "列入日期", "指导日期", "接入日期", "最近上传", "主体编号",
]  # fmt: skip
FORMS = ("种植专业合作社", "家庭农场", "蔬菜种植基地", "果品专业合作社", "养殖场", "农业发展有限公司")
CATEGORIES = (("三品一标", 0.72), ("省级龙头企业", 0.8), ("其他", 1.0))
BASES = ("自行检测", "自我承诺", "自行检测、自我承诺", "委托检测", "内部质量控制")
ELECTRONIC = "电子追溯合格证"
GUIDED, SILENT = 12, 0.02  # producers that are listed and not yet connected; share that stopped uploading
Row = Sequence[Any]


@dataclass
class Issued:
    number: str
    producer: str
    origin: str
    row: Row


class Producers:
    """As many as the pack states, each with what it grows; certificates are numbered as they are issued."""

    def __init__(self, place: Place, namer: Namer, wish: Mapping[str, Any]) -> None:
        self.place, self.namer = place, namer
        self.until: date = wish["certified_until"]
        self.dice = place.dice("producers")
        villages = [each for each in place.areas if each.level == "村" and not each.is_pseudo]
        self.rows = [
            self._row(number, self.dice.choice(villages), is_connected=number <= place.scaled(wish["producers"]))
            for number in range(1, place.scaled(wish["producers"]) + GUIDED + 1)
        ]
        self.connected = [row for row in self.rows if row[11]]
        self.issued: list[Issued] = []

    def _row(self, number: int, village: Any, *, is_connected: bool) -> list[Any]:
        dice, place = self.dice, self.place
        chance = dice.random()
        category = next(word for word, until in CATEGORIES if chance <= until)
        town, county = place.town_of(village.key), place.county_of(village.key)
        listed = date(2021, 1, 11) + timedelta(days=dice.randrange(300))
        joined = min(listed + timedelta(days=20 + dice.randrange(60)), place.as_of) if is_connected else ""
        silent = 30 + dice.randrange(200) if dice.random() < SILENT else 1 + dice.randrange(3)
        seen = place.today - timedelta(days=silent) if is_connected else ""
        name = f"{county.name}{self.namer.brand()}{dice.choice(FORMS)}"
        origin = f"{county.name}{town.name}{village.spoken}"
        return [
            f"{place.unit.code[:4]}-SC{number:04d}", name, category, village.code, self.namer.person(),
            self.namer.phone(), origin, "", "是" if is_connected and dice.random() < 0.4 else "否", listed,
            listed + timedelta(days=10), joined, seen, "",
        ]  # fmt: skip

    def issue(
        self, variety: str, kilos: float, day: int, days: Sequence[str], dice: random.Random, kind: str = ELECTRONIC
    ) -> Issued:
        """A certificate of the evening before the goods arrive. `days`: ISO days, counted back from the last one."""
        row = self.connected[dice.randrange(len(self.connected))]
        row[7] = row[7] or variety
        return self._add(row, variety, round(kilos * dice.choice((1, 1, 1, 1.1, 1.25))), days[day + 1], dice, kind)

    def fill(self, count: int, varieties: Sequence[str]) -> None:
        """Electronic certificates for goods that went elsewhere, until there are so many."""
        span = (min(self.until, self.place.today) - self.place.as_of).days
        for _each in range(count - sum(each.row[1] == ELECTRONIC for each in self.issued)):
            row = self.connected[self.dice.randrange(len(self.connected))]
            day = self.place.as_of + timedelta(days=1 + self.dice.randrange(span))
            variety = row[7] or self.dice.choice(varieties)
            self._add(row, variety, self.dice.randrange(50, 3000), day.isoformat(), self.dice)

    def _add(
        self, row: Row, variety: str, kilos: float, day: str, dice: random.Random, kind: str = ELECTRONIC
    ) -> Issued:
        number = f"{row[0]}-{len(self.issued) + 1:06d}"
        basis, time = BASES[dice.randrange(len(BASES))], f"{15 + dice.randrange(5)}:30"
        made = [number, kind, row[0], variety, kilos, basis, day, time]
        self.issued.append(Issued(number, str(row[1]), str(row[6]), made))
        return self.issued[-1]

    def lend(self, number: str, operator: str) -> None:
        """Whoever issued this certificate is that registered operator."""
        row = next(each for each in self.connected if number.startswith(f"{each[0]}-"))
        row[13] = operator

    def resource(self) -> Resource:
        return Resource("producers", PRODUCERS, self.rows)
