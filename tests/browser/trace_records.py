"""Examples for the pages of markets, orders and certificates: rows of the city's last day, and the demo's own stall."""

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

from tests.browser.case_records import Args, Maker, office_user
from tests.browser.own_records import CODE


@cache
def _rows() -> dict[str, Any]:
    """A sale with its lot and certificate; what the demo's business has in stock, sold and promised."""
    from shian.domains.tracing.models import Certificate, InOrder, Merchant, OutOrder, Producer

    sale = OutOrder.objects.filter(in_order__certificate__isnull=False).select_related(
        "in_order__certificate", "market"
    )
    found = sale.order_by("pk")[0]
    stall, farm = Merchant.objects.get(operator__code=CODE), Producer.objects.get(operator__code=CODE)
    stock = InOrder.objects.filter(merchant=stall, holding__isnull=False).order_by("pk")[0]
    issued = Certificate.objects.filter(producer=farm).order_by("pk")[0]
    return {
        "market": found.market.code, "in": found.in_order.number if found.in_order else "", "out": found.number,
        "certificate": issued.number, "token": issued.token, "stock": stock.pk, "stall": stall.pk, "farm": farm.pk,
        **_cold(),
        "sold": OutOrder.objects.filter(merchant=stall).order_by("pk")[0].number,
    }  # fmt: skip


def _cold() -> dict[str, Any]:
    """A batch that waits for its check, one that was announced, a store, a device, a dish; the demo's stock."""
    from shian.domains.tracing.models import ColdBatch, ColdDevice, ColdStock, KitchenSheet

    sheet = KitchenSheet.objects.select_related("operator").order_by("pk")[0]
    device = ColdDevice.objects.select_related("store").order_by("pk")[0]
    newest = ColdBatch.objects.order_by("-pk")
    own = ColdStock.objects.filter(operator__code=CODE, cold_batch__state="released").order_by("pk")[0]
    return {
        "batch": own.cold_batch.code, "label": own.cold_batch.token, "own_goods": own.pk,
        "arrived": newest.filter(state="arrived")[0].code, "announced": newest.filter(state="announced")[0].code,
        "store": device.store.code, "device": device.number, "kitchen": sheet.operator.code, "sheet": sheet.number,
    }  # fmt: skip


def _of(key: str) -> Maker:
    return lambda: [(_rows()[key],)]


def _own(key: str) -> Maker:
    return lambda: [(CODE, _rows()[key])]


@cache
def _recalls() -> dict[str, Any]:
    """A recall and a drill of what came to the demo's stall, both ordered and told; one more to be decided. Not of the
    lot that lay there before: a journey sells that."""
    from django.utils import timezone

    from shian.domains.tracing.actions.orders import Arrival, record_arrival
    from shian.domains.tracing.actions.recall_notices import tell_holders
    from shian.domains.tracing.actions.recalls import Order, decide_recall, propose_recall, publish_recall
    from shian.domains.tracing.models import Cause, Merchant, Proof, RecallHolder, RecallLevel, Treatment

    now, stall = timezone.now(), Merchant.objects.get(pk=_rows()["stall"])
    arrival = Arrival("黄瓜", Decimal(80), Proof.TEST)
    root = record_arrival(merchant=stall, arrival=arrival, by=office_user(), at=now).holding or 0
    order = Order(
        title="黄瓜", roots=[root], level=RecallLevel.SECOND, cause=Cause.SAMPLE, reason="抽检不合格",
        treatment=Treatment.DESTROY, advice="停止销售，封存待处理", known_at=now,
    )  # fmt: skip
    made = [propose_recall(order=order, by="tests", at=now, is_drill=each) for each in (False, True, False)]
    for each in made[:2]:
        decide_recall(recall=each, is_ordered=True, decision="", by="office", at=now)
        tell_holders(recall=each.pk, at=now)
    publish_recall(recall=made[0], by="office", at=now)
    own_row = RecallHolder.objects.get(recall=made[0], operator__code=CODE)
    return {
        "root": root, "running": made[0].number, "drill": made[1].number, "proposed": made[2].number,
        "holder": own_row.pk,
    }  # fmt: skip


