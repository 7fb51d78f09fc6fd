"""Self-check reports (A-26): on the day after the last one the county sees who is late; the merged one quotes each."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from shian.domains.campaign.actions.selfchecks import ask_self_checks
from shian.domains.campaign.queries.selfchecks import merged_report
from shian.domains.campaign.tests.factories import make_areas
from shian.domains.campaign.tests.loops import photo, took
from shian.engine.cases.actions import CaseRefused
from shian.engine.cases.models import Case
from shian.engine.cases.tables import case_url
from shian.engine.cases.tests.cast import Cast
from shian.kernel.accounts.models import Role, User
from shian.registers.people.tests.factories import OrganisationFactory, PersonFactory, PostFactory

pytestmark = pytest.mark.django_db
AT = datetime(2023, 10, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DUE, MERGED = date(2023, 11, 10), date(2023, 12, 29)
TOWNS = ("131022100", "131022101", "131022102")


@pytest.fixture
def cast() -> Cast:
    make_areas()
    for key in TOWNS:
        OrganisationFactory(code=f"{key}-TOWN", area_code=key, department_code="TOWN", name=f"{key}政府")
    return Cast()


@pytest.fixture
def merged(cast: Cast) -> Case:
    return ask_self_checks(
        issuer=cast.county, period="2023 年", due_on=DUE, merged_due_on=MERGED, by=cast.regulator, at=AT
    )


def report(cast: Cast, merged: Case, place: int, at: datetime, found: int) -> Case:
    case = Case.objects.filter(parent=merged).order_by("unit")[place]
    told = {"operators_checked": 100, "problems_found": found, "problems_fixed": found - 1, "signed_by": "镇长"}
    took(case, "submit", "town", at, note="已自查", files=[photo(at=at)], data=told)
    return case


def test_every_township_is_asked_and_the_merged_report_is_the_countys(cast: Cast, merged: Case) -> None:
    asked = Case.objects.filter(parent=merged)

    assert (merged.unit_id, merged.due_on) == (cast.county.code, MERGED)
    assert [each.unit_id for each in asked.order_by("unit")] == [f"{key}-TOWN" for key in TOWNS]
    assert {each.due_on for each in asked} == {DUE}


def test_on_the_day_after_the_county_sees_who_is_late(cast: Cast, merged: Case) -> None:
    report(cast, merged, 0, AT + timedelta(days=9), 5)

    on_time = merged_report(merged, cast.regulator, DUE)
    after = merged_report(merged, cast.regulator, date(2023, 11, 11))

    assert on_time.late == []
    assert [each.case.unit_id for each in after.late] == ["131022101-TOWN", "131022102-TOWN"]
    assert {each.late_days for each in after.late} == {1}


def test_the_merged_report_quotes_each_unit_with_the_link_to_its_own(cast: Cast, merged: Case, client: Client) -> None:
    own = [report(cast, merged, place, AT + timedelta(days=9), found) for place, found in ((0, 37), (1, 14))]
    client.force_login(cast.regulator)

    shown = client.get(reverse("cases:case_detail", args=[merged.pk]), {"tab": "reports"}).content.decode()

    for case in own:
        assert case_url(case) in shown
    for number in ("37", "14", "51", "49"):
        assert f">{number}<" in shown
    assert "逾期未报：131022102政府" in shown


def test_the_merged_report_waits_for_its_parts(cast: Cast, merged: Case) -> None:
    took(merged, "submit", "county", AT + timedelta(days=9), note="汇总", files=[photo(at=AT)],
         data={"operators_checked": 1, "problems_found": 1, "problems_fixed": 1, "signed_by": "县长"})  # fmt: skip

    with pytest.raises(CaseRefused, match="下级事项"):
        took(merged, "accept", "office", AT + timedelta(days=10))


def test_a_county_answers_the_citys_request_with_the_reports_of_its_townships(cast: Cast, client: Client) -> None:
    bureau = OrganisationFactory(code="131023-SAMR", area_code="131023", department_code="SAMR")
    OrganisationFactory(code="131023100-TOWN", area_code="131023100", department_code="TOWN", name="永清镇政府")
    user = User.objects.create(username="yongqing", role=Role.COUNTY)
    PostFactory(person=PersonFactory(user=user), organisation=bureau, area_code="131023")
    city = OrganisationFactory(code="1310-CAMPO", area_code="131000")
    PostFactory(person=PersonFactory(user=User.objects.create(username="campo", role=Role.OFFICE)), organisation=city,
                area_code="131000")  # fmt: skip
    whole = ask_self_checks(issuer=city, period="2023 年", due_on=MERGED, merged_due_on=MERGED, by="test", at=AT)
    own = Case.objects.get(parent=whole, unit=bureau)

    with pytest.raises(CaseRefused, match="承办汇总"):
        ask_self_checks(issuer=cast.county, period="x", due_on=DUE, merged_due_on=DUE, by="test", at=AT, merged=own)
    ask_self_checks(issuer=bureau, period="2023 年", due_on=DUE, merged_due_on=MERGED, by=user, at=AT, merged=own)

    assert [each.unit_id for each in Case.objects.filter(parent=own)] == ["131023100-TOWN"]


def test_a_station_asks_nobody(client: Client, cast: Cast) -> None:
    user = User.objects.create(username="station", role=Role.STATION)
    client.force_login(user)

    assert client.get(reverse("campaign:selfcheck_create")).status_code == 403
