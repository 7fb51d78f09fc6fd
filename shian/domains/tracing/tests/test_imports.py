"""Files of markets: what enters, what is drawn, what comes back and why, and how it is taken back."""

from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from shian.domains.tracing.definitions.measures import SOURCES
from shian.domains.tracing.models import Certificate, InOrder, MarketDay, OutOrder, Producer, Variety
from shian.domains.tracing.tests.conftest import IN
from shian.engine.trace.balances import balances_of
from shian.engine.trace.models import Holding, Movement, Party
from shian.engine.trace.walks import Direction, reached
from shian.kernel.accounts.models import Role
from shian.kernel.imports.actions.undo import undo_batch
from shian.kernel.imports.models import ImportBatch
from shian.kernel.imports.undo import UndoRefused
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db
OUT = "出库单号 市场编号 商户编号 入库单号 品种 销售日期 销售时间 购货主体编号 购货者名称 数量"


def holder(party: int) -> str:
    return Party.objects.get(pk=party).operator.code


def test_goods_keep_the_lot_of_their_certificate_from_farm_to_buyer(town, bring):
    accepted, problems = bring(
        "out_orders", OUT, "C1,M1,S1,R1,,2022-11-03,05:10,O-1,,100", "C2,M1,S1,R1,,2022-11-03,,,某饭馆,50"
    )

    assert (accepted, problems) == (2, [])
    certificate, order = Certificate.objects.get(number="HGZ1"), InOrder.objects.get(number="R1")
    assert (order.lot, certificate.used, order.sold) == (certificate.lot, 600, 150)
    reach = reached([certificate.holding], Direction.FORWARD)
    holders = {each.party_id for each in Holding.objects.filter(pk__in=reach.confirmed)}
    assert len(holders) == 4
    assert not reach.possible
    sold = OutOrder.objects.get(number="C1")
    assert holder(sold.buyer) == "O-1"
    assert timezone.localtime(sold.sold_at).strftime("%Y-%m-%d %H:%M") == "2022-11-03 05:10"
    balance = balances_of([order.holding])[order.holding][0]
    assert (balance.came, balance.left) == (600, 150)


def test_goods_without_a_certificate_begin_at_the_gate(town):
    order = InOrder.objects.get(number="R2")

    assert Holding.objects.get(pk=order.holding).made == 200
    refused = InOrder.objects.get(number="R3")
    assert (refused.lot, refused.holding, refused.verdict) == (None, None, "refused")


def test_an_order_without_its_lot_draws_possible_movements_only(town, bring):
    bring("in_orders", IN, "R4,M1,S1,2022-10-20,,韭菜,90,购货凭证,A1,,")
    accepted, problems = bring("out_orders", OUT, "C1,M1,S1,,韭菜,2022-11-05,,O-2,,10")

    assert (accepted, problems) == (1, [])
    order = InOrder.objects.get(number="R2")
    reach = reached([order.holding], Direction.FORWARD)
    assert (len(reach.confirmed), len(reach.possible)) == (1, 1)
    assert Movement.objects.filter(ring=2).count() == 1  # not from R4: sold on long before


def test_a_retail_purchase_goes_on_with_the_lot_of_its_wholesale_order(town, bring):
    bring("out_orders", OUT, "C1,M1,S1,R1,,2022-11-03,,O-3,,100")
    accepted, problems = bring("in_orders", RETAIL, "L-R1,L1,T1,2022-11-03,09:00,黄瓜,100,购货凭证,C1,,,C1")

    assert (accepted, problems) == (1, [])
    bought = InOrder.objects.get(number="L-R1")
    assert (bought.source_order.number, bought.lot) == ("C1", InOrder.objects.get(number="R1").lot)
    came = balances_of([bought.holding])[bought.holding][0].came
    assert came == 100  # sale and receipt are two tellings of one movement


RETAIL = IN + " 批发出库单号"


