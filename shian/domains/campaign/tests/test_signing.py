"""Who sees which lines of which catalogues, and who signs for them."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from shian.domains.campaign.actions import acknowledge_duties, draft_catalogues, issue_catalogue
from shian.domains.campaign.models import Catalogue, Duty, Standard
from shian.domains.campaign.queries.catalogues import catalogues_for, duties_awaiting, duties_of
from shian.domains.campaign.tests.factories import AT, make_organisation, make_user
from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach
from shian.registers.people.models import Post

pytestmark = pytest.mark.django_db
DUE, TODAY = date(2023, 6, 30), date(2022, 11, 24)
KINDS = ("county", "department", "section")


@pytest.fixture
def drafts(city):
    for department in ("AGRI", "SAMR"):
        make_organisation(department)
    return draft_catalogues(standard=Standard.objects.get(), area="131000", due_on=DUE, by="office", at=AT)


@pytest.fixture
def issued(drafts):
    return {kind: issue_catalogue(catalogue=drafts[kind], by="office", at=AT) for kind in KINDS}


def liaison(username, department, area="131000"):
    """A liaison officer: the one post is in the unit that has the department code."""
    user = make_user(username, Role.DEPARTMENT, area)
    unit = make_organisation(department, area, code=f"{area}-{department}-{username}")
    Post.objects.filter(person__user=user).update(organisation=unit)
    return user


def seen(user):
    return {each.catalogue.kind: each.lines for each in catalogues_for(user, TODAY)}


def test_drafts_are_the_offices_alone(drafts):
    assert set(seen(make_user("alice", Role.OFFICE))) == set(KINDS)
    for user in (make_user("carol", Role.COUNTY, "131022"), liaison("dan", "AGRI"),
                 make_user("rita", Role.REVIEWER), make_user("bob", Role.STATION, "131022100")):  # fmt: skip
        assert seen(user) == {}
        assert duties_awaiting(user, TODAY) == []


def test_each_unit_sees_the_lines_that_concern_it(issued):
    agriculture, bureau = liaison("dan", "AGRI"), liaison("sam", "SAMR")

    assert seen(make_user("carol", Role.COUNTY, "131022")) == {"county": 83}
    assert seen(make_user("dora", Role.OFFICE, "131022")) == {"county": 83}
    assert set(seen(agriculture)) == {"department"}
    assert set(duties_of(issued["department"], agriculture, TODAY).values_list("audience", flat=True)) == {"AGRI"}
    assert seen(bureau)["section"] == issued["section"].duties.count()
    assert set(seen(make_user("rita", Role.REVIEWER))) == set(KINDS)
    assert seen(make_user("eve", Role.OFFICE, "131102")) == {}
    assert seen(liaison("kay", "AGRI", "131022")) == {}


def test_a_station_sees_what_of_its_county_reaches_down_to_townships(issued):
    station = make_user("bob", Role.STATION, "131022100")

    rows = duties_of(issued["county"], station, TODAY)

    assert seen(station) == {"county": rows.count()}
    assert 0 < rows.count() < 83
    assert set(rows.values_list("audience", flat=True)) == {"131022"}
    assert all("township" in row.indicator.levels for row in rows)
    assert duties_awaiting(station, TODAY) == []


def test_without_lines_the_list_says_so_and_the_page_does_not_exist(client, issued):
    Duty.objects.filter(catalogue__kind="county").delete()
    client.force_login(make_user("bob", Role.STATION, "131022100"))

    assert "没有下发给本单位的目录" in client.get(reverse("campaign:catalogue_list")).content.decode()
    for kind in KINDS:
        assert client.get(reverse("campaign:catalogue_detail", args=[issued[kind].pk])).status_code == 404
    assert Entry.objects.filter(action="scope.refused").count() == 3


def test_a_liaison_officer_signs_from_my_work_and_the_office_sees_it(client, issued):
    agriculture, office = liaison("dan", "AGRI"), make_user("alice", Role.OFFICE)
    lines = issued["department"].duties.filter(audience="AGRI").count()
    client.force_login(agriculture)

    home = client.get(reverse("office:home")).content.decode()
    url = reverse("campaign:duty_acknowledge", args=[issued["department"].pk])
    assert "待签收：市直部门分解目录" in home
    assert f'action="{url}"' in home
    signed = client.post(url, follow=True).content.decode()
    assert f"已签收 {lines} 条" in signed
    assert "签收</th>" in signed
    assert "待签收" not in client.get(reverse("office:home")).content.decode()

    client.force_login(office)
    (listed,) = [each for each in catalogues_for(office, TODAY) if each.catalogue.kind == "department"]
    assert listed.signed == lines
    assert f"{lines} / {listed.lines}" in client.get(reverse("campaign:catalogue_list")).content.decode()
    assert "待签收" not in client.get(reverse("office:home")).content.decode()
    assert Entry.objects.get(action="campaign.duties_acknowledged").actor == "dan"


def test_the_bureau_signs_for_all_its_sections_at_once(client, issued):
    client.force_login(liaison("sam", "SAMR"))

    client.post(reverse("campaign:duty_acknowledge", args=[issued["section"].pk]))

    assert not issued["section"].duties.filter(acknowledged_at__isnull=True).exists()
    assert issued["department"].duties.filter(acknowledged_at__isnull=True).exists()


def test_the_office_signs_for_one_unit_at_a_time(client, issued):
    client.force_login(make_user("alice", Role.OFFICE))
    page = reverse("campaign:catalogue_detail", args=[issued["county"].pk])
    url = reverse("campaign:duty_acknowledge", args=[issued["county"].pk])

    client.post(url)
    assert url not in client.get(page).content.decode()
    assert not issued["county"].duties.filter(acknowledged_at__isnull=False).exists()
    assert url in client.get(page, {"audience": "131022"}).content.decode()
    client.post(url, {"audience": "131022"})
    assert set(
        issued["county"].duties.filter(acknowledged_at__isnull=False).values_list("audience", flat=True)
    ) == {"131022"}  # fmt: skip


def test_nobody_signs_for_others(issued):
    given = {"catalogue": issued["department"], "audiences": ["AGRI"], "at": AT}

    for user, error in ((liaison("eddy", "EDU"), OutOfReach), (make_user("carol", Role.COUNTY, "131022"), OutOfReach),
                        (make_user("rita", Role.REVIEWER), PermissionDenied)):  # fmt: skip
        with pytest.raises(error):
            acknowledge_duties(by=user, **given)
    assert not Duty.objects.filter(acknowledged_at__isnull=False).exists()


def test_only_the_office_of_the_area_drafts_and_issues(city):
    county, standard = make_user("dora", Role.OFFICE, "131022"), Standard.objects.get()
    with pytest.raises(OutOfReach):
        draft_catalogues(standard=standard, area="131000", due_on=DUE, by=county, at=AT)
    drafted = draft_catalogues(standard=standard, area="131000", due_on=DUE, by="office", at=AT)
    with pytest.raises(OutOfReach):
        issue_catalogue(catalogue=drafted["county"], by=county, at=AT)

    assert not Catalogue.objects.filter(issued_at__isnull=False).exists()
