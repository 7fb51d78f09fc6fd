"""Verbs at the gate, at a sale and of a certificate: by whom, what follows, what is refused."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shian.domains.tracing.actions.certificates import (
    Promise,
    issue_certificate,
    reissue_certificate,
    revoke_certificate,
    split_certificate,
)
from shian.domains.tracing.actions.orders import Arrival, record_arrival, record_sale
from shian.domains.tracing.actions.refusals import TradeRefused
from shian.domains.tracing.models import Basis, Certificate, InOrder, Market, Merchant, Producer, Proof, Verdict
from shian.domains.tracing.queries.certificates import answer_to, completion_of, producers_chosen
from shian.domains.tracing.queries.vouchers import epcis_of, voucher_of
from shian.domains.tracing.rules.certificates import Standing
from shian.domains.tracing.tests import scene
from shian.engine.trace.balances import balances_of
from shian.engine.trace.rules.event_schema import schema_faults
from shian.engine.trace.walks import Direction, reached
from shian.kernel.accounts.models import Role, User
from shian.kernel.notary.queries import entries_of
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import Reach
from shian.registers.operators.models import Operator
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db
AT = datetime(2022, 11, 24, 2, 0, tzinfo=UTC)
OWN = Promise("黄瓜", Decimal(100), [Basis.OWN_TEST])
TEST = Arrival("茄子", Decimal(50), Proof.TEST, origin="永清县")


def person(name: str, operator: Operator) -> User:
    """Somebody who works for the operator (how accounts are bound is another app's: tests of portals/operator)."""
    user = User.objects.create(username=name, role=Role.OPERATOR)
    user._reach = Reach(operators=(operator.pk,))
    return user


@pytest.fixture
def cast(town):
    """People of a farm, of the market's operator and of the stall 商户乙 (O-1); 商户甲 has no account."""
    farm, host, stall = (Operator.objects.get(code=code) for code in ("O-3", "O-2", "O-1"))
    Producer.objects.update(operator=farm)
    Market.objects.filter(code="M1").update(operator=host)
    found = {name: person(name, each) for name, each in (("farmer", farm), ("gate", host), ("seller", stall))}
    staff = {"county": reach_user("alice", "131022", Role.COUNTY), "other": reach_user("carol", "131002", Role.COUNTY)}
    return found | staff


def stall() -> Merchant:
    return Merchant.objects.select_related("market").get(number="S2")


def farm() -> Producer:
    return Producer.objects.get()


def test_a_farm_issues_and_the_gate_asks_the_number(cast):
    made = issue_certificate(producer=farm(), promise=OWN, by=cast["farmer"], at=AT)

    assert made.number == "P1-20221124-001"
    assert answer_to(made.number).standing == Standing.VALID
    assert answer_to(made.token).left == 100
    assert Producer.objects.get().last_upload_on.isoformat() == "2022-11-24"
    assert [each.action for each in entries_of(made.subject)] == ["tracing.certificate_issued"]
    assert answer_to("nothing").standing == Standing.UNKNOWN


def test_only_the_own_people_promise_and_sell(cast):
    for name in ("gate", "seller"):
        with pytest.raises(OutOfReach):
            issue_certificate(producer=farm(), promise=OWN, by=cast[name], at=AT)
    with pytest.raises(PermissionDenied):
        issue_certificate(producer=farm(), promise=OWN, by=cast["county"], at=AT)
    order = record_arrival(merchant=stall(), arrival=TEST, by=cast["gate"], at=AT)
    with pytest.raises(OutOfReach):
        record_sale(order=order, quantity=Decimal(1), by=cast["farmer"], at=AT)


def test_the_gate_admits_until_the_certificate_is_used_up(cast):
    made = issue_certificate(producer=farm(), promise=OWN, by=cast["farmer"], at=AT)
    arrival = Arrival("黄瓜", Decimal(60), Proof.CERTIFICATE, made.number)

    order = record_arrival(merchant=stall(), arrival=arrival, by=cast["gate"], at=AT)
    assert (order.lot, order.certificate, order.verdict) == (made.lot, made, Verdict.ADMITTED)
    assert reached([made.holding], Direction.FORWARD).confirmed == {made.holding, order.holding}
    with pytest.raises(TradeRefused, match="只剩 40 千克"):
        record_arrival(merchant=stall(), arrival=arrival, by=cast["gate"], at=AT)
    rest = Arrival("黄瓜", Decimal(40), Proof.CERTIFICATE, made.token)  # as its label is scanned
    order = record_arrival(merchant=stall(), arrival=rest, by=cast["county"], at=AT)
    assert (order.certificate, order.proof_no) == (made, made.number)
    assert answer_to(made.number).standing == Standing.USED_UP
    with pytest.raises(TradeRefused, match="已用完"):
        record_arrival(merchant=stall(), arrival=rest, by=cast["gate"], at=AT)


def test_a_certificate_admits_its_own_variety_only(cast):
    made = issue_certificate(producer=farm(), promise=OWN, by=cast["farmer"], at=AT)

    with pytest.raises(TradeRefused, match="品种是黄瓜") as refused:
        record_arrival(
            merchant=stall(), arrival=Arrival("茄子", Decimal(1), Proof.CERTIFICATE, made.number), by="test", at=AT
        )
    assert refused.value.field == "variety"
    assert answer_to(made.number).left == 100


def test_goods_without_proof_are_tested_or_refused(cast):
    bare = Arrival("茄子", Decimal(50), Proof.NONE)
    with pytest.raises(TradeRefused, match="不能准入"):
        record_arrival(merchant=stall(), arrival=bare, by=cast["gate"], at=AT)

    refused = Arrival("茄子", Decimal(50), Proof.NONE, reason="快检不合格")
    order = record_arrival(merchant=stall(), arrival=refused, by=cast["gate"], at=AT)
    assert (order.verdict, order.lot) == (Verdict.REFUSED, None)
    with pytest.raises(TradeRefused, match="不能销售"):
        record_sale(order=order, quantity=Decimal(1), by=cast["seller"], at=AT)
    with pytest.raises(OutOfReach):
        record_arrival(merchant=stall(), arrival=TEST, by=cast["other"], at=AT)


def test_a_stall_sells_what_is_left_and_the_voucher_names_it(cast):
    order = record_arrival(merchant=stall(), arrival=TEST, by=cast["gate"], at=AT)
    buyer = Operator.objects.get(code="O-3")

    sale = record_sale(order=order, quantity=Decimal(30), buyer=buyer, by=cast["seller"], at=AT)
    small = record_sale(order=order, quantity=Decimal(20), buyer_name="某饭馆", by=cast["seller"], at=AT)
    with pytest.raises(TradeRefused, match="还剩 0 千克"):
        record_sale(order=order, quantity=Decimal(1), by=cast["seller"], at=AT)
    assert [each.data["buyer"] for each in entries_of(small.subject)] == ["某*馆"]  # the log names no person
    voucher = voucher_of(sale, "https://shian.example/")
    assert (voucher.variety, voucher.origin, voucher.buyer) == ("茄子", "永清县", "主体O-3")
    balance = balances_of([order.holding])[order.holding][0]
    assert (balance.came, balance.left) == (50, 50)
    event = epcis_of(sale)["epcisBody"]["eventList"][0]
    assert list(schema_faults(event)) == []
    assert event["destinationList"][0]["destination"] == "urn:shian:operator:O-3"


def test_a_voucher_shown_at_a_retail_gate_links_the_purchase_to_the_sale_it_came_from(cast):
    order = record_arrival(merchant=stall(), arrival=TEST, by=cast["gate"], at=AT)
    buyer, shop = Operator.objects.get(code="O-3"), Merchant.objects.select_related("market").get(number="T1")
    sale = record_sale(order=order, quantity=Decimal(30), buyer=buyer, by=cast["seller"], at=AT)
    small = record_sale(order=order, quantity=Decimal(10), buyer_name="某摊主", by=cast["seller"], at=AT)
    other = Operator.objects.get(code="O-2")
    foreign = record_sale(order=order, quantity=Decimal(5), buyer=other, by=cast["seller"], at=AT)

    def bought(number: str, quantity: int) -> InOrder:
        arrival = Arrival("茄子", Decimal(quantity), Proof.VOUCHER, number)
        return record_arrival(merchant=shop, arrival=arrival, by=cast["county"], at=AT)

    first = bought(sale.number, 20)
    assert (first.source_order, first.lot, first.origin) == (sale, order.lot, "永清县")
    with pytest.raises(TradeRefused, match="只剩 10 千克"):
        bought(sale.number, 11)
    with pytest.raises(TradeRefused, match="开给别人"):
        bought(foreign.number, 1)
    assert bought(small.number, 10).lot == order.lot  # whoever walked in brought it here
    assert bought("别处的凭证", 10).source_order is None
    balance = balances_of([order.holding])[order.holding][0]
    assert (balance.came, balance.left) == (50, 45)


def test_numbers_are_free_and_fit_whatever_files_and_codes_say(cast):
    scene.make_certificate(farm(), "P1-20221124-002")
    made = [issue_certificate(producer=farm(), promise=OWN, by=cast["farmer"], at=AT).number for _ in range(2)]
    assert made == ["P1-20221124-003", "P1-20221124-004"]
    Producer.objects.update(code="P" * 40)
    Market.objects.filter(code="M1").update(code="M" * 30)
    Merchant.objects.filter(number="S2").update(number="S" * 30)

    shop = Merchant.objects.select_related("market").get(number="S" * 30)
    order = record_arrival(merchant=shop, arrival=TEST, by=cast["gate"], at=AT)
    sale = record_sale(order=order, quantity=Decimal(5), by=cast["seller"], at=AT)
    mixed = Promise("混装茄子", Decimal(5), [Basis.PROMISE])
    reissue_certificate(merchant=shop, parts=[(order, Decimal(5))], promise=mixed, by=cast["seller"], at=AT)
    issue_certificate(producer=farm(), promise=OWN, by=cast["farmer"], at=AT)
    assert (order.number, sale.number) == (f"R{'M' * 6}{'S' * 18}-20221124-001", f"C{'M' * 6}{'S' * 18}-20221124-001")


def test_whoever_draws_holds_the_graph_before_any_row(cast):
    order = record_arrival(merchant=stall(), arrival=TEST, by=cast["gate"], at=AT)
    mixed = Promise("混装茄子", Decimal(5), [Basis.PROMISE])
    for step in (
        lambda: record_arrival(merchant=stall(), arrival=TEST, by=cast["gate"], at=AT),
        lambda: record_sale(order=order, quantity=Decimal(5), by=cast["seller"], at=AT),
        lambda: issue_certificate(producer=farm(), promise=OWN, by=cast["farmer"], at=AT),
        lambda: reissue_certificate(
            merchant=stall(), parts=[(order, Decimal(5))], promise=mixed, by=cast["seller"], at=AT
        ),
    ):
        with CaptureQueriesContext(connection) as told:
            step()
        asked = [str(each["sql"]) for each in told.captured_queries]
        locks = [each for each in asked if "advisory" in each or "FOR UPDATE" in each]
        assert "trace_graph" in locks[0], locks


def test_a_batch_is_split_and_never_beyond_what_is_left(cast):
    whole = issue_certificate(producer=farm(), promise=OWN, by=cast["farmer"], at=AT)

    parts = split_certificate(certificate=whole, shares=[Decimal(60), Decimal(40)], by=cast["farmer"], at=AT)
    assert [each.quantity for each in parts] == [60, 40]
    assert answer_to(whole.number).standing == Standing.USED_UP
    assert len(reached([whole.holding], Direction.FORWARD).confirmed) == 3
    with pytest.raises(TradeRefused, match="不能超过剩余的 0 千克"):
        split_certificate(certificate=whole, shares=[Decimal(1)], by=cast["farmer"], at=AT)


def test_who_mixes_promises_anew_and_uses_up_what_went_in(cast):
    first = record_arrival(merchant=stall(), arrival=TEST, by=cast["gate"], at=AT)
    second = record_arrival(merchant=stall(), arrival=TEST, by=cast["gate"], at=AT)
    promise = Promise("混装茄子", Decimal(70), [Basis.PROMISE])
    parts = [(first, Decimal(50)), (second, Decimal(20))]

    with pytest.raises(TradeRefused, match="等于各批次数量之和"):
        reissue_certificate(merchant=stall(), parts=parts[:1], promise=promise, by=cast["seller"], at=AT)
    made = reissue_certificate(merchant=stall(), parts=parts, promise=promise, by=cast["seller"], at=AT)

    assert made.merchant == stall()
    assert {first.holding, second.holding} < reached([made.holding], Direction.BACKWARD).confirmed
    assert sorted(InOrder.objects.filter(variety__name="茄子").values_list("sold", flat=True)) == [20, 50]


def test_a_revoked_certificate_lets_nothing_in(cast):
    made = issue_certificate(producer=farm(), promise=OWN, by=cast["farmer"], at=AT)
    with pytest.raises(OutOfReach):
        revoke_certificate(certificate=made, reason="开错", by=cast["seller"], at=AT)

    revoke_certificate(certificate=made, reason="开错", by=cast["farmer"], at=AT)

    arrival = Arrival("黄瓜", Decimal(1), Proof.CERTIFICATE, made.number)
    with pytest.raises(TradeRefused, match="已作废"):
        record_arrival(merchant=stall(), arrival=arrival, by=cast["gate"], at=AT)
    assert Certificate.objects.get(pk=made.pk).revoked_reason == "开错"


def test_who_stopped_uploading_is_listed_from_the_day_of_the_pack(cast):
    last = datetime(2022, 12, 2, tzinfo=UTC).date()  # 30 days after the last certificate of the file
    for day, silent in ((last, 0), (last.replace(day=3), 1)):
        rows = producers_chosen(cast["county"], day, area="", category="", state="silent", text="")
        assert rows.count() == silent
        assert completion_of(cast["county"], day).silent == silent
