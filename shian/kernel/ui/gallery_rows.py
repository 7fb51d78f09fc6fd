"""Invented rows, facts and figures that the gallery is filled with."""

from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.dates import WEEKDAYS

from shian.kernel.ui.charts import Chart, Map, MapArea, Series
from shian.kernel.ui.gallery_words import word
from shian.kernel.ui.keyset import Page
from shian.kernel.ui.pieces import (
    AreaLevel,
    AreaPicker,
    DayCell,
    Fact,
    Filter,
    FilterBar,
    Month,
    Option,
    Section,
    TimelineEntry,
)
from shian.kernel.ui.tables import Cell, Column, ListQuery, Row, Table

ZONE = UTC

COLUMNS = (
    Column("name", word("主体名称"), sort="name", is_fixed=True, is_wide=True),
    Column("code", word("编号"), kind="code", sort="code"),
    Column("kind", word("类别"), sort="kind"),
    Column("area", word("区划")),
    Column("area_m2", word("经营面积"), kind="number", unit="㎡", sort="area_m2"),
    Column("passed", word("抽检合格"), kind="progress"),
    Column("state", word("整改")),
    Column("checked_on", word("最近检查"), sort="checked_on"),
    Column("phone", word("联系电话"), is_default=False),
)
_NAMES = (
    ("示例市和平路惠民粮油店", word("食品销售"), "城中区 和平街道", 86, (12, 12), "done", word("已销号")),
    ("示例市老槐树胡同早点铺", word("餐饮服务"), "城中区 和平街道", 42, (3, 4), "due", word("剩 2 个工作日")),
    ("北河县丰源豆制品小作坊", word("三小"), "北河县 东关镇", 120, (7, 9), "overdue", word("逾期 3 天")),
    ("北河县中心农产品批发市场", word("农贸市场"), "北河县 东关镇", 23800, (118, 120), "done", word("已销号")),
    ("南岭县第一实验小学食堂", word("餐饮服务"), "南岭县 文昌街道", 640, (20, 20), "waiting", word("待复核")),
    ("示例市绿野乳业有限公司", word("食品生产"), "开发区", 15600, (36, 36), "done", word("无问题")),
    ("南岭县张家村红白喜事厨房", word("餐饮服务"), "南岭县 柳林镇", None, (0, 1), "overdue", word("逾期 11 天")),
    ("示例市益民大药房连锁城中二店", word("食品销售"), "城中区 新华街道", 210, (5, 5), "waiting", word("待下发")),
)
COUNTIES = (
    ("130001", "城中区", 8.2, "done"),
    ("130002", "北河县", 3.1, "due"),
    ("130003", "南岭县", -1.6, "overdue"),
    ("130004", "开发区", 5.4, "done"),
    ("130005", "西山县", None, "waiting"),
    ("130006", "东湖市", 6.7, "done"),
)


def _rows() -> list[Row]:
    rows = []
    for i, (name, kind, area, area_m2, passed, state, said) in enumerate(_NAMES):
        cells = {
            "name": name,
            "code": f"1310{i:02d}JY{20240 + i}",
            "kind": kind,
            "area": area,
            "area_m2": area_m2,
            "passed": passed,
            "state": Cell(said, state=state),
            "checked_on": date(2026, 11, 20 - i),
            "phone": "0316-0000000",
        }
        rows.append(Row(cells, url="#", key=str(i), state="overdue" if state == "overdue" else ""))
    return rows


def example_table(request: HttpRequest) -> Table:
    query = ListQuery.read(request.GET, COLUMNS, default_sort="name")
    page: Page[Any] = Page(list(range(8)), 64098, 51, next="example", previous="example")
    return Table(COLUMNS, _rows(), query=query, page=page, has_ticks=True, caption=word("经营主体"))


def filter_bar() -> FilterBar:
    counties = [Option(key, name) for key, name, _, _ in COUNTIES]
    towns = [Option("130002100", "东关镇"), Option("130002101", "柳林镇")]
    area = AreaPicker([AreaLevel(word("县（市、区）"), counties, "130002"), AreaLevel(word("乡镇（街道）"), towns)])
    kinds = [
        Option("produce", word("食品生产"), 1204),
        Option("sell", word("食品销售"), 25476),
        Option("cater", word("餐饮服务"), 18210),
    ]
    return FilterBar(
        [
            Filter("q", word("名称、编号"), kind="search"),
            Filter("kind", word("类别"), options=kinds, value="sell"),
            Filter(
                "state",
                word("状态"),
                kind="checks",
                options=[Option("overdue", word("逾期"), 12), Option("due", word("将到期"), 40)],
            ),
            Filter("since", word("检查日期不早于"), kind="date", value="2026-01-01"),
        ],
        area=area,
    )


