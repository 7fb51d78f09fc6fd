"""Goods traced from the phone: taps of a stall and a farm, from the page to what stands afterwards."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shian.domains.selfcontrol.actions.accounts import open_operator_account
from shian.domains.tracing.actions.orders import record_arrival, record_sale
from shian.domains.tracing.queries.certificates import answer_to
from shian.domains.tracing.rules.certificates import Standing
from shian.domains.tracing.tests import scene
from shian.domains.tracing.tests.conftest import bring, town
from shian.domains.tracing.tests.test_trade import TEST, cast, farm, stall
from shian.kernel.accounts.models import User
from shian.registers.operators.models import Operator

__all__ = ["bring", "cast", "town"]
pytestmark = pytest.mark.django_db


def signed_in(client: Client, username: str, operator: str) -> Client:
    """The client of somebody whose account the station bound to the operator."""
    found = Operator.objects.get(code=operator)
    user, _code = open_operator_account(
        operator=found, name=username, duty="principal", by="test", at=timezone.now(), username=f"{username}-1"
    )
    client.force_login(User.objects.get(pk=user.pk))
    return client


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def test_a_stall_sells_by_tap_and_gets_its_voucher(cast, client):
    order = record_arrival(merchant=stall(), arrival=TEST, by=cast["gate"], at=timezone.now())
    signed_in(client, "seller", "O-1")
    assert "茄子" in page(client, "operator:trade_detail", "O-1")
    url = reverse("operator:in_order_sell", args=["O-1", order.pk])

    assert "还剩 50 千克" in client.post(url, {"quantity": "51"}).content.decode()
    assert "没有这个主体编号" in client.post(url, {"quantity": "1", "buyer_code": "O-9"}).content.decode()
    sold = client.post(url, {"quantity": "20", "buyer_code": "O-2"}, follow=True)
    assert "食用农产品销售凭证" in sold.content.decode()
    assert "主体O-2" in page(client, "operator:in_order_sell", "O-1", order.pk)  # who bought is a tap away
    for number in range(60):
        scene.make_in(stall(), f"X{number}", received_at=timezone.now())
    assert f"/lots/{order.pk}/sell/" not in page(client, "operator:trade_detail", "O-1")
    assert "全部 61 批" in page(client, "operator:trade_detail", "O-1")
    assert "茄子" in page(client, "operator:in_order_sell", "O-1", order.pk)  # an old lot is sold too
    assert client.get(reverse("operator:trade_detail", args=["O-2"])).status_code == 404


def test_a_farm_issues_splits_and_prints_on_the_phone(cast, client):
    signed_in(client, "farmer", "O-3")
    url = reverse("operator:certificate_create", args=["O-3", farm().pk])
    made = client.post(url, {"variety": "黄瓜", "quantity": "100", "basis": ["promise"]}, follow=True)
    assert "承诺达标合格证" in made.content.decode()
    number = f"P1-{timezone.localdate():%Y%m%d}-001"

    split = reverse("operator:certificate_split", args=["O-3", number])
    wrong = {"一半": "输入一个数", "NaN": "输入一个数", "1e30": "不超过 12 个数字", "0.001": "大于或等于0.01"}
    for shares, told in wrong.items():
        assert told in client.post(split, {"shares": shares}).content.decode(), shares
    assert client.post(split, {"shares": "60、40"}).status_code == 302
    assert answer_to(number).standing == Standing.USED_UP
    assert answer_to(f"{number[:-3]}002").left == 60


def test_papers_bear_the_telephone_for_whoever_hands_them_out_and_a_mask_for_staff(cast, client):
    for each in (farm(), stall()):
        each.phone = "13812341234"
        each.save()
    order = record_arrival(merchant=stall(), arrival=TEST, by=cast["gate"], at=timezone.now())
    sale = record_sale(order=order, quantity=Decimal(5), by=cast["seller"], at=timezone.now())
    papers = (("farmer", "O-3", "label_print", "HGZ1"), ("seller", "O-1", "voucher_print", sale.number))

    for name, operator, paper, number in papers:
        signed_in(client, name, operator)
        assert "13812341234" in page(client, f"operator:{paper}", operator, number)
        client.force_login(cast["county"])
        shown = page(client, f"tracing:{paper}", number)
        assert "138****1234" in shown
        assert "13812341234" not in shown


def test_a_stall_mixes_and_gets_a_new_certificate(cast, client):
    order = record_arrival(merchant=stall(), arrival=TEST, by=cast["gate"], at=timezone.now())
    signed_in(client, "seller", "O-1")
    url = reverse("operator:certificate_mix", args=["O-1", stall().pk])

    assert "请填写混装的批次" in client.post(url, {"variety": "混装", "basis": ["promise"]}).content.decode()
    asked = {"variety": "混装", "basis": ["promise"], f"part_{order.pk}": "30"}
    assert "混装" in client.post(url, asked, follow=True).content.decode()


def test_a_stall_searches_what_it_mixes_of_however_long_ago_it_came(cast, client):
    old = record_arrival(merchant=stall(), arrival=TEST, by=cast["gate"], at=timezone.now())
    for number in range(60):
        scene.make_in(stall(), f"X{number}", received_at=timezone.now())
    signed_in(client, "seller", "O-1")
    url = reverse("operator:certificate_mix", args=["O-1", stall().pk])

    assert f"part_{old.pk}" not in client.get(url).content.decode()
    assert f"part_{old.pk}" in client.get(url, {"q": "X7 茄子"}).content.decode()
    assert "没有这样的批次" in client.get(url, {"q": "没有的"}).content.decode()
    asked = {"variety": "混装", "basis": ["promise"], f"part_{old.pk}": "30"}
    assert client.post(f"{url}?q=茄子", asked).status_code == 302


def test_whoever_promised_takes_the_promise_back_on_the_phone(cast, client):
    signed_in(client, "farmer", "O-3")
    url = reverse("operator:certificate_revoke", args=["O-3", "HGZ1"])
    assert url in page(client, "operator:label_print", "O-3", "HGZ1")

    assert "这个字段是必填项" in client.post(url, {"reason": ""}).content.decode()
    assert "已作废" in client.post(url, {"reason": "数量写错"}, follow=True).content.decode()
    assert answer_to("HGZ1").standing == Standing.REVOKED
    assert url not in page(client, "operator:label_print", "O-3", "HGZ1")
    signed_in(client, "seller", "O-1")
    foreign = reverse("operator:certificate_revoke", args=["O-1", "HGZ2"])
    assert client.post(foreign, {"reason": "别人的"}).status_code == 404


def test_a_market_admits_at_its_own_gate_only(cast, client):
    signed_in(client, "gate", "O-2")
    asked = {"merchant": stall().pk, "variety": "茄子", "quantity": "50", "proof": "test"}

    assert client.post(reverse("operator:in_order_create", args=["O-2", "M1"]), asked).status_code == 302
    assert client.post(reverse("operator:in_order_create", args=["O-2", "L1"]), asked).status_code == 404