def test_what_was_sold_to_whoever_came_goes_on_from_there_to_the_stall_and_is_drawn_once(town, bring):
    bring("out_orders", OUT, "C1,M1,S1,R1,,2022-11-03,,,某摊主,100")
    assert bring("in_orders", RETAIL, "L-R1,L1,T1,2022-11-03,09:00,黄瓜,100,购货凭证,C1,,,C1") == (1, [])

    bought, sold = InOrder.objects.get(number="L-R1"), InOrder.objects.get(number="R1")
    assert balances_of([sold.holding])[sold.holding][0].left == 100
    [giver] = Movement.objects.filter(target=bought.holding)
    assert giver.seller == OutOrder.objects.get(number="C1").buyer


@pytest.mark.parametrize(
    ("buyer", "rows", "reason"),
    [
        ("O-2", ("L-R1,L1,T1,2022-11-03,09:00,黄瓜,100,购货凭证,C1,,,C1",), "卖给别人"),
        ("O-3", ("L-R1,L1,T1,2022-11-03,09:00,黄瓜,100.5,购货凭证,C1,,,C1",), "超过这张出库单"),
        ("O-3", ("L-R1,L1,T1,2022-11-03,09:00,黄瓜,60,购货凭证,C1,,,C1",
                 "L-R2,L1,T1,2022-11-03,10:00,黄瓜,60,购货凭证,C1,,,C1"), "超过这张出库单"),
    ],
)  # fmt: skip
def test_a_receipt_of_more_than_was_sold_or_of_what_others_bought_draws_nothing(town, bring, buyer, rows, reason):
    bring("out_orders", OUT, f"C1,M1,S1,R1,,2022-11-03,,{buyer},,100")
    moved = Movement.objects.count()
    accepted, problems = bring("in_orders", RETAIL, *rows)

    assert accepted == 0
    assert all(reason in each for each in problems if "没有一行合格" not in each), problems
    assert Movement.objects.count() == moved


def test_an_order_that_came_in_two_receipts_is_used_up(town, bring):
    bring("out_orders", OUT, "C1,M1,S1,R1,,2022-11-03,,O-3,,100")
    first = "L-R1,L1,T1,2022-11-03,09:00,黄瓜,60,购货凭证,C1,,,C1"
    assert bring("in_orders", RETAIL, first) == (1, [])
    second = "L-R2,L1,T1,2022-11-03,10:00,黄瓜,40,购货凭证,C1,,,C1"
    assert bring("in_orders", RETAIL, first, second) == (2, [])
    assert bring("in_orders", RETAIL, "L-R3,L1,T1,2022-11-03,10:00,黄瓜,1,购货凭证,C1,,,C1")[0] == 0


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("C9,M9,S1,R1,,2022-11-03,,,,1", "没有这个市场编号"),
        ("C9,M1,S9,R1,,2022-11-03,,,,1", "没有这个商户编号"),
        ("C9,M1,S1,R9,,2022-11-03,,,,1", "没有这张入库单"),
        ("C9,M1,S2,R1,,2022-11-03,,,,1", "不是该商户准入的入库单"),
        ("C9,M1,S2,R3,,2022-11-05,,,,1", "不是该商户准入的入库单"),
        ("C9,M1,S1,,,2022-11-03,,,,1", "至少填一项"),
        ("C9,M1,S1,R1,,2022-11-03,,O-9,,1", "没有这个主体编号"),
        ("C9,M1,S1,R1,,2022-11-03,25:00,,,1", "格式不正确"),
        ("C9,M1,S1,R1,,2022-11-03,,,,0", "大于 0"),
        ("C9,M1,S1,R1,,2090-11-03,,,,1", "今天以后"),
    ],
)
def test_an_out_order_comes_back_with_its_reason(town, bring, row, reason):
    accepted, problems = bring("out_orders", OUT, row)

    assert accepted == 0
    assert any(reason in each for each in problems), problems


