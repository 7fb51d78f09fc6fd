"""What checks find: put right on the spot, ordered, re-checked by another, filed as a case, looked at again."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from shian.domains.fieldchecks.actions.problems import correct_on_spot, propose_filing, propose_overdue_filings
from shian.domains.fieldchecks.actions.refusals import CheckRefused
from shian.domains.fieldchecks.queries.problems import overdue_orders, relapse_rate, revisits_due
from shian.domains.fieldchecks.tests.factories import make_operator, make_point
from shian.domains.fieldchecks.tests.visits import NOW, Crew, picture, sheet
from shian.engine.cases.actions import CaseRefused, Evidence, Given, move_case
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case, CaseFile
from shian.engine.measures.queries import figure
from shian.kernel.files.actions import store_file
from shian.kernel.scope.models import OutOfReach

pytestmark = pytest.mark.django_db


@pytest.fixture
def problem(crew: Crew) -> Case:
    visit = crew.sent_to(make_point("P1", operator=make_operator("OP1"), name="张记小吃"))[0]
    sheet(visit, crew.lead, failed={"2": "fail"})
    return Case.objects.get(type="field_problem")


def took(case: Case, step: str, by: Any, at: datetime = NOW, **given: Any) -> None:
    declared = case_type(case.type)
    move_case(declared=declared, case=case, step=declared.step(step), seen=case.version, given=Given(**given), by=by,
              at=at)  # fmt: skip


def photo(kind: str = "after", at: datetime = NOW) -> Evidence:
    return Evidence(store_file(name="a.png", stream=picture(), kinds=("png",), by="x", at=at), "a.png", kind)


def ordered(problem: Case, crew: Crew, days: int = 10) -> None:
    took(problem, "order", crew.lead, unit=crew.station_unit, due_on=NOW.date() + timedelta(days=days),
         data={"order_no": "责改〔2022〕1号"})  # fmt: skip


def answered(problem: Case, crew: Crew, at: datetime = NOW) -> None:
    took(problem, "answer", crew.station, at, note="已整改", files=[photo(at=at)])


def test_what_is_put_right_before_the_group_leaves_is_closed_that_day_with_both_photos(
    crew: Crew, problem: Case
) -> None:
    with pytest.raises(OutOfReach):
        correct_on_spot(problem=problem, after=picture(), before=None, note="", by=crew.station, at=NOW)
    correct_on_spot(problem=problem, after=picture(), before=None, note="已清洗", by=crew.second, at=NOW)

    closed = Case.objects.get(pk=problem.pk)
    assert (closed.state, closed.opened_on, closed.closed_at) == ("closed", NOW.date(), NOW)
    assert set(CaseFile.objects.filter(case=closed).values_list("kind", flat=True)) == {"before", "after"}
    with pytest.raises(CheckRefused):
        correct_on_spot(problem=closed, after=picture(), before=None, note="", by=crew.lead, at=NOW)


def test_a_day_later_only_an_order_remains(crew: Crew, problem: Case) -> None:
    with pytest.raises(CaseRefused, match="登记当天"):
        correct_on_spot(problem=problem, after=picture(), before=None, note="", by=crew.lead,
                        at=NOW + timedelta(days=1))  # fmt: skip
    assert Case.objects.get(pk=problem.pk).state == "found"


def test_who_answers_an_order_does_not_re_check_it(crew: Crew, problem: Case) -> None:
    Case.objects.filter(pk=problem.pk).update(verifier=crew.station_unit)
    problem.refresh_from_db()
    ordered(problem, crew)
    with pytest.raises(CaseRefused):
        took(problem, "answer", crew.station, note="已整改")  # no photo of the state after
    answered(problem, crew)
    with pytest.raises(CaseRefused, match="另一人"):
        took(problem, "close", crew.station)
    took(problem, "close", crew.clerk)

    assert Case.objects.get(pk=problem.pk).state == "closed"


def test_a_bad_re_check_begins_a_round_in_which_old_photos_close_nothing(crew: Crew, problem: Case) -> None:
    ordered(problem, crew)
    answered(problem, crew)
    took(problem, "return", crew.lead, note="仍不合格", due_on=NOW.date() + timedelta(days=5))
    with pytest.raises(CaseRefused):
        took(problem, "answer", crew.station, note="又改了")
    assert Case.objects.get(pk=problem.pk).round == 2


def test_an_order_past_its_day_proposes_a_case_once_and_the_problem_waits_for_it(
    crew: Crew, problem: Case, time_machine: Any
) -> None:
    ordered(problem, crew)
    assert not overdue_orders(NOW.date() + timedelta(days=10)).exists()  # the last day itself is in time
    late = NOW + timedelta(days=11)
    time_machine.move_to(late)
    (filing,) = propose_overdue_filings(at=late)
    assert propose_overdue_filings(at=late) == []
    assert (filing.parent_id, filing.data["grounds"], filing.unit_id) == (problem.pk, "逾期未改", "131022-SAMR")

    answered(problem, crew, late)
    with pytest.raises(CaseRefused, match="下级事项"):
        took(problem, "close", crew.lead, late)
    took(filing, "file", crew.county, late, data={"case_no": "固市监立〔2022〕5号", "violation": "逾期不改正"})
    took(filing, "decide", crew.county, late, data={"decision_no": "固市监罚〔2022〕5号", "fine": 5000})
    took(problem, "close", crew.lead, late)

    assert Case.objects.get(pk=problem.pk).state == "closed"
    day = late.date()
    assert figure("field_filings.filed", area="131000", as_of=day).value == 1
    assert figure("field_filings.fines", area="131000", as_of=day).value == pytest.approx(0.5)
    assert figure("field_problems.in_time_rate", area="131000", as_of=day).value == 0  # answered a day late


def test_a_case_is_proposed_by_whoever_sees_the_problem_one_at_a_time(crew: Crew, problem: Case) -> None:
    with pytest.raises(OutOfReach):
        propose_filing(problem=problem, reason="性质严重", by=crew.visitor, at=NOW)
    filing = propose_filing(problem=problem, reason="性质严重", by=crew.lead, at=NOW)
    with pytest.raises(CheckRefused, match="未办结的案件"):
        propose_filing(problem=problem, reason="性质严重", by=crew.lead, at=NOW)
    with pytest.raises(CaseRefused, match="下级事项"):
        correct_on_spot(problem=problem, after=picture(), before=None, note="", by=crew.lead, at=NOW)
    took(filing, "decline", crew.county, note="情节轻微")
    correct_on_spot(problem=problem, after=picture(), before=None, note="", by=crew.lead, at=NOW)
    with pytest.raises(CheckRefused, match="已经销号"):
        propose_filing(problem=problem, reason="性质严重", by=crew.lead, at=NOW)
    reviewer = crew.visitor
    reviewer.role = "reviewer"
    with pytest.raises(PermissionDenied):
        propose_filing(problem=problem, reason="性质严重", by=reviewer, at=NOW)


def test_a_relapse_reopens_the_same_number_and_counts(crew: Crew, problem: Case, time_machine: Any) -> None:
    correct_on_spot(problem=problem, after=picture(), before=None, note="", by=crew.lead, at=NOW)
    (due,) = revisits_due(crew.lead, NOW.date())
    assert due.due_on == NOW.date() + timedelta(days=60)  # 较重
    later = NOW + timedelta(days=61)
    time_machine.move_to(later)
    problem.refresh_from_db()
    took(problem, "stable", crew.lead, later, note="保持良好", data={"revisited_on": later.date().isoformat()})
    assert Case.objects.get(pk=problem.pk).state == "closed"
    assert revisits_due(crew.lead, later.date()) == []
    assert figure("field_problems.relapse_rate", area="131000", as_of=later.date()).value == 0

    again = later + timedelta(days=1)
    time_machine.move_to(again)
    took(problem, "relapse", crew.lead, again, note="又生熟混放", files=[photo("before", again)],
         unit=crew.station_unit, due_on=again.date() + timedelta(days=7),
         data={"revisited_on": again.date().isoformat(), "order_no": "责改〔2023〕2号"})  # fmt: skip

    reopened = Case.objects.get(pk=problem.pk)
    assert (reopened.number, reopened.state, reopened.reopened) == (problem.number, "ordered", 1)
    assert (relapse_rate(crew.lead).revisited, relapse_rate(crew.lead).relapsed) == (1, 1)
    assert figure("field_problems.relapse_rate", area="131000", as_of=again.date()).value == 100


def test_figures_part_what_was_put_right_at_once_from_what_was_ordered(crew: Crew) -> None:
    visits = crew.sent_to(make_point("P1"), make_point("P2"))
    for visit in visits:
        sheet(visit, crew.lead, failed={"2": "fail"})
    first, second = Case.objects.filter(type="field_problem").order_by("pk")
    correct_on_spot(problem=first, after=picture(), before=None, note="", by=crew.lead, at=NOW)
    ordered(second, crew)

    day = NOW.date()

    def value(key: str) -> Any:
        return figure(key, area="131022", as_of=day).value

    assert [value(f"field_problems.{key}") for key in ("found", "at_once", "by_order", "open")] == [2, 1, 1, 1]
    assert value("field_problems.close_out_rate") == 50
    assert [value(f"field_visits.{key}") for key in ("visits", "points", "formats")] == [2, 2, 1]
    assert (value("field_visits.passed_rate"), value("field_visits.mean")) == (0, 88)


def test_a_format_answers_for_the_items_of_the_standard_that_it_belongs_to(crew: Crew) -> None:
    first, second = crew.sent_to(make_point("P1"), make_point("P2"))
    sheet(first, crew.lead)
    sheet(second, crew.lead, failed={"2": "fail"})

    day = NOW.date()
    assert figure("field_visits.small_rate", area="131022", as_of=day).value == 50
    assert figure("field_visits.catering_rate", area="131022", as_of=day).value == 50
    assert figure("field_visits.schools_rate", area="131022", as_of=day).value is None
