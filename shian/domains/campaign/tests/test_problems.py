"""The problem list (A-11): a rate that is made of rows, three open ones by name, and nothing closed without proof."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from shian.domains.campaign.models import Indicator
from shian.domains.campaign.queries.supporting import supporting_figures
from shian.domains.campaign.tests.loops import listed as list_problems
from shian.domains.campaign.tests.loops import opened, photo, took
from shian.engine.cases.actions import CaseRefused
from shian.engine.cases.models import Case, CaseEvent
from shian.engine.cases.tests.cast import Cast
from shian.kernel.accounts.models import Role
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db
DUE = date(2023, 3, 20)
OPEN = ("冷库温度记录缺失", "餐具消毒不到位", "进货查验记录不全")


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def assigned(cast: Cast) -> Case:
    case = opened(cast, "problem", unit=None, data={"severity": "一般"})
    took(case, "assign", "test", unit=cast.bureau, due_on=DUE)
    return case


def page(client: Client, user: object, **query: str) -> str:
    client.force_login(user)  # type: ignore[arg-type]
    return client.get(reverse("campaign:problem_board"), query).content.decode()


def test_of_720_problems_717_are_struck_off_and_the_three_open_ones_are_named(cast: Cast, client: Client) -> None:
    list_problems(cast, (f"问题{number}号" for number in range(717)), is_open=False)
    list_problems(cast, OPEN, is_open=True)

    shown = page(client, cast.office, year="2023")

    assert "99.6%" in shown
    assert all(title in shown for title in OPEN)
    assert "问题1号" not in shown
    assert shown.count("720") >= 1
    assert "717" in shown


def test_the_mechanism_of_the_campaign_shows_how_far_problems_are_struck_off(city, cast: Cast) -> None:
    list_problems(cast, ["已销号的", "也已销号"], is_open=False)
    list_problems(cast, OPEN[:1], is_open=True)

    shown = {
        each.measure: each.shown
        for each in supporting_figures(Indicator.objects.get(code="1.2.3"), "1310", date(2023, 3, 31))
    }

    assert (shown["problems.found"], shown["problems.close_out_rate"]) == (3, Decimal("66.7"))


def test_a_problem_that_was_none_counts_neither_way(cast: Cast, client: Client, assigned: Case) -> None:
    list_problems(cast, ["已销号的"], is_open=False)
    took(assigned, "submit", cast.officer, note="已改", files=[photo()], data={"measures": "补记"})
    took(assigned, "dismiss", "test", note="情况不属实")

    assert "100%" in page(client, cast.office)


def test_another_county_sees_none_of_it(cast: Cast, client: Client) -> None:
    list_problems(cast, OPEN, is_open=True)

    assert OPEN[0] not in page(client, reach_user("carol", "131023", Role.COUNTY))


def test_closing_without_evidence_is_refused(cast: Cast, assigned: Case) -> None:
    with pytest.raises(CaseRefused, match="佐证材料"):
        took(assigned, "submit", cast.officer, note="已改", data={"measures": "补记"})
    Case.objects.filter(pk=assigned.pk).update(state="submitted")
    assigned.refresh_from_db()

    with pytest.raises(CaseRefused, match="佐证材料"):
        took(assigned, "close", cast.office)
    assert Case.objects.get(pk=assigned.pk).is_open


def test_the_form_tells_the_verifier_that_proof_is_missing(cast: Cast, assigned: Case, client: Client) -> None:
    Case.objects.filter(pk=assigned.pk).update(state="submitted", version=5)
    client.force_login(cast.office)

    answer = client.post(reverse("cases:step_take", args=[assigned.pk, "close"]), {"seen": "5", "note": ""})

    assert "佐证材料" in answer.content.decode()
    assert Case.objects.get(pk=assigned.pk).state == "submitted"


def test_who_rectified_does_not_verify(cast: Cast, assigned: Case) -> None:
    took(assigned, "submit", cast.officer, note="已改", files=[photo()], data={"measures": "补记"})

    with pytest.raises(CaseRefused):
        took(assigned, "close", cast.officer)
    took(assigned, "close", cast.office)
    assert not assigned.is_open


def test_a_reopened_problem_keeps_its_history_and_needs_new_proof(cast: Cast, assigned: Case) -> None:
    took(assigned, "submit", cast.officer, note="已改", files=[photo()], data={"measures": "补记"})
    took(assigned, "close", cast.office)
    took(assigned, "reopen", cast.office, note="复查又见", unit=cast.bureau, due_on=DUE)

    steps = list(CaseEvent.objects.filter(case=assigned).order_by("number").values_list("step", flat=True))
    assert steps == ["open", "assign", "submit", "close", "reopen"]
    assert (assigned.reopened, assigned.round, assigned.is_open) == (1, 2, True)
    Case.objects.filter(pk=assigned.pk).update(state="submitted")
    assigned.refresh_from_db()
    with pytest.raises(CaseRefused, match="佐证材料"):
        took(assigned, "close", cast.office)