def test_what_is_doubtful_is_told_and_kept(town, bring):
    accepted, problems = bring("out_orders", OUT, "C1,M1,S1,R1,,2022-11-02,,,,1")
    assert (accepted, problems) == (1, ["销售时间早于入场时间"])

    accepted, problems = bring("in_orders", IN, "R5,M1,S1,2022-11-05,,黄瓜,10,合格证,HGZ-外地,,")
    assert (accepted, problems) == (1, ["系统中没有这个合格证编号"])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("R9,M1,S1,2022-11-05,,黄瓜,401,合格证,HGZ1,,", "已用完，或不够"),
        ("R9,M1,S1,2022-11-05,,黄瓜,10,无凭证,,,", "不能准入"),
        ("R9,M1,S1,2022-11-05,,黄瓜,10,无凭证,,拒入,", "写明原因"),
        ("R9,M1,S1,2022-11-05,,黄瓜,10,合格证,,,", "应填编号"),
    ],
)
def test_an_in_order_comes_back_with_its_reason(town, bring, row, reason):
    accepted, problems = bring("in_orders", IN, row)

    assert accepted == 0
    assert any(reason in each for each in problems), problems


def test_a_batch_is_taken_back_with_its_movements_and_sums_and_can_come_again(town, bring):
    before = Movement.objects.count(), MarketDay.objects.get(day="2022-11-03").out_kg
    rows = "C1,M1,S1,R1,,2022-11-03,,O-1,,100", "C2,M1,S1,,韭菜,2022-11-05,,O-2,,10"
    bring("out_orders", OUT, *rows)
    office = reach_user("office", "131000", Role.OFFICE)
    batch = ImportBatch.objects.latest("pk")

    undo_batch(batch=batch, reason="发错文件", by=office, at=timezone.now())

    assert OutOrder.objects.count() == 0
    assert (Movement.objects.count(), MarketDay.objects.get(day="2022-11-03").out_kg) == before
    assert InOrder.objects.get(number="R1").sold == 0
    assert len(reached([InOrder.objects.get(number="R1").holding], Direction.FORWARD).confirmed) == 1
    assert bring("out_orders", OUT, *rows, "C3,M1,S1,R1,,2022-11-03,,,,1") == (3, [])


def test_a_batch_of_which_an_order_changed_or_went_is_not_taken_back(town, bring):
    rows = "C1,M1,S1,R1,,2022-11-03,,O-1,,100", "C2,M1,S1,,韭菜,2022-11-05,,O-2,,10"
    bring("out_orders", OUT, *rows)
    batch, office = ImportBatch.objects.latest("pk"), reach_user("office", "131000", Role.OFFICE)
    written = {each.table: each for each in batch.written.all()}
    own = OutOrder.objects.order_by("pk").values_list("pk", flat=True)
    assert [written["tracing_outorder"].first, written["tracing_outorder"].last] == list(own)
    assert written["trace_movement"].rows_after == 2
    assert not written["trace_movement"].new_ids

    OutOrder.objects.filter(number="C1").update(buyer_name="另一家")
    with pytest.raises(UndoRefused, match="有 1 行此后又有变更"):
        undo_batch(batch=batch, reason="发错文件", by=office, at=timezone.now())
    OutOrder.objects.filter(number="C2").delete()
    with pytest.raises(UndoRefused, match="有 2 行此后又有变更"):
        undo_batch(batch=batch, reason="发错文件", by=office, at=timezone.now())


def test_a_batch_that_listed_its_rows_is_taken_back_as_before(town, bring):
    """Batches that were accepted before new rows became ranges."""
    bring("out_orders", OUT, "C1,M1,S1,R1,,2022-11-03,,O-1,,100")
    batch, office = ImportBatch.objects.latest("pk"), reach_user("office", "131000", Role.OFFICE)
    for each in batch.written.all():
        listed = list(range(each.first, each.last + 1))
        batch.written.filter(pk=each.pk).update(new_ids=listed, first=None, last=None)
    moved = Movement.objects.count()

    undo_batch(batch=batch, reason="发错文件", by=office, at=timezone.now())

    assert (OutOrder.objects.count(), Movement.objects.count()) == (0, moved - 1)


