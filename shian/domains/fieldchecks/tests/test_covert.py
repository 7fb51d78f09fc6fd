"""Covert visits: hidden from whoever is checked, on every page and in every file, until they are released."""

import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from shian.domains.fieldchecks.actions.refusals import CheckRefused
from shian.domains.fieldchecks.actions.visits import give_up, release_visit
from shian.domains.fieldchecks.models import FieldPoint, FieldVisit, Finding
from shian.domains.fieldchecks.tests.factories import make_operator, make_point
from shian.domains.fieldchecks.tests.visits import NOW, Crew, account, sheet
from shian.engine.cases.models import Case
from shian.engine.forms.models import FormSubmission
from shian.kernel.accounts.models import Role, User
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.walls import Bounds, bounded_by
from shian.registers.people.tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
DIFFERS = re.compile(r"\b[A-Za-z0-9]{64}\b")  # tokens against forged requests
SKIPPED = re.compile(
    r"^(static|accounts:mail_closed|account_|mfa_|socialaccount|openid|gallery|docs|notary:|operation:|api:|trace:)"
)


@pytest.fixture
def visit(crew: Crew) -> FieldVisit:
    """A covert visit of an operator in 固安 by somebody of another county."""
    point = make_point("C1", "covert", operator=make_operator("OP9"), name="夜市小馆")
    return crew.sent_to(point, lead=crew.visitor, second=None)[0]


def fresh(visit: FieldVisit) -> FieldVisit:
    return FieldVisit.objects.get(pk=visit.pk)


def addresses() -> list[str]:
    """Every address without arguments that a page, an export or a search has."""
    found = []

    def walk(patterns: Any, space: str) -> None:
        for each in patterns:
            if isinstance(each, URLPattern):
                name = f"{space}{each.name}"
                if each.name and not each.pattern.regex.groups and not SKIPPED.match(name):
                    found.append(reverse(name))
            else:
                walk(each.url_patterns, f"{space}{each.namespace}:" if each.namespace else space)

    walk(get_resolver().url_patterns, "")
    return sorted(set(found))


def read(client: Client, address: str) -> str:
    """What is read there, without what differs from one reading to the next."""
    answer = client.get(address)
    if answer.status_code != 200:
        return str(answer.status_code)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body.startswith(b"PK"):
        return "a workbook"
    text = body.decode("utf-8", "replace")
    return DIFFERS.sub("", text)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def of_records(visit: FieldVisit) -> list[str]:
    """Pages of the records that the visit touches, its own exports and searches, the public page's neighbours."""
    return [
        reverse("fieldchecks:field_visit_list") + "?standing=",
        reverse("fieldchecks:field_visit_export") + "?format=csv&standing=",
        reverse("fieldchecks:field_point_list") + "?q=夜市",
        reverse("fieldchecks:field_point_detail", args=[visit.point_id]),
        reverse("census:operator_detail", args=["OP9"]),
        reverse("census:operator_detail", args=["OP9"]) + "?tab=cases",
        reverse("census:operator_detail", args=["OP9"]) + "?tab=points",
        reverse("fieldchecks:field_visit_detail", args=[visit.pk]),
        reverse("figures:figure_detail", args=["field_visits.covert"]) + "?area=131022",
        reverse("cases:type_list", args=["field_problem"]) + "?whose=all",
    ]


def test_until_its_release_nobody_who_is_checked_finds_it_anywhere(crew: Crew) -> None:
    operator = make_operator("OP9", name="夜市小馆")
    point = make_point("C1", "covert", operator=operator, name="夜市小馆")
    watched = {user.username: signed_in(user) for user in (crew.county, crew.station)}
    every = addresses()
    assert len(every) > 100
    probe = FieldVisit(pk=0, point=point)
    before = {(name, at): read(who, at) for name, who in watched.items() for at in [*every, *of_records(probe)]}

    visit = crew.sent_to(point, lead=crew.visitor, second=None)[0]
    sheet(visit, crew.visitor, failed={"2": "fail"})
    assert fresh(visit).state == "scored"
    moved = dict(zip(of_records(probe), of_records(visit), strict=True))
    after = {(name, at): read(watched[name], moved.get(at, at)) for name, at in before}

    assert [key for key in before if before[key] != after[key]] == []

    release_visit(visit=fresh(visit), by=crew.lead, at=NOW)
    told = reverse("fieldchecks:field_visit_list") + "?standing="
    for who in watched.values():
        assert "夜市小馆" in read(who, told)
        assert "夜市小馆" in read(who, reverse("fieldchecks:field_visit_detail", args=[visit.pk]))
        assert "夜市小馆" in read(who, reverse("cases:type_list", args=["field_problem"]) + "?whose=all")


