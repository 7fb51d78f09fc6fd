"""Operators' own duty: directors and officers, a county's week of daily records, self-examinations, training.

`selfcontrol` in city.yaml says how much: shares in per cent, the county that records, the formats that report.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from tools.democity.names import Namer
from tools.democity.operators import COLUMN
from tools.democity.package import Resource
from tools.democity.place import Place

STAFF = ["主体编号", "区划代码", "人员编号", "姓名", "职责", "任命文件", "任命日期", "岗前培训日期", "上岗考核日期"]
DAYS = ["主体编号", "区划代码", "日期", "问题数", "记录日期"]
REPORTS = ["主体编号", "区划代码", "报告类别", "年度", "报告期限", "报告日期", "发现问题数", "已整改数"]
SESSIONS = ["培训编号", "培训名称", "主题", "形式", "组织单位", "区划代码", "培训日期", "学时"]
ATTENDED = ["培训编号", "主体编号", "区划代码", "人员编号", "人数"]
EXAMS = ["抽考编号", "主体编号", "区划代码", "人员编号", "抽考日期", "得分", "合格"]
KINDS = ("食品生产", "食品销售", "餐饮服务", "农贸市场")
DIRECTED = ("特大型餐馆", "大型餐馆", "中型餐馆", "中央厨房", "集体用餐配送单位", "特殊食品生产")
CANTEENS = ("学校食堂", "托幼机构食堂", "机关食堂", "企事业单位食堂", "医院食堂")
TOPICS = (
    ("食品安全主体责任规定解读", "主体责任", "集中培训"), ("风险管控清单怎样编制", "日管控", "集中培训"),
    ("进货查验与追溯", "进货查验", "集中培训"), ("食品标签和特殊食品", "标签", "线上课程"),
    ("餐饮操作规范", "餐饮", "线上课程"), ("食品安全法送上门", "法律", "送法进企业"),
    ("事故处置与召回", "应急", "集中培训"), ("过敏原与添加剂", "添加剂", "线上课程"),
    ("虫害防制与清洁消毒", "卫生", "集中培训"), ("监督抽考题解", "考核", "线上课程"),
)  # fmt: skip
HOURS = 4


def selfcontrol_resources(place: Place, operators: Sequence[list[Any]], namer: Namer) -> list[Resource]:
    """All six tables; nothing for a city that states no numbers."""
    wish = place.parameters.get("selfcontrol", {})
    if "officers" not in wish:
        return []
    dice = place.dice("selfcontrol", with_today=True)
    alive = [row for row in operators if row[COLUMN["开业日期"]] <= place.as_of and not closed_by(row, place.as_of)]
    staff = list(_staff(place, alive, wish, dice, namer))
    sessions, attended = _training(place, staff, wish, dice)
    types = {"问题数": "integer", "发现问题数": "integer", "已整改数": "integer", "人数": "integer"}
    tables = (
        ("safety_staff", STAFF, staff), ("daily_controls", DAYS, _days(place, operators, wish, dice)),
        ("self_exams", REPORTS, _reports(place, alive, operators, wish, dice)),
        ("training_sessions", SESSIONS, sessions), ("training_attendances", ATTENDED, attended),
        ("exam_results", EXAMS, _exams(place, staff, wish, dice)),
    )  # fmt: skip
    return [Resource(name, headings, rows, types=types) for name, headings, rows in tables]


def closed_by(row: list[Any], day: date) -> bool:
    return bool(row[COLUMN["注销日期"]]) and row[COLUMN["注销日期"]] <= day


def county_of(row: list[Any]) -> str:
    return str(row[COLUMN["所在区划"]])[:6]


def _needs_director(row: list[Any]) -> bool:
    fmt, kind, size = row[COLUMN["业态"]], row[COLUMN["主体类别"]], row[COLUMN["规模"]]
    large = size in {"大型", "中型"}
    return (
        fmt in DIRECTED
        or (fmt in CANTEENS and large)
        or (kind in {"食品生产", "食品销售"} and large)
        or (kind == "农贸市场" and size == "大型")
    )


def _staff(
    place: Place, alive: Iterable[list[Any]], wish: dict[str, Any], dice: random.Random, namer: Namer
) -> Iterable[list[Any]]:
    """An officer, and a director where one is due; in the recording county and among the larger ones everywhere."""
    for row in alive:
        is_large = _needs_director(row)
        if row[COLUMN["主体类别"]] not in KINDS or not (is_large or county_of(row) in wish["counties"]):
            continue
        began = max(row[COLUMN["开业日期"]], place.as_of - timedelta(days=40 + dice.randrange(700)))
        for duty, share in (("食品安全员", wish["officers"]), ("食品安全总监", wish["directors"])):
            if (duty == "食品安全员" or is_large) and dice.random() * 100 < share:
                number = f"{row[0]}-{'Z' if duty == '食品安全总监' else 'Y'}1"
                paper = f"任〔{began.year}〕{1 + dice.randrange(40)}号"
                yield [row[0], county_of(row), number, namer.person(), duty, paper, began, began, began]


def _days(place: Place, operators: Iterable[list[Any]], wish: dict[str, Any], dice: random.Random) -> list[list[Any]]:
    """The days before today: most recorded, a few late, some with problems."""
    rows = []
    for row in operators:
        if row[COLUMN["主体类别"]] not in KINDS or county_of(row) != wish["recording"] or closed_by(row, place.today):
            continue
        keeps = 97 if dice.random() * 100 < wish["recorded"] else 30
        for ago in range(wish["days"], 0, -1):
            day = place.today - timedelta(days=ago)
            if day < row[COLUMN["开业日期"]] or dice.random() * 100 >= keeps:
                continue
            found = dice.choice((1, 1, 2)) if dice.random() < 0.04 else 0
            late = 1 if dice.random() < 0.03 else 0
            rows.append([row[0], county_of(row), day, found, day + timedelta(days=late)])
    return rows


def _reports(
    place: Place, alive: Iterable[list[Any]], operators: Iterable[list[Any]], wish: dict[str, Any], dice: random.Random
) -> list[list[Any]]:
    """Reports on the published year by class, nearly all in time, special ones put right in full."""
    heads = {row[COLUMN["连锁总部编号"]] for row in operators} - {""}
    due, rows = date(place.as_of.year, 11, 20), []
    for row in alive:
        fmt = row[COLUMN["业态"]]
        classes = [
            title for title, holds in (
                ("食品生产企业", row[COLUMN["主体类别"]] == "食品生产"), ("特殊食品生产企业", fmt == "特殊食品生产"),
                ("连锁总部", row[0] in heads), ("批发市场开办者", fmt == "批发市场"),
                ("大型批发企业", fmt == "食品批发商" and int(row[COLUMN["从业人数"]]) >= 20),
                ("网络订餐平台", fmt == "网络订餐平台分支机构"),
            ) if holds
        ]  # fmt: skip
        for title in classes:
            if dice.random() * 100 >= wish["reports"].get(title, 100):
                continue
            found = dice.randrange(5)
            fixed = found if title == "特殊食品生产企业" or dice.random() < 0.9 else max(0, found - 1)
            day = due - timedelta(days=dice.randrange(60))
            rows.append([row[0], county_of(row), title, due.year, due, day, found, fixed])
    return rows


def _training(
    place: Place, staff: Sequence[list[Any]], wish: dict[str, Any], dice: random.Random
) -> tuple[list[list[Any]], list[list[Any]]]:
    """Ten sessions of four hours in the published year; the people of the sample came to all, others to some."""
    sessions: list[list[Any]] = []
    attended: list[list[Any]] = []
    people = [row for row in staff if row[6] <= place.as_of]
    chosen = dice.sample(people, min(wish["trained"], len(people)))
    for number, (title, topic, kind) in enumerate(TOPICS, 1):
        code = f"PX{place.as_of.year}-{number:02d}"
        day = date(place.as_of.year, 1, 10) + timedelta(days=31 * (number - 1))
        sessions.append([code, title, topic, kind, f"{place.unit.name}市场监督管理局", place.unit.code, day, HOURS])
        attended += [
            [code, row[0], row[1], row[2], 1]
            for place_, row in enumerate(chosen) if place_ % 10 or dice.random() < 0.8
        ]  # fmt: skip
    return sessions, attended


def _exams(place: Place, staff: Sequence[list[Any]], wish: dict[str, Any], dice: random.Random) -> list[list[Any]]:
    """Random tests of the published year."""
    rows = []
    for number, row in enumerate(dice.sample(list(staff), min(wish["examined"], len(staff))), 1):
        passes = dice.random() * 100 < wish["passed"]
        score = 60 + dice.randrange(41) if passes else 30 + dice.randrange(30)
        day = place.as_of - timedelta(days=10 + dice.randrange(200))
        rows.append([f"{place.unit.code}-{number:05d}", *row[:3], day, score, "是" if passes else "否"])
    return rows
