"""A sheet becomes a visit; coverage and what is due are one count; a closed quarter stays as it stood."""

from datetime import date, datetime, timedelta

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from shian.domains.duties.actions.quarters import close_due_quarters, close_quarter, close_visited_quarters
from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.models import DutyVisit, Match, QuarterFigure, VisitFault
from shian.domains.duties.queries.coverage import ALL, Coverage, coverage, coverages, due_matches, total, whole_of
from shian.domains.duties.queries.visits import assignments_for, trained_on
from shian.domains.duties.rules.visits import Quarter
from shian.domains.duties.tests.factories import VILLAGE, matched
from shian.domains.duties.tests.visiting import NOW, REMOTE, ZONE, Village, sheet
from shian.engine.forms.actions import SubmissionRefused
from shian.engine.forms.datasets import entities_of
from shian.engine.forms.models import FormSubmission
from shian.kernel.notary.queries import entries_of

DAY = NOW.date()
pytestmark = pytest.mark.django_db


@pytest.fixture
def village(place, time_machine):
    time_machine.move_to(NOW, tick=False)
    return Village()


def test_a_sheet_is_the_visit_of_its_official(village):
    match = village.business()

    sheet(match, village.user)

    visit = DutyVisit.objects.get()
    assert (visit.operator, visit.official, visit.quarter, visit.tier) == (
        match.operator,
        village.official,
        "2022Q4",
        "D",
    )
    assert (visit.way, visit.nearness, visit.faults, visit.asked, visit.known) == ("onsite", "near", 0, 3, 2)
    assert visit.operator_signature
    assert visit.official_signature
    assert visit.is_trained
    assert not visit.is_late
    assert [each.action for each in entries_of(visit.subject)] == ["duties.visited"]


def test_the_same_sheet_twice_is_one_visit(village):
    match = village.business()

    for _ in range(2):
        sheet(match, village.user, instance="uuid:once")

    assert DutyVisit.objects.count() == 1


def test_due_businesses_go_along_on_the_phone_until_they_are_visited(village):
    first, second = village.business(name="甲店"), village.business(format="学校食堂", kind="餐饮服务", name="乙校")

    told = {each.title: each for each in assignments_for(village.user, DAY)}
    assert {each.form for each in told.values()} == {"duty_sales", "duty_canteen"}
    assert told["甲店"].answers == {
        "operator": first.operator.code, "level": "village", "is_trained": "yes", "may_remote": "yes",
    }  # fmt: skip
    assert told["乙校"].answers["may_remote"] == "no"
    assert {each.note for each in told.values()} == {"D级", "D级 · 须到现场"}
    assert told["甲店"].due_on == date(2022, 12, 31)

    sheet(first, village.user)
    assert {each.title: each.is_optional for each in assignments_for(village.user, DAY)} == {
        "甲店": True,
        "乙校": False,
    }
    assert {each.key for each in entities_of("covered", village.user)} == {first.operator.code, second.operator.code}
    assert entities_of("covered", village.county) == []


def test_another_business_chosen_in_the_sheet_is_the_one_that_was_visited(village):
    meant, chosen = village.business(), village.business()

    sheet(meant, village.user, answers={"operator": chosen.operator.code})

    assert DutyVisit.objects.get().operator == chosen.operator


def test_a_sheet_without_a_key_finds_its_business(village):
    match = village.business()

    sheet(match, village.user, assigned=False)

    assert DutyVisit.objects.get().match == match


def test_somebody_elses_business_is_not_visited(village):
    foreign = matched()

    with pytest.raises(SubmissionRefused):
        sheet(foreign, village.user)

    assert not DutyVisit.objects.exists()


def test_far_away_is_told_and_not_refused(village):
    near, far, unsure = village.business(), village.business(), village.business()

    sheet(near, village.user, answers={"place": {"lat": 39.4010, "lon": 116.3, "accuracy": 5}})
    sheet(far, village.user, answers={"place": {"lat": 39.4100, "lon": 116.3, "accuracy": 5}})
    sheet(unsure, village.user, answers={"place": {"lat": 39.4022, "lon": 116.3, "accuracy": 60}})

    told = dict(DutyVisit.objects.values_list("match", "nearness"))
    assert told == {near.pk: "near", far.pk: "far", unsure.pk: "unsure"}
    assert DutyVisit.objects.get(match=far).distance == pytest.approx(1112, abs=2)


def test_remote_only_where_it_is_allowed(village):
    shop, canteen = village.business(), village.business(format="学校食堂", kind="餐饮服务", name="某校")

    sheet(shop, village.user, answers=REMOTE)
    with pytest.raises(SubmissionRefused, match="某校"):
        sheet(canteen, village.user, answers=REMOTE)

    visit = DutyVisit.objects.get()
    assert (visit.way, visit.nearness, visit.lat, visit.operator_signature) == ("remote", "unknown", None, None)