def test_the_visitor_and_the_unit_that_sent_them_see_it(crew: Crew, visit: FieldVisit) -> None:
    seen = {
        name: FieldVisit.objects.visible_to(getattr(crew, name)).filter(pk=visit.pk).exists()
        for name in ("lead", "second", "visitor", "county", "station", "clerk")
    }
    assert seen == {"lead": True, "second": True, "visitor": True, "county": False, "station": False, "clerk": False}


def test_the_visitors_page_opens_also_where_the_point_is_none_of_their_area(crew: Crew, visit: FieldVisit) -> None:
    assert "夜市小馆" in read(signed_in(crew.visitor), reverse("fieldchecks:field_visit_detail", args=[visit.pk]))
    assert "夜市小馆" in read(signed_in(crew.visitor), reverse("fieldchecks:field_visit_list"))


def test_the_database_says_the_same(crew: Crew, visit: FieldVisit) -> None:
    sheet(visit, crew.visitor, failed={"2": "fail"})

    def rows(user: User) -> tuple[int, int]:
        with bounded_by(lambda: Bounds(user=user.pk, reach=reach_of(user))), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM fieldchecks_fieldvisit")
            visits = cursor.fetchone()[0]
            cursor.execute("SELECT count(*) FROM fieldchecks_finding")
            return visits, cursor.fetchone()[0]

    hidden = {"county": (0, 0), "station": (0, 0), "lead": (1, 1), "visitor": (1, 1)}
    assert {name: rows(getattr(crew, name)) for name in hidden} == hidden
    release_visit(visit=fresh(visit), by=crew.lead, at=NOW)
    assert rows(crew.county) == (1, 1)


def test_before_the_release_there_is_no_problem_no_checked_point_and_no_telling_seal(
    crew: Crew, visit: FieldVisit
) -> None:
    sheet(visit, crew.visitor, failed={"2": "fail"})
    assert Finding.objects.filter(visit=visit).count() == 1
    assert not Case.objects.filter(type="field_problem").exists()
    for entry in Entry.objects.filter(subject=visit.subject):
        assert entry.data == {}
    with pytest.raises(CheckRefused):
        release_visit(visit=crew.sent_to(make_point("C2", "covert"))[0], by=crew.lead, at=NOW)
    with pytest.raises(OutOfReach):
        release_visit(visit=visit, by=crew.county, at=NOW)
    with pytest.raises(PermissionDenied):
        release_visit(visit=visit, by=crew.visitor, at=NOW)

    release_visit(visit=visit, by=crew.lead, at=NOW)
    again = release_visit(visit=visit, by=crew.lead, at=NOW)
    assert (again.state, again.released_by) == ("released", "lead")
    (problem,) = Case.objects.filter(type="field_problem")
    assert (problem.source, problem.unit_id) == ("covert", "131022100-ST")
    assert FormSubmission.objects.get(pk=again.submission_id).released_at == NOW


def test_the_campaign_office_of_the_checked_county_does_not_read_the_sheet_either(
    crew: Crew, visit: FieldVisit
) -> None:
    office = account(
        "countyoffice", OrganisationFactory(code="131022-CAMPO", area_code="131022"), Role.OFFICE, "131022"
    )
    found = sheet(visit, crew.visitor, failed={"2": "fail"})
    detail = reverse("forms:submission_detail", args=[found.pk])

    assert read(signed_in(office), detail) == "404"
    assert "夜市小馆" not in read(signed_in(office), reverse("forms:submission_list"))
    with bounded_by(lambda: Bounds(user=office.pk, reach=reach_of(office))), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM forms_formsubmission")
        assert cursor.fetchone() == (0,)
    assert read(signed_in(crew.lead), detail) != "404"
    release_visit(visit=fresh(visit), by=crew.lead, at=NOW)
    assert read(signed_in(office), detail) != "404"


def test_a_covert_visit_that_was_refused_is_released_as_such(crew: Crew) -> None:
    point = make_point("C9", "covert", state="prepared", checked_on=None, ready_on=None)
    visit = give_up(visit=crew.sent_to(point)[0], reason="不让进门", is_replaced=False, by=crew.lead, at=NOW)
    assert not FieldVisit.objects.visible_to(crew.county).exists()

    told = release_visit(visit=visit, by=crew.lead, at=NOW)

    assert (told.state, told.percent, told.reason) == ("released", 0, "不让进门")
    assert FieldVisit.objects.visible_to(crew.county).get() == told
    assert FieldPoint.objects.get().checked_on is None, "nobody has looked at it"
