"""The name of an event is the one that other programs give it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shian.engine.trace.rules.event_hash import digest_of, event_hash, event_id, pre_hash, utc
from shian.engine.trace.tests.hash_vectors import (
    ALL_KEYS,
    CONTEXT,
    EVERYTHING,
    EVERYTHING_CONTEXT,
    REFERENCES,
    ROUNDED,
    VARIOUS,
)

VECTORS = [(CONTEXT, *each) for each in (*VARIOUS, ALL_KEYS, *REFERENCES, *ROUNDED)]
VECTORS.append((EVERYTHING_CONTEXT, *EVERYTHING))


@pytest.mark.parametrize(("context", "event", "digest"), VECTORS)
def test_the_reference_gives_the_same_hash(context: list, event: dict, digest: str) -> None:
    assert event_hash(event, context).hex() == digest, pre_hash(event, context)


def test_the_same_event_written_otherwise_has_the_same_hash() -> None:
    event = VARIOUS[1][0]
    other = {
        **dict(reversed(event.items())),
        "eventTime": "2019-10-21T12:58:56Z",
        "bizStep": "https://ref.gs1.org/cbv/BizStep-commissioning",
        "eventID": "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8",
        "recordTime": "2020-01-01T00:00:00Z",
        "quantityList": [
            {"uom": "KGM", "quantity": 600.0, "epcClass": "https://own.example/01/04054739999148/10/20160711"}
        ],
        "ilmd": {"mda:bestBeforeDate": " 2019-10-21 "},
    }

    assert event_hash(other, {"mda": "urn:epcglobal:cbv:mda:"}) == event_hash(event, CONTEXT)


@pytest.mark.parametrize(
    ("field", "value"),
    [("action", "OBSERVE"), ("disposition", "active"), ("eventTime", "2019-10-21T14:58:56.001+02:00"),
     ("bizTransactionList", [{"type": "po", "bizTransaction": "urn:x:1"}]), ("ilmd", {"example:a": 1}),
     ("example:more", "1")],
)  # fmt: skip
def test_any_change_changes_the_hash(field: str, value: object) -> None:
    event = VARIOUS[1][0]

    assert event_hash({**event, field: value}, CONTEXT) != event_hash(event, CONTEXT)


@given(st.binary(min_size=32, max_size=32))
def test_a_digest_is_read_from_its_identifier(digest: bytes) -> None:
    assert digest_of(event_id(digest)) == digest


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2023-12-31T23:59:59.9995Z", "2024-01-01T00:00:00.000Z"),
        ("2023-01-01T08:00:00+08:00", "2023-01-01T00:00:00.000Z"),
        ("2023-01-01T00:00:00.5Z", "2023-01-01T00:00:00.500Z"),
    ],
)
def test_times_are_told_in_utc_with_milliseconds(written: str, told: str) -> None:
    assert utc(written) == told
