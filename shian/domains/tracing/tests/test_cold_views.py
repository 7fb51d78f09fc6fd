"""Pages of imported food: what stands on them, what staff do there, what others do not see."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from shian.domains.tracing.actions.coldchain.moves import repack_goods, send_goods
from shian.domains.tracing.actions.coldchain.readings import take_readings
from shian.domains.tracing.models import ColdAlert, ColdBatch, ColdDevice
from shian.domains.tracing.rules.coldchain import Reading
from shian.domains.tracing.tests import scene
from shian.domains.tracing.tests.cold_scene import AT, announced, make_device, make_store, make_units, stocked
from shian.domains.tracing.tests.test_views import page
from shian.kernel.accounts.models import Role
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def units():
    return make_units()


@pytest.fixture
def store(units):
    return make_store(area=scene.COUNTY, operator=units["O-W"])


@pytest.fixture
def county(client):
    client.force_login(reach_user("alice", scene.COUNTY, Role.COUNTY))
    return client


def test_a_batch_goes_from_its_announcement_to_its_release_by_pages(county, units, store):
    batch = announced(units["O-A"])
    listed = page(county, "tracing:cold_batch_list")
    assert "冻猪肘" in listed
    assert "已报备" in listed
    take_in, check = (reverse(f"tracing:cold_batch_{each}", args=[batch.code]) for each in ("take", "review"))
    assert county.post(take_in, {"store": store.pk, "position": "B-2"}).status_code == 302
    assert "这一批已经到仓" in county.post(take_in, {"store": store.pk}).content.decode()
    assert "请写明暂扣原因" in county.post(check, {"verdict": "hold", "samples": "0"}).content.decode()
    assert county.post(check, {"verdict": "hold", "samples": "0", "reason": "证明号不符"}).status_code == 302
    assert "证明号不符" in page(county, "tracing:cold_batch_list", state="held")
    assert county.post(check, {"verdict": "release", "samples": "2"}).status_code == 302
    assert ColdBatch.objects.get().release_no in page(county, "tracing:cold_batch_detail", batch.code)


def test_a_record_shows_that_what_came_in_is_out_or_left(county, units, store):
    stock = stocked(units["O-A"], store)
    send_goods(stock=stock, quantity=Decimal(600), buyer=units["O-B"], by="test", at=AT)
    send_goods(stock=stock, quantity=Decimal(50), by="test", at=AT)
    [part] = repack_goods(stock=stock, shares=[Decimal(20)], by="test", at=AT)

    told = page(county, "tracing:cold_batch_detail", stock.cold_batch.code)
    for word in ("出入平衡", "主体O-B", "零售或者自用", part.code, "930"):
        assert word in told, word
    assert "出入平衡" in page(county, "tracing:cold_batch_detail", part.code)
    assert "330" in page(county, "tracing:cold_store_detail", store.code)


def test_a_code_leads_to_the_chain_of_its_batch_by_name(county, units, store):
    stock = stocked(units["O-A"], store)
    send_goods(stock=stock, quantity=Decimal(10), buyer=units["O-B"], by="test", at=AT)

    found = county.get(reverse("tracing:trace_list"), {"q": stock.cold_batch.code})
    assert found["Location"] == reverse("tracing:trace_detail", args=[stock.holding])
    told = page(county, "tracing:trace_detail", str(stock.holding))
    for word in ("冻猪肘", stock.cold_batch.code, "西班牙", "主体O-A"):
        assert word in told, word


def test_a_store_shows_its_curve_with_its_gap_and_an_alert_its_goods(county, units, store):
    stock, device, now = stocked(units["O-A"], store), make_device(store), timezone.now()
    minutes = (400, 390, 380, 60, 50, 10)
    readings = [Reading(now - timedelta(minutes=m), Decimal(-5)) for m in minutes]
    take_readings(device=device, readings=readings, by="test", at=now)

    told = page(county, "tracing:cold_store_detail", store.code)
    assert "设备 T-1 有 2 段没有读数" in told
    assert "-5.0" in told
    assert "null" in told
    alert = ColdAlert.objects.get()
    assert stock.cold_batch.code in page(county, "tracing:cold_alert_detail", str(alert.pk))
    assert "温度过高" in page(county, "tracing:cold_alert_list", state="on")
    assert "超限" in page(county, "tracing:cold_store_list", kind="supervised")
    for hours in ("72", "168", "nonsense"):
        assert "上限" in page(county, "tracing:cold_store_detail", store.code, hours=hours)


def test_a_key_is_shown_once(county, store):
    device = make_device(store)
    url = reverse("tracing:cold_key_issue", args=["T-1"])
    assert "还没有密钥" in county.get(url).content.decode()
    assert "只显示这一次" in county.post(url).content.decode()
    assert "换发密钥" in county.get(url).content.decode()
    assert "换发密钥" in page(county, "tracing:cold_store_detail", store.code)
    ColdDevice.objects.update(retired_on=timezone.localdate())
    assert county.post(url).status_code == 404
    assert device.pk


def test_rows_of_another_county_are_not_there(client, units, store):
    stock = stocked(units["O-A"], store)
    make_device(store)
    client.force_login(reach_user("carol", scene.OTHER, Role.COUNTY))

    for name, key in (("cold_batch_detail", stock.cold_batch.code), ("cold_batch_take", stock.cold_batch.code),
                      ("cold_batch_review", stock.cold_batch.code), ("cold_store_detail", store.code),
                      ("cold_key_issue", "T-1"), ("cold_alert_detail", 1)):  # fmt: skip
        assert client.get(reverse(f"tracing:{name}", args=[key])).status_code == 404, name
    assert "没有符合条件的批次" in page(client, "tracing:cold_batch_list")
    assert "已放行" in page(client, "tracing:cold_code_check", code=stock.cold_batch.code)  # goods come from there
    assert "查无此码" in page(client, "tracing:cold_code_check", code="JL-FALSE")


def test_everybody_who_scans_sees_the_origin(client, units, store):
    batch = stocked(units["O-A"], store).cold_batch
    readings = [Reading(AT + timedelta(minutes=m), Decimal(c)) for m, c in ((-5, 3), (10, -21), (20, -17))]
    take_readings(device=make_device(store), readings=readings, by="test", at=AT)
    told = page(client, "tracing:cold_label_scan", batch.token)
    for word in ("西班牙", "到集中监管仓", "-21～-17 ℃"):
        assert word in told, word
    assert client.get(reverse("tracing:cold_label_scan", args=[batch.code])).status_code == 404
