"""Draft, confirm, discard, end: one exit each, with its seal."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach
from shian.registers.dictionaries.actions import (
    EntryRefused,
    confirm_entry,
    discard_entry,
    draft_entry,
    end_entry,
)
from shian.registers.dictionaries.models import DictionaryEntry, EntryState
from shian.registers.dictionaries.queries import terms_of
from shian.registers.dictionaries.rules import terms_in_force
from shian.registers.dictionaries.tests.factories import make_admin, make_office, make_places
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db
FROM = date(2023, 1, 1)
NEW = {
    "key": "formats", "code": "43", "name": "社区食堂", "area_code": "131000", "valid_from": FROM,
    "reason": "某文件", "details": {"kind": "餐饮服务", "stage": "餐饮"},
}  # fmt: skip


@pytest.fixture
def alice():
    make_places()
    return make_admin()


def draft(by, **changes) -> DictionaryEntry:
    return draft_entry(**{**NEW, **changes}, by=by, at=timezone.now())


def confirmed(by, **changes) -> DictionaryEntry:
    return confirm_entry(entry=draft(by, **changes), by=by, at=timezone.now())


def names(day: date, area: str) -> list[str]:
    return [term.name for term in terms_in_force(terms_of("formats"), day, area)]


def test_a_draft_holds_for_nobody_and_is_sealed(alice):
    entry = draft(alice)

    assert entry.state == EntryState.DRAFT
    assert "社区食堂" not in names(FROM, "1310")
    sealed = Entry.objects.get(action="dictionaries.entry_drafted")
    assert (sealed.actor, sealed.subject, sealed.data["name"]) == ("alice", "dictionaries.entry:formats/43", "社区食堂")


def test_a_confirmed_entry_holds_from_its_day_in_its_area(alice):
    confirmed(alice)

    assert "社区食堂" in names(FROM, "131022")
    assert "社区食堂" not in names(date(2022, 12, 31), "131022")
    assert "社区食堂" not in names(FROM, "130300")
    assert Entry.objects.filter(action="dictionaries.entry_confirmed").count() == 1


def test_a_new_name_ends_the_former_one_there_and_nowhere_else(alice):
    confirmed(alice, code="12", name="社区店")

    assert [name for name in names(FROM, "1310") if name in {"食杂店", "社区店"}] == ["社区店"]
    assert [name for name in names(date(2022, 12, 31), "1310") if name in {"食杂店", "社区店"}] == ["食杂店"]
    assert "食杂店" in names(FROM, "130300")
    ended = DictionaryEntry.objects.get(code="12", name="食杂店")
    assert (ended.state, ended.valid_to, ended.details["stage"]) == (EntryState.ENDED, FROM, "流通")
    assert Entry.objects.filter(action="dictionaries.entry_ended").count() == 1


def test_a_third_name_ends_the_second(alice):
    confirmed(alice, code="12", name="社区店")
    confirmed(alice, code="12", name="邻里店", valid_from=date(2024, 1, 1))

    assert "社区店" in names(date(2023, 12, 31), "1310")
    assert [name for name in names(date(2024, 1, 1), "1310") if name.endswith(("区店", "里店"))] == ["邻里店"]


def test_ending_a_word_of_the_pack_ends_it_here_only(alice):
    ended = end_entry(
        key="formats", code="19", area_code="131022", on=FROM, reason="不再举办", by=alice, at=timezone.now()
    )

    assert ended.state == EntryState.ENDED
    assert "展销会" not in names(FROM, "131022")
    assert "展销会" in names(date(2022, 12, 31), "131022")
    assert "展销会" in names(FROM, "131023")
    assert Entry.objects.get(action="dictionaries.entry_ended").data["reason"] == "不再举办"


def test_what_ended_cannot_end_again(alice):
    ending = {"key": "formats", "code": "19", "area_code": "131000", "reason": "x", "by": alice, "at": timezone.now()}
    end_entry(**ending, on=FROM)

    with pytest.raises(EntryRefused):
        end_entry(**ending, on=date(2023, 6, 1))


def test_a_discarded_draft_leaves_its_seal(alice):
    discard_entry(entry=draft(alice), by=alice, at=timezone.now())

    assert not DictionaryEntry.objects.exists()
    assert Entry.objects.filter(action="dictionaries.entry_discarded").count() == 1


def test_what_is_confirmed_is_no_draft_any_more(alice):
    entry = confirmed(alice)

    for verb in (confirm_entry, discard_entry):
        with pytest.raises(EntryRefused):
            verb(entry=entry, by=alice, at=timezone.now())


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "便利店"},
        {"key": "stages", "code": "x"},
    ],
)
def test_a_taken_name_and_a_fixed_dictionary_are_refused(alice, changes):
    with pytest.raises(EntryRefused):
        draft(alice, **changes)


def test_the_same_entry_twice_is_refused(alice):
    draft(alice)

    with pytest.raises(EntryRefused):
        draft(alice)


def test_the_office_reads_only(alice):
    with pytest.raises(PermissionDenied):
        draft(make_office())


def test_an_administrator_of_one_county_changes_nothing_elsewhere(alice, monkeypatch):
    carol = reach_user("carol", "131022", Role.COUNTY)
    monkeypatch.setattr("shian.registers.dictionaries.actions.check", lambda policy, user: None)

    with pytest.raises(OutOfReach):
        draft(carol)


def test_an_unknown_dictionary_is_no_dictionary(alice):
    with pytest.raises(LookupError):
        draft(alice, key="colours")
