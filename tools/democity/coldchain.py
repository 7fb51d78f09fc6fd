"""Imported cold-chain food, the stores that it lies in, and a kitchen that feeds schools (E-01, E-02, E-10, M-12).

`coldchain` in city.yaml says how many batches and where the central warehouse stands; which unit is connected says the
roster, a ledger. Temperatures are told by the demo itself, up to the hour at which it is looked at.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tools.democity.names import Namer
from tools.democity.operators import COLUMN
from tools.democity.package import Resource
from tools.democity.place import Place

STORES = ["冷藏点编号", "冷藏点名称", "类型", "主体编号", "区划代码", "下限（℃）", "上限（℃）", "启用日期"]
DEVICES = ["设备编号", "冷藏点编号", "采集间隔（分钟）", "接入日期"]
BATCHES = [
    "追溯码", "首站主体编号", "品名", "数量", "箱数", "原产国（地区）", "生产批号", "生产日期", "保质期至",
    "HS 编码", "规格", "品牌", "境外生产企业注册号", "入境口岸", "报关单号", "入境货物检验检疫证明号", "进口商",
    "运输车牌", "报备日期", "报备时间", "集中监管仓编号", "库位", "到仓日期", "到仓时间", "抽样份数", "放行编号",
    "暂扣原因", "放行或暂扣日期", "放行或暂扣时间",
]  # fmt: skip
MOVES = [
    "出库单号",
    "追溯码",
    "出库主体编号",
    "购货主体编号",
    "存入冷藏点编号",
    "数量",
    "出库日期",
    "出库时间",
    "运输车牌",
]
SHEETS = ["批次单号", "主体编号", "品名", "产出", "份数", "烧熟日期", "烧熟时间", "中心温度", "留样量"]
INPUTS = ["批次单号", "原料", "数量", "市场出库单号", "追溯码", "供货者", "批号或生产日期"]
DISPATCHES = [
    "配送单号", "批次单号", "收餐主体编号", "份数", "发出日期", "发出时间", "发出温度", "送达日期", "送达时间",
    "送达温度", "已留样",
]  # fmt: skip
GOODS = (
    ("冻带骨猪前肘", "西班牙", "02032900", "10 千克/箱"), ("冻去骨牛腱", "巴西", "02023000", "20 千克/箱"),
    ("冻牛腩", "乌拉圭", "02023000", "15 千克/箱"), ("冻羊排", "新西兰", "02044200", "12 千克/箱"),
    ("冻鸡爪", "巴西", "02071422", "15 千克/箱"), ("冻大西洋鲑", "挪威", "03031300", "18 千克/箱"),
    ("冻狭鳕", "俄罗斯", "03036700", "20 千克/箱"), ("冻南美白虾", "厄瓜多尔", "03061790", "20 千克/箱"),
)  # fmt: skip
PORTS = ("天津新港", "青岛前湾港", "上海洋山港", "大连大窑湾港")
DISHES = (("红烧肉", 82), ("宫保鸡丁", 85), ("番茄炒蛋", 79), ("清炒时蔬", 76), ("米饭", 95))
BOUGHT = (("大米", 60), ("食用油", 8), ("鸡蛋", 30), ("时令蔬菜", 45))
FORMATS = ("中央厨房", "集体用餐配送单位")
LEAST = 20  # batches, also of a city made small
Row = list[Any]


@dataclass
class ColdChain:
    """The rows of one city."""

    place: Place
    operators: Sequence[Row]
    units: Sequence[Mapping[str, Any]]
    namer: Namer

    def __post_init__(self) -> None:
        self.wish = self.place.parameters["coldchain"]
        self.dice = self.place.dice("coldchain")
        self.code = self.place.unit.code[:4]
        self.by_code = {str(row[0]): row for row in self.operators}

    def stores(self) -> list[Row]:
        """The central warehouse, and a cold store in each county, run by a connected unit that keeps goods."""
        central = self.wish["warehouse"]
        keepers = self._keepers()
        made = [[f"{self.code}-JG1", central["name"], "集中监管仓", self._host(keepers), central["area"], -30, -15,
                 central["since"]]]  # fmt: skip
        for place, unit in enumerate(keepers, 2):
            code = str(unit[0])
            name = f"{unit[COLUMN['名称']].removesuffix('有限公司')}冷库"[:80]
            opened = max(date.fromisoformat(str(unit[COLUMN["开业日期"]])), date(2019, 5, 6))
            made.append([f"{self.code}-LK{place}", name, "冷库", code, unit[COLUMN["所在区划"]], -30, -15, opened])
        return made

    def _host(self, keepers: Sequence[Row]) -> str:
        """Who runs the central warehouse: a unit of its county that keeps goods and has no store itself; else ""."""
        taken, county = {row[0] for row in keepers}, str(self.wish["warehouse"]["area"])[:6]
        near = (
            row for unit in self.units if unit["kind"] == "贮存" and self._is_connected(unit)
            and (row := self.by_code.get(str(unit["operator_code"]))) is not None and row[0] not in taken
            and str(row[COLUMN["所在区划"]])[:6] == county
        )  # fmt: skip
        return str(next(near, [""])[0])

    def _keepers(self) -> list[Row]:
        """One connected unit a county that keeps goods."""
        found: dict[str, Row] = {}
        for unit in self.units:
            row = self.by_code.get(str(unit["operator_code"]))
            if row is not None and unit["kind"] == "贮存":
                found.setdefault(str(row[COLUMN["所在区划"]])[:6], row)
        return list(found.values())[: self.wish["stores"]]

    def resources(self) -> list[Resource]:
        """Everything, in the order in which it is imported."""
        stores = self.stores()
        batches, moves = self._goods(stores)
        devices = [
            [f"TH-{row[0]}-{number}", row[0], 10, row[7]]
            for row in stores
            for number in range(1, 3 if row[2] == "集中监管仓" else 2)
        ]
        sheets, inputs, dispatches = self._meals()
        kilos = {"数量": "number"}
        return [
            Resource("cold_stores", STORES, stores, types={"下限（℃）": "number", "上限（℃）": "number"}),
            Resource("cold_devices", DEVICES, devices, types={"采集间隔（分钟）": "integer"}),
            Resource("cold_batches", BATCHES, batches, types={**kilos, "箱数": "integer", "抽样份数": "integer"}),
            Resource("cold_moves", MOVES, moves, types=kilos),
            *([
                Resource("kitchen_sheets", SHEETS, sheets, types={"产出": "number", "份数": "integer",
                                                                  "中心温度": "number", "留样量": "integer"}),
                Resource("kitchen_inputs", INPUTS, inputs, types=kilos),
                Resource("kitchen_dispatches", DISPATCHES, dispatches, types={"份数": "integer", "发出温度": "number",
                                                                              "送达温度": "number"}),
            ] if sheets else []),
        ]  # fmt: skip

    def _goods(self, stores: Sequence[Row]) -> tuple[list[Row], list[Row]]:
        """Batches of the last weeks: most released and sold on, the last ones waiting, one held."""
        dice, count = self.dice, max(self.place.scaled(self.wish["batches"]), LEAST)
        firms = [self.by_code[code] for each in self.units if (code := str(each["operator_code"])) in self.by_code
                 and each["kind"] in {"贮存", "生产"} and self._is_connected(each)]  # fmt: skip
        buyers = [str(each["operator_code"]) for each in self.units
                  if str(each["operator_code"]) in self.by_code and each["kind"] in {"销售", "餐饮"}
                  and self._is_connected(each)]  # fmt: skip
        batches: list[Row] = []
        moves: list[Row] = []
        own = {row[3]: row[0] for row in stores[1:]}
        for serial in range(1, count + 1):
            back = max(count - serial, 0) * self.wish["days"] // count
            firm = dice.choice(firms)
            row = self._batch(serial, firm, self.place.today - timedelta(days=back + 1), str(stores[0][0]), dice)
            if serial > count - 2:  # announced only
                row[20:] = [""] * 9
            elif serial > count - 5:  # in the warehouse, not yet checked
                row[24:] = ["", "", "", "", ""]
            elif serial == count - 5:
                row[24:] = [2, "", "检验检疫证明号与货物批号不符", row[22], "15:20"]
            else:
                moves += self._sold(row, buyers, own, dice)
            batches.append(row)
        return batches, moves

    def _is_connected(self, unit: Mapping[str, Any]) -> bool:
        early = self.place.today - timedelta(days=self.wish["days"] + 5)
        return date.fromisoformat(str(unit["connected_on"])) <= early

    def _batch(self, serial: int, firm: Row, day: date, store: str, dice: random.Random) -> Row:
        name, country, code, spec = dice.choice(GOODS)
        made = day - timedelta(days=dice.randrange(50, 140))
        boxes = dice.randrange(100, 1200)
        kilos = boxes * int(spec.split()[0])
        return [
            f"JL{self.code}-{serial:05d}", firm[0], name, kilos, boxes, country, f"{country[:1]}{made:%y%m%d}",
            made.isoformat(), (made + timedelta(days=730)).isoformat(), code, spec, self.namer.brand(),
            f"{dice.randrange(100, 9000)}", dice.choice(PORTS), f"0208{day:%Y%m%d}{serial:05d}",
            f"JY{day:%Y}{serial:06d}", f"{self.namer.brand()}进出口公司", f"冀R{dice.randrange(10000, 99999)}",
            day.isoformat(), "07:30", store, f"{'ABCD'[serial % 4]}-{serial % 40 + 1:02d}", day.isoformat(), "10:10",
            dice.randrange(2, 8), f"FX{self.code}-{serial:05d}", "", day.isoformat(), "16:00",
        ]  # fmt: skip

    def _sold(self, batch: Row, buyers: Sequence[str], own: Mapping[str, str], dice: random.Random) -> list[Row]:
        """To some connected units; part of it goes on to whoever eats it."""
        left, made = float(batch[3]), []
        day = date.fromisoformat(batch[25 + 2])
        keepers = sorted(each for each in own if each)
        demo = [code for code in buyers if code == self.place.parameters.get("demo_operator")]
        taken = (
            demo * (int(batch[0][-5:]) % 20 == 15)
            + dice.sample(keepers, k=min(1, len(keepers)))
            + dice.sample(buyers, k=min(dice.randrange(2, 6), len(buyers)))
        )
        for place, buyer in enumerate(taken):
            kilos = round(left * dice.uniform(0.1, 0.3))
            when = day + timedelta(days=min(place, (self.place.today - day).days))
            if kilos <= 0 or when > self.place.today - timedelta(days=1) or buyer == batch[1]:
                break
            stem = f"LC{self.code}-{batch[0][-5:]}-{place + 1}"
            made.append([stem, batch[0], batch[1], buyer, own.get(buyer, ""), kilos, when, "17:30", batch[17]])
            if dice.random() < 0.6:
                eaten = round(kilos * dice.uniform(0.2, 0.9)) or 1
                made.append([f"{stem}R", batch[0], buyer, "", "", eaten, when, "19:00", ""])
            left -= kilos
        return made

    def _meals(self) -> tuple[list[Row], list[Row], list[Row]]:
        """What each kitchen cooked yesterday and today before noon, for canteens of schools near it."""
        kitchens = [row for row in self.operators if row[COLUMN["业态"]] in FORMATS and not row[COLUMN["注销日期"]]]
        canteens = [row for row in self.operators if "学校" in str(row[COLUMN["业态"]]) and not row[COLUMN["注销日期"]]]
        sheets: list[Row] = []
        inputs: list[Row] = []
        dispatches: list[Row] = []
        day = (self.place.today - timedelta(days=1)).isoformat()
        for number, kitchen in enumerate(kitchens[: self.wish["kitchens"]], 1):
            county = str(kitchen[COLUMN["所在区划"]])[:6]
            near = [row for row in canteens if str(row[COLUMN["所在区划"]])[:6] == county] or canteens
            schools = self.dice.sample(near, k=min(len(near), self.dice.randrange(4, 9)))
            for place, (dish, core) in enumerate(DISHES, 1):
                sheet = f"JG{self.code}-{number:02d}-{place}"
                portions = 60 * len(schools)
                sample = 0 if (number, place) == (1, 4) else 150
                sheets.append([sheet, kitchen[0], dish, portions * 0.25, portions, day, f"10:{place * 5:02d}", core,
                               sample])  # fmt: skip
                inputs += [[sheet, name, kilos, "", "", f"{self.namer.brand()}食品经营部", day] for name, kilos in
                           self.dice.sample(BOUGHT, k=2)]  # fmt: skip
                dispatches += self._delivered(sheet, schools, day, (number, place))
        return sheets, inputs, dispatches

    def _delivered(self, sheet: str, schools: Iterable[Row], day: str, which: tuple[int, int]) -> list[Row]:
        made = []
        for place, school in enumerate(schools, 1):
            late = which == (1, 2) and place == 1
            arrived, celsius = ("12:50", 41) if late else (f"11:{10 + place * 4:02d}", self.dice.randrange(61, 72))
            told = [day, arrived, celsius, "否" if late else "是"]
            made.append([f"PS{sheet[2:]}-{place}", sheet, school[0], 60, day, f"10:{35 + place:02d}",
                         self.dice.randrange(72, 84), *told])  # fmt: skip
        return made


def lend(place: Place, operators: Sequence[Row], roster: Resource) -> None:
    """The demo's own business stands on the roster instead of another one that caters."""
    own = next((row for row in operators if row[0] == place.parameters.get("demo_operator")), None)
    column = {name: at for at, name in enumerate(roster.headings)}
    taken: Any = next((row for row in roster.rows if row[column["单位类型"]] == "餐饮"), None)
    if own is None or taken is None or any(row[column["主体编号"]] == own[0] for row in roster.rows):
        return
    taken[column["主体编号"]], taken[column["单位名称"]] = own[0], own[COLUMN["名称"]]
    taken[column["区划代码"]], taken[column["接入日期"]] = own[COLUMN["所在区划"]], "2021-03-01"


def coldchain_resources(
    place: Place, operators: Sequence[Row], ledgers: Iterable[Resource], namer: Namer
) -> list[Resource]:
    """The cold chain of a city that states one and has a roster of connected units."""
    roster = next((each for each in ledgers if each.name == "ledger.coldchain_units"), None)
    if not place.parameters.get("coldchain") or roster is None:
        return []
    lend(place, operators, roster)
    headings = {"接入日期": "connected_on", "主体编号": "operator_code", "单位类型": "kind"}
    units = [
        {headings[name]: value for name, value in zip(roster.headings, row, strict=True) if name in headings}
        for row in roster.rows
    ]
    return [each for each in ColdChain(place, operators, units, namer).resources() if each.rows]
