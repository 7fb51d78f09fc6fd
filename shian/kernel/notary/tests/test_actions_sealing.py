import hashlib
from datetime import datetime, timedelta, timezone

import pytest
from django.db import DatabaseError, connection, transaction

from shian.kernel.notary.actions import Deed, Rooted, SealedOutsideTransaction, seal, seal_batch, seal_several
from shian.kernel.notary.models import Checkpoint, Cosignature, Entry, Leaf, Rows, Tile
from shian.kernel.notary.queries import canonical_of, entries_of, row_path
from shian.kernel.notary.rules import content_of, leaf_data
from shian.kernel.notary.tests.factories import AT, sealed, sequenced
from shian.kernel.notary.tree import verify_inclusion

pytestmark = pytest.mark.django_db
TABLES = [model._meta.db_table for model in (Entry, Rows, Leaf, Tile, Checkpoint, Cosignature)]


def test_seal_keeps_who_what_when_and_a_salted_hash() -> None:
    entry = sealed()

    stored = Entry.objects.get(pk=entry.pk)
    content = content_of(
        uid=entry.uid, action="operators.closed", actor="alice", subject="operators.operator:A1", at=AT,
        data={"name": "食安"},
    )  # fmt: skip
    assert bytes(stored.leaf_data) == leaf_data(bytes(stored.salt), content)
    assert canonical_of(stored) == content
    assert len(stored.seal) == 12


def test_what_was_sealed_in_another_time_zone_is_computed_again_from_the_row() -> None:
    there = datetime(2026, 1, 1, 8, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    with transaction.atomic():
        entry = seal(action="a.b", by="alice", subject="a.b:1", data={"at": there, "n": 2**60}, at=there)

    stored = Entry.objects.get(pk=entry.pk)

    assert leaf_data(bytes(stored.salt), canonical_of(stored)) == bytes(stored.leaf_data)


def test_two_equal_deeds_have_different_seals() -> None:
    assert sealed().seal != sealed().seal


def test_a_row_of_a_batch_has_a_path_to_the_sealed_root() -> None:
    digests = [hashlib.sha256(bytes([number])).digest() for number in range(5)]

    entry = seal_batch(
        action="imports.accepted", by="bob", subject="imports.batch:1", data={}, digests=iter(digests), at=AT
    )

    assert entry.rows_count == 5
    for number, digest in enumerate(digests):
        verify_inclusion(digest, number, 5, row_path(entry, number), bytes(entry.rows_root or b""))
    stored = Entry.objects.get(pk=entry.pk)
    assert leaf_data(bytes(stored.salt), canonical_of(stored)) == bytes(stored.leaf_data)


def test_a_root_that_was_worked_out_before_is_the_same() -> None:
    digests = [hashlib.sha256(bytes([number])).digest() for number in range(5)]
    told = {"action": "imports.accepted", "by": "bob", "subject": "imports.batch:1", "data": {}, "at": AT}

    now, before = seal_batch(digests=iter(digests), **told), seal_batch(digests=Rooted.over(iter(digests)), **told)

    assert (now.rows_root, now.rows_count) == (before.rows_root, before.rows_count)
    assert [bytes(each.digests) for each in Rows.objects.order_by("pk")] == [b"".join(digests)] * 2


def test_several_deeds_are_sealed_in_their_order_as_each_alone_would_be() -> None:
    deeds = [Deed("a.b", f"a.b:{number}", {"name": f"第{number}", "n": 2**60}) for number in (2, 1, 3)]
    with transaction.atomic():
        seal_several(deeds, by="alice", at=AT)

    entries = list(Entry.objects.order_by("pk"))

    assert [each.subject for each in entries] == ["a.b:2", "a.b:1", "a.b:3"]
    for each in entries:
        assert (each.actor, each.at, each.rows_root) == ("alice", AT, None)
        assert leaf_data(bytes(each.salt), canonical_of(each)) == bytes(each.leaf_data)


@pytest.mark.django_db(transaction=True)
def test_several_deeds_are_not_sealed_outside_their_transaction() -> None:
    with pytest.raises(SealedOutsideTransaction, match=r"a\.b"):
        seal_several([Deed("a.b", "a.b:1", {})], by="alice", at=AT)


def test_entries_of_a_subject_come_newest_first_with_their_numbers() -> None:
    (first,) = sequenced(1)
    second = sealed()
    sealed("operators.operator:B2")

    entries = list(entries_of("operators.operator:A1"))

    assert entries == [second, first]
    assert [entry.leaf_number for entry in entries] == [None, 0]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}"])
def test_the_web_role_may_not_change_the_log(statement: str, table: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"):
        execute(statement, table)


@pytest.mark.usefixtures("owner_role")
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}"])
def test_the_database_refuses_to_change_the_log_even_to_its_owner(statement: str, table: str) -> None:
    fill(table)

    with pytest.raises(DatabaseError, match="append-only"):
        execute(statement, table)


def fill(table: str) -> None:
    """At least one row in each table, without 256 entries for a tile."""
    sequenced(1)
    if table == "notary_rows":
        Rows.objects.create(entry_uid=sealed().uid, digests=b"")
    if table == "notary_tile":
        Tile.objects.create(level=0, number=7, hashes=b"", root=b"")
    if table == "notary_cosignature":
        Cosignature.objects.create(size=1, witness="w", key_id="", line="", cosigned_at=AT, received_at=AT)


def execute(statement: str, table: str) -> None:
    column = {"notary_leaf": "number", "notary_checkpoint": "size"}.get(table, "id")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table, column))


@pytest.mark.django_db(transaction=True)
def test_seal_refuses_to_stand_outside_a_transaction() -> None:
    with pytest.raises(SealedOutsideTransaction):
        seal(action="a.b", by="alice", subject="a.b:1", data={}, at=AT)
