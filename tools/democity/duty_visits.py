"""Visits of officials by quarter, and what became of the problems that they reported (C-07, C-08).

`duties: {visits: […]}` in city.yaml names quarters: `quarter: 2022Q4` or `back: 1` (so many quarters before the demo's
day), in which areas, until which day, which share of the businesses, and how many problems.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from shian.domains.duties.rules.visits import Quarter
from tools.democity.casebook import CaseBook, picture
from tools.democity.operators import COLUMN
from tools.democity.package import Resource
from tools.democity.place import Place

HEADINGS = ["督导编号", "主体编号", "所在区划", "督导日期", "干部编号", "督导方式", "问题数"]
MATTERS = (
    ("许可证没有挂在显著位置", "许可公示"), ("每日食品安全检查记录有空缺", "日管控记录"),
    ("货架上有过期食品", "进货查验"), ("风险管控清单没有按本店修改", "风险管控清单"),
    ("健康证明过期", "健康证明和培训"), ("周排查报告没有签字", "周排查报告"), ("安全员没有任命文件", "安全员任命"),
)  # fmt: skip
RESULTS = ("已整改", "已整改", "已整改", "限期整改完成")
PHOTOS, REMOTE = 4, 0.04
Row = list[Any]


def duty_visit_resource(
    place: Place, matches: Sequence[Row], operators: Sequence[Row], book: CaseBook
) -> Resource | None:
    """The visits that the city's pack asks for, their problems written into the book; None for a city without."""
    wishes = place.parameters.get("duties", {}).get("visits")
    if not wishes:
        return None
    names = {row[0]: row[COLUMN["名称"]] for row in operators}
    formats = {row[0]: row[COLUMN["业态"]] for row in operators}
    dice, rows = place.dice("duty visits"), []
    counts: dict[str, int] = defaultdict(int)
    for told in wishes:
        quarter = quarter_of(told, place.today)
        made = _quarter_rows(told, quarter, matches, place, dice, formats)
        report_problems(told, made, names, book, counts)
        rows += made
    return Resource("duty_visits", HEADINGS, rows, types={"问题数": "integer"})


def quarter_of(told: Mapping[str, Any], today: date) -> Quarter:
    """The quarter that a wish names."""
    if "quarter" in told:
        return Quarter.read(told["quarter"])
    found = Quarter.of(today)
    for _ in range(told["back"]):
        found = found.former
    return found


def _quarter_rows(
    told: Mapping[str, Any], quarter: Quarter, matches: Sequence[Row], place: Place, dice: random.Random,
    formats: Mapping[str, str],
) -> list[Row]:  # fmt: skip
    """One visit for each business that had an official when the quarter, or its part that was visited, ended."""
    last = min(told.get("until", quarter.last), quarter.last, place.today - timedelta(days=1))
    stem = f"DB{quarter.key}-"
    rows: list[Row] = []
    for code, area, first, until, official, _reason in matches:
        if not area.startswith(str(told.get("area", ""))) or first > last or (until and until <= last):
            continue
        if dice.random() >= told.get("share", 1):
            continue
        begin = max(first, quarter.first)
        on = begin + timedelta(days=dice.randrange((last - begin).days + 1))
        way = way_of(official, formats[code], dice)
        rows.append([f"{stem}{len(rows) + 1:06d}", code, area, on, official, way, 0])
    return rows


def way_of(official: str, format: str, dice: random.Random) -> str:
    """Few are made remotely, and only where that is allowed: by towns and villages, of no canteen."""
    is_asked = dice.random() < REMOTE
    return "线上督导" if is_asked and official.startswith(("ZJ", "CJ")) and "食堂" not in format else "现场督导"


def report_problems(
    told: Mapping[str, Any], rows: list[Row], names: Mapping[str, str], book: CaseBook, counts: dict[str, int]
) -> None:
    """So many problems, spread evenly over the visits; the last `open` ones, and each `stuck`th, are not struck off."""
    wanted = min(book.place.scaled(told.get("problems", 0)), len(rows))
    if not wanted:
        return
    for seed in range(PHOTOS):
        book.files[f"整改后{seed + 1}.png"] = picture(seed, is_after=True)
    chosen = sorted((rows[place * len(rows) // wanted] for place in range(wanted)), key=lambda row: row[3])
    for place, row in enumerate(chosen):
        row[6] = 1
        is_stuck = bool(told.get("stuck")) and place % told["stuck"] == 0
        is_open = is_stuck or place >= wanted - told.get("open", 0)
        _problem(row, place, names[row[1]], book, counts, is_open=is_open)


def _problem(
    row: Row, seed: int, name: str, book: CaseBook, counts: dict[str, int], *, is_open: bool
) -> None:  # fmt: skip
    number, code, area, on, official, *_rest = row
    what, item = MATTERS[seed % len(MATTERS)]
    town, bureau = area[:9], f"{area[:6]}-SAMR"
    stem = f"包{on.year}-{town}-"
    counts[stem] += 1
    thread = book.open(
        "duty_problem", f"{stem}{counts[stem]}", f"{name}：{item}", on=on, area=town, body=what, issuer=bureau,
        unit=bureau, source="包保督导", operator=code, 督导编号=number, 包保干部编号=official, 督导对象=name,
        督导内容=item,
    )  # fmt: skip
    thread.step("受理", on + timedelta(days=1), "食安办工作人员")
    if is_open and seed % 2:
        return
    thread.step("交办", on + timedelta(days=1), "食安办工作人员", to=bureau)
    if is_open:
        return
    thread.step("报处置结果", on + timedelta(days=6), "监管所工作人员", note="经营者已按要求改正。", kind="after",
                data={"result": RESULTS[seed % len(RESULTS)]}, evidence=f"整改后{seed % PHOTOS + 1}.png")  # fmt: skip
    thread.step("包保干部确认", on + timedelta(days=8), "包保干部")
    thread.step("销号", on + timedelta(days=9), "食安办工作人员")