def test_without_training_nobody_visits_alone(village):
    match = village.business()
    village.training.state = "held"
    village.training.save()
    told = next(iter(assignments_for(village.user, DAY)))
    assert (told.answers["is_trained"], told.note) == ("no", "D级 · 须有人陪同")

    with pytest.raises(SubmissionRefused, match="培训"), transaction.atomic():
        sheet(match, village.user)
    assert not DutyVisit.objects.exists()
    assert not FormSubmission.objects.exists()

    sheet(match, village.user, answers={"is_trained": "no", "companion": "监管所某某"})
    visit = DutyVisit.objects.get()
    assert (visit.companion, visit.is_trained) == ("监管所某某", False)


def test_a_training_follows_the_person_into_the_next_office(village):
    former = village.official
    former.valid_to = DAY
    former.save()
    next_one = village.business("C").official

    assert trained_on([next_one], DAY) == {next_one.pk: date(2022, 10, 9)}
    assert trained_on([next_one], date(2022, 10, 8)) == {}


def test_what_was_answered_no_is_a_fault_with_its_photo(village):
    match = village.business()

    sheet(match, village.user, wrong={1: "no", 4: "na", 8: "no"}, answers={"fixed": ["n8"]})

    faults = VisitFault.objects.order_by("pk")
    assert [(each.item, each.note, each.is_fixed, each.photo is not None) for each in faults] == [
        ("item_1", "没有做到", False, True), ("item_8", "没有做到", True, True),
    ]  # fmt: skip
    assert DutyVisit.objects.get().faults == 2


def visited(match: Match, on: date, recorded: datetime = NOW) -> DutyVisit:
    """A visit as a file brings it."""
    operator = match.operator
    return DutyVisit.objects.create(
        number=f"T{DutyVisit.objects.count():05d}", operator=operator, official=match.official, match=match,
        tier=match.tier, quarter=Quarter.of(on).key, visited_on=on, recorded_at=recorded, province=operator.province,
        city=operator.city, county=operator.county, township=operator.township, village=operator.village,
    )  # fmt: skip


def test_completion_is_visited_of_in_force_and_due_is_the_rest_on_any_day(village):
    kept, ended, fresh = village.business(), village.business(), village.business("C")
    Match.objects.filter(pk=ended.pk).update(valid_to=date(2022, 11, 10), ended_at=NOW)
    Match.objects.filter(pk=fresh.pk).update(valid_from=date(2022, 11, 1))
    visited(kept, date(2022, 10, 20))
    visited(kept, date(2022, 10, 21))
    visited(ended, date(2022, 10, 25))
    told = {}

    for day in (date(2022, 10, 7), date(2022, 10, 10), date(2022, 10, 22), date(2022, 11, 5), DAY, date(2023, 1, 1)):
        found = total("1310", day)
        assert found.due == due_matches(Match.objects.all(), day).count()
        told[day] = (found.visited, found.in_force)

    assert list(told.values()) == [(0, 0), (0, 2), (1, 2), (2, 3), (1, 2), (0, 2)]


def test_coverage_is_grouped_by_area_tier_and_official_in_one_statement_each(village):
    village.business(), village.business("C"), matched(area="131002100201")
    visited(Match.objects.get(tier="C"), DAY)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        by_tier = coverage("1310", DAY, "tier")
    assert len(asked) == 1
    assert [(each.key, each.in_force, each.visited) for each in by_tier] == [("C", 1, 1), ("D", 2, 0)]
    assert [(each.key, each.in_force, each.visited) for each in coverage("1310", DAY, "county")] == [
        ("131002", 1, 0), ("131022", 2, 1),
    ]  # fmt: skip
    assert {each.key for each in coverage("131022", DAY, "official")} == {
        str(each.official_id) for each in Match.objects.filter(county="131022")
    }
    assert [each.in_force for each in coverage(VILLAGE, DAY)] == [2]


