import hashlib
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from shian.kernel.notary.rules import content_of, files_named, leaf_data, plain, sealed_time, uuid7

UID = uuid7()


def content(at: datetime) -> bytes:
    return content_of(uid=UID, action="a.b", actor="alice", subject="a.b:1", at=at, data={})


def test_plain_writes_decimals_dates_and_long_numbers_as_strings() -> None:
    assert plain({"a": [Decimal("1.50"), date(2022, 11, 24)], 2: 2**53}) == {
        "a": ["1.50", "2022-11-24"],
        "2": "9007199254740992",
    }


def test_plain_refuses_a_float() -> None:
    with pytest.raises(TypeError, match="float"):
        plain({"ratio": 0.1})


def test_a_moment_is_sealed_alike_in_every_time_zone() -> None:
    there = datetime(2026, 1, 1, 8, tzinfo=timezone(timedelta(hours=8)))

    assert sealed_time(there) == "2026-01-01T00:00:00.000000Z"
    assert content(there) == content(datetime(2026, 1, 1, tzinfo=UTC))


def test_leaf_data_changes_with_salt_and_content() -> None:
    one = content(datetime(2026, 1, 1, tzinfo=UTC))

    assert leaf_data(b"a", one) == hashlib.sha256(b"a" + one).digest()
    assert leaf_data(b"a", one) != leaf_data(b"b", one)


def test_files_are_found_wherever_sealed_data_name_them() -> None:
    photo, sheet = "ab" * 32, "cd" * 32

    assert list(files_named({"photo": photo, "more": [{"file": sheet}], "note": "ab" * 31})) == [photo, sheet]


def test_uuid7_is_ordered_by_time_and_says_its_version() -> None:
    first, second = uuid7(), uuid7()

    assert first.version == 7
    assert first.int >> 80 <= second.int >> 80
