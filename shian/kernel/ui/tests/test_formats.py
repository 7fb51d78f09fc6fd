from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from shian.kernel.ui import formats


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (64098, None, "64,098"),
        (64098.0, None, "64,098"),
        (Decimal("1234.50"), None, "1,234.50"),
        (0.125, 2, "0.13"),
        (-1600, 1, "-1,600.0"),
        (0, None, "0"),
        (Decimal("-0.0000"), 2, "0.00"),
        (-0.001, 2, "0.00"),
        (None, None, "—"),
        ("", None, "—"),
        ("待补充", None, "待补充"),
    ],
)
def test_number_has_separators_and_rounds_half_up(value: object, decimals: int | None, text: str) -> None:
    assert formats.number_text(value, decimals) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (717, 720, "99.6%"),
        (720, 720, "100%"),
        (71_999, 72_000, "99.9%"),
        (1, 72_000, "0.1%"),
        (0, 720, "0%"),
        (730, 720, "101.4%"),
        (3, 0, "—"),
        (None, 720, "—"),
    ],
)
def test_percent_is_whole_only_when_nothing_is_missing(part: object, whole: object, text: str) -> None:
    assert formats.percent_text(part, whole) == text


def test_rate_shows_what_it_is_made_of() -> None:
    assert formats.rate_text(717, 720) == "717 / 720 · 99.6%"
    assert formats.rate_text(None, 720) == "—"


def test_moment_is_told_in_local_time() -> None:
    late = datetime(2026, 11, 20, 18, 5, tzinfo=UTC)

    assert formats.moment_text(late) == "2026-11-21 02:05"
    assert formats.date_text(late) == "2026-11-21"
    assert formats.time_text(late) == "02:05"


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 11, 21), "2026年第47周"),
        (date(2027, 1, 1), "2026年第53周"),
        (date(2024, 12, 30), "2025年第1周"),
    ],
)
def test_week_belongs_to_its_iso_year(day: date, text: str) -> None:
    assert formats.week_text(day) == text


def test_a_difference_of_percentages_is_told_in_percentage_points() -> None:
    assert formats.difference_unit("%") == "个百分点"
    assert formats.difference_unit("分") == "分"
