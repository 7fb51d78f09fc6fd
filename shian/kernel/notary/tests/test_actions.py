from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from shian.kernel.notary.actions import SealedOutsideTransaction, seal, seal_batch
from shian.kernel.notary.models import Entry
from shian.kernel.notary.queries import entries_of
from shian.kernel.notary.rules import leaf_hash

AT = datetime(2022, 11, 24, 8, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def sealed(subject: str = "operators.operator:A1") -> Entry:
    return seal(action="operators.closed", by="alice", subject=subject, data={"name": "食安"}, at=AT)


def test_seal_keeps_who_what_when_and_a_salted_hash() -> None:
    entry = sealed()

    stored = Entry.objects.get(pk=entry.pk)
    content = {
        "uid": str(stored.uid),
        "action": "operators.closed",
        "actor": "alice",
        "subject": "operators.operator:A1",
        "at": stored.at,
        "data": {"name": "食安"},
    }
    assert bytes(stored.leaf_hash) == leaf_hash(bytes(stored.salt), content)
    assert len(stored.seal) == 12


def test_two_equal_deeds_have_different_seals() -> None:
    assert sealed().seal != sealed().seal


def test_batch_entry_carries_root_and_count() -> None:
    entry = seal_batch(
        action="imports.accepted", by="bob", subject="imports.batch:1", data={}, digests=[b"x" * 32], at=AT
    )

    assert entry.rows_count == 1
    assert len(entry.rows_root or b"") == 32


def test_entries_of_a_subject_come_newest_first() -> None:
    first, second = sealed(), sealed()
    sealed("operators.operator:B2")

    assert list(entries_of("operators.operator:A1")) == [second, first]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE notary_entry SET actor = 'mallory'", "DELETE FROM notary_entry", "TRUNCATE notary_entry"],
)
def test_the_web_role_may_not_change_the_log(statement: str) -> None:
    sealed()

    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_seal_refuses_to_stand_outside_a_transaction() -> None:
    with pytest.raises(SealedOutsideTransaction):
        sealed()


@pytest.mark.usefixtures("owner_role")
@pytest.mark.parametrize(
    "statement",
    ["UPDATE notary_entry SET actor = 'mallory'", "DELETE FROM notary_entry", "TRUNCATE notary_entry"],
)
def test_the_database_refuses_to_change_the_log_even_to_its_owner(statement: str) -> None:
    sealed()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
