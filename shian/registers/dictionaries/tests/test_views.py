"""Pages of dictionaries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shian.kernel.notary.models import Entry
from shian.registers.dictionaries.models import DictionaryEntry, EntryState
from shian.registers.dictionaries.tests.factories import make_admin, make_office, make_places

pytestmark = pytest.mark.django_db
FORMATS = "/dictionaries/formats/"


@pytest.fixture
def alice(client):
    make_places()
    user = make_admin()
    client.force_login(user)
    return user


def listed(client, **query: str) -> dict[str, list[str]]:
    """Code → the names that the page lists."""
    found: dict[str, list[str]] = {}
    for row in client.get(FORMATS, query).context["list"].table.rows:
        found.setdefault(row.cells["code"], []).append(str(row.cells["name"].value))
    return found


def typed(**changes: str) -> dict[str, str]:
    return {
        "code": "12", "name": "社区店", "name_en": "", "details_kind": "食品销售", "details_stage": "流通",
        "area_code": "131000", "valid_from": "2023-01-01", "reason": "某文件", **changes,
    }  # fmt: skip


def test_the_list_names_every_dictionary_and_counts_what_holds(client, alice):
    rows = {row.key: row for row in client.get("/dictionaries/").context["list"].table.rows}

    assert rows["formats"].cells["terms"] == 42
    assert rows["formats"].cells["kind"].value == "可增减"
    assert rows["stages"].cells["kind"].value == "固定"


def test_a_format_is_renamed_on_the_pages(client, alice):
    """Draft, confirm: each day shows the name of that day, the whole list both, with their seals."""
    client.post(f"{FORMATS}draft/", typed())
    draft = DictionaryEntry.objects.get()
    assert listed(client, as_of="2023-06-01")["12"] == ["社区店", "食杂店"]
    assert "草稿" in client.get(f"{FORMATS}12/").content.decode()

    client.post(reverse("dictionaries:entry_confirm", args=[draft.pk]))

    assert listed(client, as_of="2022-11-24")["12"] == ["食杂店"]
    assert listed(client, as_of="2023-06-01")["12"] == ["社区店"]
    assert listed(client, shown="every")["12"] == ["食杂店", "社区店"]
    page = client.get(f"{FORMATS}12/").content.decode()
    assert Entry.objects.get(action="dictionaries.entry_confirmed").seal in page
    assert "<span>系统管理员</span><time" in page


def test_a_word_is_ended_on_its_page(client, alice):
    answer = client.post(f"{FORMATS}19/end/", {"area_code": "131000", "on": "2023-01-01", "reason": "不再举办"})

    assert answer.status_code == 302
    assert "19" not in listed(client, as_of="2023-01-01")
    assert listed(client, as_of="2022-12-31")["19"] == ["展销会"]
    assert DictionaryEntry.objects.get().state == EntryState.ENDED


def test_a_refusal_keeps_what_was_typed(client, alice):
    answer = client.post(f"{FORMATS}draft/", typed(code="43", name="便利店"))

    assert answer.status_code == 422
    assert "便利店" in answer.content.decode()
    assert not DictionaryEntry.objects.exists()


def test_a_draft_can_be_discarded(client, alice):
    client.post(f"{FORMATS}draft/", typed())
    client.post(reverse("dictionaries:entry_discard", args=[DictionaryEntry.objects.get().pk]))

    assert not DictionaryEntry.objects.exists()


def test_the_office_reads_and_is_offered_no_change(client, alice):
    client.force_login(make_office())

    page = client.get(FORMATS).content.decode()
    assert "增加条目" not in page
    assert "改名" not in client.get(f"{FORMATS}12/").content.decode()
    assert client.post(f"{FORMATS}draft/", typed()).status_code == 403


@pytest.mark.parametrize("url", ["/dictionaries/colours/", f"{FORMATS}999/", "/dictionaries/stages/draft/"])
def test_what_is_not_there_is_404(client, alice, url):
    assert client.get(url).status_code == 404


def test_the_page_of_a_dictionary_asks_as_often_for_many_entries_as_for_few(client, alice):
    client.get(FORMATS)
    counts = []
    for number in range(6):
        DictionaryEntry.objects.create(
            dictionary="formats", code=f"9{number}", name=f"新业态{number}", area_code="131000", city="1310",
            province="13", valid_from="2022-01-01", state=EntryState.VALID, reason="x", drafted_at=timezone.now(),
            drafted_by="alice", confirmed_at=timezone.now(), confirmed_by="alice",
        )  # fmt: skip
        with CaptureQueriesContext(connection) as captured:
            client.get(FORMATS)
        counts.append(len(captured))

    assert len(set(counts)) == 1
    assert counts[0] <= 14
