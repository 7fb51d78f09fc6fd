"""Field visits of the past with their scores, and what became of the problems that they found.

`field_visits` in city.yaml names rounds: which share of each format's points (or how many in all) was visited, when, by
whose teams, how many problems were put right at once and how many by an order, and the cases filed because of them.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tools.democity.apportion import apportion
from tools.democity.casebook import CaseBook, picture
from tools.democity.operators import COLUMN
from tools.democity.package import Resource
from tools.democity.place import Place
from tools.democity.points import HEADINGS as POINT_HEADINGS

HEADINGS = [
    "检查编号", "点位编号", "区划代码", "轮次", "组织单位编码", "检查日期", "检查人员",
    "同行人员", "得分", "结论", "指导意见",
]  # fmt: skip
AT = {heading: place for place, heading in enumerate(POINT_HEADINGS)}
MATTERS = (
    ("生熟食品、工具容器没有分开", "生熟分开"), ("进货票据不齐全", "进货查验"),
    ("从业人员健康证明过期", "健康证"), ("餐具消毒记录缺失", "餐具消毒"),
    ("散装食品没有标签和防护", "散装食品标识"), ("冷藏设备没有温度记录", "冷藏冷冻温控"),
    ("后厨防鼠防蝇设施破损", "三防设施"), ("食品添加剂没有专柜存放", "添加剂管理"),
)  # fmt: skip
PEOPLE = ("检查一组组员", "检查二组组员", "检查三组组员", "检查四组组员")
PHOTOS = 4


@dataclass
class Visits:
    """The rows in the making, and how many problems an area and year has had."""

    place: Place
    book: CaseBook
    names: Mapping[str, str]
    rows: list[list[Any]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def number(self, stem: str) -> int:
        self.counts[stem] += 1
        return self.counts[stem]


def visit_resource(
    place: Place, points: Resource | None, book: CaseBook, operators: Sequence[list[Any]]
) -> Resource | None:
    """The visits that the city's pack asks for, their problems written into the book; None for a city that has none."""
    wish = place.parameters.get("field_visits")
    if not wish or points is None:
        return None
    made = Visits(place, book, {row[0]: row[COLUMN["名称"]] for row in operators})
    for number, told in enumerate(wish, start=1):
        if told["until"] < place.today:
            _round(made, told, points, number)
    if any(kind.startswith("field_") for kind in book.cases):
        for seed in range(PHOTOS):
            book.files[f"整改前{seed + 1}.png"] = picture(seed, is_after=False)
            book.files[f"整改后{seed + 1}.png"] = picture(seed, is_after=True)
    return Resource("field_visits", HEADINGS, made.rows, types={"得分": "number"})


def _round(made: Visits, told: Mapping[str, Any], points: Resource, number: int) -> None:
    dice = made.place.dice(f"field visits {number}")
    chosen = _sample(told, points, dice, made.place)
    found = _found(told, chosen, made.place)
    for place, point in enumerate(chosen):
        on = _day(told, point, dice, is_early=place in found)
        issuers = told["issuers"]
        issuer = f"{made.place.unit.key}-{issuers[made.number('issuer') % len(issuers)]}"
        visit = f"{told['prefix']}-{len(made.rows) + 1:04d}"
        fault = found.get(place)
        score, verdict = _score(fault, dice)
        lead, second = PEOPLE[place % 4] + "甲", PEOPLE[place % 4] + "乙"
        made.rows.append([
            visit, point[AT["点位编号"]], point[AT["区划代码"]], told["round"], issuer, on, lead, second, score,
            verdict, "已当场指导改正。" if fault == "at_once" else "",
        ])  # fmt: skip
        if fault:
            _problem(made, told, point, (visit, issuer, lead, second), fault, on, place)


def _sample(told: Mapping[str, Any], points: Resource, dice: random.Random, place: Place) -> list[Sequence[Any]]:
    """So many points of each format: its share, rounded up, or its part of the number in all."""
    by_format: dict[str, list[Sequence[Any]]] = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    for row in points.rows:
        if row[AT["检查方式"]] == told["mode"]:
            counts[row[AT["业态代码"]]] += 1
            if not row[AT["退出日期"]] and row[AT["列入日期"]] <= told["until"]:
                by_format[row[AT["业态代码"]]].append(row)
    if "share" in told:
        sizes = [math.ceil(told["share"] * counts[code] - 1e-9) for code in by_format]
    else:
        total = min(place.scaled(told["total"]), sum(map(len, by_format.values())))
        sizes = _spread(total, [len(rows) for rows in by_format.values()])
    return [
        row
        for rows, size in zip(by_format.values(), sizes, strict=True)
        for row in dice.sample(rows, min(size, len(rows)))
    ]  # fmt: skip


