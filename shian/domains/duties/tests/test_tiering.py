"""Tiers over a whole area: the statement and the rule agree; proposals, confirmation, overrides."""

import random
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from shian.domains.duties.actions import statements
from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.actions.tiers import confirm_tiers, override_tier, propose_tiers, refuse_tier
from shian.domains.duties.models import CensusEntry, Letter, Match, Tier
from shian.domains.duties.queries.lists import reconciliation_of
from shian.domains.duties.queries.standards import tier_rules_at
from shian.domains.duties.rules.tiers import Facts, tier_of
from shian.domains.duties.tests.factories import (
    AT,
    BEGAN,
    DAY,
    VILLAGE,
    make_census,
    make_letter,
    make_operator,
    make_tier,
    matched,
)
from shian.kernel.scope.models import OutOfReach

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
FORMATS = (
    ("食品生产", "", "特殊食品生产"), ("食品生产", "", "小微食品生产企业"), ("食品销售", "", "食品批发商"),
    ("食品销售", "", "便利店"), ("农贸市场", "", "批发市场"), ("餐饮服务", "", "学校食堂"),
    ("餐饮服务", "", "托幼机构食堂"), ("餐饮服务", "", "中央厨房"), ("三小", "小作坊", "小作坊"),
    ("三小", "小餐饮", "小餐饮"), ("三小", "小摊点", "小摊点"),
)  # fmt: skip


def test_the_statement_says_what_the_rule_says() -> None:
    dice, rules, wanted = random.Random(3), tier_rules_at(DAY), {}
    for number in range(220):
        kind, small, name = FORMATS[number % len(FORMATS)]
        operator = make_operator(kind=kind, small_kind=small, format=name)
        employees = dice.choice([None, 4, 5, 10, 19, 20, 50, 100, 300, 1000])
        output = dice.choice(
            [None, Decimal(99), Decimal(100), Decimal(500), Decimal(2000), Decimal(10000), Decimal(50000)]
        )
        diners = dice.choice([None, 499, 500, 1000])
        make_census(operator, employees=employees, output=output, diners=diners)
        decision = tier_of(Facts(kind, name, small, employees, output, diners), rules)
        wanted[operator.pk] = (decision.letter, decision.industry, decision.reason)

    assert propose_tiers(area_key="131022", by="test", at=AT) == 220

    found = {row.operator_id: (row.tier, row.industry, row.reason) for row in Tier.objects.filter(state="proposed")}
    assert found == wanted


def test_after_many_tiers_the_planner_knows_what_they_are_now(people, monkeypatch) -> None:
    def told() -> tuple[str, float]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT most_common_vals::text, null_frac FROM pg_stats WHERE tablename = 'duties_tier' "
                "AND attname IN ('state', 'valid_to') ORDER BY attname"
            )
            (state, _none), (_values, still_open) = cursor.fetchall()
            return state, still_open

    for _ in range(8):
        make_census(make_operator())
    monkeypatch.setattr(statements, "MANY", 8)

    assert propose_tiers(area_key="131022", by="test", at=AT) == 8
    assert told() == ("{proposed}", 1.0)

    confirm_tiers(rows=list(Tier.objects.filter(state="proposed")), by="other", at=AT)
    assert told() == ("{confirmed}", 1.0)


def test_only_verified_operators_that_are_open_and_differ_are_proposed(people) -> None:
    same, new, manual, visited, closed = (make_operator() for _ in range(5))
    elsewhere = make_operator(area="131002100201")
    for operator in (same, new, manual, closed, elsewhere):
        make_census(operator)
    make_census(visited, state="visited", visited_on=BEGAN, verified_on=None)
    make_tier(same)
    make_tier(manual, "C", origin="manual", set_by="a", decided_by="b", decided_at=AT)
    closed.closed_on = date(2022, 11, 1)
    closed.save()

    assert propose_tiers(area_key="131022", by=people["county"], at=AT) == 1
    assert propose_tiers(area_key="131022", by=people["county"], at=AT) == 1
    assert Tier.objects.get(state="proposed").operator == new
    with pytest.raises(OutOfReach):
        propose_tiers(area_key="131002", by=people["county"], at=AT)


def test_a_confirmed_change_ends_the_row_the_match_and_the_letter(people) -> None:
    match = matched("D")
    letter = make_letter(match.official)
    make_census(match.operator, employees=60, output=Decimal(600))
    propose_tiers(area_key="131022", by=people["county"], at=AT)

    confirm_tiers(rows=list(Tier.objects.filter(state="proposed")), by=people["county"], at=AT)

    old, new = Tier.objects.filter(operator=match.operator).order_by("valid_from")
    assert (old.tier, old.valid_to, new.tier, new.valid_from, new.state) == ("D", DAY, "B", DAY, "confirmed")
    match.refresh_from_db()
    assert (match.valid_to, match.ended_at) == (DAY, AT)
    letter.refresh_from_db()
    assert (letter.state, letter.ended_at) == ("invalid", AT)
    assert not Letter.objects.exclude(pk=letter.pk).exists()  # nobody is left to sign for


def test_an_override_waits_for_a_second_person(people) -> None:
    operator = make_operator(area=VILLAGE)
    make_census(operator)
    make_tier(operator)
    row = override_tier(operator=operator, letter="B", reason="承担校园供餐", by=people["county"], at=AT)

    with pytest.raises(DutyRefused, match="另一人"):
        confirm_tiers(rows=[row], by=people["county"], at=AT)
    with pytest.raises(OutOfReach):
        confirm_tiers(rows=[row], by=people["other"], at=AT)
    confirm_tiers(rows=[row], by=people["second"], at=AT)

    row.refresh_from_db()
    assert (row.state, row.set_by, row.decided_by) == ("confirmed", "alice", "bob")
    assert CensusEntry.objects.get(operator=operator).state == "verified"


def test_a_refused_override_changes_nothing(people) -> None:
    match = matched("D")
    row = override_tier(operator=match.operator, letter="A", reason="集团总部", by=people["county"], at=AT)

    refuse_tier(row=row, reason="总部不在本县", by=people["second"], at=AT)

    row.refresh_from_db()
    assert (row.state, row.ended_because) == ("refused", "总部不在本县")
    assert Match.objects.get().valid_to is None
    with pytest.raises(DutyRefused, match="已经办理"):
        confirm_tiers(rows=[row], by=people["second"], at=AT)


@pytest.mark.parametrize(("on", "late"), [("2022-11-21", False), ("2022-11-22", True)])
def test_a_new_operator_waits_fifteen_working_days_for_the_census(people, client, time_machine, on, late) -> None:
    make_operator(opened_on=date(2022, 10, 31))
    time_machine.move_to(f"{on}T10:00:00+08:00", tick=False)
    client.force_login(people["county"])

    row = client.get(reverse("duties:census_list")).context["list"].table.rows[0]

    assert row.cells["due_on"].value == date(2022, 11, 21)
    assert bool(row.state) is late


def test_the_reconciliation_adds_up() -> None:
    make_tier(make_operator())
    make_census(make_operator(), state="excluded", exclusion="duplicate", verified_on=None)
    make_census(make_operator())
    make_operator()
    make_operator(closed_on=date(2022, 11, 1))
    make_operator(area="131002100201")

    found = reconciliation_of("131022", DAY)

    assert (found.registered, found.verified, found.tiered, found.gaps) == (4, 1, 1, 2)
    assert dict(found.excluded) == {"duplicate": 1}
    assert found.registered == found.tiered + found.left_out + found.gaps
