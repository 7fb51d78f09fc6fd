"""The assessment sheet: reviewers' verdicts on items that no measure and no outside result decides."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tools.democity.package import Resource
from tools.democity.place import PACKS, Area, Place, read_yaml

HEADINGS = ["评价内容编号", "区划代码", "结论", "得分率", "理由", "评审人", "评审日期"]
LEVELS = {"市": "city", "县": "county", "乡": "township"}
REVIEWED_CHANNELS = ("document", "field")
REASONS = Path(__file__).with_name("reasons.yaml")


@dataclass(frozen=True)
class Item:
    """What the sheet needs to know of one indicator."""

    code: str
    title: str
    channel: str
    levels: tuple[str, ...]
    evidence: tuple[str, ...]


def reviewed_items(criteria: Mapping[str, Any]) -> list[Item]:
    """Document and field items; results from outside and vetoes are never a reviewer's."""
    return [
        Item(
            str(item["code"]),
            item["title"],
            item["primary_channel"],
            tuple(item.get("applicable_levels", LEVELS.values())),
            tuple(item.get("evidence", ())) or (item["title"],),
        )
        for section in criteria["sections"]
        for point in section["points"]
        for item in point["indicators"]
        if item["primary_channel"] in REVIEWED_CHANNELS and item.get("computability") != "external"
    ]


def reviewed_areas(place: Place, dice: random.Random) -> list[Area]:
    """The unit, its counties, and the stated share of the townships."""
    counties = place.counties if place.unit.level == "市" else []
    share = place.parameters["verdicts"]["township_share"]
    towns = dice.sample(place.townships, round(len(place.townships) * share))
    return [place.unit, *counties, *sorted(towns, key=lambda town: town.key)]


class Reviewer:
    """Writes believable verdicts: most items met, some in part, few not."""

    def __init__(self, place: Place, reviewers: Sequence[str], dice: random.Random) -> None:
        self.place, self.reviewers, self.dice = place, reviewers, dice
        self.reasons: Mapping[str, Mapping[str, Sequence[str]]] = read_yaml(REASONS)
        self.parameters = place.parameters["verdicts"]
        first, last = self.parameters["reviewed"]
        self.first: date = first
        self.days = (last - first).days

    def rows(self, items: Sequence[Item], areas: Sequence[Area]) -> Iterator[list[Any]]:
        for area in areas:
            level = LEVELS[area.level]
            chances = self.parameters["levels"][level]
            diligence = self.dice.gauss(1.0, 0.04)
            reviewer = self.dice.choice(self.reviewers)
            for item in items:
                if level not in item.levels or self.dice.random() < chances["unreviewed"]:
                    continue
                yield [item.code, area.code, *self._verdict(item, chances, diligence), reviewer, self._day()]

    def _day(self) -> date:
        return self.first + timedelta(days=self.dice.randint(0, self.days))

    def _verdict(self, item: Item, chances: Mapping[str, float], diligence: float) -> tuple[str, str, str]:
        draw = self.dice.random()
        passed = min(0.97, chances["passed"] * diligence)
        if draw < passed:
            return "达标", "1", self._reason(item, "达标")
        if draw < passed + chances["partial"]:
            ratio = self.dice.choice((0.4, 0.5, 0.6, 0.6, 0.7, 0.7, 0.8, 0.8, 0.9))
            return "部分达标", str(ratio), self._reason(item, "部分达标")
        return "不达标", "0", self._reason(item, "不达标")

    def _reason(self, item: Item, verdict: str) -> str:
        pattern = self.dice.choice(self.reasons[item.channel][verdict])
        return pattern.format(
            evidence=self.dice.choice(item.evidence),
            title=item.title,
            n=self.dice.randint(3, 12),
            few=self.dice.randint(1, 3),
            month=self.dice.randint(2, 9),
        )


def verdict_resource(place: Place, reviewers: Sequence[str], packs: Path = PACKS) -> Resource | None:
    """None while the standard's pack or the city's parameters are missing."""
    path = packs / "criteria" / "2021.yaml"
    if not path.exists() or "verdicts" not in place.parameters:
        return None
    dice = place.dice("verdicts")
    items = reviewed_items(read_yaml(path))
    reviewer = Reviewer(place, reviewers, dice)
    rows = list(reviewer.rows(items, reviewed_areas(place, dice)))
    return Resource("verdicts", HEADINGS, rows, types={"得分率": "number"})