def test_a_day_tells_how_many_orders_do_not_tell_their_lot(town, bring):
    rows = "C1,M1,S1,R1,,2022-11-05,,O-1,,1", "C2,M1,S1,,韭菜,2022-11-05,,O-2,,1", "C3,M1,S1,,韭菜,2022-11-05,,,,1"
    bring("out_orders", OUT, *rows)

    day = MarketDay.objects.get(day="2022-11-05")
    assert (day.outs, day.unknown) == (3, 2)
    OutOrder.objects.filter(number="C3").delete()
    day.refresh_from_db()
    assert (day.outs, day.unknown) == (2, 1)


def test_after_many_orders_the_planner_knows_of_their_market(town, bring, monkeypatch):
    monkeypatch.setattr("shian.domains.tracing.imports.out_orders.MANY", 2)
    bring("out_orders", OUT, *(f"C{n},M1,S1,R1,,2022-11-03,,O-1,,1" for n in range(1, 31)))

    with connection.cursor() as cursor:
        cursor.execute("SELECT n_distinct FROM pg_stats WHERE tablename = 'tracing_outorder' AND attname = 'market_id'")
        assert cursor.fetchone() == (1.0,)


def test_goods_that_began_at_a_retail_gate_begin_there_once_however_often_their_file_comes(town, bring):
    bring("out_orders", OUT, "C1,M1,S1,,韭菜,2022-11-03,,O-3,,10")  # its lot is not known
    file = "in_orders", RETAIL, "L-R1,L1,T1,2022-11-03,09:00,韭菜,10,购货凭证,C1,,,C1"
    office = reach_user("office", "131000", Role.OFFICE)

    for _ in range(2):
        assert bring(*file) == (1, [])
        holding = InOrder.objects.get(number="L-R1").holding
        assert Holding.objects.get(pk=holding).made == 10
        undo_batch(batch=ImportBatch.objects.latest("pk"), reason="发错文件", by=office, at=timezone.now())
        assert Holding.objects.get(pk=holding).made is None


def test_a_file_that_comes_again_adds_nothing(town, bring):
    bring("out_orders", OUT, "C1,M1,S1,R1,,2022-11-03,,O-1,,100")
    moved = Movement.objects.count()
    bring("out_orders", OUT, "C1,M1,S1,R1,,2022-11-03,,O-1,,100", "C2,M1,S1,R1,,2022-11-03,,O-1,,50")

    assert (OutOrder.objects.count(), Movement.objects.count()) == (2, moved + 1)
    assert InOrder.objects.get(number="R1").sold == Decimal(150)


def test_a_county_brings_orders_of_its_own_markets_only(town, bring, tmp_path):
    from shian.kernel.imports.actions import import_path

    path = tmp_path / "other.csv"
    path.write_text(",".join(OUT.split()) + "\nC1,M1,S1,R1,,2022-11-03,,,,1\n", encoding="utf-8")
    summary = import_path(path=path, by="carol", at=timezone.now(), importer="out_orders", area="131002")[0]

    assert (summary.accepted, summary.rejected) == (0, 1)


def test_a_line_below_a_figure_names_the_day_of_the_city(town):
    [source] = [each for each in SOURCES if each.key == "in_orders"]

    assert source.row_of(InOrder.objects.get(number="R1")).cells["day"].isoformat() == "2022-11-03"  # at 04:30


def test_certificates_tell_when_a_producer_was_heard_of_last(town):
    assert Producer.objects.get().last_upload_on.isoformat() == "2022-11-02"
    assert Certificate.objects.get(number="HGZ1").basis == ["own_test", "promise"]
    assert set(Variety.objects.values_list("name", flat=True)) == {"黄瓜", "韭菜", "萝卜"}