def _recall(*keys: str) -> Maker:
    return lambda: [tuple(_recalls()[key] for key in keys)]


@cache
def _anomaly() -> list[Args]:
    """A sale before its goods came, as the city has one."""
    from shian.config import verbs
    from shian.domains.tracing.actions.anomalies import find_anomalies
    from shian.domains.tracing.models import TraceAnomaly

    find_anomalies(by="tests", at=verbs.now())
    return [(TraceAnomaly.objects.filter(check_key="backwards")[0].pk,)]


def _link() -> list[Args]:
    """A lot behind a code on a package, as a capture would have entered it."""
    from shian.engine.trace.models import Identifier
    from shian.engine.trace.rules.identifiers import DOMAIN, short_digest

    link = "01/06901234567892/10/A1"
    Identifier.objects.get_or_create(digest=short_digest(f"{DOMAIN}/{link}"), defaults={"uri": f"{DOMAIN}/{link}"})
    return [(link,)]


TRACE_EXAMPLES: dict[str, Callable[[], list[Args]]] = {
    "trace_links:link_detail": _link,
    "tracing:market_detail": _of("market"),
    "tracing:in_order_create": _of("market"),
    "tracing:in_order_detail": _of("in"),
    "tracing:out_order_detail": _of("out"),
    "tracing:voucher_print": _of("out"),
    "tracing:certificate_detail": _of("certificate"),
    "tracing:certificate_revoke": _of("certificate"),
    "tracing:label_print": _of("certificate"),
    "tracing:certificate_scan": _of("token"),
    "tracing:cold_batch_detail": _of("batch"),
    "tracing:cold_batch_take": _of("announced"),
    "tracing:cold_batch_review": _of("arrived"),
    "tracing:cold_label_scan": _of("label"),
    "tracing:cold_store_detail": _of("store"),
    "tracing:cold_key_issue": _of("device"),
    "tracing:kitchen_detail": _of("kitchen"),
    "tracing:kitchen_sheet_detail": _of("sheet"),
    "operator:cold_batch_create": lambda: [(CODE,)],
    "operator:cold_code_verify": lambda: [(CODE,)],
    "operator:cold_stock_send": _own("own_goods"),
    "operator:cold_stock_split": _own("own_goods"),
    "tracing:trace_detail": _recall("root"),
    "tracing:node_list": lambda: [(_recalls()["root"], "forward")],
    "tracing:anomaly_detail": _anomaly,
    "tracing:anomaly_edit": _anomaly,
    "tracing:recall_create": lambda: [()],
    "tracing:recall_detail": lambda: [(_recalls()[each],) for each in ("running", "drill", "proposed")],
    "tracing:recall_review": _recall("proposed"),
    "tracing:recall_close": _recall("running"),
    "tracing:recall_letter_create": _recall("running"),
    "tracing:holder_list": _recall("running"),
    "tracing:holder_detail": _recall("running", "holder"),
    "tracing:holder_edit": _recall("running", "holder"),
    "tracing:drill_report": _recall("drill"),
    "tracing:drill_close": _recall("drill"),
    "tracing:notice_detail": _recall("running"),
    "operator:recall_answer": lambda: [(CODE, _recalls()["holder"])],
    "operator:recall_edit": lambda: [(CODE, _recalls()["holder"])],
    "operator:trade_detail": lambda: [(CODE,)],
    "operator:in_order_sell": _own("stock"),
    "operator:voucher_print": _own("sold"),
    "operator:certificate_create": _own("farm"),
    "operator:label_print": _own("certificate"),
    "operator:certificate_revoke": _own("certificate"),
    "operator:certificate_split": _own("certificate"),
    "operator:certificate_mix": _own("stall"),
}
TRACE_ASKED: dict[str, Callable[[], dict[str, str]]] = {
    "tracing:recall_create": lambda: {"holding": str(_recalls()["root"])}
}
TRACE_PAGES = dict.fromkeys((each for each in TRACE_EXAMPLES if each.startswith("operator:")), "operator")
