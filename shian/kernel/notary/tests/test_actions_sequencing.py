import hashlib
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from shian.kernel.notary import keys
from shian.kernel.notary.actions import LogBroken, seal, sequence
from shian.kernel.notary.models import Checkpoint, Entry, Leaf, Tile
from shian.kernel.notary.notes import CheckpointText, open_note
from shian.kernel.notary.queries import consistency_of, head, inclusion_of, waiting_count
from shian.kernel.notary.tests.factories import AT, sealed, sequenced
from shian.kernel.notary.tiles import hashes_in
from shian.kernel.notary.tree import leaf_hash, root_of, verify_consistency, verify_inclusion

pytestmark = pytest.mark.django_db


def newest() -> Checkpoint:
    found = head()
    assert found
    return found


def leaves() -> list[bytes]:
    return [bytes(data) for data in Leaf.objects.order_by("number").values_list("leaf_data", flat=True)]


def test_waiting_entries_get_numbers_without_gaps_and_a_signed_head() -> None:
    entries = sequenced(3)

    assert list(Leaf.objects.order_by("number").values_list("number", "entry_id")) == [
        (number, entry.pk) for number, entry in enumerate(entries)
    ]
    checkpoint = newest()
    assert bytes(checkpoint.root) == root_of(leaves())[0]
    (key,) = keys.signer_keys()
    told = CheckpointText.parse(open_note(checkpoint.note, [key.verifier]))
    assert (told.origin, told.size, told.root) == (key.name, 3, bytes(checkpoint.root))
    assert checkpoint.keys == str(key.verifier)


def test_nothing_is_signed_when_nothing_waits() -> None:
    sequenced(1)

    assert sequence(at=AT) == 0
    assert Checkpoint.objects.count() == 1


