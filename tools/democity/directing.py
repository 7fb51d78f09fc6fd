"""The campaign in mid-course, relative to the demo's day: cards, tasks, visits, self-checks, proposals, keeping."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from tools.democity.casebook import Thread
from tools.democity.place import Area
from tools.democity.rectifying import PHOTOS, Desk

# Text, basis, item, and the department of the city that it is a matter for (a county's is its market bureau's).
CARD_MATTERS = (
    ("农贸市场环境秩序整治进度滞后", "周调度会议纪要", "3.20.10", "URBAN"),
    ("学校食堂明厨亮灶接入率未达标", "市领导批示", "5.33.1", "EDU"),
    ("小餐饮备案率低于全市平均水平", "月度统计通报", "3.19.3", "APPROVAL"),
    ("食用农产品检测室未正常运行", "资料审查通报", "2.15.4", "AGRI"),
    ("行刑衔接案件移送不及时", "督查反馈问题", "1.9.2", "POLICE"),
    ("基层监管所快检设备未到位", "督查反馈问题", "2.13.1", "SAMR"),
    ("食源性疾病报告迟报", "月度统计通报", "1.4.3", "HEALTH"),
    ("餐厨垃圾收运台账不规范", "周调度会议纪要", "3.20.7", "URBAN"),
)
TASK_MATTERS = (
    ("完善食品安全应急预案并组织一次演练", "2.16.2", "SAMR"),
    ("补齐食用农产品检测室检测记录", "2.15.4", "AGRI"),
    ("汇总校长负责和陪餐制度落实情况", "1.7.4", "EDU"),
    ("完成污染物监测点位核对", "1.4.2", "HEALTH"),
    ("梳理行刑衔接案件移送清单", "1.9.2", "POLICE"),
    ("落实食品安全经费年度预算", "2.12.1", "FINANCE"),
    ("核对三小建档备案数据", "3.19.3", "APPROVAL"),
    ("推动粮食烘干能力项目开工", "1.6.4", "NDRC"),
    ("申报质量奖和品牌培育名单", "5.35.1", "COMMERCE"),
    ("落实病死畜禽无害化处理台账", "1.5.7", "AGRI"),
)
LEADERS = ("市委书记", "市长", "市委副书记", "常务副市长", "市委宣传部部长", "分管副市长", "市政协副主席")


def target(desk: Desk, number: int, department: str) -> tuple[str, Area]:
    """Who is given a matter: the department of the city, or the market bureau of the next county."""
    if number % 3 == 0:
        return f"{desk.place.unit.key}-{department}", desk.place.unit
    county = desk.place.counties[(number - number // 3) % len(desk.place.counties)]
    return f"{county.key}-SAMR", county


def running_cards(desk: Desk, wish: Mapping[str, Any]) -> None:
    today, dice = desk.place.today, desk.place.dice("cards", with_today=True)
    for number in range(1, wish["running"]["cards"] + 1):
        text, basis, item, department = CARD_MATTERS[number % len(CARD_MATTERS)]
        unit, area = target(desk, number, department)
        until = ("closed", "overdue", "received", "answered", "issued", "closed")[(number * 2 + number // 3) % 6]
        on = today - timedelta(days={"closed": 32, "overdue": 20, "answered": 12, "received": 5, "issued": 2}[until])
        due = on + timedelta(days=9 if until in {"overdue", "closed", "answered"} else 12)
        thread = desk.book.open(
            "card",
            f"创建办督〔{on.year}〕{number}号",
            f"{_spoken(area)}{text}",
            on=on,
            due=due,
            area=area.code,
            item=item,
            body="请查明原因，限期整改，并书面回复。",
            source=dice.choice(("逾期事项", "发现问题", "领导批示", "会议决定")),
            issuer=desk.office,
            unit=unit,
            owner=desk.who(unit, dice)[0],
            urgent="是" if number % 7 == 0 else "",
            依据=basis,
        )
        _card_steps(desk, thread, unit, on, due, until, dice)


def _spoken(area: Area) -> str:
    return "" if area.level == "市" else area.name


def _card_steps(desk: Desk, thread: Thread, unit: str, on: date, due: date, until: str, dice: random.Random) -> None:
    if until == "issued":
        return
    name = desk.who(unit, dice)[1]
    thread.step("签收", on + timedelta(days=1), name)
    if until in {"answered", "closed"}:
        thread.step(
            "回复",
            due - timedelta(days=2),
            name,
            note="已逐项整改，见佐证材料。",
            kind="after",
            evidence=f"整改后{dice.randrange(PHOTOS) + 1}.png",
        )
    if until == "closed":
        thread.step("核实办结", due, "创建办工作人员", note="现场核实到位。", data={"result": "已整改到位"})


def running_tasks(desk: Desk, wish: Mapping[str, Any]) -> None:
    today, dice = desk.place.today, desk.place.dice("tasks", with_today=True)
    states = ("done", "working", "late", "submitted", "assigned", "done")
    for number in range(1, wish["running"]["tasks"] + 1):
        text, item, department = TASK_MATTERS[number % len(TASK_MATTERS)]
        unit, area = target(desk, number, department)
        until = states[(number // 12 + number) % len(states)]
        on = today - timedelta(days={"done": 50, "late": 33, "submitted": 24, "working": 12, "assigned": 3}[until])
        due = on + timedelta(days=28)
        thread = desk.book.open(
            "task",
            f"创建办任〔{on.year}〕{number}号",
            text,
            on=on,
            due=due,
            area=area.code,
            item=item,
            issuer=desk.office,
            source=dice.choice(("会议决定", "创建步骤", "重点推进", "领导交办")),
            unit=unit,
            owner=desk.who(unit, dice)[0],
            依据="创建工作调度会议纪要",
        )
        _task_steps(desk, thread, unit, on, due, until, dice)


def _task_steps(desk: Desk, thread: Thread, unit: str, on: date, due: date, until: str, dice: random.Random) -> None:
    if until == "assigned":
        return
    name = desk.who(unit, dice)[1]
    thread.step("签收", on + timedelta(days=1), name)
    if until in {"working", "late"}:
        share = dice.choice((20, 40, 60, 80))
        thread.step("报告进度", on + timedelta(days=9), name, note=f"已完成约百分之{share}。", data={"progress": share})
        return
    thread.step(
        "报完成",
        due - timedelta(days=6),
        name,
        note="任务已完成。",
        kind="result",
        evidence=f"整改后{dice.randrange(PHOTOS) + 1}.png",
    )
    if until == "done":
        thread.step("核实完成", due - timedelta(days=3), "创建办工作人员", note="材料齐全。")


def running_visits(desk: Desk, wish: Mapping[str, Any]) -> None:
    """Every county has its paired leader; the first ones were visited lately, one is planned, the rest are due."""
    today, dice = desk.place.today, desk.place.dice("visits", with_today=True)
    for place, county in enumerate(desk.place.counties):
        leader, team = LEADERS[place % len(LEADERS)], desk.inspector(county)
        is_recent = place < wish["running"]["visited_counties"]
        on = today - timedelta(days=dice.randint(6, 24) if is_recent else dice.randint(48, 70))
        thread = desk.book.open(
            "visit",
            f"督导〔{on.year}〕{county.key}-1",
            f"{leader}到{county.name}包联督导",
            on=on - timedelta(days=4),
            due=on,
            area=county.code,
            issuer=desk.office,
            unit=team,
            包联领导职务=leader,
        )
        name = desk.who(team, dice)[1]
        thread.step("到县督导", on, name, data={"visited_on": str(on), "items": "学校食堂、农贸市场、小餐饮各两家"})
        thread.step("报告情况", on + timedelta(days=2), name, note="总体进展平稳，现场反馈的问题已列入清单。")
        if place % 3:
            thread.step("跟进完毕", on + timedelta(days=5), "创建办工作人员", note="问题已销号。")


def self_checks(desk: Desk) -> None:
    """One county's townships were to report by a day that has passed; the city's counties have three weeks left."""
    today, dice = desk.place.today, desk.place.dice("self checks", with_today=True)
    county = next(each for each in desk.place.counties if each.key == "131022")
    towns = [(f"{town.key}-TOWN", town) for town in desk.place.townships if town.key.startswith(county.key)]
    asked, due = today - timedelta(days=26), today - timedelta(days=3)
    number = f"自查〔{asked.year}〕{county.key}-0"
    desk.book.open(
        "self_check",
        number,
        f"{county.name}自查报告（汇总）",
        on=asked,
        due=today + timedelta(days=18),
        area=county.code,
        issuer=desk.office,
        unit=f"{county.key}-SAMR",
        自查期间="本季度",
    )
    for place, (unit, town) in enumerate(towns, start=1):
        thread = desk.book.open(
            "self_check",
            f"自查〔{asked.year}〕{town.key}-1",
            f"{town.name}自查报告",
            on=asked,
            due=due,
            area=town.code,
            issuer=f"{county.key}-SAMR",
            unit=unit,
            parent_type="self_check",
            parent=number,
            自查期间="本季度",
        )
        if place % 4 == 0:
            continue
        found = dice.randrange(6, 30)
        thread.step(
            "报送",
            due - timedelta(days=dice.randrange(1, 6)),
            "乡镇工作人员",
            note="本辖区自查完毕。",
            kind="report",
            evidence="自查报告.pdf",
            data={
                "operators_checked": dice.randrange(90, 400),
                "problems_found": found,
                "problems_fixed": found - dice.randrange(0, 3),
                "signed_by": "乡镇长",
            },
        )
        if place % 3:
            thread.step("接收", due, "县食药安办工作人员")


def proposals(desk: Desk, wish: Mapping[str, Any]) -> None:
    today = desk.place.today
    for number, each in enumerate(wish["proposals"], start=1):
        on = each.get("opened_on") or today - timedelta(days=each["ago"])
        unit = f"{desk.place.unit.key}-{each['unit']}" if each["unit"] else ""
        thread = desk.book.open(
            "proposal",
            f"提〔{on.year}〕{number}号",
            each["title"],
            on=on,
            area=desk.place.unit.code,
            issuer=desk.office,
            类别=each["kind"],
            届次=each["session"],
            原编号=each["original_no"],
            提出方=each["org"],
        )
        if not unit:
            continue
        thread.step("交办", on + timedelta(days=3), "创建办工作人员", to=unit)
        if "replied_on" not in each:
            continue
        replied = each["replied_on"]
        thread.step("送审答复", replied - timedelta(days=9), "提案承办人员", data={"result_grade": each["grade"]})
        thread.step("审定", replied - timedelta(days=4), "创建办负责人")
        thread.step("正式答复", replied, "提案承办人员", data={"publish_consent": each["consent"]})
        thread.step("记录反馈", replied + timedelta(days=8), "提案承办人员", data={"feedback": "满意"})


def keeping(desk: Desk, wish: Mapping[str, Any]) -> None:
    """Points that passed and are checked each month."""
    today, dice = desk.place.today, desk.place.dice("keeping", with_today=True)
    kinds = ("学校食堂", "农贸市场", "小型超市", "中型餐馆")
    for number in range(1, wish["running"]["keeping"] + 1):
        county = desk.place.counties[number % len(desk.place.counties)]
        shops = desk.operators.get((county.key, kinds[number % len(kinds)])) or desk.operators[county.key, "小型超市"]
        shop = dice.choice(shops)
        on = today - timedelta(days=75)
        thread = desk.book.open(
            "keeping",
            f"保持〔{on.year}〕{county.key}-{number}",
            f"{shop[1]}保持达标",
            on=on,
            area=county.code,
            source="point",
            issuer=desk.office,
            unit=f"{county.key}-SAMR",
            item="1.7.1",
            operator=shop[0],
            点位=shop[1],
            达标日期=on,
        )
        for days in (46, 18 if number % 4 else 99):
            day = today - timedelta(days=days)
            if days < 75:
                thread.step("复查合格", day, "监管所人员", note="现场复查合格。", data={"checked_on": str(day)})
