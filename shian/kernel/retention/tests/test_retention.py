"""Every table has its rule; a content leaves the disk only when nothing keeps it and two persons said so."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse

from shian.kernel.accounts.models import Role, User
from shian.kernel.files.actions import store_file
from shian.kernel.files.models import StoredFile
from shian.kernel.files.queries import path_of
from shian.kernel.imports.models import ImportBatch
from shian.kernel.notary.models import Entry
from shian.kernel.notices.models import Mail, Notice
from shian.kernel.retention import actions
from shian.kernel.retention.actions import RetentionRefused
from shian.kernel.retention.models import Disposal, DisposalState, DisposedFile, Hold
from shian.kernel.retention.queries import due_files, unclassified
from shian.kernel.retention.schedule import kept_until, purged_before, schedule_at

pytestmark = pytest.mark.django_db
STORED = datetime(2021, 3, 1, 2, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def user(name: str, role: Role = Role.OFFICE) -> User:
    return User.objects.create(username=name, role=role)


def stored(text: str, at: datetime = STORED) -> StoredFile:
    return store_file(name=f"{text}.csv", stream=io.BytesIO(text.encode()), kinds=("csv",), by="alice", at=at)


def imported(file: StoredFile, at: datetime = STORED) -> ImportBatch:
    return ImportBatch.objects.create(
        importer="operators", file=file, name=file.name, effective_on=at.date(), created_by="alice", created_at=at
    )


def approved(file: StoredFile) -> Disposal:
    found = actions.propose_disposal(files=[file.pk], reason="到期", by=user("alice"), at=NOW)
    with transaction.atomic():
        return actions.approve_disposal(disposal=found, by=user("bob"), at=NOW)


def test_every_table_of_the_program_is_classified() -> None:
    assert unclassified(schedule_at(TODAY)) == []


def test_a_table_without_a_rule_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    schedule = schedule_at(TODAY)
    kinds = {key: kind for key, kind in schedule.kinds.items() if key != "imports.importbatch"}

    assert unclassified(replace(schedule, kinds=kinds)) == ["imports.importbatch"]


@pytest.mark.parametrize(
    ("event", "years", "last"),
    [(date(2021, 3, 1), 5, date(2026, 3, 1)), (date(2024, 2, 29), 5, date(2029, 2, 28))],
)
def test_years_run_from_the_event(event: date, years: int, last: date) -> None:
    assert kept_until(event, years) == last


def test_a_file_is_due_the_day_after_its_last_record_ends() -> None:
    file = stored("a")
    imported(file)

    assert due_files(date(2026, 3, 1)) == []
    (due,) = due_files(date(2026, 3, 2))
    assert (due.file, due.until) == (file, date(2026, 3, 1))


def test_another_record_keeps_the_same_content() -> None:
    file = stored("a")
    imported(file)
    imported(file, at=NOW - timedelta(days=30))

    assert due_files(TODAY) == []


def test_a_file_that_no_record_uses_has_a_time_of_its_own() -> None:
    stored("loose", at=NOW - timedelta(days=400))
    stored("young", at=NOW - timedelta(days=300))

    assert [each.file.name for each in due_files(TODAY)] == ["loose.csv"]


@pytest.mark.parametrize("table", ["imports.importbatch", "files.storedfile"])
def test_a_hold_keeps_what_is_due_until_it_is_lifted(table: str) -> None:
    file = stored("a")
    batch = imported(file)
    key = str(batch.pk if table.startswith("imports") else file.pk)
    office = user("alice")
    hold = actions.place_hold(table=table, key=key, reason="涉案", by=office, at=NOW)
    assert due_files(TODAY) == []

    actions.lift_hold(hold=hold, by=office, at=NOW)

    assert len(due_files(TODAY)) == 1
    actions_sealed = Entry.objects.filter(subject=f"retention.hold:{hold.pk}").order_by("id")
    assert [each.action for each in actions_sealed] == ["retention.held", "retention.lifted"]
    with pytest.raises(RetentionRefused):
        actions.lift_hold(hold=hold, by=office, at=NOW)


def test_two_persons_remove_the_content_and_keep_hash_row_and_seal(
    django_capture_on_commit_callbacks: Any,
) -> None:
    file = stored("a")
    imported(file)
    with django_capture_on_commit_callbacks(execute=True):
        done = approved(file)

    assert done.state == DisposalState.DONE
    assert not path_of(file.sha256).exists()
    assert StoredFile.objects.filter(pk=file.pk).exists()
    assert Entry.objects.filter(action="files.stored", subject=f"files.storedfile:{file.sha256}").exists()
    told = Entry.objects.get(action="retention.disposed")
    assert (told.data["removed"], told.data["proposed_by"], told.actor) == ([file.sha256], "alice", "bob")
    assert due_files(TODAY) == []


def test_content_stays_when_the_transaction_fails(django_capture_on_commit_callbacks: Any) -> None:
    file = stored("a")
    imported(file)
    with django_capture_on_commit_callbacks(execute=False):
        approved(file)

    assert path_of(file.sha256).exists()


def test_the_proposer_cannot_approve_and_the_database_says_so_too() -> None:
    file = stored("a")
    imported(file)
    office = user("alice")
    found = actions.propose_disposal(files=[file.pk], reason="到期", by=office, at=NOW)

    with pytest.raises(RetentionRefused, match="另一人"):
        actions.approve_disposal(disposal=found, by=office, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Disposal.objects.filter(pk=found.pk).update(state="done", decided_by="alice", decided_at=NOW)


def test_what_came_to_be_kept_in_between_is_not_removed(django_capture_on_commit_callbacks: Any) -> None:
    file = stored("a")
    imported(file)
    found = actions.propose_disposal(files=[file.pk], reason="到期", by=user("alice"), at=NOW)
    imported(file, at=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        actions.approve_disposal(disposal=found, by=user("bob"), at=NOW)

    assert path_of(file.sha256).exists()
    assert DisposedFile.objects.get().is_removed is False
    assert Entry.objects.get(action="retention.disposed").data["kept"] == [file.sha256]


def test_proposals_want_a_reason_a_role_and_files_that_are_due() -> None:
    file = stored("a", at=NOW)
    with pytest.raises(RetentionRefused, match="理由"):
        actions.propose_disposal(files=[file.pk], reason=" ", by=user("alice"), at=NOW)
    with pytest.raises(RetentionRefused, match="保管期内"):
        actions.propose_disposal(files=[file.pk], reason="到期", by=user("bob"), at=NOW)
    with pytest.raises(PermissionDenied):
        actions.propose_disposal(files=[file.pk], reason="到期", by=user("carol", Role.STATION), at=NOW)


def test_pages_walk_from_due_to_decided(client: Any) -> None:
    file = stored("a", at=datetime(2015, 1, 1, tzinfo=UTC))
    imported(file, at=datetime(2015, 1, 1, tzinfo=UTC))
    client.force_login(user("alice"))
    assert "a.csv" in client.get(reverse("retention:file_list")).content.decode()
    url = client.post(reverse("retention:disposal_create"), {"reason": "到期"})["Location"]
    found = Disposal.objects.get()
    assert "批准处置" not in client.get(url).content.decode()
    client.force_login(user("bob"))
    assert "批准处置" in client.get(url).content.decode()

    client.post(reverse("retention:disposal_reject", args=[found.pk]))
    client.post(reverse("retention:hold_create"), {"table": "imports.importbatch", "key": "", "reason": "信访"})

    found.refresh_from_db()
    hold = Hold.objects.get()
    assert (found.state, found.decided_by) == (DisposalState.REJECTED, "bob")
    assert "信访" in client.get(reverse("retention:hold_list")).content.decode()
    assert "a.csv" not in client.get(reverse("retention:file_list")).content.decode()
    assert "解除保全" in client.get(reverse("retention:hold_end", args=[hold.pk])).content.decode()
    client.post(reverse("retention:hold_end", args=[hold.pk]))
    assert "campaign.evaluation" in client.get(reverse("retention:rule_list")).content.decode()
    assert "到期" in client.get(reverse("retention:disposal_list")).content.decode()
    assert "a.csv" in client.get(reverse("retention:file_list")).content.decode()


def noticed(reader: User, at: datetime) -> Notice:
    User.objects.filter(pk=reader.pk).update(unread_notices=F("unread_notices") + 1)
    return Notice.objects.create(recipient=reader, rule="r", subject="s", level="info", title_id="甲", sent_at=at)


def test_messages_past_their_three_years_go_and_bells_count_the_rest() -> None:
    reader = user("carol")
    old, edge = (
        noticed(reader, datetime(2023, 11, 20, 15, 59, tzinfo=UTC)),
        noticed(reader, datetime(2023, 11, 20, 16, tzinfo=UTC)),
    )
    letter = Mail.objects.create(recipient=reader, title="甲", body="", next_at=STORED, created_at=STORED)

    assert actions.purge_due(at=NOW) == {"notices.mail": 1, "notices.notice": 1, "notices.push": 0}
    assert actions.purge_due(at=NOW) == {"notices.mail": 0, "notices.notice": 0, "notices.push": 0}
    assert list(Notice.objects.all()) == [edge]
    reader.refresh_from_db()
    assert reader.unread_notices == 1
    told = Entry.objects.get(action="notices.purged", subject="notices.notice").data
    assert (told["count"], told["first"], told["last"]) == (1, old.pk, old.pk)
    assert not Mail.objects.filter(pk=letter.pk).exists()


def test_a_held_message_and_a_held_kind_stay() -> None:
    reader = user("carol")
    kept, gone = noticed(reader, STORED), noticed(reader, STORED)
    Mail.objects.create(recipient=reader, title="甲", body="", next_at=STORED, created_at=STORED)
    actions.place_hold(table="notices.notice", key=str(kept.pk), reason="办案", by=user("alice"), at=NOW)
    actions.place_hold(table="notices.mail", key="", reason="办案", by=user("bob"), at=NOW)

    assert actions.purge_due(at=NOW) == {"notices.notice": 1, "notices.push": 0}
    assert set(Notice.objects.values_list("pk", flat=True)) == {kept.pk}
    assert gone.pk != kept.pk
    assert Mail.objects.count() == 1


def test_a_day_is_never_purged_too_early() -> None:
    for today in (date(2024, 2, 29), date(2023, 3, 1), date(2026, 11, 21)):
        last = purged_before(today, 3) - timedelta(days=1)
        assert kept_until(last, 3) < today
