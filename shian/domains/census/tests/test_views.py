"""The operator archive: list, search, paging, record, masks, tabs, stage report, export, scope, budgets."""

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.urls import reverse
from pypinyin import Style, lazy_pinyin

from shian.engine.ledgers.declarations import all_ledgers
from shian.engine.measures.tests import factories
from shian.engine.measures.tests.factories import CITY, NORTH, SOUTH, TOWNS, make_operator
from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry
from shian.registers.operators.models import Operator
from shian.registers.operators.rules import name_tokens

pytestmark = pytest.mark.django_db
LIST = "/operators/"


def named(number: int, name: str, **more) -> Operator:
    """An operator that the search and the alphabet know, as the importer leaves it."""
    operator = make_operator(number, name=name, **more)
    operator.name_pinyin = " ".join(lazy_pinyin(name))
    operator.initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
    operator.phone, operator.representative = "13812341234", "王小明"
    operator.save()
    with connection.cursor() as cursor:
        tokens = name_tokens(operator.name, operator.initials)
        cursor.execute("UPDATE operators_operator SET search = %s::tsvector WHERE id = %s", [tokens, operator.pk])
    return operator


@pytest.fixture
def operators():
    factories.make_areas()
    return [
        named(1, "永兴便利店", town=TOWNS[0]),
        named(2, "安次火锅店", town=TOWNS[1], kind="餐饮服务", stage="餐饮"),
        named(3, "固安永兴餐馆", town=TOWNS[2], kind="餐饮服务", stage="餐饮"),
        named(4, "老王小吃", town=TOWNS[0], kind="三小", small_kind="小餐饮", stage="餐饮"),
        named(5, "关门的店", town=TOWNS[0], closed_on=date(2022, 1, 1)),
    ]


@pytest.fixture
def office(client, operators):
    user = factories.make_user("alice", Role.OFFICE, CITY)
    client.force_login(user)
    return user


@pytest.fixture
def county(client, operators):
    user = factories.make_user("bob", Role.COUNTY, SOUTH)
    client.force_login(user)
    return user


def names(client, **query: str) -> list[str]:
    return [row.cells["name"] for row in client.get(LIST, query).context["list"].table.rows]


def test_the_list_shows_open_operators_in_the_order_of_the_alphabet(client, office):
    assert names(client) == ["安次火锅店", "固安永兴餐馆", "老王小吃", "永兴便利店"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "永兴"}, ["固安永兴餐馆", "永兴便利店"]),
        ({"q": "yx"}, ["固安永兴餐馆", "永兴便利店"]),
        ({"q": "火锅"}, ["安次火锅店"]),
        ({"q": "LF000004"}, ["老王小吃"]),
        ({"q": "查无此店"}, []),
        ({"area": NORTH}, ["固安永兴餐馆"]),
        ({"area": TOWNS[1]}, ["安次火锅店"]),
        ({"kind": "餐饮服务"}, ["安次火锅店", "固安永兴餐馆"]),
        ({"small_kind": "小餐饮"}, ["老王小吃"]),
        ({"stage": "流通"}, ["永兴便利店"]),
        ({"licence": "JY"}, []),
        ({"state": "closed"}, ["关门的店"]),
        ({"state": "any", "kind": "食品销售"}, ["关门的店", "永兴便利店"]),
        ({"as_of": "2021-12-31", "kind": "食品销售"}, ["关门的店", "永兴便利店"]),
        ({"q": "永兴", "area": NORTH, "kind": "餐饮服务"}, ["固安永兴餐馆"]),
    ],
)
def test_filters_cut_the_list(client, office, query, found):
    assert names(client, **query) == found


def test_paging_walks_the_whole_alphabet_and_jumps_to_its_end(client, office):
    for number in range(100, 170):
        named(number, f"甲店{number}")

    first = client.get(LIST).context["list"].table.page
    second = client.get(LIST, {"after": first.next}).context["list"].table.page
    last = client.get(LIST, {"last": "1"}).context["list"].table.page

    assert (first.total, len(first.items), len(second.items)) == (74, 50, 24)
    assert [each.pk for each in last.items] == [each.pk for each in second.items]


def test_paging_a_search_goes_on_where_it_stopped(client, office):
    for number in range(100, 160):
        named(number, f"甲店{number}")

    first = client.get(LIST, {"q": "甲店"}).context["list"].table.page
    second = client.get(LIST, {"q": "甲店", "after": first.next}).context["list"].table.page

    assert (first.total, len(first.items), len(second.items)) == (60, 50, 10)
    assert not {each.pk for each in first.items} & {each.pk for each in second.items}


def test_a_county_sees_its_own_operators_only(client, county):
    assert names(client) == ["安次火锅店", "老王小吃", "永兴便利店"]
    assert names(client, q="永兴") == ["永兴便利店"]
    assert client.get(LIST, {"area": NORTH}).status_code == 404
    assert Entry.objects.get(action="scope.refused").subject == f"areas.area:{NORTH}"


def test_a_file_beyond_the_reach_is_404_and_logged(client, county):
    assert client.get(f"{LIST}LF000003/").status_code == 404
    assert Entry.objects.get(action="scope.refused").actor == "bob"


def test_a_file_that_does_not_exist_is_404_and_not_logged(client, county):
    assert client.get(f"{LIST}LF999999/").status_code == 404
    assert not Entry.objects.filter(action="scope.refused").exists()


