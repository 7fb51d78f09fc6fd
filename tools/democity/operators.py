"""Rows of the operator register: names, licences, dates and points that hold together."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import count
from typing import Any

from tools.democity.demand import Demand, Format, make_demand
from tools.democity.identifiers import Numbers
from tools.democity.names import Namer
from tools.democity.package import Resource
from tools.democity.place import Area, Place
from tools.democity.siting import Siting

HEADINGS = [
    "主体编号",
    "名称",
    "统一社会信用代码",
    "证照类型",
    "证照编号",
    "主体类别",
    "三小类别",
    "业态",
    "环节",
    "规模",
    "从业人数",
    "经营面积",
    "法定代表人",
    "联系电话",
    "所在区划",
    "地址",
    "经度",
    "纬度",
    "连锁总部编号",
    "所在市场编号",
    "开业日期",
    "注销日期",
]
COLUMN = {heading: index for index, heading in enumerate(HEADINGS)}
TYPES = {"从业人数": "integer", "经营面积": "number", "经度": "number", "纬度": "number"}
OLDEST = date(1993, 1, 4)
MARGIN = timedelta(days=4)  # nothing opens or closes within these days of the published date
STALL_FORMS = "1223344"  # moving, fixed, in a market, small shop (regulations 1.6)
FOOD_CLASSES = {
    "101": (14, "粮食制品"), "102": (6, "粮油"), "103": (9, "调味品"), "104": (13, "肉类加工"), "105": (2, "乳业"),
    "106": (8, "饮料"), "107": (5, "方便食品"), "108": (3, "饼干"), "109": (2, "罐头"), "111": (8, "速冻食品"),
    "112": (3, "休闲食品"), "113": (2, "糖果"), "115": (5, "酒业"), "116": (4, "蔬菜制品"), "117": (2, "果品"),
    "118": (4, "坚果食品"), "123": (3, "淀粉制品"), "124": (16, "糕点"), "125": (7, "豆制品"), "131": (2, "食品"),
}  # fmt: skip
PACKAGING = ("204", "205", "206", "010")


class OperatorMaker:
    """Makes one row per demand; everything by chance comes from one stream."""

    def __init__(self, place: Place, siting: Siting, namer: Namer) -> None:
        self.place, self.siting, self.namer = place, siting, namer
        self.dice: random.Random = siting.dice
        self.later = place.dice("operators after as_of", with_today=True)
        self.numbers = Numbers(self.dice.randrange(10**6), place.parameters["operators"]["licence_province"])
        self.serials: dict[str, count[int]] = defaultdict(lambda: count(1))
        self.spoken: Mapping[str, str] = place.parameters.get("spoken", {})
        self.regions: Mapping[str, str] = place.parameters.get("registration_regions", {})
        self.closing = place.parameters["operators"]["history"]["closed_per_year"]
        self.markets: dict[str, list[Any]] = {}

    def make(self, demand: Demand) -> list[Any]:
        fmt, town = demand.format, self.place.by_key[demand.township]
        host = self.markets.get(demand.guest_of)
        village, lon, lat = self._position(demand, host)
        opened, closed = self._life(demand, host)
        form = "3" if host else self.dice.choice(STALL_FORMS)
        food_class = self._food_class(fmt) if fmt.licence == "SC" else ""
        name = self._name(fmt, town, village, food_class, form)
        region = self.regions.get(town.key[:6], town.key[:6])
        kind, number = self._licence(fmt, region, town.key[6:], food_class, form)
        moving = fmt.licence == "TD" and form == "1"
        settlement, urban = self._setting(town, village)
        return [
            f"{town.key[:6]}-{next(self.serials[town.key[:6]]):05d}",
            name,
            self._credit_code(fmt, name, region, opened.year),
            kind,
            number,
            fmt.kind,
            fmt.small,
            fmt.name,
            "流通" if fmt.licence == "TD" and form == "4" else fmt.stage,
            fmt.size,
            self._between(fmt.staff),
            self._between(fmt.floor),
            self.namer.person(),
            self.namer.phone(),
            village or town.code,
            self.namer.address(town, settlement, urban, host[COLUMN["名称"]] if host else ""),
            "" if moving else lon,
            "" if moving else lat,
            "",
            host[0] if host else "",
            opened,
            closed or "",
        ]

    def _setting(self, town: Area, village: str) -> tuple[Area | None, bool]:
        """The village, and whether addresses there name roads."""
        settlement = self.place.by_key[village] if village else None
        urban = town.kind in ("街道", "园区") or settlement is None or settlement.kind == "社区"
        return settlement, urban

    def _position(self, demand: Demand, host: list[Any] | None) -> tuple[str, float, float]:
        if host is None:
            return self.siting.spot(demand.township)
        where = host[COLUMN["所在区划"]]
        village = where if len(where) == 12 else ""
        return village, *self.siting.spot_at(demand.township, host[COLUMN["经度"]], host[COLUMN["纬度"]])

    def _life(self, demand: Demand, host: list[Any] | None) -> tuple[date, date | None]:
        """Opening and closing days of the three phases; never within MARGIN of the published date."""
        as_of, today = self.place.as_of, self.place.today
        if demand.phase == "late":
            opened = self._day(self.later, as_of + MARGIN, today)
            return opened, None
        if demand.phase == "gone":
            closed = self._day(self.dice, as_of - timedelta(days=2200), as_of - MARGIN)
            return max(OLDEST, closed - timedelta(days=60 + int(self.dice.expovariate(1 / 1100)))), closed
        oldest = max(OLDEST, host[COLUMN["开业日期"]]) if host else OLDEST
        age = int(self.dice.expovariate(1 / (3600 if demand.format.legal in ("public", "company") else 1500)))
        opened = as_of - MARGIN - timedelta(days=age)
        if opened < oldest:
            opened = self._day(self.dice, oldest, as_of - MARGIN)
        years = (today - as_of).days / 365.25
        lasting = demand.format.legal in ("public", "government") or demand.format.kind == "农贸市场"
        if years > 0.1 and not lasting and self.later.random() < self.closing * years:
            return opened, self._day(self.later, as_of + MARGIN, today)
        return opened, None

    @staticmethod
    def _day(dice: random.Random, low: date, high: date) -> date:
        return low + timedelta(days=int(dice.random() * ((high - low).days + 1)))

    def _between(self, limits: tuple[float, float]) -> int:
        low, high = math.log(limits[0]), math.log(limits[1])
        return round(math.exp(low + self.dice.random() * (high - low)))

    def _food_class(self, fmt: Format) -> str:
        if fmt.name == "食品添加剂生产":
            return self.dice.choice(("201", "202", "203"))
        if fmt.name == "特殊食品生产":
            return self.dice.choice(("127", "127", "127", "128", "129"))
        return self.dice.choices(list(FOOD_CLASSES), [weight for weight, _ in FOOD_CLASSES.values()])[0]

    def _name(self, fmt: Format, town: Area, village: str, food_class: str, form: str) -> str:
        county = self.spoken.get(town.key[:6], self.place.by_key[town.key[:6]].name)
        given = {
            "county": county,
            "city": self.namer.city_name,
            "township": town_short(town),
            "village": self.place.by_key[village].spoken if village else town_short(town),
        }
        if food_class in FOOD_CLASSES:
            head = self.dice.choice((county, county, self.namer.city_name))
            return f"{head}{self.namer.brand()}{FOOD_CLASSES[food_class][1]}有限公司"
        if food_class:
            noun = "食品添加剂" if food_class.startswith("2") else "健康食品"
            return f"{self.namer.city_name}{self.namer.brand()}{noun}有限公司"
        choice = self.dice.choice(fmt.names)
        if fmt.licence == "TD" and form == "4":
            choice = "食杂店"
        pattern = choice if "{" in choice else self.dice.choice(self.namer.patterns[choice])
        name = self.namer.fill(pattern, given)
        if any(slot in pattern for slot in ("{county}", "{city}", "{township}")) or self.dice.random() > 0.6:
            return name
        return county + name

    def _licence(self, fmt: Format, region: str, township: str, food_class: str, form: str) -> tuple[str, str]:
        kind = fmt.licence
        if kind == "SC":
            return kind, self.numbers.production_licence(food_class, region)
        if kind == "YB2" and self.dice.random() < 0.45:
            kind = "JY1"
        if kind in ("JY1", "JY2", "JY3", "YB2"):
            return kind[:2], self.numbers.trade_licence(kind[:2], kind[2], region)
        if kind in ("ZF", "CY", "TD"):
            return kind, self.numbers.small_card(kind, form if kind == "TD" else "1", region, township)
        if kind == "XK":
            return kind, self.numbers.industrial_licence(self.dice.choice(PACKAGING))
        return "无", ""

    def _credit_code(self, fmt: Format, name: str, region: str, year: int) -> str:
        """Who registered the operator: companies, traders, public bodies, private non-profits; stalls often nobody."""
        legal = fmt.legal
        if legal == "stall" and self.dice.random() < 0.55:
            return ""
        if "公司" in name or legal == "company":
            authority = "91"
        else:
            authority = {"public": "12", "government": "11", "kindergarten": "52"}.get(legal, "92")
        return self.numbers.credit_code(authority, region, year)


def town_short(town: Area) -> str:
    """A township's name as it stands in business names."""
    if town.kind == "街道":
        return town.name.removesuffix("街道")
    name = town.name.removeprefix("河北").removeprefix("北京")
    for long, short in (("高新技术产业开发区", "高新区"), ("经济开发区", "经开区"), ("产业园区", "园区")):
        name = name.replace(long, short)
    return name


def make_operators(place: Place, siting: Siting, namer: Namer) -> list[list[Any]]:
    maker = OperatorMaker(place, siting, namer)
    markets, others = make_demand(place, siting)
    rows = []
    seen: dict[str, count[int]] = defaultdict(lambda: count(0))
    for demand in markets:
        row = maker.make(demand)
        maker.markets[f"{demand.format.name}#{next(seen[demand.format.name])}"] = row
        rows.append(row)
    rows.extend(maker.make(demand) for demand in others)
    return rows


def operator_resource(rows: list[list[Any]]) -> Resource:
    staff = sum(int(row[COLUMN["从业人数"]]) for row in rows)
    return Resource("operators", HEADINGS, rows, {"employees": staff}, TYPES)
