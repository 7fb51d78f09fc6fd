"""Pages of figures."""

import csv
import io
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from shian.engine.ledgers.tests import factories
from shian.engine.ledgers.tests.factories import AS_OF, CITY, SOUTH
from shian.engine.measures.actions import freeze_figure
from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry

pytestmark = pytest.mark.django_db
TOTAL = "operators.total"


@pytest.fixture
def office(client):
    factories.make_areas()
    factories.make_operators()
    user = factories.make_user("alice", Role.OFFICE, CITY)
    client.force_login(user)
    return user


@pytest.fixture
def county(client, office):
    user = factories.make_user("bob", Role.COUNTY, SOUTH)
    client.force_login(user)
    return user


def url(name: str, key: str = TOTAL, **query: str) -> str:
    return f"{reverse(f'figures:{name}', args=[key])}?{urlencode({'as_of': AS_OF.isoformat(), **query})}"


def test_the_catalogue_finds_by_definition(client, office):
    page = client.get(reverse("figures:measure_list"), {"q": "农药"}).content.decode()

    assert "农药使用量" in page
    assert "在册食品生产经营单位" not in page


def test_a_figure_shows_value_definition_ranking_and_the_way_to_its_rows(client, office):
    page = client.get(url("figure_detail", area="131000")).content.decode()

    assert ">20</span>" in page
    assert "“主体台账”中全部记录数。" in page
    assert "安次区" in page
    assert reverse("figures:figure_rows", args=[TOTAL]) in page


def test_without_an_area_the_users_home_is_shown(client, county):
    page = client.get(url("figure_detail")).content.decode()

    assert "安次区 · 在册食品生产经营单位" in page
    assert "固安县" not in page


def test_before_the_first_import_a_figure_says_what_is_missing(client):
    client.force_login(factories.make_user("root", Role.ADMIN))

    assert "还没有可以统计的区划" in client.get(url("figure_detail")).content.decode()
    assert client.get(url("figure_rows")).status_code == 404


def test_the_page_of_a_formula_names_its_operands(client, office):
    page = client.get(url("figure_detail", "pesticides.cut_2y", area="131000", period="2021")).content.decode()

    assert "农药使用量 2019" in page
    assert "没有数值" in page


def test_a_wrong_period_is_said_and_the_usual_one_shown(client, office):
    answer = client.get(url("figure_detail", "pesticides.amount", area="131000", period="上周"))

    assert answer.status_code == 200
    assert "不是期间" in answer.content.decode()


@pytest.mark.parametrize(("asked", "said"), [({"as_of": "2099-01-01"}, "还没有到"), ({"period": "2099"}, "还没有开始")])
def test_days_to_come_are_refused_with_todays_date(client, office, asked, said):
    today = timezone.localdate().isoformat()
    key = "pesticides.amount" if "period" in asked else TOTAL

    text = client.get(url("figure_detail", key, area="131000", **asked)).content.decode()

    assert said in text
    assert f"今天是 {today}" in text
    assert client.get(url("figure_rows", key, area="131000", **asked)).status_code == 404
    assert client.get(url("figure_export", key, area="131000", **asked)).status_code == 404


def test_a_period_that_the_register_cannot_answer_is_said(client, office):
    answer = client.get(url("figure_detail", "leading_enterprises.new_supported", area="131000", period="2022Q1"))

    assert answer.status_code == 200


@pytest.mark.parametrize("name", ["figure_detail", "figure_rows", "figure_export"])
@pytest.mark.parametrize("area", ["131022", "131000", "131022100", "1311"])
def test_beyond_the_reach_is_404_and_logged(client, county, name, area):
    answer = client.get(url(name, area=area))

    assert answer.status_code == 404
    assert Entry.objects.filter(action="scope.refused", actor="bob").count() == 1


@pytest.mark.parametrize(("key", "area"), [("operators.nothing", "131000"), (TOTAL, "99x")])
def test_unknown_measures_and_areas_are_404(client, office, key, area):
    assert client.get(url("figure_detail", key, area=area)).status_code == 404


def test_the_rows_are_as_many_as_the_figure_says(client, office):
    answer = client.get(url("figure_rows", area="131002", side="part"))

    assert answer.context["list"].total == 13
    assert "行数就是这个数字" in answer.content.decode()


def test_a_side_without_rows_is_404(client, office):
    assert client.get(url("figure_rows", area="131000", side="whole")).status_code == 404
    assert client.get(url("figure_rows", "pesticides.cut_2y", area="131000")).status_code == 404


def test_the_export_holds_exactly_the_rows_and_is_sealed(client, office):
    answer = client.get(url("figure_export", area="131002", format="csv"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))

    assert "导出人：alice" in text
    assert "数据时点：2022-11-24" in text
    assert len([line for line in lines if line and line[1:2] and line[1].startswith("LF")]) == 13
    assert Entry.objects.get(action="export.made").data["校验值（SHA-256）"] == answer["X-Content-SHA256"]


def test_a_frozen_value_stands_beside_todays(client, office):
    freeze_figure(key=TOTAL, area=CITY, as_of=AS_OF, document="自评报告", by=office, at=office.date_joined)
    factories.make_operator(900)

    page = client.get(url("figure_detail", area="131000")).content.decode()

    assert "自评报告" in page
    assert "数据已变" in page


def test_the_figure_page_keeps_its_budget(client, office, django_assert_max_num_queries):
    client.get(url("figure_detail", area="131000"))

    with django_assert_max_num_queries(12):
        client.get(url("figure_detail", area="131000"))
