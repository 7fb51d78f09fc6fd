"""Supervision cards (A-10): red by themselves past their date, and closed by somebody other than who replied."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shian.domains.campaign.tests.loops import AT, opened, photo, took
from shian.engine.cases.actions import CaseRefused, climb_ladders
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.cases.permissions import may_take
from shian.engine.cases.tests.cast import Cast

pytestmark = pytest.mark.django_db
DUE = date(2023, 3, 10)


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def card(cast: Cast) -> Case:
    return opened(cast, "card", due_on=DUE, data={"basis": "市长批示"}, verifier=cast.other)


def shown(client: Client, user: object, name: str, *args: object) -> str:
    client.force_login(user)  # type: ignore[arg-type]
    return client.get(reverse(name, args=args)).content.decode()


def test_a_card_past_its_date_is_red_without_anybody_doing_anything(cast: Cast, card: Case, client: Client) -> None:
    late = (timezone.localdate() - DUE).days

    listed = shown(client, cast.office, "cases:type_list", "card")
    record = shown(client, cast.office, "cases:case_detail", card.pk)

    assert f"逾期 {late} 天" in listed
    assert 'class="is-overdue"' in listed
    assert "sh-clock-overdue" in record


def test_a_card_in_time_is_not_red(cast: Cast, client: Client) -> None:
    opened(cast, "card", due_on=timezone.localdate() + timedelta(days=20), data={"basis": "市长批示"})

    assert 'class="is-overdue"' not in shown(client, cast.office, "cases:type_list", "card")


def test_a_late_card_climbs_to_the_issuing_office(cast: Cast, card: Case) -> None:
    climb_ladders(at=AT + timedelta(days=8))

    card.refresh_from_db()
    assert card.level == 2


def test_the_unit_that_replied_can_never_close_its_card(cast: Cast, card: Case) -> None:
    took(card, "receive", cast.officer)
    took(card, "reply", cast.officer, note="已整改", files=[photo()])
    Case.objects.filter(pk=card.pk).update(verifier=cast.bureau)  # even where it was named its own verifier
    card.refresh_from_db()

    for replier in (cast.officer, cast.head):
        with pytest.raises(CaseRefused, match=r"另一个单位|另一人"):
            took(card, "close", replier, data={"result": "已整改到位"})
    assert Case.objects.get(pk=card.pk).is_open


def test_another_unit_closes_it_with_a_result(cast: Cast, card: Case) -> None:
    took(card, "receive", cast.officer)
    took(card, "reply", cast.officer, note="已整改", files=[photo()])

    with pytest.raises(CaseRefused, match="核实结果"):
        took(card, "close", cast.outsider)
    took(card, "close", cast.outsider, data={"result": "已整改到位"})

    assert (card.state, card.data["result"], card.number) == ("closed", "已整改到位", card.number)


def test_only_the_office_and_counties_issue_cards(cast: Cast) -> None:
    create = case_type("card").create

    assert create(cast.office).allowed
    assert not create(cast.officer).allowed


def test_the_page_offers_the_replying_unit_no_way_to_close(cast: Cast, card: Case, client: Client) -> None:
    took(card, "receive", cast.officer)
    took(card, "reply", cast.officer, note="已整改", files=[photo()])

    step = case_type("card").step("close")
    assert not may_take(cast.officer, case_type("card"), card, step).allowed
    assert reverse("cases:step_take", args=[card.pk, "close"]) not in shown(
        client, cast.officer, "cases:case_detail", card.pk
    )
    assert reverse("cases:step_take", args=[card.pk, "close"]) in shown(
        client, cast.outsider, "cases:case_detail", card.pk
    )


def test_a_new_card_is_not_asked_for_its_result(cast: Cast, client: Client) -> None:
    form = shown(client, cast.office, "cases:case_create", "card")

    assert 'name="basis"' in form
    assert 'name="result"' not in form
