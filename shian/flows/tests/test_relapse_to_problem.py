"""Keeping (A-39): a failed check takes "ready" away and lists a problem; closing that one gives it back."""

from datetime import date

import pytest

from shian.domains.campaign.tests.loops import AT, opened, photo, took
from shian.domains.fieldchecks.tests.factories import make_operator, make_point
from shian.engine.cases.actions import merge_case
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.cases.tests.cast import Cast
from shian.kernel.notary.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def kept(cast: Cast) -> Case:
    data = {"place": "固安县第一小学食堂", "passed_on": "2022-10-20"}
    return opened(cast, "keeping", data=data, item_code="1.7.4", title="第一小学食堂保持达标")


def relapse(cast: Cast, kept: Case) -> Case:
    took(kept, "relapse", cast.officer, note="留样不足", data={"checked_on": "2023-03-06"})
    return Case.objects.get(parent=kept, is_open=True)


def test_a_failed_check_takes_ready_away_and_returns_to_the_problem_list(cast: Cast, kept: Case) -> None:
    assert kept.state == "ready"

    problem = relapse(cast, kept)

    assert Case.objects.get(pk=kept.pk).state == "relapsed"
    assert (problem.type, problem.source, problem.state) == ("problem", "relapse", "listed")
    assert (problem.item_code, problem.body, problem.data["place"]) == ("1.7.4", "留样不足", "固安县第一小学食堂")


def test_the_points_of_the_operator_are_ready_no_more(cast: Cast) -> None:
    """The register of points and the case say the same; another operator's point stays as it is."""
    failed, other = make_operator("OP-1"), make_operator("OP-2")
    days = {"checked_on": date(2022, 10, 1), "ready_on": date(2022, 10, 20)}
    points = [
        make_point("P-1", operator=failed, state="ready", **days),
        make_point("P-2", mode="covert", operator=failed, state="ready", **days),
        make_point("P-3", operator=other, state="ready", **days),
        make_point("P-4", mode="covert", operator=other, state="ready", **days),
    ]
    kept = opened(cast, "keeping", data={"place": "某店", "passed_on": "2022-10-20"}, operator_code="OP-1")

    took(kept, "relapse", cast.officer, note="台账缺页", data={"checked_on": "2023-03-06"})

    for point in points:
        point.refresh_from_db()
    assert [each.state for each in points] == ["checked", "checked", "ready", "ready"]
    assert [each.ready_on for each in points[:2]] == [None, None]
    sealed = Entry.objects.get(subject=points[0].subject)
    assert sealed.action == "fieldchecks.point_advanced"
    assert kept.number in str(sealed.data)


def test_a_good_check_keeps_it_ready_and_opens_nothing(cast: Cast, kept: Case) -> None:
    due = kept.due_on
    took(kept, "keep", cast.officer, note="合格", data={"checked_on": "2023-03-06"})

    assert Case.objects.get(pk=kept.pk).state == "ready"
    assert kept.due_on == due
    assert not Case.objects.filter(parent=kept).exists()


def test_closing_the_problem_restores_what_passed(cast: Cast, kept: Case) -> None:
    problem = relapse(cast, kept)
    took(problem, "assign", "test", unit=cast.bureau, due_on=problem.opened_on)
    took(problem, "submit", cast.officer, note="已改", files=[photo()], data={"measures": "重新留样"})
    assert Case.objects.get(pk=kept.pk).state == "relapsed"

    took(problem, "close", cast.office)

    assert Case.objects.get(pk=kept.pk).state == "ready"


def test_a_problem_that_went_into_another_waits_for_that_one(cast: Cast, kept: Case) -> None:
    problem = relapse(cast, kept)
    other = opened(cast, "problem", data={"severity": "一般"})
    merge_case(declared=case_type("problem"), case=problem, seen=problem.version, into=other, reason="同一处",
               by=cast.office, at=AT)  # fmt: skip
    assert Case.objects.get(pk=kept.pk).state == "relapsed"

    took(other, "dismiss", cast.office, note="已改")

    assert Case.objects.get(pk=kept.pk).state == "ready"


def test_a_number_that_a_file_brought_for_another_place_is_passed_over(cast: Cast, kept: Case) -> None:
    first = opened(cast, "problem", data={"severity": "一般"}, area_key="131002")
    Case.objects.filter(pk=first.pk).update(number="WT2023-131022-1")

    assert relapse(cast, kept).number == "WT2023-131022-2"
