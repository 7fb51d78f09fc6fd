"""Put right before the group left (F-07): judged by the times of the sheet, whenever it arrives."""

from datetime import datetime, timedelta

import pytest

from shian.domains.fieldchecks.actions.problems import correct_on_spot
from shian.domains.fieldchecks.models import FieldVisit, Finding
from shian.domains.fieldchecks.rules.visits import Moments, true_moment
from shian.domains.fieldchecks.tests.factories import make_operator, make_point
from shian.domains.fieldchecks.tests.visits import NOW, Crew, picture, sheet
from shian.engine.cases.actions import CaseRefused
from shian.engine.cases.models import Case, CaseEvent, CaseFile
from shian.engine.measures.queries import figure

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LATER = NOW + 3 * DAY  # the phone finds a network again


@pytest.mark.parametrize(
    ("put_right", "ended", "is_on_the_spot"),
    [(5, 9, True), (0, 0, True), (-1, 9, False), (9, 5, False), (5, 24 * 60, False)],
)
def test_what_was_put_right_between_finding_and_leaving_on_one_day_counts(
    put_right: int, ended: int, is_on_the_spot: bool
) -> None:
    moments = Moments(NOW, NOW + put_right * MINUTE, NOW + ended * MINUTE)
    assert moments.is_on_the_spot is is_on_the_spot


def test_the_known_error_of_a_clock_is_taken_off_and_nothing_comes_after_its_arrival() -> None:
    assert true_moment(NOW, 90, LATER) == NOW - timedelta(seconds=90)
    assert true_moment(NOW, None, LATER) == NOW
    assert true_moment(LATER + DAY, None, LATER) == LATER


def corrected(crew: Crew, after: datetime, *, clock: float | None = 120, arrives: datetime = LATER) -> Case:
    """The problem of item 2, photographed at NOW and again `after` by a phone whose clock is ahead."""
    visit = crew.sent_to(make_point("P1", operator=make_operator("OP1"), name="张记小吃"))[0]
    ahead = timedelta(seconds=clock or 0)
    sheet(
        visit, crew.lead, at=arrives, failed={"2": "fail"}, put_right=("2",), clock=clock,
        started=NOW + ahead, ended=NOW + 20 * MINUTE + ahead, taken={"photo": NOW + ahead, "after": after + ahead},
    )  # fmt: skip
    return Case.objects.get(type="field_problem")


@pytest.mark.django_db
def test_a_sheet_that_arrives_days_later_closes_what_its_photos_show_on_the_day_of_the_check(crew: Crew) -> None:
    problem = corrected(crew, NOW + 5 * MINUTE)

    assert (problem.state, problem.opened_on, problem.closed_at) == ("closed", NOW.date(), NOW + 5 * MINUTE)
    assert set(CaseFile.objects.filter(case=problem).values_list("kind", flat=True)) == {"before", "after"}
    note = CaseEvent.objects.get(case=problem, step="fix").note
    assert ("10:00:00" in note, "10:05:00" in note, "+120 秒" in note) == (True, True, True)
    assert figure("field_problems.at_once", area="131000", as_of=NOW.date()).value == 1


@pytest.mark.django_db
@pytest.mark.parametrize("after", [NOW + DAY, NOW - MINUTE, NOW + 25 * MINUTE])
def test_a_photo_from_another_time_leaves_the_problem_open_on_the_day_it_was_found(crew: Crew, after: datetime) -> None:
    problem = corrected(crew, after)

    assert (problem.state, problem.opened_on) == ("found", NOW.date())
    with pytest.raises(CaseRefused, match="登记当天"):
        correct_on_spot(problem=problem, after=picture(), before=None, note="", by=crew.lead, at=LATER)


@pytest.mark.django_db
def test_an_unknown_clock_is_told(crew: Crew) -> None:
    problem = corrected(crew, NOW + 5 * MINUTE, clock=None)

    assert "未知" in CaseEvent.objects.get(case=problem, step="fix").note
    finding = Finding.objects.get(problem=problem)
    assert (finding.found_at, finding.put_right_at) == (NOW, NOW + 5 * MINUTE)


@pytest.mark.django_db
def test_a_check_begins_before_it_ends_whatever_the_clock_of_the_phone_says(crew: Crew) -> None:
    corrected(crew, NOW + 5 * MINUTE, clock=7200)

    visit = FieldVisit.objects.get()
    assert (visit.started_at, visit.ended_at) == (NOW, NOW + 20 * MINUTE)
    assert visit.arrived_at == NOW
