from datetime import UTC, datetime, timedelta

import pytest

from shian.kernel.accounts.rules import (
    Standing,
    character_classes,
    device_name,
    is_idle,
    is_too_old,
    masked_ip,
    new_password,
    standing,
    unlocks_at,
)

AT = datetime(2026, 11, 21, 9, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


@pytest.mark.parametrize(
    ("password", "classes"),
    [("", 0), ("abc", 1), ("abcABC", 2), ("abcABC1", 3), ("abcABC1!", 4), ("钥匙-2026", 3), ("钥匙aB1 ", 5)],
)
def test_character_classes_are_counted_with_chinese_as_its_own(password: str, classes: int) -> None:
    assert character_classes(password) == classes


def test_generated_passwords_fulfil_the_classes() -> None:
    assert all(character_classes(new_password()) >= 3 for _ in range(50))


@pytest.mark.parametrize(("age", "old"), [(89, False), (90, True), (91, True)])
def test_a_password_is_too_old_on_its_ninetieth_day(age: int, old: bool) -> None:
    assert is_too_old(AT - timedelta(days=age), 90, AT) is old


def test_no_age_and_no_known_day_never_make_a_password_too_old() -> None:
    assert not is_too_old(AT - timedelta(days=9999), 0, AT)
    assert not is_too_old(None, 90, AT)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-1, Standing.NOT_YET), (0, Standing.OPEN), (3599, Standing.OPEN), (3600, Standing.ENDED)],
)
def test_a_temporary_account_opens_and_ends_at_the_moment(seconds: int, expected: Standing) -> None:
    ends = AT + timedelta(hours=1)

    assert standing(is_active=True, valid_from=AT, valid_to=ends, at=AT + timedelta(seconds=seconds)) == expected


def test_an_inactive_account_is_inactive_whatever_its_dates() -> None:
    assert standing(is_active=False, valid_from=None, valid_to=None, at=AT) == Standing.INACTIVE


@pytest.mark.parametrize(("seconds", "idle"), [(900, False), (901, True)])
def test_a_session_is_idle_after_its_minutes(seconds: int, idle: bool) -> None:
    assert is_idle(1000.0, 15, 1000.0 + seconds) is idle


def test_a_lock_ends_when_fewer_than_the_limit_are_remembered() -> None:
    first, second = AT, AT + timedelta(minutes=3)

    assert unlocks_at([(second, 2), (first, 3)], 5, QUARTER) == first + QUARTER
    assert unlocks_at([(second, 5), (first, 3)], 5, QUARTER) == second + QUARTER
    assert unlocks_at([(second, 4)], 5, QUARTER) is None
    assert unlocks_at([], 5, QUARTER) is None


@pytest.mark.parametrize(
    ("ip", "shown"),
    [("10.12.3.4", "10.12.*.*"), ("2001:db8:1::5", "2001:db8:*"), ("::1", "0:0:*"), ("", ""), (None, "")],
)
def test_a_place_loses_its_end(ip: str | None, shown: str) -> None:
    assert masked_ip(ip) == shown


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "Chrome · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox · Linux"),
        ("curl/8", ""),
    ],
)
def test_a_device_is_named_as_its_owner_knows_it(agent: str, name: str) -> None:
    assert device_name(agent) == name
