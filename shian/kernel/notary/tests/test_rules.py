import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from shian.kernel.notary.rules import canonical, leaf_hash, merkle_root, uuid7


def test_canonical_sorts_keys_and_keeps_chinese() -> None:
    assert canonical({"b": 1, "a": "食安"}) == '{"a":"食安","b":1}'.encode()


def test_canonical_writes_decimals_and_dates_as_strings() -> None:
    assert canonical([Decimal("1.50"), date(2022, 11, 24)]) == b'["1.50","2022-11-24"]'


def test_canonical_refuses_a_float() -> None:
    with pytest.raises(TypeError, match="float"):
        canonical({"ratio": 0.1})


def test_leaf_hash_changes_with_salt_and_content() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)

    assert leaf_hash(b"a", {"at": at}) == hashlib.sha256(b'a{"at":"2026-01-01T00:00:00+00:00"}').digest()
    assert leaf_hash(b"a", {"at": at}) != leaf_hash(b"b", {"at": at})


def rfc_root(leaves: list[bytes]) -> bytes:
    """The recursive definition of RFC 9162 §2.1.1, as an independent check."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + rfc_root(leaves[:split]) + rfc_root(leaves[split:])).digest()


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 8, 77])
def test_merkle_root_equals_the_recursive_definition(count: int) -> None:
    leaves = [hashlib.sha256(str(number).encode()).digest() for number in range(count)]

    assert merkle_root(leaves) == (rfc_root(leaves), count)


def test_uuid7_is_ordered_by_time_and_says_its_version() -> None:
    first, second = uuid7(), uuid7()

    assert first.version == 7
    assert first.int >> 80 <= second.int >> 80
