"""Trainings of officials: one in each area when the tiers were set, nearly everybody there (C-14)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from tools.democity.package import Resource
from tools.democity.place import Place
from tools.democity.tiering import tiered_on

SESSIONS = ["培训编号", "培训主题", "区划代码", "举办日期", "地点", "授课单位"]
ATTENDED = ["培训编号", "干部编号", "测试得分"]
AFTER, SHARE = 3, 0.985
CODE, AREA, SINCE, UNTIL = 0, 8, 11, 12


def duty_training_resources(place: Place, officials: Sequence[list[Any]]) -> list[Resource]:
    """Officials of the day of the training, by county; successors have one of their own later."""
    dice, on = place.dice("duty trainings"), tiered_on(place) + timedelta(days=AFTER)
    sessions: dict[str, list[Any]] = {}
    rows: list[list[Any]] = []
    for row in officials:
        held = on if row[SINCE] <= on else row[SINCE] + timedelta(days=10)
        if held >= place.today or (row[UNTIL] and row[UNTIL] <= held) or dice.random() >= SHARE:
            continue
        rows.append([_session(place, sessions, str(row[AREA]), held), row[CODE], dice.randrange(120, 201) / 2])
    return [
        Resource("duty_trainings", SESSIONS, list(sessions.values())),
        Resource("duty_attendances", ATTENDED, rows, types={"测试得分": "number"}),
    ]


def _session(place: Place, sessions: dict[str, list[Any]], code: str, held: date) -> str:
    area = code[:6] if len(code) >= 6 else place.unit.code
    number = f"BBPX-{area}-{held:%Y%m%d}"
    sessions.setdefault(
        number, [number, "包保干部督导怎么做", area, held, "会议中心", "市场监督管理部门"]
    )  # fmt: skip
    return number
