"""Pages of cases: lists and their paging, the record, steps, what two people see who act at the same moment."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shian.engine.cases.actions import ask_extension
from shian.engine.cases.models import Case, CaseEvent, CaseRequest
from shian.engine.cases.tests.cast import AT, CARD, step
from shian.engine.cases.views import lists

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def moment(time_machine):
    time_machine.move_to(AT + timedelta(hours=1))


def page(user, name: str, *args, **query):
    client = Client()
    client.force_login(user)
    return client.get(reverse(f"cases:{name}", args=args), query)


def sent(user, name: str, *args, **body):
    client = Client()
    client.force_login(user)
    return client.post(reverse(f"cases:{name}", args=args), body)


def numbers_on(response) -> list[str]:
    return [row.cells["number"] for row in response.context["list"].table.rows]


def test_pages_of_my_work_follow_each_other(cast, monkeypatch) -> None:
    monkeypatch.setattr(lists, "SIZE", 2)
    cards = [cast.card() for _each in range(5)]
    first = page(cast.officer, "case_list")
    found = first.context["list"].table.page
    second = page(cast.officer, "case_list", after=found.next)
    third = page(cast.officer, "case_list", after=second.context["list"].table.page.next)

    assert found.total == 5
    assert numbers_on(first) + numbers_on(second) + numbers_on(third) == [card.number for card in cards]


def test_every_tab_of_every_list_opens_for_every_role(cast) -> None:
    card = cast.card()
    for user in (cast.office, cast.officer, cast.head, cast.outsider, cast.regulator):
        for whose in ("mine", "unit", "issued", "all"):
            assert page(user, "case_list", whose=whose).status_code == 200
            assert page(user, "type_list", CARD.key, whose=whose, standing="overdue").status_code == 200
    assert numbers_on(page(cast.officer, "type_list", CARD.key)) == [card.number]
    assert numbers_on(page(cast.outsider, "type_list", CARD.key)) == []


def test_the_record_offers_what_the_reader_may_do(cast) -> None:
    card = cast.card()

    def offered(user) -> list[str]:
        return [str(action.label) for action in page(user, "case_detail", card.pk).context["record"].actions]

    assert offered(cast.officer) == ["回复", "指定责任人", "申请延期", "移送", "记录情况"]
    assert offered(cast.office) == ["立行立改", "取证", "移送", "中止期限", "并案", "记录情况"]
    assert offered(cast.regulator) == []
    assert page(cast.outsider, "case_detail", card.pk).status_code == 404


def test_a_step_is_taken_and_told(cast) -> None:
    card = cast.card()
    answer = sent(cast.officer, "step_take", card.pk, "answer", note="已补记", measures="培训", seen="1")

    assert answer.status_code == 302
    told = page(cast.officer, "case_detail", card.pk).content.decode()
    assert "已补记" in told
    assert Case.objects.get().state == "answered"


@pytest.mark.parametrize("step_key", ["answer", "assign"])
def test_who_was_second_reads_who_was_first_and_loses_no_input(cast, step_key) -> None:
    """The first one's step left the state that the second one's step starts from."""
    card = cast.card()
    cast.answered(card)
    told = {"note": "我也写了很长一段情况", "measures": "x", "owner": cast.officer.person.person_no}
    late = sent(cast.head, "step_take", card.pk, step_key, seen="1", **told)

    content = late.content.decode()
    assert late.status_code == 200
    assert "刚刚被他人办理" in content
    assert "回复 已补记" in content
    assert "我也写了很长一段情况" in content
    assert CaseEvent.objects.filter(case=card).count() == 2


def test_a_request_on_a_changed_case_tells_what_changed(cast) -> None:
    card = cast.card()
    cast.answered(card)
    late = sent(cast.officer, "extension_create", card.pk, days="3", reason="等检验报告", seen="1")

    content = late.content.decode()
    assert "回复 已补记" in content
    assert "等检验报告" in content
    assert not CaseRequest.objects.exists()


def test_an_extension_is_asked_for_and_answered_on_pages(cast) -> None:
    card = cast.card()
    assert sent(cast.officer, "extension_create", card.pk, days="3", reason="等检验", seen="1").status_code == 302
    asked = CaseRequest.objects.get()
    assert numbers_on(page(cast.office, "case_list")) == [card.number]
    assert sent(cast.office, "request_answer", card.pk, asked.pk, is_granted="yes", answer="").status_code == 302
    assert (Case.objects.get().due_on - card.due_on).days == 3


def test_a_transfer_is_answered_by_the_unit_that_is_asked(cast) -> None:
    card = cast.card()
    told = {"to_unit": cast.county.code, "reason": "属市场监管", "seen": "1"}
    assert sent(cast.officer, "transfer_create", card.pk, **told).status_code == 302
    asked = CaseRequest.objects.get()
    assert "申请移送" in page(cast.regulator, "case_detail", card.pk).content.decode()
    assert sent(cast.regulator, "request_answer", card.pk, asked.pk, is_granted="yes").status_code == 302
    assert Case.objects.get().unit == cast.county


def test_suspending_resuming_merging_and_noting(cast) -> None:
    card, other = cast.card(), cast.card()
    assert sent(cast.office, "case_suspend", card.pk, reason="送检", seen="1").status_code == 302
    assert "恢复期限" in page(cast.office, "case_detail", card.pk).content.decode()
    assert sent(cast.office, "case_resume", card.pk).status_code == 302
    assert sent(cast.office, "note_add", card.pk, note="已电话催办", seen="3").status_code == 302
    assert sent(cast.office, "case_merge", card.pk, into=other.number, reason="同一事项", seen="4").status_code == 302
    assert "已并入" in page(cast.office, "case_detail", card.pk).content.decode()


def test_many_are_moved_at_once_and_the_refused_are_named(cast) -> None:
    good, bad = cast.card(), cast.card()
    cast.answered(bad)
    keys = [str(good.pk), str(bad.pk)]
    assert page_of_bulk(cast.officer, keys).status_code == 200
    client = Client()
    client.force_login(cast.officer)
    told = client.post(reverse("cases:cases_move", args=[CARD.key]),
                       {"step": "answer", "key": keys, "note": "已办", "measures": "培训"}, follow=True)  # fmt: skip
    texts = [str(message) for message in told.context["messages"]]

    assert len(texts) == 2
    assert bad.number in texts[1]
    assert Case.objects.get(pk=good.pk).state == "answered"


def page_of_bulk(user, keys):
    return sent(user, "cases_move", CARD.key, step="answer", key=keys)


def test_the_calendar_address_is_shown_once(cast) -> None:
    client = Client()
    client.force_login(cast.officer)
    client.post(reverse("cases:feed_create"))

    assert ".ics" in client.get(reverse("cases:feed_detail")).content.decode()
    assert ".ics" not in client.get(reverse("cases:feed_detail")).content.decode()


def test_a_new_case_from_its_form(cast) -> None:
    form = page(cast.office, "case_create", CARD.key)
    assert form.status_code == 200
    assert page(cast.officer, "case_create", CARD.key).status_code == 403
    step_form = page(cast.officer, "step_take", cast.card().pk, "assign")
    assert step_form.status_code == 200


def test_every_type_has_its_way_in_also_while_there_is_no_case_of_it(cast) -> None:
    """Without it nobody could begin the first card of a city."""
    empty = rows_of(page(cast.office, "kind_list"))[CARD.key]
    assert empty["create"].url == reverse("cases:case_create", args=[CARD.key])
    assert empty["closed"] is None
    assert reverse("cases:kind_list") in page(cast.office, "case_list").content.decode()

    cast.card()
    late = rows_of(page(cast.officer, "kind_list"))[CARD.key]
    assert (late["open"].value, late["overdue"].value, late["closed"]) == (1, 0, (0, 1))
    assert late["create"] == ""
    assert rows_of(page(cast.outsider, "kind_list"))[CARD.key]["open"].value == 0


def rows_of(response) -> dict[str, dict[str, Any]]:
    return {row.key: row.cells for row in response.context["list"].table.rows}


def test_an_open_request_is_seen_on_the_list(cast) -> None:
    card = cast.card()
    ask_extension(declared=CARD, case=card, seen=1, days=3, reason="等检验", by=cast.officer, at=AT)
    (row,) = page(cast.office, "case_list").context["list"].table.rows

    assert "待答复" in str(row.cells["state"].value)
    step(card, "assign", cast.officer, owner=cast.officer.person)
