"""Central kitchens: inputs become dishes, dishes go to schools, an incident finds every school of the day."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from shian.domains.tracing.actions.kitchens import Dish, Used, cook_meal, receive_meal, send_meal
from shian.domains.tracing.actions.orders import record_sale
from shian.domains.tracing.actions.refusals import TradeRefused
from shian.domains.tracing.models import InOrder, KitchenDispatch, KitchenInput, KitchenSheet
from shian.domains.tracing.queries.kitchens import expected_by, purchases_of, served_on
from shian.domains.tracing.rules.meals import MealFault, Meals, faults_of_dispatch, faults_of_sheet
from shian.domains.tracing.tests import scene
from shian.domains.tracing.tests.cold_scene import connect, make_store, stocked
from shian.domains.tracing.tests.test_trade import person
from shian.domains.tracing.tests.test_views import page
from shian.engine.trace.walks import Direction, reached
from shian.kernel.accounts.models import Role
from shian.kernel.scope.models import OutOfReach
from shian.registers.people.tests.factories import reach_user

AT = scene.AT
MINUTE = timedelta(minutes=1)
NUMBERS = Meals(timedelta(hours=2), Decimal(60), Decimal(70), 125, timedelta(hours=48))
BOUGHT = Used("大米", Decimal(20), supplier="某粮店", lot_no="20221101")
SOUP = Dish("排骨汤", Decimal(100), 200, AT, Decimal("82.5"), 150)


def test_what_is_wrong_with_a_meal():
    def sheet(core: float, sample: int, hours: int | None) -> list[MealFault]:
        kept = None if hours is None else timedelta(hours=hours)
        return faults_of_sheet(core=Decimal(str(core)), sample=sample, kept=kept, numbers=NUMBERS)

    assert sheet(70, 125, 48) == []
    assert sheet(69.9, 125, 47) == [MealFault.CORE, MealFault.SAMPLE]
    assert sheet(80, 0, None) == [MealFault.SAMPLE]

    def trip(minutes: int | None, celsius: int | None, kept: bool | None) -> list[MealFault]:
        arrived = None if minutes is None else AT + MINUTE * minutes
        told = None if celsius is None else Decimal(celsius)
        return faults_of_dispatch(cooked_at=AT, arrived_at=arrived, celsius=told, is_sample_kept=kept, numbers=NUMBERS)

    assert trip(120, 30, True) == trip(300, 60, True) == trip(None, None, None) == []
    assert trip(121, 59, False) == [MealFault.LATE, MealFault.NO_SAMPLE_THERE]


@pytest.fixture
def kitchen(town):
    return scene.make_operator("K-1", format="中央厨房")


@pytest.fixture
def schools(kitchen):
    return [scene.make_operator("S-1", scene.OTHER, name="安次小学"), scene.make_operator("S-2", name="固安中学")]


@pytest.mark.django_db
def test_a_dish_is_traced_from_farm_and_port_to_every_school_of_the_day(kitchen, schools):
    sale = record_sale(order=InOrder.objects.get(number="R1"), quantity=Decimal(30), buyer=kitchen, by="test", at=AT)
    connect(kitchen)
    stock = stocked(kitchen, make_store())
    own = person("cook", kitchen)
    assert [(order, left) for order, left in purchases_of(kitchen, AT)] == [(sale, 30)]

    used = [Used("黄瓜", Decimal(30), sale), Used("冻猪肘", Decimal(40), stock), BOUGHT]
    sheet = cook_meal(kitchen=kitchen, dish=SOUP, used=used, by=own, at=AT)
    for school, portions in zip(schools, (120, 80), strict=True):
        send_meal(sheet=sheet, receiver=school, portions=portions, celsius=Decimal(75), by=own, at=AT + MINUTE * 30)

    certificate = InOrder.objects.get(number="R1").certificate
    forward = reached([certificate.holding], Direction.FORWARD).confirmed
    backward = reached([sheet.holding], Direction.BACKWARD).confirmed
    assert {certificate.holding, stock.holding} <= backward
    assert sheet.holding in forward
    assert len(reached([stock.holding], Direction.FORWARD).confirmed) == 5  # stock, cooking, dish, two schools
    stock.refresh_from_db()
    assert (stock.left, purchases_of(kitchen, AT)) == ("960", [])
    assert [each.receiver.name for each in served_on(kitchen, scene.DAY)] == ["固安中学", "安次小学"]
    assert served_on(kitchen, scene.DAY - timedelta(days=1)) == []


@pytest.mark.django_db
def test_inputs_and_portions_that_are_not_there_are_refused(kitchen, schools):
    sale = record_sale(order=InOrder.objects.get(number="R1"), quantity=Decimal(30), buyer=kitchen, by="test", at=AT)
    other = record_sale(order=InOrder.objects.get(number="R1"), quantity=Decimal(5), buyer=schools[0], by="test", at=AT)
    for used, why in (
        ([], "1 至 30 种"), ([Used("黄瓜", Decimal(31), sale)], "还剩 30 千克"),
        ([Used("黄瓜", Decimal(1), other)], "本单位购进"), ([Used("盐", Decimal(1))], "请填写 盐 的供货者"),
        ([Used("盐", Decimal(0), supplier="某店")], "大于 0"),
    ):  # fmt: skip
        with pytest.raises(TradeRefused, match=why):
            cook_meal(kitchen=kitchen, dish=SOUP, used=used, by="test", at=AT)
    with pytest.raises(TradeRefused, match="只有中央厨房"):
        cook_meal(kitchen=schools[0], dish=SOUP, used=[BOUGHT], by="test", at=AT)
    with pytest.raises(TradeRefused, match="最近 7 天"):
        cook_meal(kitchen=kitchen, dish=SOUP, used=[BOUGHT], by="test", at=AT - MINUTE)
    with pytest.raises(OutOfReach):
        cook_meal(kitchen=kitchen, dish=SOUP, used=[BOUGHT], by=person("x", schools[0]), at=AT)
    assert not KitchenInput.objects.exists()

    sheet = cook_meal(kitchen=kitchen, dish=SOUP, used=[BOUGHT], by="test", at=AT)
    told = {"sheet": sheet, "celsius": Decimal(75), "by": "test", "at": AT}
    for receiver, portions, why in ((schools[0], 201, "还剩 200 份"), (kitchen, 1, "不能是自己")):
        with pytest.raises(TradeRefused, match=why):
            send_meal(receiver=receiver, portions=portions, **told)
    sent = send_meal(receiver=schools[0], portions=200, **told)
    row = {"sheet": sheet, "receiver": schools[1], "portions": 1, "left_at": AT, "left_celsius": 75}
    with pytest.raises(IntegrityError, match="tracing_sheet_out_within_made"), transaction.atomic():
        KitchenDispatch.objects.create(number="X", **row)

    assert KitchenSheet.objects.get().sent == 200
    with pytest.raises(OutOfReach):
        receive_meal(dispatch=sent, celsius=Decimal(70), is_sample_kept=True, by=person("y", schools[1]), at=AT)
    receive_meal(dispatch=sent, celsius=Decimal(70), is_sample_kept=True, by=person("z", schools[0]), at=AT)
    with pytest.raises(TradeRefused, match="已经收餐"):
        receive_meal(dispatch=sent, celsius=Decimal(70), is_sample_kept=True, by="test", at=AT)
    assert expected_by(schools[0]) == []


@pytest.mark.django_db
def test_staff_find_every_school_of_a_day_and_what_a_dish_was_made_of(kitchen, schools, client):
    sheet = cook_meal(kitchen=kitchen, dish=SOUP, used=[BOUGHT], by="test", at=AT)
    for school in schools:
        send_meal(sheet=sheet, receiver=school, portions=50, celsius=Decimal(75), by="test", at=AT + MINUTE)
    late = KitchenDispatch.objects.get(receiver=schools[1])
    receive_meal(dispatch=late, celsius=Decimal(40), is_sample_kept=False, by="test", at=AT + MINUTE * 180)
    client.force_login(reach_user("alice", scene.COUNTY, Role.COUNTY))

    assert "主体K-1" in page(client, "tracing:kitchen_list", day="2022-11-24")
    told = page(client, "tracing:kitchen_detail", "K-1")
    for word in ("安次小学", "固安中学", "超时且未热藏、收餐未留样", "未收餐", "2022-11-24"):
        assert word in told, word
    assert "当日没有配送" in page(client, "tracing:kitchen_detail", "K-1", day="2022-11-23")
    told = page(client, "tracing:kitchen_sheet_detail", sheet.number)
    for word in ("某粮店", "大米", "安次小学", "82.5"):
        assert word in told, word
    client.force_login(reach_user("carol", scene.OTHER, Role.COUNTY))
    for name, key in (("kitchen_detail", "K-1"), ("kitchen_sheet_detail", sheet.number)):
        assert client.get(reverse(f"tracing:{name}", args=[key])).status_code == 404
