"""What is wrong with a meal that was cooked in one place and eaten in another (M-12)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True)
class Meals:
    """serve: from cooking to arrival, unless meals arrive at `hot` °C or more; core: °C at the centre when cooked;
    sample: grams, kept for `sample_for`."""

    serve: timedelta
    hot: Decimal
    core: Decimal
    sample: int
    sample_for: timedelta


class MealFault(StrEnum):
    CORE = "core"
    SAMPLE = "sample"
    LATE = "late"
    NO_SAMPLE_THERE = "no_sample_there"


def faults_of_sheet(*, core: Decimal, sample: int, kept: timedelta | None, numbers: Meals) -> list[MealFault]:
    """餐饮服务食品安全操作规范: cooked through, and a sample of each dish kept long enough."""
    found = [MealFault.CORE] if core < numbers.core else []
    too_short = kept is None or kept < numbers.sample_for
    return [*found, MealFault.SAMPLE] if sample < numbers.sample or too_short else found


def faults_of_dispatch(
    *, cooked_at: datetime, arrived_at: datetime | None, celsius: Decimal | None, is_sample_kept: bool | None,
    numbers: Meals,
) -> list[MealFault]:  # fmt: skip
    """Eaten within two hours after cooking, or kept hot (45 号令); whoever eats keeps a sample too."""
    if arrived_at is None or celsius is None:
        return []
    found = [MealFault.LATE] if arrived_at - cooked_at > numbers.serve and celsius < numbers.hot else []
    return found if is_sample_kept else [*found, MealFault.NO_SAMPLE_THERE]
