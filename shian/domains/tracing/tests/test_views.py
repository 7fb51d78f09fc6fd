"""Pages of tracing: what stands on them, how many statements they take."""

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shian.domains.tracing.models import Certificate, InOrder, Merchant, OutOrder
from shian.domains.tracing.queries.orders import out_orders_chosen, total_of
from shian.domains.tracing.tests import scene
from shian.domains.tracing.tests.conftest import IN
from shian.domains.tracing.tests.test_imports import OUT
from shian.domains.tracing.tests.test_trade import cast
from shian.domains.tracing.views.orders import read_choice
from shian.kernel.accounts.models import Role
from shian.registers.people.tests.factories import reach_user

__all__ = ["cast"]
pytestmark = pytest.mark.django_db


def page(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


@pytest.fixture
def county(cast, client):
    client.force_login(cast["county"])
    return client


def test_the_four_totals_of_markets_add_up(county, bring):
    bring("out_orders", OUT, "C1,M1,S1,R1,,2022-11-03,,O-1,,100", "C2,M1,S1,,韭菜,2022-11-05,,,某饭馆,10")

    bring("in_orders", IN, "R9,M1,S2,2022-11-05,,萝卜,5,入场快检合格,,,", "L9,L1,T1,2022-11-05,,韭菜,3,入场快检合格,,,")

    table = county.get(reverse("tracing:market_list")).context["list"].table
    shown = {row.key: row.cells for row in table.rows}
    four = ("merchants", "ins", "outs", "varieties")
    assert [shown["M1"][each] for each in four] == [2, 3, 2, 3]
    assert [shown["L1"][each] for each in four] == [1, 1, 0, 1]
    assert [table.totals[each] for each in four] == [3, 4, 2, 3]  # both trade in 韭菜
    assert "合计" in page(county, "tracing:market_list")
    assert "固安第一农贸市场" not in page(county, "tracing:market_list", kind="wholesale")
    told = page(county, "tracing:market_detail", "M1")
    assert "商户甲" in told


def test_out_orders_are_filtered_and_take_the_same_statements(county, bring, django_assert_max_num_queries):
    rows = [f"C{n},M1,S1,R1,,2022-11-03,,O-1,,1" for n in range(1, 61)]
    bring("out_orders", OUT, *rows, "D1,M1,S1,,韭菜,2022-11-05,,,某饭馆,10")

    first = page(county, "tracing:out_order_list")
    assert "某饭馆" in first
    assert "批次不明" in first
    for query in ({"market": "M1"}, {"variety": "韭菜"}, {"buyer": "O-1"}, {"from": "2022-11-05"}, {"q": "D1"}):
        with django_assert_max_num_queries(24):
            page(county, "tracing:out_order_list", **query)
    assert "某饭馆" not in page(county, "tracing:out_order_list", buyer="O-1")
    assert "61" in page(county, "tracing:out_order_list", last="")
    assert "没有符合条件的出库单" in page(county, "tracing:out_order_list", market="M9")


def test_orders_without_their_lot_are_counted_by_days_not_off(cast, county, bring):
    bring(
        "out_orders", OUT, "C1,M1,S1,R1,,2022-11-05,,O-1,,1", "C2,M1,S1,,韭菜,2022-11-05,,O-2,,1",
        "C3,M1,S1,,韭菜,2022-11-06,,,,1",
    )  # fmt: skip

    for query, wanted in (({}, 2), ({"market": "M1"}, 2), ({"from": "2022-11-06"}, 1), ({"market": "M9"}, 0)):
        choice = read_choice(RequestFactory().get("/", {"lot": "none", **query}))
        with CaptureQueriesContext(connection) as asked:
            found = total_of(cast["county"], choice, "outs")
        assert found == out_orders_chosen(cast["county"], choice).count() == wanted
        assert asked.captured_queries
        assert not [each for each in asked.captured_queries if "tracing_outorder" in each["sql"]]
    told = page(county, "tracing:out_order_list", lot="none")
    assert "C2" in told
    assert "C1" not in told


def test_a_number_that_thousands_begin_with_asks_for_more_of_it(county, bring, monkeypatch):
    monkeypatch.setattr("shian.domains.tracing.queries.orders.MOST_NUMBERED", 2)
    bring(
        "out_orders", OUT, *(f"C{n},M1,S1,R1,,2022-11-03,,O-1,,1" for n in range(1, 4)), "D1,M1,S1,R1,,2022-11-03,,,,1"
    )

    assert "请多输入几位编号" in page(county, "tracing:out_order_list", q="C")
    assert "D1" in page(county, "tracing:out_order_list", q="D")
    assert "没有符合条件的出库单" in page(county, "tracing:out_order_list", q="E")


def test_records_lead_to_each_other(county, bring):
    bring("out_orders", OUT, "C1,M1,S1,R1,,2022-11-03,,O-1,,100")

    assert "HGZ1" in page(county, "tracing:out_order_detail", "C1")
    assert "主体O-1" in page(county, "tracing:in_order_detail", "R1")
    assert "R1" in page(county, "tracing:certificate_detail", "HGZ1")
    assert "合作社甲" in page(county, "tracing:label_print", "HGZ1")
    assert "食用农产品销售凭证" in page(county, "tracing:voucher_print", "C1")
    assert "urn:shian:certificate:HGZ1" in page(county, "tracing:out_order_read", "C1")
    assert "合作社甲" in page(county, "tracing:producer_list", q="合作")
    assert "HGZ2" in page(county, "tracing:certificate_list", q="韭菜")


def test_a_certificate_presented_in_another_county_opens_and_names_no_merchant_there(county):
    there = scene.make_merchant(scene.make_market("M7", scene.OTHER), name="外县商户")
    given = {"proof": "certificate", "certificate": Certificate.objects.get(number="HGZ2"), "quantity": 5}
    scene.make_in(there, "R7", **given)

    told = page(county, "tracing:certificate_detail", "HGZ2")
    assert "各地共 1 张，先列管辖范围内最近 0 张" in told
    assert "外县商户" not in told


def test_a_certificate_of_another_county_shows_its_public_face(cast, client):
    there = scene.make_merchant(scene.make_market("M7", scene.OTHER))
    found = Certificate.objects.get(number="HGZ2")
    order = scene.make_in(there, "R7", proof="certificate", proof_no="HGZ2", certificate=found, quantity=5)
    scene.make_out(order, "C7")
    face = reverse("tracing:certificate_scan", args=[found.token])

    client.force_login(cast["other"])
    for name, number in (("in_order_detail", "R7"), ("out_order_detail", "C7")):
        assert face in page(client, f"tracing:{name}", number)
    assert page(client, "tracing:certificate_scan", found.token)
    client.force_login(cast["county"])
    assert face not in page(client, "tracing:in_order_detail", "R1")


def test_a_sale_of_another_county_is_named_but_not_linked(cast, bring, client):
    bring("out_orders", OUT, "C1,M1,S1,R1,,2022-11-03,,O-1,,100")
    there = scene.make_merchant(scene.make_market("L7", scene.OTHER, kind="retail"))
    scene.make_in(there, "R7", proof="voucher", source_order=OutOrder.objects.get(number="C1"))
    client.force_login(cast["other"])

    told = page(client, "tracing:in_order_detail", "R7")
    assert "C1" in told
    assert reverse("tracing:out_order_detail", args=["C1"]) not in told


def test_the_citys_target_is_completed_by_the_whole_city_only(county):
    told = page(county, "tracing:certificate_list")
    assert "全市目标 680" in told

    county.force_login(reach_user("city", "131000", Role.OFFICE))
    assert "全市目标" not in page(county, "tracing:certificate_list")
    assert "目标 680" in page(county, "tracing:certificate_list")


@pytest.mark.parametrize(("number", "word"), [("HGZ2", "有效"), ("HGZ9", "查无此证")])
def test_the_gate_answers_a_number(county, number, word):
    assert word in page(county, "tracing:certificate_check", number=number)


def test_the_gate_form_brings_what_a_valid_certificate_says(county):
    url, label = reverse("tracing:in_order_create", args=["M1"]), Certificate.objects.get(number="HGZ2").token

    shown = county.get(url, {"certificate": f"https://trace.example.org/tracing/scan/{label}/"})
    assert "有效" in shown.content.decode()
    brought = shown.context["page"].form.initial
    assert (brought["proof_no"], brought["variety"], brought["supplier"]) == ("HGZ2", "韭菜", "合作社甲")
    unknown = county.get(url, {"certificate": "HGZ9"})
    assert "查无此证" in unknown.content.decode()
    assert unknown.context["page"].form.initial["proof_no"] == "HGZ9"
    Certificate.objects.filter(number="HGZ2").update(used=300)
    used = county.get(url, {"certificate": "HGZ2"})
    assert "已用完" in used.content.decode()
    assert used.context["page"].form.initial == {}


def test_everybody_who_scans_sees_the_origin_and_no_telephone(town, client):
    found = Certificate.objects.get(number="HGZ1")

    assert "固安镇" in page(client, "tracing:certificate_scan", found.token)
    Certificate.objects.filter(pk=found.pk).update(number="P01-20221124-001")  # as long as a token
    for told in ("0" * 16, "P01-20221124-001"):
        assert client.get(reverse("tracing:certificate_scan", args=[told])).status_code == 404


def test_rows_of_another_county_are_not_there(cast, client):
    client.force_login(cast["other"])
    for name, number in (("in_order_detail", "R1"), ("certificate_detail", "HGZ1"), ("market_detail", "M1")):
        assert client.get(reverse(f"tracing:{name}", args=[number])).status_code == 404
    assert "没有登记市场" in page(client, "tracing:market_list")


def test_staff_register_goods_at_the_gate(county):
    url, merchant = reverse("tracing:in_order_create", args=["M1"]), Merchant.objects.get(number="S1")
    asked = {"merchant": merchant.pk, "variety": "茄子", "quantity": "50", "proof": "none"}

    assert "不能准入" in county.post(url, asked).content.decode()
    assert county.post(url, asked | {"proof": "test"}).status_code == 302
    assert InOrder.objects.filter(variety__name="茄子").count() == 1


def test_who_asks_for_part_of_a_variety_reads_what_it_may_be(county):
    assert "相近的有：黄瓜。请填写全名" in page(county, "tracing:in_order_list", variety="瓜")
    assert "相近的有" not in page(county, "tracing:in_order_list", variety="萝卜", verdict="admitted")


def test_records_of_goods_open_their_chain_where_the_reader_sees_it(cast, bring, client):
    bring("out_orders", OUT, "C1,M1,S1,R1,,2022-11-03,,O-1,,100")
    chain = reverse("tracing:trace_detail", args=[InOrder.objects.get(number="R1").holding])
    client.force_login(cast["county"])

    for name, number in (("in_order_detail", "R1"), ("out_order_detail", "C1")):
        assert chain in page(client, f"tracing:{name}", number)
    found = Certificate.objects.get(number="HGZ1")
    assert reverse("tracing:trace_detail", args=[found.holding]) in page(client, "tracing:certificate_detail", "HGZ1")
    assert "打开链条" not in page(client, "tracing:in_order_detail", "R3")  # refused
