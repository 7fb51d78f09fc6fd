"""What units sent in over the last months, and the numbered briefings that carry some of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from tools.democity.organisations import Organisation
from tools.democity.package import Resource
from tools.democity.place import Place

HEADINGS = [
    "编发区划",
    "标题",
    "正文",
    "报送单位编码",
    "报送日期",
    "状态",
    "未采用原因",
    "刊名",
    "期次",
    "简报标题",
    "印发日期",
]
ISSUES, IN_ISSUE = 9, 3
EVENTS = (
    ("开展学校食堂专项检查", "检查学校食堂{n}家，现场纠正问题{m}个，约谈负责人{k}名。"),
    ("举办食品安全宣传进社区活动", "发放明白纸{n}份，接受咨询{m}人次，现场快检{k}批次。"),
    ("推进农产品承诺达标合格证制度", "培训生产主体{n}家，开具合格证{m}张，巡查产地{k}处。"),
    ("组织小餐饮“互联网+明厨亮灶”改造", "新增接入{n}家，复查{m}家，清退{k}家。"),
    ("召开创建工作推进会", "部署{k}项重点任务，{m}个单位作交流发言，明确完成时限。"),
    ("打击食用农产品非法添加", "出动执法人员{n}人次，抽检{m}批次，立案{k}起。"),
)


def dispatch_resource(place: Place, organisations: Sequence[Organisation]) -> Resource:
    """Items in order of their day; every issue carries three, some wait, one in twelve was not used. None is told
    twice."""
    dice = place.dice("dispatches", with_today=True)
    units = [each for each in organisations if each.area is place.unit and each.campaign]
    left = [(unit, event) for unit in units for event in EVENTS]
    dice.shuffle(left)
    first = place.today - timedelta(days=7 * ISSUES + 21)
    rows: list[list[Any]] = []
    for issue in range(1, ISSUES + 3):
        on = first + timedelta(days=7 * issue)
        for _each in range(IN_ISSUE):
            rows.append(_row(dice, *left.pop(), on - timedelta(days=dice.randrange(2, 6))))
            if issue <= ISSUES:
                printed_on = on
                rows[-1][5:] = ["已采用", "", "工作简报", issue, f"创建工作进展（{issue}）", printed_on]
        if issue % 4 == 0:
            rows.append(_row(dice, *left.pop(), on - timedelta(days=3)))
            rows[-1][5:7] = ["未采用", "与上期内容重复"]
    return Resource("dispatches", HEADINGS, rows)


def _row(dice: Any, unit: Organisation, event: tuple[str, str], on: Any) -> list[Any]:
    title, text = event
    told = text.format(n=dice.randrange(20, 90), m=dice.randrange(5, 20), k=dice.randrange(2, 6))
    return [unit.area.code, f"{unit.name}{title}", told, unit.code, on, "待编辑", "", "", "", "", ""]
