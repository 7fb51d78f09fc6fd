"""A district in which most operators have an officer and keep day, week and month, and the rest lack one of the four.

`selfcontrol: {covered: …}` in city.yaml says how many, in per cent, as of the published day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from tools.democity.names import Namer
from tools.democity.operators import COLUMN
from tools.democity.package import Resource
from tools.democity.place import Place
from tools.democity.selfcontrol import KINDS, STAFF, closed_by, county_of

WEEKS = ["主体编号", "区划代码", "周一日期", "有记录的星期", "本周情况", "签字人职责", "签字日期"]
MONTHS = ["主体编号", "区划代码", "月份", "召开日期", "参加人员", "听取汇报", "签字日期"]
OFFICER, WEEKDAYS, SIGNED_WEEK, MINUTES = range(4)


def mechanism_resources(place: Place, operators: Sequence[list[Any]], namer: Namer) -> list[Resource]:
    """Officers, signed weeks and signed months; nothing for a city that states no share."""
    share = place.parameters.get("selfcontrol", {}).get("covered")
    if share is None:
        return []
    dice, day = place.dice("mechanisms"), place.as_of
    owing = [
        row for row in operators
        if row[COLUMN["主体类别"]] in KINDS and row[COLUMN["开业日期"]] <= day and not closed_by(row, day)
    ]  # fmt: skip
    covered = {row[0] for row in dice.sample(owing, round(len(owing) * share / 100))}
    monday = day - timedelta(days=day.weekday() + 7)
    month = ((day - timedelta(days=5)).replace(day=1) - timedelta(days=1)).replace(day=1)
    staff, weeks, months = [], [], []
    for row in owing:
        lacking = None if row[0] in covered else dice.randrange(4)
        head = [row[0], county_of(row)]
        if lacking != OFFICER:
            staff.append(_officer(row, head, namer, day - timedelta(days=60 + dice.randrange(400))))
        if lacking != SIGNED_WEEK:
            weekdays = "" if lacking == WEEKDAYS else dice.choice(("1234567", "1234567", "123456"))
            weeks.append(
                [*head, monday, weekdays, "日管控记录齐全，未发现风险。", "食品安全员", monday + timedelta(days=6)]
            )
        if lacking != MINUTES:
            held = (month + timedelta(days=31)).replace(day=1 + dice.randrange(5))
            months.append([*head, month, held, "主要负责人、食品安全员", "听取周排查情况，研究下月重点。", held])
    return [
        Resource("safety_staff", STAFF, staff), Resource("weekly_checks", WEEKS, weeks),
        Resource("dispatch_meetings", MONTHS, months),
    ]  # fmt: skip


def _officer(row: list[Any], head: list[str], namer: Namer, day: date) -> list[Any]:
    began = max(row[COLUMN["开业日期"]], day)
    return [*head, f"{row[0]}-Y1", namer.person(), "食品安全员", f"任〔{began.year}〕1号", began, began, began]
