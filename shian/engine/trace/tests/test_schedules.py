"""When a schedule is due next."""

from datetime import UTC, datetime

import pytest

from shian.engine.trace.rules.schedules import BadSchedule, next_moment, values_of

THURSDAY = datetime(2023, 10, 5, 8, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "wanted"),
    [
        ({"second": "0"}, "2023-10-05T08:31:00"),
        ({"minute": "0,30"}, "2023-10-05T09:00:00"),
        ({"minute": "[31-40]"}, "2023-10-05T08:31:00"),
        ({"hour": "8"}, "2023-10-06T08:00:00"),
        ({"hour": "20", "minute": "15"}, "2023-10-05T20:15:00"),
        ({"second": "20", "hour": "8"}, "2023-10-06T08:00:20"),
        ({"dayOfWeek": "1"}, "2023-10-09T00:00:00"),
        ({"dayOfWeek": "[4-5]", "hour": "9"}, "2023-10-05T09:00:00"),
        ({"dayOfMonth": "31"}, "2023-10-31T00:00:00"),
        ({"month": "2", "dayOfMonth": "29"}, "2024-02-29T00:00:00"),
    ],
)
def test_the_next_moment(schedule: dict[str, str], wanted: str) -> None:
    assert next_moment(schedule, THURSDAY) == datetime.fromisoformat(wanted).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "a", "60", "[5-1]", "1;2", "[1-2", "-1"])
def test_what_is_no_list_of_minutes(text: str) -> None:
    with pytest.raises(BadSchedule):
        values_of("minute", text)


@pytest.mark.parametrize("schedule", [{}, {"year": "1"}, {"month": "2", "dayOfMonth": "30"}])
def test_a_moment_that_never_comes(schedule: dict[str, str]) -> None:
    with pytest.raises(BadSchedule):
        next_moment(schedule, THURSDAY)
