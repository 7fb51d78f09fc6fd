"""Matches: changed one by one, planned and approved, handed over; letters follow at the same moment."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from shian.domains.duties.actions.matches import approve_plan, change_match, propose_plan, refuse_plan
from shian.domains.duties.actions.officials import Appointment, end_official, name_official, replace_official
from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.models import Letter, Match, MatchPlan, Official, PlanLine, Tier
from shian.domains.duties.queries.matching import outcome_of
from shian.domains.duties.tests.factories import (
    AT,
    DAY,
    VILLAGE,
    make_letter,
    make_match,
    make_official,
    make_operator,
    make_tier,
    matched,
)
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]


def test_a_change_at_ten_makes_both_letters_invalid_and_both_due_at_ten(people) -> None:
    match = matched("D")
    stays = make_operator()
    make_match(stays, match.official, make_tier(stays))
    other = matched("D").official
    first, second = make_letter(match.official), make_letter(other)

    change_match(operator=match.operator, official=other, reason="调整分工", by=people["county"], at=AT)

    for letter, subjects in ((first, 1), (second, 2)):
        letter.refresh_from_db()
        again = Letter.objects.get(replaces=letter)
        assert (letter.state, letter.ended_at, letter.ended_because) == ("invalid", AT, "调整分工")
        assert (again.state, again.issued_at, again.number, again.subjects) == ("due", AT, 2, subjects)
        assert again.due_on > DAY
    assert list(Match.objects.filter(operator=match.operator).order_by("pk").values_list("valid_to", "official")) == [
        (DAY, match.official_id),
        (None, other.pk),
    ]
    entry = Entry.objects.get(action="duties.match_changed")
    assert sorted(entry.data["letters_invalid"]) == sorted([first.pk, second.pk])


def test_a_letter_that_waits_for_its_signature_is_issued_anew(people) -> None:
    match, other = matched("D"), make_official()
    old = AT - timedelta(days=3)
    change_match(operator=match.operator, official=other, reason="一", by=people["county"], at=old)
    back = make_official()

    change_match(operator=match.operator, official=back, reason="二", by=people["county"], at=AT)

    assert Letter.objects.get(official=other).state == "invalid"
    assert list(Letter.objects.filter(state="due").values_list("official", "issued_at")) == [(back.pk, AT)]


@pytest.mark.parametrize(
    ("level", "area", "text"),
    [("county", "", "不能由"), ("village", "131002100201", "不包含")],
)
def test_a_wrong_level_or_area_is_refused(people, level, area, text) -> None:
    match = matched("D")

    with pytest.raises(DutyRefused, match=text):
        change_match(
            operator=match.operator, official=make_official(level, area), reason="x", by=people["office"], at=AT
        )


def test_another_county_is_out_of_reach(people) -> None:
    match = matched("D")

    with pytest.raises(OutOfReach):
        change_match(operator=match.operator, official=make_official(), reason="x", by=people["other"], at=AT)


def test_a_plan_writes_nothing_until_somebody_else_approves_it(people) -> None:
    officials = [make_official(), make_official()]
    for _ in range(5):
        make_tier(make_operator())
    assert outcome_of("fill", "131022", DAY).matched == 5
    assert not MatchPlan.objects.exists()

    plan = propose_plan(kind="fill", area_key="131022", reason="首次对接", by=people["county"], at=AT)
    assert (plan.counts["lines"], plan.counts["heaviest_after"], Match.objects.count()) == (5, 3, 0)
    with pytest.raises(DutyRefused, match="另一人"):
        approve_plan(plan=plan, by=people["county"], at=AT)
    with pytest.raises(OutOfReach):
        approve_plan(plan=plan, by=people["other"], at=AT)
    renewed = approve_plan(plan=plan, by=people["second"], at=AT)

    assert sorted(Match.objects.filter(official=each).count() for each in officials) == [2, 3]
    assert len(renewed.due) == 2
    assert list(Letter.objects.order_by("subjects").values_list("subjects", "state")) == [(2, "due"), (3, "due")]
    assert PlanLine.objects.filter(plan=plan, reason="同区划、负荷最低").count() == 5


def test_a_plan_whose_ground_has_shifted_changes_nothing(people) -> None:
    tier = make_tier(make_operator())
    official = make_official()
    plan = propose_plan(kind="fill", area_key="131022", reason="首次对接", by=people["county"], at=AT)
    make_match(tier.operator, official, tier)

    approve_plan(plan=plan, by=people["second"], at=AT)

    plan.refresh_from_db()
    assert (plan.state, Match.objects.count(), Letter.objects.count()) == ("stale", 1, 0)


def test_a_refused_plan_keeps_its_reason(people) -> None:
    make_tier(make_operator())
    make_official()
    plan = propose_plan(kind="fill", area_key="131022", reason="首次对接", by=people["county"], at=AT)

    refuse_plan(plan=plan, reason="先补齐干部", by=people["second"], at=AT)

    plan.refresh_from_db()
    assert (plan.state, plan.counts["refused_because"]) == ("refused", "先补齐干部")


def test_too_many_for_one_are_spread_over_the_others(people) -> None:
    heavy, free = make_official(), make_official()
    for _ in range(13):
        operator = make_operator()
        make_match(operator, heavy, make_tier(operator))

    found = outcome_of("balance", "131022", DAY)

    assert {each.official for each in found.proposals} == {free.pk}
    assert (found.loads_after[heavy.pk], found.loads_after[free.pk]) == (10, 3)


def appointment(former: Official, **given) -> Appointment:
    values = {
        "code": "G-NEW", "name": "新任", "level": former.level, "post": "书记", "area": former.area_code,
        "valid_from": DAY, **given,
    }  # fmt: skip
    return Appointment(**values)


def test_a_successor_takes_over_and_both_rows_stay(people) -> None:
    match = matched("D")
    letter = make_letter(match.official)

    successor, _renewed = replace_official(
        official=match.official, appointment=appointment(match.official), by=people["county"], at=AT
    )

    match.refresh_from_db()
    former = Official.objects.get(pk=match.official_id)
    assert (former.valid_to, former.successor, match.valid_to) == (DAY, successor, DAY)
    assert Match.objects.get(operator=match.operator, valid_to=None).official == successor
    letter.refresh_from_db()
    assert (letter.state, Letter.objects.get(official=successor).state) == ("invalid", "due")
    assert not Letter.objects.filter(official=former).exclude(state="invalid").exists()


def test_who_leaves_without_successor_leaves_operators_waiting(people) -> None:
    match = matched("D")
    replacement = make_official()

    end_official(official=match.official, reason="退休", by=people["county"], at=AT)

    assert not Match.objects.filter(valid_to=None).exists()
    plan = propose_plan(kind="fill", area_key="131022", reason="干部离任", by=people["county"], at=AT)
    assert plan.lines.get().official == replacement
    assert Tier.objects.get(operator=match.operator).valid_to is None


@pytest.mark.parametrize(("on", "late"), [("2022-12-05", False), ("2022-12-06", True)])
def test_who_waits_for_an_official_waits_seven_working_days(people, client, time_machine, on, late) -> None:
    match = matched("D")
    end_official(official=match.official, reason="退休", by=people["county"], at=AT)
    time_machine.move_to(f"{on}T10:00:00+08:00", tick=False)
    client.force_login(people["county"])

    row = client.get(reverse("duties:match_list"), {"state": "unmatched"}).context["list"].table.rows[0]

    assert (row.cells["unmatched_on"], row.cells["due_on"].value) == (DAY, date(2022, 12, 5))
    assert bool(row.state) is bool(row.cells["due_on"].note) is late


def test_a_name_is_entered_once_for_an_area_of_its_level(people) -> None:
    some = make_official()
    made = name_official(appointment=appointment(some, code="G-1"), by=people["county"], at=AT)
    assert (made.village, made.county) == (VILLAGE, "131022")

    with pytest.raises(DutyRefused, match="已使用"):
        name_official(appointment=appointment(some, code="G-1"), by=people["county"], at=AT)
    with pytest.raises(DutyRefused, match="不符"):
        name_official(appointment=appointment(some, code="G-2", level="county"), by=people["county"], at=AT)


def test_moments_are_the_same_for_all_rows_of_a_deed(people) -> None:
    match, other = matched("D"), make_official()
    at = datetime.fromisoformat("2022-11-24T10:00:00+08:00")

    change_match(operator=match.operator, official=other, reason="调整", by=people["county"], at=at)

    rows = Match.objects.filter(operator=match.operator)
    assert {row.ended_at or row.begun_at for row in rows} == {at}