def record(client, code: str = "LF000001", **query: str) -> str:
    return client.get(f"{LIST}{code}/", query).content.decode()


def test_personal_data_is_masked_for_the_office(client, office):
    page = record(client)

    assert "138****1234" in page
    assert "王*明" in page
    assert "13812341234" not in page


def test_the_supervisor_of_the_area_sees_it_in_full(client, county):
    page = record(client)

    assert "13812341234" in page
    assert "王小明" in page


def test_an_assessor_of_the_county_sees_masks(client, operators):
    client.force_login(factories.make_user("carol", Role.ASSESSOR, SOUTH))

    assert "13812341234" not in record(client)


def test_the_timeline_tells_every_change(client, office, operators):
    operator = operators[0]
    operator.versions.update(valid_to=date(2022, 6, 1))
    factories.make_version(operator, valid_from=date(2022, 6, 1), kind="餐饮服务", township=TOWNS[1])

    page = record(client)

    assert "主体类别：食品销售 → 餐饮服务" in page
    assert "区划：银河南路街道 → 落垡镇" in page
    assert "开业登记" in page


def test_tabs_show_ledger_rows_links_and_neighbours(client, office, operators):
    Operator.objects.filter(code="LF000002").update(host_code="LF000001")
    declared = next(each for each in all_ledgers().values() if each.operator and not each.valid_from)
    factories.make_ledger_row(declared, 1, TOWNS[0], **{declared.operator: "LF000001"}).save()

    answer = client.get(f"{LIST}LF000001/")
    counts = {tab.label: tab.count for tab in answer.context["record"].tabs}

    assert counts["台账记录"] == 1
    assert counts["连锁与市场"] == 1
    assert counts["同址主体"] == 2
    assert "安次火锅店" in record(client, tab="linked")
    assert "老王小吃" in record(client, tab="address")
    assert str(declared.title) in record(client, tab="ledgers")


def test_tabs_are_cut_to_the_reach(client, county):
    Operator.objects.filter(code="LF000003").update(host_code="LF000001")

    assert "固安永兴餐馆" not in record(client, tab="linked")


def test_all_seven_stages_are_there(client, office):
    page = client.get(reverse("census:stage_report"))
    rows = {row.key: row.cells for row in page.context["list"].table.rows}

    assert list(rows) == ["种植", "养殖", "屠宰", "贮存运输", "生产", "流通", "餐饮"]
    assert rows["餐饮"]["count"].value == 3
    assert rows["屠宰"]["count"].value == 0
    assert rows["屠宰"]["state"].value == "尚无登记"
    assert len(page.context["scopes"].rows) == 5


def test_a_format_of_the_report_opens_the_list_of_exactly_these(client, office):
    page = client.get(reverse("census:stage_report"), {"as_of": "2022-11-24"})

    for row in page.context["formats"].rows:
        assert client.get(row.url).context["list"].total == row.cells["count"].value


def test_a_division_counts_its_operators(client, office):
    page = client.get(reverse("areas:area_detail", args=["131022"]))
    tab = next(tab for tab in page.context["record"].tabs if tab.label == "经营主体")

    assert tab.count == 1
    assert client.get(tab.url).context["list"].total == 1


def test_the_stage_report_of_a_county_is_its_own(client, county):
    page = client.get(reverse("census:stage_report"))

    assert page.status_code == 200
    assert client.get(reverse("census:stage_report"), {"area": NORTH}).status_code == 404
    assert {row.key: row.cells["count"].value for row in page.context["list"].table.rows}["餐饮"] == 2


def test_the_export_holds_the_filtered_list_without_personal_data(client, office):
    address = f"{reverse('census:operator_export')}?format=csv&kind=餐饮服务"
    answer = client.post(address, {"chosen": "日常监管"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    heading = next(index for index, line in enumerate(lines) if line[0] == "名称")

    assert [line[0] for line in lines[heading + 1 :]] == ["安次火锅店", "固安永兴餐馆"]
    assert "13812341234" not in text
    assert "筛选：餐饮服务；在营" in text
    assert Entry.objects.get(action="export.made").data["行数"] == "2"


@pytest.mark.parametrize("query", [{}, {"q": "永兴"}, {"area": SOUTH}, {"last": "1"}, {"kind": "餐饮服务"}])
@pytest.mark.parametrize("who", ["alice", "bob"])
def test_the_list_needs_few_statements_whoever_asks(client, operators, who, query):
    role, area = (Role.OFFICE, CITY) if who == "alice" else (Role.STATION, TOWNS[0])
    client.force_login(factories.make_user(who, role, area))
    client.get(LIST, query)

    assert statements(client, LIST, query) <= 9


def test_a_record_needs_few_statements(client, office):
    client.get(f"{LIST}LF000001/")

    assert statements(client, f"{LIST}LF000001/", {}) <= 15


def statements(client, url: str, query: dict[str, str]) -> int:
    """Queries of one request; savepoints stand for the transaction of a real request and are no queries."""
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        assert client.get(url, query).status_code == 200
    return sum("SAVEPOINT" not in each["sql"] for each in captured.captured_queries)


def test_before_the_first_import_the_stages_say_what_is_missing(client):
    client.force_login(factories.make_user("root", Role.ADMIN))

    assert "还没有可以统计的区划" in client.get("/operators/stages/").content.decode()
