"""Temperatures: what devices may send, what is an excursion, which goods it touches, what a code at retail answers."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.utils import timezone

from shian.domains.tracing.actions.coldchain.alerts import check_code
from shian.domains.tracing.actions.coldchain.moves import send_goods
from shian.domains.tracing.actions.coldchain.readings import (
    MOST,
    ReadingsRefused,
    device_with_key,
    device_with_mac,
    give_key,
    mac_of,
    read_readings,
    take_readings,
)
from shian.domains.tracing.actions.coldchain.silences import drop_old_readings, watch_silences
from shian.domains.tracing.models import ColdAlert, ColdDevice, ColdReading
from shian.domains.tracing.queries.coldstores import goods_at
from shian.domains.tracing.rules.coldchain import Limits, Reading, curve, gaps, slots, spells
from shian.domains.tracing.tests import scene
from shian.domains.tracing.tests.cold_scene import AT, GOODS, announced, make_device, make_store, make_units, stocked
from shian.domains.tracing.tests.test_trade import person
from shian.kernel.accounts.models import Role, User
from shian.kernel.notary.queries import entries_of
from shian.kernel.retention.actions import lift_hold, place_hold
from shian.kernel.scope.models import OutOfReach
from shian.registers.people.tests.factories import reach_user

MINUTE = timedelta(minutes=1)
NOW = timezone.now()
FROZEN = Limits(Decimal(-30), Decimal(-15))


def series(*told: tuple[int, float]) -> list[Reading]:
    """(minute, °C) as readings."""
    return [Reading(AT + MINUTE * minute, Decimal(str(celsius))) for minute, celsius in told]


def body(*told: tuple[int, object], **more: object) -> bytes:
    rows = [{"at": (AT + MINUTE * minute).isoformat(), "celsius": celsius, **more} for minute, celsius in told]
    return json.dumps({"readings": rows}).encode()


def test_an_excursion_lasts_as_long_as_it_must_and_a_gap_does_not_end_it():
    shortest = timedelta(minutes=30)
    assert spells(series((0, -18), (10, -10), (30, -9), (40, -18)), FROZEN, shortest) == []  # a door
    [spell] = spells(series((0, -14), (10, -8), (200, -12), (210, -18)), FROZEN, shortest)
    assert (spell.began_at, spell.last_at, spell.ended_at) == (AT, AT + MINUTE * 200, AT + MINUTE * 210)
    assert (spell.peak, spell.bound, spell.is_warm) == (-8, -15, True)
    warm, cold = spells(series((0, -10), (30, -10), (40, -40), (80, -35)), FROZEN, shortest)
    assert (warm.ended_at, cold.is_warm, cold.peak, cold.ended_at) == (AT + MINUTE * 40, False, -40, None)
    assert spells(series((0, 50), (99, 50)), Limits(), shortest) == []


def test_a_gap_is_shown_as_a_gap():
    starts = slots(AT, AT + MINUTE * 50, MINUTE * 10)
    found = curve(series((1, -18), (5, -17), (31, -20), (99, 0)), starts, MINUTE * 10)
    assert found == [-17, None, None, -20, None, None]
    times = [each.at for each in series((0, 0), (10, 0), (60, 0))]
    assert gaps(times, AT + MINUTE * 70, MINUTE * 25) == [(AT + MINUTE * 10, AT + MINUTE * 60)]
    assert gaps([], AT, MINUTE) == []


@pytest.mark.parametrize(
    "sent",
    [
        b"", b"[]", b"{}", b'{"readings": []}', b'{"readings": [1]}', b"\xff", b"[" * 100_000, b'{"readings": "x"}',
        body((0, "warm")), body((0, None)), body((0, 1e9)), body((0, True)), body((0, -18), humidity=101),
        body((6, -18)), body((-35 * 24 * 60 - 1, -18)), body((0, -18)).replace(b"+00:00", b""),
        b'{"readings": [{"at": "2022-11-24T02:00:00+00:00", "celsius": NaN}]}', body(*[(0, 1)] * (MOST + 1)),
        b" " * 200_001,
    ],
)  # fmt: skip
def test_a_hostile_message_is_refused(sent):
    with pytest.raises(ReadingsRefused):
        read_readings(sent, AT)


@pytest.fixture
def units(db):
    return make_units()


@pytest.fixture
def store(units):
    return make_store(operator=units["O-W"])


def heard(device: ColdDevice, *told: tuple[int, float]) -> None:
    take_readings(device=device, readings=series(*told), by="test", at=AT + MINUTE * told[-1][0])


def test_readings_are_kept_once_in_the_month_that_they_belong_to(store):
    device = make_device(store)
    for _ in range(2):
        heard(device, (-60 * 24 * 25, -18), (0, -19))

    assert ColdReading.objects.count() == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tableoid::regclass::text FROM tracing_coldreading ORDER BY 1")
        assert [row[0] for row in cursor.fetchall()] == ["tracing_coldreading_202210", "tracing_coldreading_202211"]
    device.refresh_from_db()
    assert (device.last_at, device.last_celsius) == (AT, -19)


def test_an_alert_names_the_goods_that_lay_there_then_and_ends_when_it_is_cold_again(units, store):
    stock, device = stocked(units["O-A"], store), make_device(store)
    send_goods(stock=stock, quantity=Decimal(400), by="test", at=AT + MINUTE * 20)
    assert [each["kilos"] for each in goods_at(store, AT + MINUTE * 19)] == ["1000"]
    assert goods_at(store, AT - MINUTE) == []

    heard(device, (30, -18), (40, -10))
    heard(device, (60, -9))
    assert not ColdAlert.objects.exists()
    heard(device, (70, -7))
    alert = ColdAlert.objects.get()
    assert [(each["holder"], each["kilos"]) for each in alert.goods] == [("主体O-A", "600")]
    assert (alert.began_at, alert.ended_at, alert.peak) == (AT + MINUTE * 40, None, -7)
    heard(device, (80, -6), (90, -17))
    heard(device, (200, -17))
    alert = ColdAlert.objects.get()
    assert (alert.ended_at, alert.peak) == (AT + MINUTE * 90, -6)
    heard(device, (300, -1), (340, -1))
    assert ColdAlert.objects.count() == 2


def keyed(store, **given) -> ColdDevice:
    device = make_device(store, **given)
    give_key(device=device, by=reach_user(f"staff-{device.number}", scene.OTHER), at=AT)
    device.refresh_from_db()
    return device


def test_a_device_that_falls_silent_is_an_alert_that_ends_when_it_is_heard_again(units, store):
    stocked(units["O-A"], store)
    device, by_hand, slow = keyed(store), make_device(store, "T-2"), keyed(store, number="T-3", every_minutes=240)
    ColdDevice.objects.update(connected_on=timezone.localdate(AT))
    for each in (device, by_hand, slow):
        heard(each, (0, -18), (60, -18))

    assert watch_silences(at=AT + MINUTE * 180) == 0
    assert watch_silences(at=AT + MINUTE * 181) == 1
    assert watch_silences(at=AT + MINUTE * 600) == 0
    alert = ColdAlert.objects.get()
    assert (alert.kind, alert.device, alert.began_at, alert.ended_at) == ("silent", device, AT + MINUTE * 60, None)
    assert [each["kilos"] for each in alert.goods] == ["1000"]
    assert [each.action for each in entries_of(alert.subject)] == ["tracing.cold_alerted"]
    heard(device, (50, -18))  # from before: it says nothing new
    assert ColdAlert.objects.get().ended_at is None

    take_readings(device=device, readings=series((170, -18)), by="test", at=AT + MINUTE * 190)
    alert.refresh_from_db()
    assert alert.ended_at == AT + MINUTE * 190
    assert watch_silences(at=AT + MINUTE * 291) == 1  # and again


def test_a_silence_and_an_excursion_do_not_hide_each_other(store):
    device = keyed(store)
    heard(device, (0, -10), (60, -9))
    watch_silences(at=AT + MINUTE * 200)
    assert sorted(ColdAlert.objects.filter(ended_at=None).values_list("kind", flat=True)) == ["silent", "warm"]

    heard(device, (210, -9), (220, -17))

    assert set(ColdAlert.objects.values_list("kind", "ended_at")) == {
        ("warm", AT + MINUTE * 220), ("silent", AT + MINUTE * 220),
    }  # fmt: skip


def test_whole_months_are_dropped_when_nobody_has_to_keep_them(store):
    device = make_device(store)
    for back in (5 * 365, 3 * 365 - 40, 40, 0):
        take_readings(device=device, readings=[Reading(NOW - timedelta(days=back), Decimal(-18))], by="x", at=NOW)
    hold = place_hold(
        table="tracing.coldalert", key="", reason="案件", by=reach_user("o", "131000", Role.OFFICE), at=NOW
    )
    assert drop_old_readings(at=NOW) == 0
    lift_hold(hold=hold, by=User.objects.get(username="o"), at=NOW)

    assert drop_old_readings(at=NOW) == 1
    assert drop_old_readings(at=NOW) == 0

    assert ColdReading.objects.count() == 3
    assert entries_of("tracing.coldreadings:all")[0].data["months"] == 1
    with connection.cursor() as cursor:  # whoever asks for more gets no more than the younger two years
        cursor.execute("SELECT tracing_drop_reading_months(%s)", [timezone.localdate(NOW) + timedelta(days=9999)])
        assert cursor.fetchone() == (1,)
    assert ColdReading.objects.count() == 2


def test_a_device_is_known_by_its_key_until_it_gets_another_or_is_retired(store):
    device, staff = make_device(store), reach_user("staff", scene.OTHER)
    with pytest.raises(OutOfReach):
        give_key(device=device, by=reach_user("far", scene.COUNTY), at=AT)
    with pytest.raises(PermissionDenied):
        give_key(device=device, by=person("own", scene.make_operator()), at=AT)
    assert device_with_key("T-1", "") is None

    first = give_key(device=device, by=staff, at=AT)
    assert first not in ColdDevice.objects.get().secret
    key = give_key(device=device, by=staff, at=AT)
    assert (device_with_key("T-1", first), device_with_key("T-1", key)) == (None, device)
    mac = mac_of(key, "T-1", b"told")
    assert device_with_mac("T-1", mac, b"told") == device
    assert device_with_mac("T-1", mac, b"more") is None
    assert device_with_mac("T-2", mac, b"told") is None
    assert device_with_mac("T-1", "ä", b"told") is None
    ColdDevice.objects.update(retired_on=timezone.localdate())
    assert device_with_key("T-1", key) is None


def test_a_device_sends_by_http_with_its_key(store):
    device, now = make_device(store), timezone.now()
    key = give_key(device=device, by=reach_user("staff", scene.OTHER), at=now)
    sent = json.dumps({"readings": [{"at": now.isoformat(), "celsius": -18.25}]})

    def post(number: str = "T-1", told: str = key, content: str = sent) -> tuple[int, dict[str, object]]:
        url = f"/tracing/cold/devices/{number}/readings/"
        answer = Client(enforce_csrf_checks=True).post(
            url, content, content_type="application/json", headers={"Authorization": f"Bearer {told}"}
        )
        return answer.status_code, answer.json()

    assert post() == (200, {"new": 1, "known": 0})
    assert post() == (200, {"new": 0, "known": 1})
    for args in ((("T-1", "wrong"),), (("T-9", key),)):
        assert post(*args[0])[0] == 401
    assert post(content="{}")[0] == 422
    assert Client().get("/tracing/cold/devices/T-1/readings/").status_code == 405


def test_a_code_that_nobody_gave_and_goods_without_release_raise_the_alarm_once(units, store):
    stock, own = stocked(units["O-A"], store), person("own", units["O-B"])
    held = announced(units["O-B"], replace(GOODS, lot_no="2"))

    def check(code: str) -> object:
        return check_code(code=code, operator=units["O-B"], by=own, at=AT)

    assert check(stock.cold_batch.code) == stock.cold_batch
    assert check(stock.cold_batch.token) == stock.cold_batch
    for code in ("JL-FALSE", " JL-FALSE ", held.code):
        assert check(code) is None
    told = list(ColdAlert.objects.order_by("pk").values_list("kind", "code", "times", "county"))
    assert told == [("unknown", "JL-FALSE", 2, scene.COUNTY), ("unreleased", held.code, 1, scene.COUNTY)]
    with pytest.raises(OutOfReach):
        check_code(code="X", operator=units["O-A"], by=own, at=AT)