def timeline() -> list[TimelineEntry]:
    return [
        TimelineEntry(
            word("整改逾期，已督办"),
            datetime(2026, 11, 21, 9, 5, tzinfo=ZONE),
            word("系统"),
            state="overdue",
            icon="bell",
            seal="9f3a…c21e",
        ),
        TimelineEntry(
            word("责令限期整改"),
            datetime(2026, 11, 3, 16, 40, tzinfo=ZONE),
            "东关镇市场监管所",
            body=word("生熟用具未分开存放；限 10 个工作日内改正。"),
            state="due",
            icon="gavel",
            seal="04be…77d0",
            seal_url="#",
        ),
        TimelineEntry(
            word("监督抽检合格"),
            datetime(2026, 9, 12, 10, 20, tzinfo=ZONE),
            "县市场监管局",
            state="done",
            icon="check",
            seal="5c11…0a9b",
        ),
        TimelineEntry(
            word("主体登记"),
            datetime(2024, 3, 1, 8, 30, tzinfo=ZONE),
            word("数据导入"),
            icon="file-import",
            seal="e7d2…4410",
        ),
    ]


def sections() -> list[Section]:
    return [
        Section(
            word("登记信息"),
            [
                Fact(word("统一社会信用代码"), "91000000EXAMPLE001", kind="code", is_copied=True),
                Fact(word("主体类别"), word("三小 · 小作坊")),
                Fact(word("经营面积"), 120, unit="㎡"),
                Fact(word("开业日期"), date(2024, 3, 1)),
                Fact(word("所在区划"), "北河县 东关镇", url="#"),
                Fact(word("地址"), "东关镇示范街 8 号", note=word("位置在区划内，误差 12 米")),
                Fact(word("风险等级"), word("C 级"), state="due"),
                Fact(word("注销日期")),
            ],
        ),
        Section(
            word("监管责任"),
            [
                Fact(word("包保干部"), "示例干部（乡镇）"),
                Fact(word("监管人员"), "示例监管员"),
                Fact(word("检查频次"), word("每季度一次")),
            ],
        ),
    ]


def trend() -> Chart:
    months = [f"{month:02d}" for month in range(1, 12)]
    values = [91.2, 92.0, 92.4, 93.9, 94.1, 95.0, 96.2, 97.0, 97.9, 98.8, 99.6]
    last_year = [88.0, 88.4, 89.1, 90.3, 90.0, 91.2, 92.1, 92.8, 93.0, 93.4, 94.0]
    return Chart(
        "trend",
        word("整改完成率走势"),
        months,
        [Series(word("2026年"), values), Series(word("2025年"), last_year)],
        kind="line",
        unit="%",
        x_title=word("月份"),
        y_title=word("完成率（%）"),
        target=95,
        csv_url="#",
    )


def ranking() -> Table:
    columns = (
        Column("name", word("区划")),
        Column("rate", word("完成率"), kind="rate"),
        Column("margin", word("差距"), kind="number", unit=word("百分点"), decimals=1),
        Column("state", word("状态")),
    )
    words = {"done": word("达标"), "due": word("接近"), "overdue": word("不达标"), "waiting": word("待补充")}
    rows = [
        Row({"name": Cell(name, url="#"), "rate": (700 + i, 720) if m is not None else None, "margin": m,
             "state": Cell(words[state], state=state)})
        for i, (_, name, m, state) in enumerate(COUNTIES)
    ]  # fmt: skip
    return Table(
        columns, rows, caption=word("各县区排名"), totals={"name": word("全市"), "rate": (4215, 4320), "margin": 2.6}
    )


def area_map() -> Map:
    areas = [MapArea(key, name, m, state, "#") for key, name, m, state in COUNTIES]
    return Map(
        "map",
        word("与目标的差距"),
        reverse("ui:gallery_outline"),
        areas,
        unit=word("百分点"),
        points_url=reverse("ui:gallery_points"),
        note=word("示意图，非真实边界。"),
    )


def month() -> Month:
    """February of an invented year: a festival with the weekend that pays for it."""
    festival, makeup, today = range(16, 24), (14, 28), 11
    cells: list[DayCell | None] = [None] * 6
    for number in range(1, 29):
        day = date(2026, 2, number)
        kind = "rest" if day.weekday() > 4 else "work"
        kind = "holiday" if number in festival else "makeup" if number in makeup else kind
        name = word("春节") if kind in {"holiday", "makeup"} else ""
        cells.append(DayCell(day, kind, name, number == today))
    cells += [None] * (-len(cells) % 7)
    weeks = [cells[start : start + 7] for start in range(0, len(cells), 7)]
    return Month(date(2026, 2, 1), weeks, sum(c is not None and c.kind in {"work", "makeup"} for c in cells), 12)


def weekdays() -> list[tuple[str, str]]:
    """One character and the whole name of each day, in the language of the page."""
    return [(str(name)[-1] if str(name).startswith("星") else str(name)[:3], str(name)) for name in WEEKDAYS.values()]
