"""A measure's value beside its threshold."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


def meets(value: Decimal, operator: str, threshold: Decimal) -> bool:
    """Does the value meet the threshold? The value is compared as measured, never rounded."""
    return {
        ">=": value >= threshold,
        ">": value > threshold,
        "<=": value <= threshold,
        "<": value < threshold,
        "=": value == threshold,
    }[operator]


def margin_of(value: Decimal, operator: str, threshold: Decimal) -> Decimal:
    """How far the value lies on the good side (negative: by how much it misses). For "=" any distance is a miss."""
    if operator in {">=", ">"}:
        return value - threshold
    if operator in {"<=", "<"}:
        return threshold - value
    return -abs(value - threshold)


@dataclass(frozen=True)
class Reading:
    """One measure of an item in one area. Without `value`, `reason` says why there is none."""

    key: str
    title: str
    unit: str
    operator: str
    threshold: Decimal
    measure: str = ""
    value: Decimal | None = None
    part: Decimal | None = None
    whole: Decimal | None = None
    reason: str = ""

    @property
    def is_bound(self) -> bool:
        return bool(self.measure)

    @property
    def met(self) -> bool | None:
        return None if self.value is None else meets(self.value, self.operator, self.threshold)

    @property
    def margin(self) -> Decimal | None:
        return None if self.value is None else margin_of(self.value, self.operator, self.threshold)

    @property
    def attainment(self) -> Decimal:
        """Value over threshold, cut to 0…1; 1 when met. What pro rata conversion multiplies the weight with."""
        if self.met:
            return Decimal(1)
        if not self.value or self.operator not in {">=", ">", "="} or self.threshold <= 0:
            return Decimal(0)
        return min(Decimal(1), max(Decimal(0), self.value / self.threshold))

    def as_json(self) -> dict[str, object]:
        """For the basis of a result: numbers as text, so that they read back exactly."""
        numbers = {"value": self.value, "part": self.part, "whole": self.whole, "margin": self.margin}
        return {
            "key": self.key,
            "title": self.title,
            "measure": self.measure,
            "unit": self.unit,
            "operator": self.operator,
            "threshold": plain_text(self.threshold),
            "met": self.met,
            "reason": self.reason,
            **{name: None if number is None else plain_text(number) for name, number in numbers.items()},
        }

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> "Reading":
        """The reading as it was when the basis was written."""
        value, part, whole = (
            None if line[name] is None else Decimal(line[name]) for name in ("value", "part", "whole")
        )
        texts = {name: line[name] for name in ("key", "title", "unit", "operator", "measure", "reason")}
        return cls(threshold=Decimal(line["threshold"]), value=value, part=part, whole=whole, **texts)


def plain_text(number: Decimal) -> str:
    """100.00 → "100"; 98.160 → "98.16"."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
