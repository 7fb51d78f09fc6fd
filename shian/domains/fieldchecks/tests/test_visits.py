"""The overt way: assigned, reached, checked by the sheet, signed, filed; refused while anything is missing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from shian.domains.fieldchecks.actions.refusals import CheckRefused
from shian.domains.fieldchecks.actions.sheets import take_sheet
from shian.domains.fieldchecks.actions.visits import (
    Errand,
    Spot,
    Team,
    arrive,
    assign_visits,
    close_visit,
    give_up,
    join_visit,
    sign_visit,
)
from shian.domains.fieldchecks.models import FieldPoint, FieldVisit, Finding
from shian.domains.fieldchecks.queries.visits import assignment_key
from shian.domains.fieldchecks.tests.factories import make_operator, make_point
from shian.domains.fieldchecks.tests.visits import NOW, Crew, picture, sheet
from shian.engine.cases.models import Case
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(crew: Crew) -> FieldVisit:
    point = make_point("P1", operator=make_operator("OP1"), name="张记小吃")
    return crew.sent_to(point)[0]


def fresh(visit: FieldVisit) -> FieldVisit:
    return FieldVisit.objects.get(pk=visit.pk)


def test_a_whole_sheet_files_the_visit_in_the_same_transaction(crew: Crew, visit: FieldVisit) -> None:
    arrive(visit=visit, spot=Spot(39.4, 116.3, 8), by=crew.lead, at=NOW)
    assert fresh(visit).state == "arrived"
    found = sheet(visit, crew.lead, at=NOW + timedelta(minutes=40), failed={"2": "fail", "7": "part"})

    filed = fresh(visit)
    assert (filed.state, filed.submission_id, filed.verdict) == ("uploaded", found.pk, "failed")  # a key item
    assert filed.percent == found.percent == Decimal("82.00")  # 12 and half of 12 of 100 lost
    assert (filed.lat, filed.accuracy, filed.opinion) == (39.4, 12, "保持生熟分开")
    assert None not in (filed.operator_signature_id, filed.team_signature_id, filed.signed_at)
    assert [each.severity for each in Finding.objects.filter(visit=visit)] == ["较重", "一般"]
    problems = Case.objects.filter(type="field_problem").order_by("pk")
    assert [(each.state, each.operator_code, each.unit_id) for each in problems] == [
        ("found", "OP1", "131022100-ST"), ("found", "OP1", "131022100-ST")
    ]  # fmt: skip
    assert [each.action for each in Entry.objects.filter(subject=visit.subject).order_by("pk")] == [
        "fieldchecks.visit_assigned", "fieldchecks.visit_reached", "fieldchecks.visit_checked",
        "fieldchecks.visit_filed",
    ]  # fmt: skip


@pytest.mark.parametrize(("failed", "ready_on", "state"), [
    ({"2": "fail"}, date(2022, 10, 20), "checked"),  # a key item
    ({"7": "part"}, date(2022, 10, 20), "ready"),
    ({"2": "fail"}, date(2022, 11, 25), "ready"),  # said after the day of the check
])  # fmt: skip
def test_a_ready_point_that_fails_is_ready_no_more(
    crew: Crew, failed: dict[str, str], ready_on: date, state: str
) -> None:
    point = make_point("P1", operator=make_operator("OP1"), state="ready", ready_on=ready_on)

    sheet(crew.sent_to(point)[0], crew.lead, failed=failed)

    point.refresh_from_db()
    assert point.state == state
    assert point.ready_on == (ready_on if state == "ready" else None)


def test_the_same_sheet_again_changes_nothing(crew: Crew, visit: FieldVisit) -> None:
    found = sheet(visit, crew.lead, failed={"2": "fail"})
    before = vars(fresh(visit)) | {"_state": None}
    for other in (visit, crew.sent_to(visit.point)[0]):  # nor for the next visit, which waits for another sheet
        key = assignment_key(other)
        assert take_sheet(submission=found.pk, user=crew.lead.pk, form=visit.form, key=key, at=NOW) is None
    sheet(visit, crew.second, failed={"3": "fail"})  # a second sheet for the same visit stays a sheet

    assert vars(fresh(visit)) | {"_state": None} == before
    assert Case.objects.filter(type="field_problem").count() == 1


def test_a_phone_that_names_only_the_operator_finds_its_visit_and_a_strangers_sheet_finds_none(
    crew: Crew, visit: FieldVisit
) -> None:
    sheet(visit, crew.county, assigned=False)  # of the operator's county, yet not sent there
    assert fresh(visit).state == "assigned"
    sheet(visit, crew.county)  # nor by the key of somebody else's assignment
    assert fresh(visit).state == "assigned"

    sheet(visit, crew.second, assigned=False)
    assert fresh(visit).state == "uploaded"


def test_closing_names_everything_that_is_missing(crew: Crew) -> None:
    point = make_point("P1", operator=make_operator("OP1"))
    visit = crew.sent_to(point)[0]
    with pytest.raises(CheckRefused) as refused:
        close_visit(visit=visit, by=crew.lead, at=NOW)
    for word in ("打分", "现场位置", "经营者签名", "检查人员签名"):
        assert word in str(refused.value)
    assert "另一名检查人员" not in str(refused.value)
    assert fresh(visit).state == "assigned"


def test_a_sheet_without_signatures_waits_for_both_and_for_the_second_member(crew: Crew, visit: FieldVisit) -> None:
    found = sheet(visit, crew.lead)
    FieldVisit.objects.filter(pk=visit.pk).update(
        state="checked", operator_signature=None, team_signature=None, signed_at=None, uploaded_at=None, second=None,
        second_name="",
    )  # fmt: skip
    assert found.pk == fresh(visit).submission_id
    with pytest.raises(CheckRefused, match="另一名检查人员、经营者签名、检查人员签名"):
        close_visit(visit=visit, by=crew.lead, at=NOW)

    join_visit(visit=visit, second=crew.second, by=crew.lead, at=NOW)
    assert sign_visit(visit=visit, operator=picture(), team=None, by=crew.lead, at=NOW).state == "checked"
    assert sign_visit(visit=visit, operator=None, team=picture(), by=crew.lead, at=NOW).state == "signed"
    assert close_visit(visit=visit, by=crew.lead, at=NOW).state == "uploaded"
    assert close_visit(visit=visit, by=crew.lead, at=NOW).uploaded_at == NOW  # again: nothing


def test_the_database_closes_no_visit_without_place_and_signatures(visit: FieldVisit) -> None:
    with pytest.raises(IntegrityError, match="fieldchecks_visit_closed_is_whole"), transaction.atomic():
        FieldVisit.objects.filter(pk=visit.pk).update(
            state="uploaded", visited_on=NOW.date(), percent=90, verdict="excellent"
        )


def test_two_people_go_openly_and_one_may_go_covertly(crew: Crew) -> None:
    open_point, covert_point = make_point("P1"), make_point("C1", "covert")
    with pytest.raises(CheckRefused, match="两人"):
        crew.sent_to(open_point, second=None)
    with pytest.raises(CheckRefused, match="两人"):
        crew.sent_to(open_point, second=crew.lead)
    assert crew.sent_to(covert_point, second=None)[0].second_id is None


def test_who_may_send_whom(crew: Crew) -> None:
    errand = Errand([(make_point("P1"), "open_M19")])
    with pytest.raises(PermissionDenied):
        assign_visits(errand=errand, team=Team(crew.issuer, crew.lead, crew.second), by=crew.station, at=NOW)
    with pytest.raises(OutOfReach):
        assign_visits(errand=errand, team=Team(crew.issuer, crew.lead, crew.second), by=crew.county, at=NOW)
    with pytest.raises(CheckRefused, match="打分表"):
        assign_visits(errand=Errand([(FieldPoint.objects.get(), "")]),
                      team=Team(crew.issuer, crew.lead, crew.second), by=crew.lead, at=NOW)  # fmt: skip


def test_nobody_but_the_team_and_its_unit_works_on_a_visit(crew: Crew, visit: FieldVisit) -> None:
    with pytest.raises(OutOfReach):
        arrive(visit=visit, spot=Spot(39, 116), by=crew.county, at=NOW)
    with pytest.raises(OutOfReach):
        close_visit(visit=visit, by=crew.station, at=NOW)
    with pytest.raises(CheckRefused):
        arrive(visit=visit, spot=Spot(99, 116), by=crew.lead, at=NOW)


def test_a_closed_site_is_replaced_or_counts_with_nothing(crew: Crew, visit: FieldVisit) -> None:
    with pytest.raises(CheckRefused):
        give_up(visit=visit, reason=" ", is_replaced=True, by=crew.lead, at=NOW)
    assert give_up(visit=visit, reason="关门", is_replaced=True, by=crew.lead, at=NOW).percent is None
    other = crew.sent_to(make_point("P2"))[0]
    refused = give_up(visit=other, reason="拒绝检查", is_replaced=False, by=crew.lead, at=NOW)
    assert (refused.percent, refused.verdict, refused.visited_on) == (0, "failed", NOW.date())
    with pytest.raises(CheckRefused):
        give_up(visit=refused, reason="x", is_replaced=True, by=crew.lead, at=NOW)


def test_a_checked_point_has_its_check_record(crew: Crew) -> None:
    point = make_point("P3", state="listed", prepared_on=None, checked_on=None, ready_on=None)
    sheet(crew.sent_to(point)[0], crew.lead)
    point.refresh_from_db()
    assert (point.state, point.checked_on) == ("checked", NOW.date())
