"""Wholesale markets with their merchants and orders, producers and their certificates (E-04 to E-08).

`tracing` in city.yaml says how many of each. What came on the last day lies in the package; the rest, millions of rows,
is written for the worker. Both come from one plan, so together they are exactly what the pack states.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, partial
from itertools import chain, islice
from typing import Any

from tools.democity.apportion import apportion
from tools.democity.names import Namer
from tools.democity.operators import COLUMN
from tools.democity.package import Resource
from tools.democity.place import Place
from tools.democity.producers import ELECTRONIC, Producers

MARKETS = [
    "市场编号", "市场名称", "市场类型", "开办者主体编号", "区划代码", "地址", "摊位数", "开办日期", "试点确定",
    "设备到位", "试点运行",
]  # fmt: skip
MERCHANTS = ["市场编号", "商户编号", "商户名称", "摊位号", "主体编号", "联系人", "联系电话", "入网日期"]
INS = [
    "入库单号", "市场编号", "商户编号", "入场日期", "入场时间", "品种", "数量", "产地", "供货者", "凭证", "凭证编号",
    "查验结论", "拒入原因", "批发出库单号",
]  # fmt: skip
OUTS = [
    "出库单号", "市场编号", "商户编号", "入库单号", "品种", "销售日期", "销售时间", "购货主体编号", "购货者名称",
    "数量",
]  # fmt: skip
CERTIFICATES = ["合格证编号", "凭证种类", "生产主体编号", "品种", "数量", "承诺依据", "开具日期", "开具时间"]
ELSEWHERE = ("山东寿光", "河南郑州", "内蒙古赤峰", "北京新发地", "天津武清", "辽宁大连", "海南三亚")
PROOFS = (("检测报告", 0.5), ("购货凭证", 0.8), ("入场快检合格", 1.0))
# Of groups of goods; others: electronic.
KINDS = {"A09": "肉品合格证", "A10": "产地检疫证明", "A11": "产地检疫证明", "A16": "食用农产品合格证"}
YEAR, KEEPS, HUB_DAYS = 365, 4, 60
REGULARS, NO_LOT, WALK_IN, UNSOLD = 60, 0.04, 0.1, 0.015
STAPLES = ("B02", "C01")  # groups of what a hub sells
Row = Sequence[Any]


@dataclass
class InOrder:
    """One lot at the gate, and how many out-orders sell it."""

    number: str
    day: int  # days before the last one
    row: list[Any]
    outs: int
    is_hub: bool = False


@dataclass
class Merchant:
    row: list[Any]
    varieties: list[str]
    regulars: list[str]

    @property
    def number(self) -> str:
        return str(self.row[1])


@dataclass
class Market:
    """A wholesale market with its orders. `outs`: what the pack states for it."""

    row: list[Any]
    outs: int
    merchants: list[Merchant] = field(default_factory=list)
    orders: list[tuple[Merchant, InOrder]] = field(default_factory=list)

    @property
    def code(self) -> str:
        return str(self.row[0])


class Rows(Sequence[Row]):
    """Rows that are made as they are written: there are more than a memory should hold."""

    def __init__(self, length: int, make: Callable[[], Iterator[Row]]) -> None:
        self.length, self.make = length, make

    def __len__(self) -> int:
        return self.length

    def __iter__(self) -> Iterator[Row]:
        return self.make()

    def __getitem__(self, place: Any) -> Any:
        return next(islice(self.make(), place, place + 1))


class Trade:
    """The plan of a year's trade, and the tables that it is written as."""

    def __init__(
        self, place: Place, operators: Sequence[list[Any]], vocabulary: Mapping[str, Any], namer: Namer
    ) -> None:
        self.place, self.wish, self.namer = place, place.parameters["tracing"], namer
        self.operators = [row for row in operators if not row[COLUMN["注销日期"]]]
        self.dice = place.dice("markets")
        self.groups = {key: list(told["names"]) for key, told in sorted(vocabulary["products"].items())}
        self.farmed = {
            name for told in vocabulary["products"].values() if told["kind"] == "食用农产品" for name in told["names"]
        }
        self.kinds = {name: KINDS[key] for key in KINDS for name in self.groups.get(key, ())}
        self.days = [(place.as_of - timedelta(days=ago)).isoformat() for ago in range(YEAR + KEEPS)]
        self.times = [f"{hour:02d}:{minute:02d}" for hour in (4, 5, 5, 6, 6, 7, 8, 9) for minute in range(0, 60, 7)]
        self.buyers = [
            (str(row[0]), str(row[COLUMN["所在区划"]])[:6])
            for row in self.operators
            if row[COLUMN["主体类别"]] in {"食品销售", "餐饮服务"}
        ]
        self.producers = Producers(place, namer, self.wish)

    @cached_property
    def markets(self) -> list[Market]:
        hosts = [row for row in self.operators if row[COLUMN["业态"]] == "批发市场"][: self.wish["markets"]]
        weights = self.wish["weights"][: len(hosts)]
        merchants = apportion(self.place.scaled(self.wish["merchants"]), weights)
        ins = apportion(self.place.scaled(self.wish["ins"]), weights)
        outs = apportion(self.place.scaled(self.wish["outs"]), weights)
        made = [self._market(place, row, outs[place]) for place, row in enumerate(hosts)]
        varieties = self._dealt(sum(merchants))
        for place, market in enumerate(made):
            self._people(market, merchants[place], varieties)
            self._orders(market, ins[place], place)
        self._lend(made)
        return made

    def _lend(self, markets: Sequence[Market]) -> None:
        """The demo's own business is the stall and the farm of the first certified goods of the last day."""
        code = self.place.parameters.get("demo_operator")
        own = next((row for row in self.operators if row[0] == code), None)
        found = [pair for each in markets for pair in each.orders if pair[1].day == 0 and pair[1].row[9] == "合格证"]
        if own is None or not found:
            return
        merchant, order = found[0]
        merchant.row[2], merchant.row[4:7] = own[COLUMN["名称"]], [code, "", ""]
        self.producers.lend(str(order.row[10]), str(code))

    def _market(self, place: int, row: list[Any], outs: int) -> Market:
        code = f"{self.place.unit.code[:4]}-NP{place + 1}"
        name, area, opened = row[COLUMN["名称"]], row[COLUMN["所在区划"]], row[COLUMN["开业日期"]]
        name = name.removesuffix("有限公司")
        address = row[COLUMN["地址"]]
        return Market([code, name, "农批市场", row[0], area, address, 60 + 40 * (7 - place), opened, "", "", ""], outs)

    def _dealt(self, merchants: int) -> Iterator[list[str]]:
        """What each merchant deals in: one group, and all of them together deal in everything."""
        names = [name for group in self.groups.values() for name in group]
        names = names[: max(self.place.scaled(len(names)), 1)]
        per = -(-len(names) // merchants)
        for place in range(merchants):
            own = names[place * per : (place + 1) * per]
            farmed = self.dice.choice([key for key in self.groups if key.startswith("A")])
            yield own + self.dice.sample(self.groups[farmed], 5)

    def _people(self, market: Market, count: int, varieties: Iterator[list[str]]) -> None:
        county = str(market.row[4])[:6]
        near = [code for code, area in self.buyers if area == county]
        far = [code for code, _area in self.buyers]
        firms = [
            row for row in self.operators
            if row[COLUMN["业态"]] == "食品批发商" and str(row[COLUMN["所在区划"]])[:6] == county
        ][:count]  # fmt: skip
        for place, dealt in zip(range(count), varieties, strict=False):
            regulars = self.dice.choices(near, k=REGULARS) + self.dice.choices(far, k=REGULARS // 4)
            name, firm, person, phone = f"{self.namer.brand()}商行", "", self.namer.person(), self.namer.phone()
            if place < len(firms):
                name, firm, person, phone = firms[place][COLUMN["名称"]], firms[place][0], "", ""
            joined = date(2021, 1, 4) + timedelta(days=self.dice.randrange(300))
            booth = f"{'ABCDEF'[place % 6]}区{place // 6 + 1:02d}号"
            row = [market.code, f"S{place + 1:03d}", name, booth, firm, person, phone, joined]
            market.merchants.append(Merchant(row, dealt, regulars))

    def _orders(self, market: Market, count: int, number: int) -> None:
        """In-orders by merchants; each with its share of the market's out-orders, hubs with more."""
        dice, merchants = self.dice, market.merchants
        hubs = 2 if number < 2 and self.place.scale == 1 else 0
        per = apportion(count, [dice.uniform(0.6, 1.4) for _each in merchants])
        weights = [0 if dice.random() < UNSOLD else dice.paretovariate(1.6) for _each in range(count)]
        outs = apportion(market.outs - hubs * self.wish["hub"], weights)
        serial = 0
        for merchant, own in zip(merchants, per, strict=True):
            dealt = merchant.varieties
            for place in range(own):
                day = 0 if serial % YEAR == 0 else dice.randrange(1, YEAR)
                is_hub = serial < hubs
                sold = outs[serial] + (self.wish["hub"] if is_hub else 0)
                serial += 1
                variety = self.groups[STAPLES[serial % 2]][number] if is_hub else dealt[place % len(dealt)]
                order = self._arrival(market, merchant, serial, HUB_DAYS if is_hub else day, sold, variety)
                order.is_hub = is_hub
                market.orders.append((merchant, order))

    def _arrival(self, market: Market, merchant: Merchant, serial: int, day: int, outs: int, variety: str) -> InOrder:
        dice = self.dice
        number = f"R{market.code[-1]}-{serial:06d}"
        kilos = max(round(outs * dice.uniform(4, 30)), 20)
        row = [
            number, market.code, merchant.number, self.days[day], dice.choice(self.times[:24]), variety, kilos,
            dice.choice(ELSEWHERE), f"{self.namer.brand()}供应站", "", "", "准入", "", "",
        ]  # fmt: skip
        if variety in self.farmed and dice.random() < self.wish["certified"]:
            found = self.producers.issue(variety, kilos, day, self.days, dice, self.kinds.get(variety, ELECTRONIC))
            row[7:11] = [found.origin, found.producer, "合格证", found.number]
            return InOrder(number, day, row, outs)
        if outs == 0:
            row[9], row[11], row[12] = "无凭证", "拒入", "无凭证，快检不合格"
            return InOrder(number, day, row, outs)
        chance = dice.random()
        row[9] = next(word for word, until in PROOFS if chance <= until)
        row[10] = f"ZM{serial:06d}" if row[9] != "入场快检合格" else ""
        return InOrder(number, day, row, outs)

    def _sales(self, market: Market, today: bool) -> Iterator[Row]:
        """The out-orders of the in-orders of the last day, or of all others."""
        dice = self.place.dice(f"sales {market.code} {today}")
        serial = 0
        for merchant, order in market.orders:
            first, serial = serial, serial + order.outs
            if (order.day == 0) == today and order.outs:
                yield from self._sold(market, merchant, order, first, dice)

    def _sold(
        self, market: Market, merchant: Merchant, order: InOrder, first: int, dice: random.Random
    ) -> Iterator[Row]:
        count, code, shop, stem = order.outs, market.code, merchant.number, f"C{market.code[-1]}-"
        average, variety = float(order.row[6]) / count, order.row[5]
        buyers = [code for code, _area in self.buyers] if order.is_hub else merchant.regulars
        chosen, times, chances = dice.choices(buyers, k=count), dice.choices(self.times, k=count), dice.random
        reach = min(order.day, HUB_DAYS if order.is_hub else KEEPS - 1) + 1
        for place in range(count):
            chance, day = chances(), self.days[order.day - place * reach // count]
            lot, named = ("", variety) if chance < NO_LOT and not order.is_hub else (order.number, "")
            buyer = "" if chance > 1 - WALK_IN and not order.is_hub else chosen[place]
            time = times[place] if day != self.days[order.day] else max(times[place], order.row[4])
            kilos = int(average * (5 + 5 * chance)) / 10 or 0.1
            yield f"{stem}{first + place + 1:07d}", code, shop, lot, named, day, time, buyer, "", kilos

    @cached_property
    def retail(self) -> tuple[list[Row], list[Row], list[Row]]:
        """Two retail markets of the pilot: markets, stalls, and what the stalls bought of the last day's wholesale."""
        markets: list[Row] = []
        stalls: list[Row] = []
        bought: list[Row] = []
        places = [row for row in self.operators if row[COLUMN["主体类别"]] == "农贸市场"]
        hosts = [row for row in places if row[COLUMN["业态"]] != "批发市场"][: self.wish["retail"]]
        sales = [
            row for row in chain.from_iterable(self._sales(each, True) for each in self.markets) if row[3] and row[7]
        ]
        orders = {order.number: order for each in self.markets for _who, order in each.orders if order.day == 0}
        for place, host in enumerate(hosts):
            code = f"{self.place.unit.code[:4]}-LS{place + 1}"
            began = date(2022, 3, 1) + timedelta(days=40 * place)
            days = [began, began + timedelta(days=60), began + timedelta(days=90)]
            told = [host[COLUMN[each]] for each in ("名称", "主体编号", "所在区划", "地址", "开业日期")]
            markets.append([code, told[0], "零售市场", *told[1:4], 40, told[4], *days])
            for stall, sale in enumerate(sales[place * 8 : place * 8 + 8]):
                number = f"T{stall + 1:02d}"
                joined = days[2] + timedelta(days=stall)
                stalls.append([code, number, f"{self.namer.brand()}摊位", f"{stall + 1}号", sale[7], "", "", joined])
                wholesale = orders[sale[3]].row
                bought.append([f"L{place + 1}-{stall + 1:04d}", code, number, sale[5], "11:00", wholesale[5], sale[9],
                               wholesale[7], "", "购货凭证", sale[0], "准入", "", sale[0]])  # fmt: skip
        return markets, stalls, bought

    def _mistaken(self, sold: list[Row]) -> list[Row]:
        """The same sales with what goes wrong in a day, in three lots: more is sold than came, a sale before the goods
        came, one told twice. In the county of the demo's own business where that has a market."""
        bought = {row[13] for row in self.retail[2]}
        home = str(self.place.parameters.get("demo_operator", ""))
        lots: dict[str, list[int]] = {}
        for place, row in enumerate(sold):
            lots.setdefault(row[3], []).append(place)
        orders = [
            order.row for market in sorted(self.markets, key=lambda each: str(each.row[4])[:6] != home[:6])
            for merchant, order in market.orders
            if order.day == 0 and len(lots.get(order.number, ())) > 2 and merchant.row[4] != home
            and not bought & {sold[place][0] for place in lots[order.number]}
        ]  # fmt: skip
        proved = [row for row in orders if row[9] == "合格证"]
        others = [row for row in orders if row not in proved[:1]]
        if not proved or len(others) < 2:
            return sold
        early, much, twice = (lots[row[0]] for row in (proved[0], *others[:2]))
        sold[much[0]] = (*sold[much[0]][:9], others[0][6])
        sold[early[0]] = (*sold[early[0]][:6], "03:10", *sold[early[0]][7:])
        again = sold[twice[0]]
        sold[twice[1]] = (sold[twice[1]][0], *again[1:])
        return sold

    def resources(self) -> list[Resource]:
        """What stands in the package: registers in full, orders of the last day."""
        retail, stalls, _bought = self.retail
        merchants = [each.row for market in self.markets for each in market.merchants]
        sold = self._mistaken([row for market in self.markets for row in self._sales(market, True)])
        today = [order.row for market in self.markets for _who, order in market.orders if order.day == 0]
        named = {row[10] for row in today}
        issued = [each.row for each in self.producers.issued if each.number in named]
        return [
            Resource("markets", MARKETS, [*(each.row for each in self.markets), *retail], types={"摊位数": "integer"}),
            Resource("merchants", MERCHANTS, [*merchants, *stalls]),
            self.producers.resource(),
            Resource("certificates", CERTIFICATES, issued, types=KILOS),
            Resource("in_orders", INS, today, types=KILOS),
            Resource("out_orders", OUTS, sold, types=KILOS),
        ]

    def later(self) -> list[Resource]:
        """What the worker loads: what stalls bought on the last day, certificates and in-orders of all other days,
        out-orders of each market."""
        before = [order.row for market in self.markets for _who, order in market.orders if order.day]
        today = {order.row[10] for market in self.markets for _who, order in market.orders if order.day == 0}
        self.producers.fill(self.place.scaled(self.wish["certificates"]), sorted(self.farmed))
        issued = [each.row for each in self.producers.issued if each.number not in today]
        made = [
            Resource("in_orders_retail", INS, self.retail[2], types=KILOS, importer="in_orders"),
            Resource("certificates_before", CERTIFICATES, issued, types=KILOS, importer="certificates"),
            Resource("in_orders_before", INS, before, types=KILOS, importer="in_orders"),
        ]
        for market in self.markets:
            count = sum(order.outs for _who, order in market.orders if order.day)
            rows = Rows(count, partial(self._sales, market, False))
            name = f"out_orders_{market.code.lower().replace('-', '_')}"
            made.append(Resource(name, OUTS, rows, types=KILOS, importer="out_orders"))
        return made


KILOS = {"数量": "number"}


def make_trade(
    place: Place, operators: Sequence[list[Any]], vocabulary: Mapping[str, Any], namer: Namer
) -> Trade | None:
    """The trade of a city that states one and has a market."""
    if not place.parameters.get("tracing"):
        return None
    trade = Trade(place, operators, vocabulary, namer)
    return trade if trade.markets else None
