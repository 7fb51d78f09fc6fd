"""The campaign's organisation: a head for every node, an officer for every unit, a body for every township."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from shian.domains.campaign.tests.factories import make_organisation, make_user
from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry
from shian.kernel.notary.subjects import may_see
from shian.kernel.notices.models import Notice
from shian.registers.people.models import Post
from shian.registers.people.tests.factories import PersonFactory, PostFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def units(city):
    camp = make_organisation("CAMP", name="市创建指挥部", kind="指挥部", is_campaign_department=False)
    make_organisation("CAMPO", name="市创建办", kind="指挥部办公室", parent=camp, is_campaign_department=False)
    county = make_organisation("CAMP", "131022", name="固安县创建工作领导小组", kind="其他", parent=camp,
                               is_campaign_department=False)  # fmt: skip
    town = make_organisation("BODY", "131022100", name="固安镇食药安委", kind="议事机构", department_code="",
                             is_campaign_department=False)  # fmt: skip
    departments = make_organisation("AGRI", name="农业局"), make_organisation("EDU", name="教育局")
    return camp, county, town, departments


@pytest.fixture
def office(units):
    return make_user("writer", Role.OFFICE)


def hold(unit, kind, **dates) -> Post:
    person = PersonFactory(name=f"人{unit.pk}")
    return PostFactory(person=person, organisation=unit, area_code=unit.area_code, kind=kind, **dates)


def told(client, name, **asked) -> str:
    return client.get(reverse(f"campaign:{name}"), asked).content.decode()


def test_the_tree_goes_from_city_to_township_and_lists_nodes_without_a_head(client, office, units) -> None:
    camp, county, town, _departments = units
    hold(camp, "领导")
    hold(town, "领导", valid_from=date(2020, 1, 1), valid_to=date(2021, 1, 1))  # gone
    client.force_login(office)
    page = told(client, "unit_list")
    places = [page.index(each.name) for each in (camp, county, town)]
    assert places == sorted(places)
    assert f"　　{town.name}" in page  # under its county, under the city
    missing = told(client, "unit_list", missing="1")
    table = missing[missing.index("<tbody") :]
    assert camp.name not in table.replace(county.name, "").replace("市创建办", "")
    assert county.name in table
    assert town.name in table


def test_the_office_writes_to_all_officers_and_sees_who_has_none(client, office, units) -> None:
    agriculture, education = units[3]
    officer = make_user("officer", Role.DEPARTMENT)
    Post.objects.filter(person__user=officer).update(organisation=agriculture, kind="联络员")
    hold(education, "联络员", valid_from=date(2020, 1, 1), valid_to=timezone.localdate() - timedelta(days=1))
    client.force_login(office)
    page = told(client, "liaison_list")
    assert "没有有效联络员：EDU" in page
    assert "AGRI、EDU" not in page
    sent = client.post(
        reverse("campaign:liaison_notify"), {"title": "报送周台账", "text": "请于周五前报送。"}, follow=True
    )
    assert "已通知 1 家单位的联络员 1 人；1 家没有能收到通知的联络员。" in sent.content.decode()
    assert "没有有效联络员：EDU" in sent.content.decode()
    notice = Notice.objects.get(recipient=officer, rule="campaign.liaisons")
    assert notice.params == {"title": "报送周台账", "text": "请于周五前报送。"}
    sealed = Entry.objects.get(action="campaign.liaisons_notified")
    assert sealed.data["unreached"] == ["1310-EDU"]
    station, neighbour = make_user("station", Role.STATION, "131022100"), make_user("far", Role.OFFICE, "131100")
    assert [may_see(user, sealed) for user in (office, officer, station, neighbour)] == [True, True, False, False]


def test_an_officer_whose_post_ends_soon_is_told_and_a_deputy_is_named(client, office, units) -> None:
    agriculture, education = units[3]
    hold(agriculture, "联络员", valid_to=timezone.localdate() + timedelta(days=10))
    hold(education, "联络员")
    deputy = hold(education, "副联络员")
    client.force_login(office)
    page = told(client, "liaison_list")
    assert "即将到期" in page
    assert deputy.person.name in page
    assert "没有有效联络员：" not in page


def test_townships_without_a_body_are_counted_and_listed(client, office, units) -> None:
    client.force_login(office)
    page = told(client, "body_list")
    assert "宫村镇" in page
    assert page.count("没有机构</") >= 2  # 宫村镇, 落垡镇
    for name, key in (("落垡镇", "131002100"), ("宫村镇", "131022101")):
        make_organisation("BODY", key, name=f"{name}食药安委", kind="议事机构", department_code="")
    page = told(client, "body_list")
    assert 'data-island="map"' in page
    assert "没有机构</span>" not in page


def test_a_county_sees_its_own_branch(client, units) -> None:
    client.force_login(make_user("county", Role.COUNTY, "131022"))
    page = told(client, "unit_list")
    assert "市创建指挥部" in page
    assert "固安镇食药安委" in page
    client.force_login(make_user("neighbour", Role.COUNTY, "131002"))
    assert "固安镇食药安委" not in told(client, "unit_list")
