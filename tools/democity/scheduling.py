"""The campaign's plan in mid-course: two stages behind, the third under way with some steps late, the fourth ahead."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tools.democity.package import Resource
from tools.democity.place import PACKS, Place, read_yaml
from tools.democity.rectifying import Desk

HEADINGS = [
    "工作计划编号", "计划名称", "依据", "区划代码", "最终期限", "阶段序号", "阶段名称", "开始日期", "截止日期",
    "启动日期", "成果代码", "阶段成果", "文号或存放位置", "登记日期",
]  # fmt: skip
# First and last day of each stage, counted from the demo's day.
DAYS = {
    1: (-400, -340),
    2: (-339, -31),
    3: (-30, 95),
    4: (96, 230),
}
PRESENT = 3
PAPER = "自查报告.pdf"


def _day(place: Place, number: int) -> date:
    """So many days from the demo's day, on a weekday."""
    day = place.today + timedelta(days=number)
    return day - timedelta(days=max(0, day.weekday() - 4))


def _plan(place: Place) -> dict[str, Any]:
    """The city's plan; empty where there is none."""
    path = PACKS / "schedules" / f"{place.name}.yaml"
    return dict(read_yaml(path)) if path.exists() and (PACKS / "cities" / place.name / "cases.yaml").exists() else {}


def plan_resource(place: Place) -> Resource | None:
    """The plan's stages and outputs, dated from the demo's day."""
    plan = _plan(place)
    if not plan:
        return None
    rows = [
        _output_row(place, plan, stage, output, order)
        for stage in plan["stages"]
        for order, output in enumerate(stage["outputs"], 1)
    ]
    return Resource("campaign_plans", HEADINGS, rows)


def _output_row(
    place: Place, plan: dict[str, Any], stage: dict[str, Any], output: dict[str, str], order: int
) -> list[Any]:
    number = stage["number"]
    first, last = (_day(place, each) for each in DAYS[number])
    is_past = number < PRESENT
    reference = f"{place.unit.name[:1]}创办〔{last.year}〕{number}{order}号" if is_past else ""
    return [
        plan["key"], plan["title"], plan["basis"], place.unit.code, _day(place, DAYS[4][1]), number, stage["title"],
        first, last, first if number <= PRESENT else "", output["key"], output["title"], reference,
        last if is_past else "",
    ]  # fmt: skip


def plan_steps(desk: Desk) -> None:
    """Single steps of the first stage, then one step of a later stage for every item, by its lead unit."""
    plan = _plan(desk.place)
    if not plan:
        return
    for step in plan["steps"]:
        _step(desk, plan, 1, step["title"], step["department"], step["item"], step["duty"], step["before"])
    criteria = read_yaml(PACKS / "criteria" / "2021.yaml")
    items = [item for section in criteria["sections"] for point in section["points"] for item in point["indicators"]]
    words = {2: "建账并自查差距", 3: "达到标准要求、归齐材料", 4: "完成验收准备"}
    for number, item in enumerate(items):
        lead = next(iter(item.get("lead") or ()), "SAMR")
        for stage in (2, 3) if number % 3 else (3, 4):
            title = f"{item['title']}：{words[stage]}"
            _step(desk, plan, stage, title, lead, item["code"], f"牵头{item['title']}", number)


def _step(
    desk: Desk, plan: dict[str, Any], stage: int, title: str, department: str, item: str, duty: str, number: int
) -> None:
    place = desk.place
    unit = f"{place.unit.key}-{department}"
    if not desk.people.get(unit):
        unit = f"{place.unit.key}-SAMR"
    owner, name = desk.people[unit][0]
    due = _due(place, stage, number)
    desk.counts["steps"] += 1
    thread = desk.book.open(
        "step", f"步骤〔{place.today.year}〕{place.unit.key}-{desk.counts['steps']}", title,
        on=_day(place, DAYS[1][0]), due=due, area=place.unit.code, issuer=desk.office, unit=unit,
        verifier=desk.office, owner=owner, item=item,
        工作计划编号=plan["key"], 阶段=stage, 网格=place.unit.name, 职责=duty[:200],
    )  # fmt: skip
    is_late = stage == PRESENT and number % 4 == 0
    if due < place.today and not is_late:
        done = due - timedelta(days=1 + number % 4)
        thread.step("报完成", done, name, unit=unit, note="已按要求完成，材料齐全", evidence=PAPER, kind="完成情况")
        checker = desk.who(desk.office, place.dice(f"step{number}"))[1]
        thread.step("核实完成", due, checker, unit=desk.office, note="材料核对无误")
    elif stage == PRESENT and (is_late or number % 2):
        thread.step("报告进度", place.today - timedelta(days=3 + number % 9), name, unit=unit, note="正在推进",
                    data={"progress": 30 + number % 6 * 10})  # fmt: skip


def _due(place: Place, stage: int, number: int) -> date:
    """Spread over the stage: some of the present one's days have passed."""
    first, last = DAYS[stage]
    if stage == 1:
        return _day(place, last - number)
    return _day(place, first + 8 + number * 37 % (last - first - 8))