def test_one_reading_gives_every_grouping_and_how_far_an_earlier_day_was(village):
    kept, ended, fresh = village.business(), village.business(), village.business("C")
    Match.objects.filter(pk=ended.pk).update(valid_to=date(2022, 11, 10), ended_at=NOW)
    Match.objects.filter(pk=fresh.pk).update(valid_from=date(2022, 11, 1))
    matched(area="131002100201")
    for match, day in ((kept, date(2022, 10, 20)), (ended, date(2022, 10, 25)), (fresh, date(2022, 11, 12))):
        visited(match, day)
    groups, earlier = ("county", "tier", "official", ALL), date(2022, 11, 5)

    with CaptureQueriesContext(connection) as asked:
        found = coverages("1310", DAY, groups, before=earlier)

    assert len(asked) == 1
    assert found == {each: coverage("1310", DAY, each) for each in groups}
    assert {each.key: each.visited_before for each in found["tier"]} == {"C": 0, "D": 2}
    assert whole_of(found).visited_before == total("1310", earlier).visited == 2
    some = coverages("1310", DAY, groups, most=1)
    assert some["official"] == sorted(found["official"], key=lambda each: (-each.due, each.key))[:1]
    assert (some["county"], some["tier"], some[ALL]) == (found["county"], found["tier"], found[ALL])
    inner = coverages("131022", DAY, groups, before=earlier)
    assert inner["tier"] == [Coverage("C", 1, 1), Coverage("D", 1, 1)]
    assert whole_of(coverages("131003", DAY, groups)) == Coverage("", 0, 0)


def test_a_city_that_visits_twice_a_year_is_due_twice_a_year(village, monkeypatch):
    from dataclasses import replace

    from shian.domains.duties.queries import coverage as reads
    from shian.domains.duties.queries.visit_numbers import numbers_at

    relieved = replace(numbers_at(DAY), per_year={"A": 1, "B": 2, "C": 2, "D": 2})
    monkeypatch.setattr(reads, "numbers_at", lambda day: relieved)
    match = village.business()
    Match.objects.filter(pk=match.pk).update(valid_from=date(2022, 7, 1))
    visited(match, date(2022, 8, 1))

    assert total("1310", DAY).visited == 1
    assert total("1310", date(2023, 1, 2)).visited == 0


def test_a_closed_quarter_stays_as_it_stood_and_what_comes_later_is_late(village, time_machine):
    early, late = village.business(), village.business()
    sheet(early, village.user)
    after = datetime(2023, 1, 10, 3, 30, tzinfo=ZONE)
    time_machine.move_to(after - timedelta(days=1), tick=False)
    assert close_due_quarters(at=after - timedelta(days=1)) == 0

    time_machine.move_to(after, tick=False)
    written = close_due_quarters(at=after)
    assert written == 8  # city, county, township, village; each with and without the tier
    assert close_due_quarters(at=after) == 0
    sheet(late, village.user, at=datetime(2022, 12, 30, 9, 0, tzinfo=ZONE), received=after)

    assert DutyVisit.objects.get(match=late).is_late
    assert not DutyVisit.objects.get(match=early).is_late
    assert total("1310", date(2022, 12, 31)).visited == 2
    rows = QuarterFigure.objects.filter(tier="")
    assert {(each.area_key, each.in_force, each.visited, each.visits) for each in rows} == {
        (key, 2, 1, 1) for key in ("1310", "131022", "131022100", VILLAGE)
    }
    assert [each.action for each in entries_of(rows[0].subject)] == ["duties.quarter_closed"]


def test_a_history_brought_in_by_files_is_closed_quarter_by_quarter_where_somebody_was_visited(village):
    visited(village.business(), date(2022, 11, 1))
    Match.objects.update(valid_from=date(2022, 1, 1))
    visited(village.business(), date(2022, 4, 1))
    over = datetime(2023, 1, 15, 9, 0, tzinfo=ZONE)

    assert close_visited_quarters(city="1310", at=NOW) > 0
    assert set(QuarterFigure.objects.values_list("quarter", flat=True)) == {"2022Q2"}, "the fourth one runs"
    assert close_visited_quarters(city="1310", at=over) > 0
    assert close_visited_quarters(city="1310", at=over) == 0
    assert set(QuarterFigure.objects.values_list("quarter", flat=True)) == {"2022Q2", "2022Q4"}


def test_the_database_refuses_to_change_a_closed_quarter(village):
    village.business()
    close_quarter(quarter=Quarter(2022, 3), city="1310", by="test", at=NOW)
    assert not QuarterFigure.objects.exists()  # nobody answered for anything then
    after = datetime(2023, 1, 2, tzinfo=ZONE)
    close_quarter(quarter=Quarter(2022, 4), city="1310", by="test", at=after)

    for change in (QuarterFigure.objects.all().update, QuarterFigure.objects.all()._raw_delete):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            change(visited=0) if change.__name__ == "update" else change("default")


def test_a_quarter_that_runs_is_not_closed(village):
    with pytest.raises(DutyRefused, match="2022Q4"):
        close_quarter(quarter=Quarter(2022, 4), city="1310", by="test", at=NOW)