def _spread(total: int, there: Sequence[int]) -> list[int]:
    """At least one of each format that has points, the rest by their numbers, never more than there are."""
    least = [min(1, count) for count in there]
    more = apportion(max(0, total - sum(least)), [count - one for count, one in zip(there, least, strict=True)])
    return [min(one + extra, count) for one, extra, count in zip(least, more, there, strict=True)]


def _found(told: Mapping[str, Any], chosen: Sequence[Any], place: Place) -> dict[int, str]:
    """Place in the sample → how its problem was handled; spread evenly over the sample."""
    kinds = ["filed"] * told.get("filed", 0)
    kinds += ["by_order"] * (told.get("by_order", 0) - len(kinds)) + ["at_once"] * told.get("at_once", 0)
    wanted = min(place.scaled(len(kinds)) if place.scale < 1 else len(kinds), len(chosen))
    step = len(chosen) / wanted if wanted else 1
    return {int(index * step): kind for index, kind in enumerate(kinds[:wanted])}


def _day(told: Mapping[str, Any], point: Sequence[Any], dice: random.Random, *, is_early: bool) -> date:
    """A working day of the round on which the point was listed already; what takes its time was found early."""
    first: date = told["from"]
    last: date = told["until"]
    days = (last - first).days // (2 if is_early else 1)
    listed: date = point[AT["列入日期"]]
    on = max(first + timedelta(days=dice.randrange(days + 1)), listed)
    friday = on - timedelta(days=max(0, on.weekday() - 4))
    return friday if friday >= max(first, listed) else on


def _score(fault: str | None, dice: random.Random) -> tuple[float, str]:
    if fault == "filed":
        return float(dice.randrange(58, 76)), "不合格"
    if fault:
        return dice.randrange(164, 184) / 2, ""
    return dice.randrange(176, 201) / 2, ""


def _problem(
    made: Visits, told: Mapping[str, Any], point: Sequence[Any], visit: tuple[str, str, str, str], fault: str, on: date,
    seed: int,
) -> None:  # fmt: skip
    number, issuer, lead, second = visit
    area, place_name = point[AT["区划代码"]], point[AT["点位名称"]] or made.names[point[AT["主体编号"]]]
    county = area[:6]
    what, item = MATTERS[seed % len(MATTERS)]
    problem = f"查{on.year}-{area[:9]}-{made.number(f'problem {on.year} {area[:9]}')}"
    grave = "严重" if fault == "filed" else "较重" if fault == "by_order" else "一般"
    unit = f"{county}-SAMR"
    thread = made.book.open(
        "field_problem", problem, f"{place_name}：{item}", on=on, area=area[:9], body=what, issuer=issuer, unit=unit,
        source=told["mode"], operator=point[AT["主体编号"]], 检查记录编号=number,
        检查对象=place_name, 检查项目=item, 程度=grave,
    )  # fmt: skip
    thread.step("补充取证", on, lead, kind="before", evidence=f"整改前{seed % PHOTOS + 1}.png")
    if fault == "at_once":
        thread.step(
            "立行立改", on, lead, note="当场改正，检查组确认。", kind="after", evidence=f"整改后{seed % PHOTOS + 1}.png"
        )
        return
    due = on + timedelta(days=10)
    order = f"责改〔{on.year}〕{made.number(f'order {county} {on.year}')}号"
    thread.step("下达整改通知", on, lead, to=unit, due=due, data={"order_no": order})
    if fault == "filed":
        _filing(made, told, problem, (place_name, area[:9], issuer, unit, point[AT["主体编号"]]), what, on)
    thread.step("报整改结果", on + timedelta(days=6), "监管所工作人员", note="经营者已按通知整改。", kind="after",
                evidence=f"整改后{seed % PHOTOS + 1}.png")  # fmt: skip
    thread.step("复查合格", on + timedelta(days=28 if fault == "filed" else 8), second, note="现场复查合格。")


def _filing(
    made: Visits, told: Mapping[str, Any], problem: str, about: tuple[str, str, str, str, str], what: str, on: date
) -> None:
    place_name, area, issuer, unit, operator = about
    serial = made.number(f"filing {on.year} {unit}")
    own = f"查立〔{on.year}〕{area}-{made.number(f'filing {on.year} {area}')}"
    thread = made.book.open(
        "field_filing", own, f"{place_name}：{what}", on=on, area=area, body=what, issuer=issuer, unit=unit,
        operator=operator, parent_type="field_problem", parent=problem, 检查对象=place_name, 建议理由="性质严重",
    )  # fmt: skip
    thread.step(
        "立案",
        on + timedelta(days=3),
        "办案人员",
        data={"case_no": f"市监立〔{on.year}〕{serial}号", "violation": what},
    )
    fine = told["fines"][(serial - 1) % len(told["fines"])]
    decision = {"decision_no": f"市监罚〔{on.year}〕{serial}号", "fine": fine}
    thread.step("处罚决定", on + timedelta(days=25), "办案人员", data=decision)
