"""The code on its record page, its pictures, its labels, the list's filter, and what staff do to it."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from shian.domains.census import actions
from shian.domains.census.models import OperatorCode
from shian.domains.census.rules.codes import serial_in, spaced
from shian.domains.census.views import labels
from shian.engine.measures.tests import factories
from shian.engine.measures.tests.factories import CITY, NORTH, SOUTH, TOWNS, make_operator
from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry
from shian.registers.operators.models import Operator

pytestmark = pytest.mark.django_db
RECORD, SHEETS = "/operators/LF000001/", "/operators/codes/sheets/"


@pytest.fixture
def operators(settings, tmp_path):
    settings.SHIAN_HOME = tmp_path
    factories.make_areas()
    made = [make_operator(1, name="永兴便利店"), make_operator(2, town=TOWNS[1]), make_operator(3, town=TOWNS[2])]
    actions.issue_missing_codes(by="worker", at=timezone.now())
    return made


@pytest.fixture
def county(client, operators):
    user = factories.make_user("bob", Role.COUNTY, SOUTH)
    client.force_login(user)
    return user


@pytest.fixture
def department(client, operators):
    client.force_login(factories.make_user("dora", Role.DEPARTMENT, CITY))


def code_of(operator) -> OperatorCode:
    return OperatorCode.objects.filter(operator=operator).latest("pk")


def tab(client, record: str = RECORD) -> str:
    return client.get(record, {"tab": "code"}).content.decode()


def test_tab_shows_the_code_and_what_may_be_done(client, county, operators):
    html = tab(client)

    assert "<svg" in html
    assert spaced(code_of(operators[0]).serial) in html
    for verb in ("suspend", "revoke", "replace", "label", "download"):
        assert f"{RECORD}code/{verb}/" in html
    assert f"{RECORD}code/resume/" not in html


def test_tab_offers_nothing_to_those_who_only_read(client, department):
    html = tab(client)

    assert "<svg" in html
    assert "/code/revoke/" not in html
    assert "/code/label/" not in html


def test_tab_leads_to_the_seal_of_the_issue(client, county):
    entry = Entry.objects.get(action="census.codes_issued")

    assert entry.seal.url in tab(client)
    assert client.get(entry.seal.url).status_code == 200


def test_tab_stays_within_its_budget(client, county, operators, django_assert_max_num_queries):
    for number in range(3):
        actions.replace_code(operator=operators[0], reason=f"第{number}次", by=county, at=timezone.now())
    tab(client)

    with django_assert_max_num_queries(18):
        tab(client)


def test_operator_without_code_can_be_given_one(client, county):
    make_operator(7)
    html = tab(client, "/operators/LF000007/")
    assert reverse("census:code_issue") in html

    answer = client.post("/operators/codes/issue/", {"key": "LF000007"})

    assert answer["Location"] == "/operators/LF000007/?tab=code"
    assert "<svg" in tab(client, "/operators/LF000007/")


def test_ticked_rows_get_their_codes(client, county):
    make_operator(7)
    make_operator(8)

    answer = client.post("/operators/codes/issue/", {"key": ["LF000001", "LF000007", "LF000008"]})

    assert answer["Location"] == "/operators/"
    assert OperatorCode.objects.count() == 5


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [
        ("suspend", "active", "suspended"),
        ("resume", "suspended", "active"),
        ("revoke", "active", "revoked"),
        ("replace", "active", "active"),
    ],
)
def test_deed_asks_for_a_reason_first(client, county, operators, verb, before, after):
    if before == "suspended":
        actions.suspend_code(operator=operators[0], reason="核对", by=county, at=timezone.now())
    url = f"{RECORD}code/{verb}/"

    assert client.get(url).status_code == 200
    refused = client.post(url, {"reason": " "})
    assert (refused.status_code, code_of(operators[0]).state) == (200, before)
    done = client.post(url, {"reason": "标签破损"})
    assert done["Location"] == f"{RECORD}?tab=code"
    assert code_of(operators[0]).state == after
    assert "标签破损" in tab(client)


def test_deed_that_cannot_be_done_says_why(client, county):
    html = client.post(f"{RECORD}code/resume/", {"reason": "恢复"}).content.decode()

    assert "不能这样处理" in html


def test_neighbours_are_not_there(client, county):
    for verb in ("suspend", "revoke", "label", "download"):
        assert client.get(f"/operators/LF000003/code/{verb}/").status_code == 404


def test_suspended_code_is_neither_shown_nor_printed(client, county, operators):
    actions.suspend_code(operator=operators[0], reason="核对", by=county, at=timezone.now())

    html = tab(client)
    assert "sh-qr" not in html
    assert f"{RECORD}code/resume/" in html
    assert client.get(f"{RECORD}code/label/").status_code == 404
    assert client.get(f"{RECORD}code/download/").status_code == 404
    assert "永兴便利店" not in client.get(SHEETS, {"part": "1"}).content.decode()


@pytest.mark.parametrize(("shape", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG\r\n")])
def test_picture_is_downloaded(client, county, shape, begins):
    answer = client.get(f"{RECORD}code/download/", {"shape": shape})

    assert answer.content.startswith(begins)
    assert answer["Content-Disposition"] == f'attachment; filename="LF000001.{shape}"'


def test_picture_in_another_shape_is_not_there(client, county):
    assert client.get(f"{RECORD}code/download/", {"shape": "gif"}).status_code == 404


def test_address_in_the_code_is_signed_and_that_of_the_place(client, county, operators, settings, monkeypatch):
    drawn = []
    monkeypatch.setattr("shian.domains.census.tables.qr_code", lambda address: drawn.append(address) or _Blank())
    settings.SHIAN_ADDRESS = "https://food.example.org"

    client.get(f"{RECORD}code/label/")

    site, _, token = drawn[0].rpartition("/c/")
    assert site == "https://food.example.org"
    assert serial_in(token, [actions.signing_key().verifier]) == code_of(operators[0]).serial


class _Blank:
    def svg_inline(self, **_terms) -> str:
        return ""


def test_sheets_hold_twelve_labels_and_begin_when_asked(client, county, monkeypatch):
    monkeypatch.setattr(labels, "AT_ONCE", 26)
    for number in range(100, 130):
        make_operator(number)
    actions.issue_missing_codes(by="worker", at=timezone.now())

    asked = client.get(SHEETS)
    first, second = (client.get(SHEETS, {"part": part}) for part in ("1", "2"))

    assert asked.context["sheets"] == []
    assert [action.label for action in asked.context["parts"]] == ["1–26", "27–32"]
    assert not any(client.get(SHEETS, {"part": part}).context["sheets"] for part in ("3", "9" * 20, "²"))
    assert [len(sheet) for sheet in first.context["sheets"]] == [12, 12, 2]
    assert [len(sheet) for sheet in second.context["sheets"]] == [6]
    assert len({label.serial for page in (first, second) for sheet in page.context["sheets"] for label in sheet}) == 32


def test_sheets_are_cut_by_the_filters_and_the_reach(client, county):
    def names(**query) -> list[str]:
        return [label.name for sheet in client.get(SHEETS, {"part": "1", **query}).context["sheets"] for label in sheet]

    assert sorted(names()) == ["安次第2便利店", "永兴便利店"]
    assert names(area=TOWNS[1]) == ["安次第2便利店"]
    assert names(q="LF000002") == ["安次第2便利店"]
    assert names(q="查无此店") == []
    assert client.get(SHEETS, {"area": NORTH}).status_code == 404


def test_ticked_rows_are_printed(client, county):
    page = client.post(SHEETS, {"key": ["LF000002", "LF000003"]})

    assert [label.operator for sheet in page.context["sheets"] for label in sheet] == ["LF000002"]


def test_sheets_take_the_same_statements_for_one_page_or_many(client, county, django_assert_max_num_queries):
    for number in range(100, 220):
        make_operator(number)
    actions.issue_missing_codes(by="worker", at=timezone.now())
    client.get(SHEETS, {"part": "1"})

    with django_assert_max_num_queries(14):
        client.get(SHEETS, {"part": "1"})


def test_list_can_be_cut_to_those_with_or_without_a_code(client, county):
    make_operator(7, name="新店")

    def names(**query) -> list[str]:
        return sorted(row.cells["name"] for row in client.get("/operators/", query).context["list"].table.rows)

    assert names(coded="yes") == ["安次第2便利店", "永兴便利店"]
    assert names(coded="no") == ["新店"]
    assert len(names(coded="maybe")) == 3


def test_list_has_ticks_for_those_who_may_act(client, county):
    assert "data-tick " in client.get("/operators/").content.decode()


def test_list_has_no_ticks_for_those_who_only_read(client, department):
    html = client.get("/operators/").content.decode()

    assert "data-tick " not in html
    assert SHEETS not in html


def test_timeline_of_the_file_names_the_deed_in_words(client, county, operators):
    actions.suspend_code(operator=operators[0], reason="核对", by=county, at=timezone.now())

    html = client.get(RECORD).content.decode()
    assert "暂停二维码" in html
    assert not re.search(r"census\.code_", html)


def test_closed_operator_is_offered_no_code(client, county, operators):
    actions.revoke_code(operator=operators[0], reason="注销", by=county, at=timezone.now())
    Operator.objects.filter(pk=operators[0].pk).update(closed_on=timezone.localdate())

    assert reverse("census:code_issue") not in tab(client)
