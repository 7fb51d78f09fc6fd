"""A row for each disclosure, sealed in the same transaction; the database asks for the reason too."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shian.kernel.accounts.models import Role, User
from shian.kernel.disclosures.actions import ReasonMissing, open_record, record_export
from shian.kernel.disclosures.models import Disclosure
from shian.kernel.disclosures.records import FullRecord
from shian.kernel.notary.models import Entry
from shian.kernel.ui.masking import Personal
from shian.kernel.ui.pieces import Fact

pytestmark = pytest.mark.django_db
AT = timezone.now()
RECORD = FullRecord("a.b:c", "某人", [Fact("手机", "13900001234", personal=Personal.PHONE, is_revealed=True)])


@pytest.fixture
def alice() -> User:
    return User.objects.create(username="alice", role=Role.STATION)


def test_opening_a_record_is_kept_and_sealed(alice: User) -> None:
    told = open_record(record=RECORD, reason="日常监管", by=alice, at=AT)

    assert (told.actor, told.subject, told.personal, told.rows) == ("alice", "a.b:c", "phone", 1)
    entry = Entry.objects.get(uid=told.entry)
    assert (entry.actor, entry.subject) == ("alice", "a.b:c")
    assert entry.data == {"title": "某人", "reason": "日常监管", "personal": ["phone"], "rows": 1}


def test_opening_without_a_reason_is_refused_and_leaves_nothing(alice: User) -> None:
    with pytest.raises(ReasonMissing):
        open_record(record=RECORD, reason="", by=alice, at=AT)

    assert not Disclosure.objects.exists()
    assert not Entry.objects.exists()


def test_a_small_export_needs_no_reason_and_is_kept(alice: User) -> None:
    told = record_export(subject="a.b:list", title="表", rows=3, by=alice, at=AT, facts={"筛选": "全部"})

    assert (told.kind, told.reason, told.details) == ("export", "", {"筛选": "全部"})


def test_the_database_keeps_no_view_without_a_reason(alice: User) -> None:
    told = open_record(record=RECORD, reason="日常监管", by=alice, at=AT)
    told.pk, told.reason = None, ""

    with pytest.raises(IntegrityError, match="disclosures_view_has_reason"), transaction.atomic():
        told.save()
