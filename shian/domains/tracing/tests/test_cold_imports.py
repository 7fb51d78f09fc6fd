"""Files of imported food and of kitchens: what enters, what comes back and why, and how it is taken back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from shian.domains.tracing.models import (
    ColdAlert,
    ColdBatch,
    ColdDevice,
    ColdMove,
    ColdReading,
    ColdStock,
    ColdStore,
    KitchenDispatch,
    KitchenInput,
    KitchenSheet,
)
from shian.domains.tracing.tests import scene
from shian.domains.tracing.tests.cold_scene import connect, make_units
from shian.domains.tracing.tests.test_imports import OUT
from shian.engine.trace.balances import balances_of
from shian.engine.trace.models import Holding, Movement
from shian.engine.trace.walks import Direction, reached
from shian.kernel.accounts.models import Role
from shian.kernel.imports.actions.undo import undo_batch
from shian.kernel.imports.models import BatchState, ImportBatch
from shian.kernel.notary.queries import entries_of
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db
STORE = "冷藏点编号 冷藏点名称 类型 主体编号 区划代码 下限（℃） 上限（℃） 启用日期"
BATCH = (
    "追溯码 首站主体编号 品名 数量 原产国（地区） 生产批号 报关单号 入境货物检验检疫证明号 进口商 报备日期 "
    "集中监管仓编号 到仓日期 放行编号 暂扣原因 放行或暂扣日期"
)
MOVE = "出库单号 追溯码 出库主体编号 购货主体编号 数量 出库日期 出库时间"
GOOD = "JL1,O-A,冻猪肘,1000,西班牙,L1,BG1,JY1,某公司,2022-11-20,W1,2022-11-21,FX1,,2022-11-22"


@pytest.fixture
def port(bring):
    units = make_units()
    assert bring("cold_stores", STORE, "W1,集中监管仓,集中监管仓,O-W,131002,-30,-15,2020-12-08") == (1, [])
    assert bring("cold_devices", "设备编号 冷藏点编号 采集间隔（分钟） 接入日期", "T1,W1,5,2021-01-01") == (1, [])
    assert bring("cold_batches", BATCH, GOOD) == (1, [])
    return units


def taken_back(importer: str) -> None:
    """The newest file that stands."""
    batch = ImportBatch.objects.filter(importer=importer, state=BatchState.ACCEPTED).latest("pk")
    office = reach_user(f"office-{batch.pk}", "131000", Role.OFFICE)
    undo_batch(batch=batch, reason="发错文件", by=office, at=timezone.now())


def test_goods_of_a_file_go_from_hand_to_hand_in_one_file_and_can_be_taken_back(port, bring):
    rows = "M1,JL1,O-A,O-B,600,2022-11-23,08:00", "M2,JL1,O-B,,250,2022-11-23,09:00", "M3,JL1,O-A,,400,2022-11-23,"
    assert bring("cold_moves", MOVE, *rows) == (3, [])

    sums = {each.operator.code: (each.received, each.sent) for each in ColdStock.objects.all()}
    assert sums == {"O-A": (1000, 1000), "O-B": (600, 250)}
    first, second = ColdStock.objects.order_by("pk")
    assert reached([first.holding], Direction.FORWARD).confirmed == {first.holding, second.holding}
    assert (balances_of([first.holding])[first.holding][0].came, Movement.objects.count()) == (1000, 1)
    assert bring("cold_moves", MOVE, *rows, "M4,JL1,O-B,,1,2022-11-23,") == (4, [])  # three are known already
    assert ColdMove.objects.count() == 4
    for _ in range(2):
        taken_back("cold_moves")
    assert (ColdMove.objects.count(), Movement.objects.count()) == (0, 0)
    assert [(each.received, each.sent) for each in ColdStock.objects.order_by("pk")] == [(1000, 0), (0, 0)]


def test_batches_of_a_file_are_taken_back_with_their_stocks(port, bring):
    holding = ColdStock.objects.get().holding
    taken_back("cold_batches")
    assert not ColdBatch.objects.exists()
    assert Holding.objects.get(pk=holding).made is None
    assert bring("cold_batches", BATCH, GOOD) == (1, [])
    assert Holding.objects.get(pk=holding).made == 1000
    assert (ColdStore.objects.count(), ColdDevice.objects.get().every_minutes) == (1, 5)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("M1,JL1,O-A,O-B,1001,2022-11-23,", "出库多于入库结余"),
        ("M1,JL1,O-B,,1,2022-11-23,", "出库多于入库结余"),
        ("M1,JL1,O-A,O-C,1,2022-11-23,", "未纳入"),
        ("M1,JL1,O-A,O-A,1,2022-11-23,", "不能是自己"),
        ("M1,JL2,O-A,,1,2022-11-23,", "没有放行编号"),
        ("M1,JL9,O-A,,1,2022-11-23,", "没有这个追溯码"),
        ("M1,JL1,O-9,,1,2022-11-23,", "没有这个主体编号"),
    ],
)
def test_a_move_comes_back_with_its_reason(port, bring, row, reason):
    held = "JL2,O-A,冻鱼,10,挪威,L2,BG2,JY2,某公司,2022-11-20,W1,2022-11-21,,证明号不符,2022-11-22"
    assert bring("cold_batches", BATCH, held) == (1, [])
    accepted, problems = bring("cold_moves", MOVE, row)
    assert accepted == 0
    assert any(reason in each for each in problems), problems


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("JL2,O-C,鱼,10,挪威,L2,B,J,某,2022-11-20,,,,,", "未纳入"),
        ("JL2,O-A,鱼,10,挪威,L2,B,J,某,2022-11-20,W9,2022-11-21,,,", "没有这个冷藏点"),
        ("JL2,O-A,鱼,10,挪威,L2,B,J,某,2022-11-20,W1,2022-11-21,FX1,,2022-11-22", "已用于另一批"),
        ("JL2,O-A,鱼,10,挪威,L2,B,J,某,2022-11-20,,,FX2,,2022-11-22", "到仓以后"),
        ("JL2,O-A,鱼,10,挪威,L2,B,J,某,2022-11-20,W1,2022-11-21,FX2,坏,2022-11-22", "只能填一项"),
        ("JL2,O-A,鱼,10,挪威,L2,B,J,某,2022-11-20,W1,2022-11-21,FX2,,", "同时填写日期"),
        ("JL2,O-A,鱼,0,挪威,L2,B,J,某,2022-11-20,,,,,", "大于 0"),
    ],
)
def test_a_batch_comes_back_with_its_reason(port, bring, row, reason):
    accepted, problems = bring("cold_batches", BATCH, row)
    assert accepted == 0
    assert any(reason in each for each in problems), problems


SHEET = "批次单号 主体编号 品名 产出 份数 烧熟日期 烧熟时间 中心温度 留样量"
INPUT = "批次单号 原料 数量 市场出库单号 追溯码 供货者 批号或生产日期"
SEND = "配送单号 批次单号 收餐主体编号 份数 发出日期 发出时间 发出温度 送达日期 送达时间 送达温度 已留样"


@pytest.fixture
def kitchen(town, bring):
    """A kitchen that bought cucumbers of R1 and has imported meat."""
    firm = scene.make_operator("K-1", format="中央厨房")
    scene.make_operator("S-1", scene.OTHER)
    connect(firm)
    bring("out_orders", OUT, "C1,M1,S1,R1,,2022-11-03,05:10,K-1,,100")
    bring("cold_stores", STORE, "W1,集中监管仓,集中监管仓,,131002,-30,-15,2020-12-08")
    assert bring("cold_batches", BATCH, GOOD.replace("O-A", "K-1")) == (1, [])
    assert bring("kitchen_sheets", SHEET, "JG1,K-1,炖肘子,80,200,2022-11-23,10:00,82,150") == (1, [])


def test_dishes_of_files_are_traced_to_schools_and_can_be_taken_back(kitchen, bring):
    inputs = "JG1,黄瓜,60,C1,,,", "JG1,冻猪肘,300,,JL1,,", "JG1,盐,1,,,某店,2022-10"
    assert bring("kitchen_inputs", INPUT, *inputs) == (3, [])
    assert bring("kitchen_inputs", INPUT, *inputs, "JG1,糖,1,,,某店,")[0] == 4
    assert KitchenInput.objects.count() == 4
    sent = "PS1,JG1,S-1,120,2022-11-23,10:20,75,2022-11-23,11:00,66,是", "PS2,JG1,O-1,80,2022-11-23,10:30,75,,,,"
    assert bring("kitchen_dispatches", SEND, *sent) == (2, [])

    stock, sheet = ColdStock.objects.get(), KitchenSheet.objects.get()
    assert (stock.sent, sheet.sent) == (300, 200)
    assert len(reached([stock.holding], Direction.FORWARD).confirmed) == 5
    taken_back("kitchen_dispatches")
    assert (KitchenDispatch.objects.count(), KitchenSheet.objects.get().sent) == (0, 0)
    for _ in range(2):
        taken_back("kitchen_inputs")
    assert (ColdStock.objects.get().sent, KitchenInput.objects.count()) == (Decimal(0), 0)


@pytest.mark.parametrize(
    ("importer", "row", "reason"),
    [
        ("kitchen_sheets", "JG2,S-1,汤,80,200,2022-11-23,,82,150", "不是中央厨房"),
        ("kitchen_sheets", "JG2,K-1,汤,80,200,2090-11-23,,82,150", "今天以后"),
        ("kitchen_inputs", "JG1,黄瓜,101,C1,,,", "投入多于购进"),
        ("kitchen_inputs", "JG1,黄瓜,1,C9,,,", "不是该单位购进"),
        ("kitchen_inputs", "JG1,肘子,1001,,JL1,,", "投入多于库存"),
        ("kitchen_inputs", "JG1,肘子,1,,JL9,,", "没有这个追溯码"),
        ("kitchen_inputs", "JG1,肘子,1,,,,", "填一项"),
        ("kitchen_inputs", "JG9,盐,1,,,某店,", "没有这张批次单"),
        ("kitchen_dispatches", "PS1,JG1,S-1,201,2022-11-23,10:20,75,,,,", "多于做出的份数"),
        ("kitchen_dispatches", "PS1,JG1,K-1,1,2022-11-23,10:20,75,,,,", "不能是自己"),
        ("kitchen_dispatches", "PS1,JG1,S-1,1,2022-11-23,09:20,75,,,,", "早于烧熟"),
        ("kitchen_dispatches", "PS1,JG1,S-1,1,2022-11-23,10:20,75,2022-11-23,,,", "同时填写"),
    ],
)
def test_a_row_of_a_kitchen_comes_back_with_its_reason(kitchen, bring, importer, row, reason):
    headings = {"kitchen_sheets": SHEET, "kitchen_inputs": INPUT, "kitchen_dispatches": SEND}[importer]
    accepted, problems = bring(importer, headings, row)
    assert accepted == 0
    assert any(reason in each for each in problems), problems


LATELY = timezone.localdate() - timedelta(days=3)
READING = "设备编号 日期 时间 温度 相对湿度"


def test_readings_of_a_logger_come_by_file_once_and_alert_like_those_that_are_sent(port, bring):
    rows = [f"T1,{LATELY},0{hour}:00,{celsius},70" for hour, celsius in ((0, -18), (1, -9), (2, -8), (3, -18.5))]
    assert bring("cold_readings", READING, *rows) == (4, [])

    assert ColdReading.objects.count() == 4
    [alert] = ColdAlert.objects.all()
    assert (alert.kind, alert.peak, alert.goods[0]["code"]) == ("warm", -8, "JL1")
    assert (alert.ended_at - alert.began_at).total_seconds() == 7200
    device = ColdDevice.objects.get()
    assert (device.last_celsius, device.last_at.hour) == (Decimal("-18.5"), 19)  # 03:00 in the city
    assert bring("cold_readings", READING, *rows, f"T1,{LATELY},04:00,-19,") == (5, [])
    assert (ColdReading.objects.count(), ColdAlert.objects.count()) == (5, 1)
    assert [each.data["count"] for each in entries_of(device.subject)] == [5, 4]


def test_readings_that_cannot_be_are_told_row_by_row(port, bring):
    tomorrow = timezone.localdate() + timedelta(days=1)
    rows = (
        f"T9,{LATELY},01:00,-18,", f"T1,{tomorrow},01:00,-18,", f"T1,{LATELY},,-18,", f"T1,{LATELY},01:00,180,",
        "T1,2020-01-01,01:00,-18,", f"T1,{LATELY},05:00,-18,",
    )  # fmt: skip
    accepted, told = bring("cold_readings", READING, *rows)
    assert accepted == 1
    for words in ("现在以后", "都要有时间", "没有接入", "早于保存期限"):
        assert any(words in each for each in told), (words, told)
    assert ColdReading.objects.count() == 1
