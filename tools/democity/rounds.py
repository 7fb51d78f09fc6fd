"""Rounds of field checks that are over: one for each name that `field_visits` in city.yaml gives."""

from __future__ import annotations

from tools.democity.package import Resource
from tools.democity.place import Place

HEADINGS = ["轮次编号", "名称", "区划代码", "开始日期", "结束日期", "抽取比例"]


def round_resources(place: Place) -> list[Resource]:
    """A row for each round, from its first to its last day; nothing for a city without visits."""
    rounds: dict[str, list[dict[str, object]]] = {}
    for told in place.parameters.get("field_visits") or ():
        rounds.setdefault(str(told["round"]), []).append(told)
    rows = []
    for number, told in sorted(rounds.items()):
        year, _sign, turn = number.partition("-")
        first, last = min(each["from"] for each in told), max(each["until"] for each in told)  # type: ignore[type-var]
        share = max(float(str(each.get("share", 0.2))) for each in told)
        title = f"{year}年第{turn}轮明查暗访"
        rows.append([number, title, place.unit.code, first, last, round(share * 100)])
    return [Resource("field_rounds", HEADINGS, rows, types={"抽取比例": "integer"})] if rows else []
