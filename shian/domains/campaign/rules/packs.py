"""The standard as a nested mapping (the YAML form): what is wrong with it, and what it holds."""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from shian.domains.campaign.rules.readings import meets

Node = Mapping[str, Any]
LEVELS = ("city", "county", "township")
METHODS = ("document", "field", "statistic", "survey", "bonus", "veto")
CHANNELS = ("document", "field", "external", "veto")
WANTED_OF_INDICATOR = ("code", "title", "gist", "primary_channel", "computability")
WANTED_OF_MEASURE = ("key", "title", "operator", "threshold")


class StandardInvalid(ValueError):
    """The source cannot be loaded. `problems` are sentences, each with the place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("；".join(problems[:5]))
        self.problems = problems


def indicators_in(pack: Node) -> Iterator[tuple[Node, Node, Node]]:
    """(section, point, indicator) in the order of the source."""
    for section in pack.get("sections", []):
        for point in section.get("points", []):
            for indicator in point.get("indicators", []):
                yield section, point, indicator


def obtained_counts(pack: Node) -> dict[str, int]:
    """Counts of the file itself, to stand beside what the sources declare."""
    channels = Counter(indicator["primary_channel"] for _, _, indicator in indicators_in(pack))
    return {
        "sections": len(pack["sections"]),
        "points": sum(1 for section in pack["sections"] for point in section["points"] if point["no"]),
        "indicators": channels.total(),
        "measures": sum(len(indicator.get("measures", [])) for _, _, indicator in indicators_in(pack)),
        **{f"channel_{name}": channels[name] for name in CHANNELS},
    }


def problems_of(pack: Node) -> list[str]:
    """Sentences in Chinese, each naming the item; empty when the pack can be loaded."""
    if not pack.get("sections"):
        return ["文件中没有任何大项。"]
    departments = {row["code"] for row in pack.get("departments", [])}
    found = [problem for _, _, indicator in indicators_in(pack) for problem in _of_indicator(indicator, departments)]
    codes = Counter(indicator.get("code") for _, _, indicator in indicators_in(pack))
    return [*found, *(f"评价内容 {code}：编号重复 {times} 次。" for code, times in codes.items() if times > 1)]


def _of_indicator(indicator: Node, departments: set[str]) -> Iterator[str]:
    name = f"评价内容 {indicator.get('code') or '（无编号）'}"
    for key in WANTED_OF_INDICATOR:
        if not indicator.get(key):
            yield f"{name}：缺少 {key}。"
    if indicator.get("primary_channel") not in CHANNELS:
        yield f"{name}：主渠道 {indicator.get('primary_channel')!r} 不在 {'、'.join(CHANNELS)} 之内。"
    for method in set(indicator.get("method", [])) - set(METHODS):
        yield f"{name}：检查方式 {method!r} 不认识。"
    for level in set(indicator.get("applicable_levels", [])) - set(LEVELS):
        yield f"{name}：适用层级 {level!r} 不认识。"
    for code in sorted({*indicator.get("lead", []), *indicator.get("responsible", [])} - departments):
        yield f"{name}：部门代码 {code} 不在部门表中。"
    for row in indicator.get("measures", []):
        yield from _of_measure(name, row)


def _of_measure(name: str, row: Node) -> Iterator[str]:
    for key in WANTED_OF_MEASURE:
        if row.get(key) in (None, ""):
            yield f"{name}，指标 {row.get('key')}：缺少 {key}。"
            return
    try:
        meets(Decimal(0), row["operator"], Decimal(str(row["threshold"])))
    except (InvalidOperation, KeyError):
        yield f"{name}，指标 {row['key']}：比较 {row['operator']} {row['threshold']} 无法计算。"