def test_a_run_takes_as_many_as_it_may_and_the_next_goes_on() -> None:
    entries = [sealed() for _ in range(5)]

    assert [sequence(at=AT, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert list(Leaf.objects.order_by("number").values_list("entry_id", flat=True)) == [e.pk for e in entries]
    assert waiting_count() == 0


def test_tiles_proofs_and_heads_agree_over_many_runs() -> None:
    heads = []
    for count in (1, 200, 60, 260, 3):
        sequenced(count)
        heads.append(newest())
    all_leaves = leaves()

    assert [(tile.level, tile.number) for tile in Tile.objects.order_by("number")] == [(0, 0), (0, 1)]
    tile = Tile.objects.get(level=0, number=1)
    assert hashes_in(bytes(tile.hashes)) == [leaf_hash(data) for data in all_leaves[256:512]]
    for checkpoint in heads:
        root = bytes(checkpoint.root)
        assert root == root_of(all_leaves[: checkpoint.size])[0]
        for number in {0, 100, 255, 256, 300, 511, 512, checkpoint.size - 1}:
            if number < checkpoint.size:
                path = inclusion_of(number, checkpoint).path
                verify_inclusion(all_leaves[number], number, checkpoint.size, path, root)
        for old in heads:
            if old.size <= checkpoint.size:
                path = consistency_of(old.size, checkpoint.size)
                verify_consistency(old.size, checkpoint.size, bytes(old.root), root, path)


def test_a_proof_needs_few_reads_however_large_the_tree(django_assert_max_num_queries: Any) -> None:
    sequenced(520)
    checkpoint = newest()

    with django_assert_max_num_queries(4):
        inclusion_of(0, checkpoint)


@pytest.mark.parametrize("numbers", [[1, 3], [5]])
def test_the_database_refuses_a_gap(numbers: list[int]) -> None:
    sequenced(1)

    with pytest.raises(IntegrityError, match="gap"), transaction.atomic():
        Leaf.objects.bulk_create([Leaf(number=n, entry_id=n + 1000, leaf_data=b"") for n in numbers])


def test_the_database_refuses_a_second_head_of_a_size_and_a_smaller_one() -> None:
    sequenced(2)

    for size in (1, 2):
        with pytest.raises(IntegrityError, match="signed"), transaction.atomic():
            Checkpoint.objects.create(
                size=size, root=b"", note="", keys="", made_at=AT, allocated=0, horizon=0, floor=0
            )


def test_a_leaf_that_does_not_fit_the_signed_root_stops_the_log() -> None:
    sequenced(2)
    Leaf.objects.create(number=2, entry_id=10**9, leaf_data=hashlib.sha256(b"").digest())
    sealed()

    with pytest.raises(IntegrityError), transaction.atomic():
        sequence(at=AT)


def test_a_changed_tile_stops_the_log(owner_role: None) -> None:
    sequenced(300)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE notary_tile DISABLE TRIGGER ALL")
        cursor.execute("UPDATE notary_tile SET root = sha256(root)")
    sealed()

    with pytest.raises(LogBroken, match="root"):
        sequence(at=AT)


def test_the_private_key_lies_in_the_home_for_its_owner_alone(tmp_path: Path) -> None:
    sequenced(1)

    (path,) = (tmp_path / "notary").glob("*.key")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    private = keys.signer_keys()[0].text().split("+", 4)[4]  # PRIVATE+KEY+name+hash+base64, which may hold "+" too
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(checkpoint::text, '') FROM notary_checkpoint AS checkpoint")
        assert private not in cursor.fetchone()[0]


def test_a_second_key_signs_beside_the_first_so_that_keys_can_be_changed(tmp_path: Path) -> None:
    sequenced(1)
    old = keys.signer_keys()[0].verifier
    new = keys.add_key().verifier
    sequenced(1)

    assert new.name == old.name
    for key in (old, new):
        open_note(newest().note, [key])

    (tmp_path / "notary" / "001.key").unlink()
    sequenced(1)

    open_note(newest().note, [new])
    assert newest().keys == str(new)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_was_set_back_is_not_signed_again() -> None:
    sequenced(2)
    signed = keys.last_signed()
    assert signed
    assert signed.size == 2
    keys.remember_signed(str(CheckpointText(signed.origin, 3, bytes(32))) + "\n— a/b AAAAAAAA\n")
    sealed()

    with pytest.raises(LogBroken, match="set back"):
        sequence(at=AT)


@pytest.mark.django_db(transaction=True)
def test_a_new_database_in_an_old_home_is_a_new_log(tmp_path: Path) -> None:
    old = keys.add_key()
    keys.remember_signed(str(CheckpointText(old.name, 3, bytes(32))) + "\n— a/b AAAAAAAA\n")

    sequenced(1)

    (new,) = keys.signer_keys()
    assert new.name != old.name
    assert len(list((tmp_path / "notary").glob("retired-*/001.key"))) == 1


@pytest.mark.django_db(transaction=True)
def test_an_entry_whose_transaction_ends_late_is_numbered_late_and_never_forgotten() -> None:
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(
                "INSERT INTO notary_entry (uid, action, actor, subject, at, data, salt, leaf_data)"
                " VALUES (gen_random_uuid(), 'late', 'bob', 'a.b:1', now(), '{}', '', sha256('late')) RETURNING id"
            )
            late = cursor.fetchone()[0]
        for _ in range(3):
            sequenced(1)
        assert not Leaf.objects.filter(entry_id=late).exists()

        other.commit()
    finally:
        other.close()
    sequence(at=AT)

    assert Leaf.objects.get(entry_id=late).number == 3
    for _ in range(200):
        sequenced(1)
        if newest().floor >= late:
            break
        sleep(0.2)  # a transaction of another test, in another database of this server, may be older still
    else:
        pytest.fail("once nothing older runs, the look at waiting entries begins behind it")
    assert waiting_count() == 0


@pytest.mark.django_db(transaction=True)
def test_another_process_at_work_leaves_nothing_to_do() -> None:
    sealed()
    other = connections.create_connection("default")
    try:
        from shian.kernel.notary.actions.sequencing import LOCK

        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            assert sequence(at=AT) == 0
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])  # a closed connection lets go later
    finally:
        other.close()

    assert sequence(at=AT) == 1


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_run_leaves_no_trace() -> None:
    sealed()
    with transaction.atomic():
        sequence(at=AT)
        transaction.set_rollback(True)

    assert (Leaf.objects.count(), Checkpoint.objects.count(), keys.last_signed()) == (0, 0, None)
    with transaction.atomic():
        seal(action="a.b", by="alice", subject="a.b:1", data={}, at=AT)
    assert sequence(at=AT) == Entry.objects.count() == 2
