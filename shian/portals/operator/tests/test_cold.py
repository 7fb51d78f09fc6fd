"""Imported food and collective meals from the phone: from the page to what stands afterwards."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from shian.domains.tracing.actions.coldchain.batches import (
    announce_batch,
    hold_batch,
    release_batch,
    take_in_batch,
)
from shian.domains.tracing.queries.coldchain import answer_to_code
from shian.domains.tracing.tests import scene
from shian.domains.tracing.tests.cold_scene import GOODS, announced, connect, make_store, make_units, stocked
from shian.portals.operator.tests.test_trade import page, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def units():
    return make_units()


@pytest.fixture
def store(units):
    return make_store(operator=units["O-W"])


def test_a_unit_announces_and_the_warehouse_takes_it_in(units, store, client):
    signed_in(client, "a", "O-A")
    assert "首站赋码报备" in page(client, "operator:trade_detail", "O-A")
    asked = {name: value for name, value in vars(GOODS).items() if value}
    url = reverse("operator:cold_batch_create", args=["O-A"])
    assert client.post(url, asked | {"hs_code": "x"}).context["page"].form.errors.keys() == {"hs_code"}
    code = f"JLO-A-{timezone.localdate():%Y%m%d}-001"
    assert code in client.post(url, asked, follow=True).content.decode()
    assert "已经赋码" in client.post(url, asked).content.decode()

    signed_in(client, "w", "O-W")
    there = reverse("operator:cold_arrival_enter", args=["O-W"])
    assert "没有这个追溯码" in client.post(there, {"code": "JL-X", "store": store.pk}).content.decode()
    assert client.post(there, {"code": code, "store": store.pk, "position": "A"}).status_code == 302
    batch = answer_to_code(code)
    assert batch is not None
    assert (batch.state, batch.store) == ("arrived", store)
    signed_in(client, "c", "O-C")
    for name in ("cold_batch_create", "cold_arrival_enter", "meal_create"):
        assert client.get(reverse(f"operator:{name}", args=["O-C"])).status_code == 404


def test_a_unit_sends_and_repacks_what_was_released(units, store, client):
    stock = stocked(units["O-A"], store)
    signed_in(client, "a", "O-A")
    send, split = (reverse(f"operator:cold_stock_{each}", args=["O-A", stock.pk]) for each in ("send", "split"))
    assert "还剩 1,000 千克" in client.post(send, {"quantity": "1001"}).content.decode()
    assert "没有这个主体编号" in client.post(send, {"quantity": "1", "buyer_code": "O-9"}).content.decode()
    assert "尚未纳入" in client.post(send, {"quantity": "1", "buyer_code": "O-C"}).content.decode()
    assert client.post(send, {"quantity": "600", "buyer_code": "O-B"}).status_code == 302
    assert "已分装为 2 个追溯码" in client.post(split, {"shares": "300 100"}, follow=True).content.decode()
    assert client.get(send).status_code == 404  # nothing is left
    signed_in(client, "b", "O-B")
    assert "剩 600 千克" in page(client, "operator:trade_detail", "O-B")
    assert client.get(reverse("operator:cold_stock_send", args=["O-B", stock.pk])).status_code == 404


def test_a_retailer_hears_what_a_code_says(units, store, client):
    batch = stocked(units["O-A"], store).cold_batch
    signed_in(client, "b", "O-B")
    url = reverse("operator:cold_code_verify", args=["O-B"])
    label = f"https://trace.example.org{reverse('tracing:cold_label_scan', args=[batch.token])}"
    for told in (batch.code, label):
        assert batch.release_no in client.post(url, {"code": told}, follow=True).content.decode()
    held = announced(units["O-B"], replace(GOODS, lot_no="2"))
    assert "没有放行：已报备" in client.post(url, {"code": held.code}, follow=True).content.decode()
    assert "最多 60 个字符" in client.post(url, {"code": "J" * 61}).content.decode()
    assert "已报告属地" in client.post(url, {"code": "JL-FALSE"}, follow=True).content.decode()


def test_a_kitchen_cooks_sends_and_a_school_receives(units, store, client):
    kitchen = scene.make_operator("K-1", format="中央厨房", name="某中央厨房")
    scene.make_operator("S-1", name="固安小学")
    connect(kitchen)
    now = timezone.now()
    batch = stocked(kitchen, store).cold_batch
    signed_in(client, "k", "K-1")
    url = reverse("operator:meal_create", args=["K-1"])
    form = client.get(url)
    assert batch.code in form.content.decode()
    [offered] = [name for name in form.context["page"].form.fields if name.startswith("cold_")]
    cooked = timezone.localtime(now - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M")
    dish = {"dish": "炖肘子", "quantity": "50", "portions": "100", "cooked_at": cooked, "core": "80", "sample": "125"}
    assert "1 至 30 种" in client.post(url, dish).content.decode()
    assert "请填写数量" in client.post(url, dish | {"name_1": "盐"}).content.decode()
    wrong = client.post(url, dish | {offered: "1001"}).content.decode()
    assert "1000" in wrong
    assert (
        client.post(url, dish | {offered: "40", "name_1": "盐", "kilos_1": "1", "supplier_1": "某店"}).status_code
        == 302
    )

    shown = page(client, "operator:trade_detail", "K-1")
    assert "炖肘子" in shown
    sheet = client.get(reverse("operator:trade_detail", args=["K-1"])).context["sheets"][0]
    send = reverse("operator:meal_send", args=["K-1", sheet.pk])
    assert "请选择收餐单位" in client.post(send, {"portions": "1", "celsius": "70"}).content.decode()
    assert client.post(send, {"portions": "60", "celsius": "70", "receiver_code": "S-1"}).status_code == 302
    assert "固安小学" in client.get(send).content.decode()

    signed_in(client, "s", "S-1")
    assert "炖肘子" in page(client, "operator:trade_detail", "S-1")
    [waiting] = client.get(reverse("operator:trade_detail", args=["S-1"])).context["expected"]
    receive = reverse("operator:meal_receive", args=["S-1", waiting.pk])
    assert client.post(receive, {"celsius": "66", "is_sample_kept": "on"}).status_code == 302
    assert client.get(receive).status_code == 404
    assert Decimal(66) == type(waiting).objects.get(pk=waiting.pk).arrived_celsius


def test_a_held_batch_waits_on_the_page_with_its_reason(units, store, client):
    batch = announce_batch(operator=units["O-A"], told=GOODS, by="test", at=timezone.now())
    take_in_batch(batch=batch, store=store, position="", by="test", at=timezone.now())
    hold_batch(batch=batch, reason="证明号不符", samples=0, by="test", at=timezone.now())
    signed_in(client, "a", "O-A")
    shown = page(client, "operator:trade_detail", "O-A")
    assert "证明号不符" in shown
    assert "/send/" not in shown
    release_batch(batch=batch, samples=1, by="test", at=timezone.now())
    assert "/send/" in page(client, "operator:trade_detail", "O-A")
