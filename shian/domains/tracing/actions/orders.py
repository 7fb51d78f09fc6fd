"""Goods at the gate, and goods sold on, one by one (files: imports)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.tracing.actions.graph import hold, holding_of, lot_of, moved, party_of
from shian.domains.tracing.actions.numbers import free_number
from shian.domains.tracing.actions.refusals import TradeRefused
from shian.domains.tracing.models import Certificate, InOrder, Merchant, OutOrder, Proof, Variety, Verdict
from shian.domains.tracing.permissions import of_gate, of_merchant
from shian.domains.tracing.queries.recalls import stopped_by
from shian.domains.tracing.rules.certificates import Standing, standing_of
from shian.domains.tracing.rules.naming import lot_uri
from shian.domains.tracing.rules.quantities import kilos
from shian.engine.trace.models import Holding, MovementKind
from shian.kernel.notary.actions import seal
from shian.kernel.scope.rules import LEVELS
from shian.kernel.scope.walls import system_scope
from shian.kernel.ui.masking import masked_name
from shian.registers.operators.models import Operator


@dataclass(frozen=True)
class Arrival:
    """What stands at the gate. `quantity` in kilograms; `reason`: why it was refused, "" when it was admitted."""

    variety: str
    quantity: Decimal
    proof: Proof
    proof_no: str = ""
    origin: str = ""
    supplier: str = ""
    reason: str = ""


@transaction.atomic
def record_arrival(*, merchant: Merchant, arrival: Arrival, by: Any, at: datetime) -> InOrder:
    """Admit goods with their proof, or refuse them with a reason.

    Goods bought with a voucher of a market here keep their lot (E-05). Raises PermissionDenied, OutOfReach;
    TradeRefused without proof or test, with a certificate that is revoked, of another variety or does not reach that
    far, with a voucher of others or for less, and for a merchant who has left.
    """
    name = of_gate(by, merchant.market)
    hold()
    day = timezone.localdate(at)
    if merchant.left_on is not None and merchant.left_on <= day:
        raise TradeRefused(_("商户已退场。"))
    is_in = not arrival.reason
    if is_in and arrival.proof == Proof.NONE:
        raise TradeRefused(_("没有凭证也没有检测，不能准入：请快检，或者填写拒入原因。"), "proof")
    certificate = _certificate(arrival, is_in) if arrival.proof == Proof.CERTIFICATE else None
    sale = _sale(arrival, _party(merchant)) if is_in and arrival.proof == Proof.VOUCHER else None
    proof_no = certificate.number if certificate else arrival.proof_no
    number = _number("R", merchant, at)
    lot = holding = None
    if is_in:
        known = _known(certificate, sale)
        lot = known[0] if known else lot_of(lot_uri(number))
        holding = holding_of(lot, _party(merchant), at, None if known else arrival.quantity)
        if known:
            moved(known[1], holding, at, arrival.quantity, MovementKind.RECEIVED)
    order = InOrder.objects.create(
        number=number, market=merchant.market, merchant=merchant, variety=variety_of(arrival.variety), received_at=at,
        quantity=arrival.quantity, origin=arrival.origin or _origin(certificate, sale), source_order=sale,
        supplier=arrival.supplier, proof=arrival.proof, proof_no=proof_no, certificate=certificate,
        verdict=Verdict.ADMITTED if is_in else Verdict.REFUSED, reason=arrival.reason, lot=lot, holding=holding,
        **{level.value: getattr(merchant.market, level.value) for level in LEVELS},
    )  # fmt: skip
    told = {"merchant": merchant.number, "quantity": str(arrival.quantity), "proof": str(arrival.proof)}
    told |= {"proof_no": proof_no, "reason": arrival.reason}
    action = "tracing.goods_admitted" if is_in else "tracing.goods_refused"
    seal(action=action, by=name, subject=order.subject, data=told, at=at)
    return order


def _certificate(arrival: Arrival, is_in: bool) -> Certificate | None:
    """The certificate of this number, or of this code on a label, that lets goods in; None for one of elsewhere, whose
    number is kept. Locked: it is used up."""
    if not arrival.proof_no:
        raise TradeRefused(_("凭合格证准入应填编号。"), "proof_no")
    with system_scope():  # certificates of other counties are presented too
        named = Q(number=arrival.proof_no) | Q(token=arrival.proof_no)
        found = Certificate.objects.select_for_update(of=("self",)).select_related("variety").filter(named).first()
    if found is None or not is_in:
        return found
    standing = standing_of(found.quantity, found.used, is_revoked=found.revoked_at is not None)
    if standing == Standing.REVOKED:
        raise TradeRefused(_("合格证已作废。"), "proof_no")
    if standing == Standing.USED_UP:
        raise TradeRefused(_("合格证已用完。"), "proof_no")
    if found.variety.name != arrival.variety.strip():
        raise TradeRefused(_("合格证的品种是%(name)s。") % {"name": found.variety.name}, "variety")
    refuse_recalled(found.holding)
    if found.quantity - found.used < arrival.quantity:
        left = found.quantity - found.used
        raise TradeRefused(_("合格证只剩 %(left)s 千克。") % {"left": kilos(left)}, "quantity")
    return found


def _sale(arrival: Arrival, party: int) -> OutOrder | None:
    """The sale whose voucher is shown; None for one of elsewhere, whose number is kept. The caller holds the graph."""
    with system_scope():  # bought in markets of other counties too
        rows = OutOrder.objects.select_related("market", "in_order")
        found: OutOrder | None = rows.filter(number=arrival.proof_no).first() if arrival.proof_no else None
        if found is None:
            return None
        came = found.retail_orders.filter(verdict=Verdict.ADMITTED).aggregate(kilos=Sum("quantity"))["kilos"]
    if found.buyer not in {party, found.market.walk_in}:
        raise TradeRefused(_("这张销售凭证是开给别人的。"), "proof_no")
    left = found.quantity - (came or 0)
    if left < arrival.quantity:
        raise TradeRefused(_("这张销售凭证只剩 %(left)s 千克。") % {"left": kilos(left)}, "quantity")
    return found


def _known(certificate: Certificate | None, sale: OutOrder | None) -> tuple[int, int] | None:
    """Lot and holding that the goods come from; None where they begin at the gate."""
    if certificate:
        return certificate.lot, certificate.holding
    if sale is None or sale.in_order is None or sale.in_order.lot is None or sale.in_order.holding is None:
        return None
    lot, giver = sale.in_order.lot, sale.in_order.holding
    if sale.buyer == sale.market.walk_in:  # whoever that was brings it here
        giver = Holding.objects.get(lot=lot, party=sale.buyer).pk
    return lot, giver


def _origin(certificate: Certificate | None, sale: OutOrder | None) -> str:
    if certificate:
        return certificate.origin
    return sale.in_order.origin if sale and sale.in_order else ""


@transaction.atomic
def record_sale(
    *, order: InOrder, quantity: Decimal, by: Any, at: datetime, buyer: Operator | None = None, buyer_name: str = ""
) -> OutOrder:
    """Sell of a lot, to a registered operator or to whoever came. Kilograms.

    Raises PermissionDenied, OutOfReach; TradeRefused for more than is left, and for goods that were refused.
    """
    name = of_merchant(by, order.merchant)
    hold()
    locked = InOrder.objects.select_for_update(of=("self",)).select_related("merchant", "market").get(pk=order.pk)
    if locked.holding is None or locked.lot is None:
        raise TradeRefused(_("拒入的货物不能销售。"))
    refuse_recalled(locked.holding)
    if quantity <= 0 or quantity > locked.quantity - locked.sold:
        left = locked.quantity - locked.sold
        raise TradeRefused(_("这一批还剩 %(left)s 千克。") % {"left": kilos(left)}, "quantity")
    party = party_of(buyer) if buyer else _walk_in(locked)
    made = OutOrder.objects.create(
        number=_number("C", locked.merchant, at), sold_at=at, in_order=locked, market=locked.market,
        merchant=locked.merchant, variety_id=locked.variety_id, buyer=party, quantity=quantity,
        buyer_name="" if buyer else buyer_name[:120],
    )  # fmt: skip
    moved(locked.holding, holding_of(locked.lot, party, at), at, quantity, MovementKind.SENT)
    whom = buyer.code if buyer else masked_name(made.buyer_name)  # a person's name stays out of the log
    told = {"in_order": locked.number, "quantity": str(quantity), "buyer": whom}
    seal(action="tracing.goods_sold", by=name, subject=made.subject, data=told, at=at)
    return made


def refuse_recalled(holding: int) -> None:
    """Stop-sale at the till and at the gate: goods under a running recall go nowhere (食品召回管理办法 第八条)."""
    recall = stopped_by(holding)
    if recall is not None:
        raise TradeRefused(_("这批货正在召回（%(number)s），停止销售。") % {"number": recall.number})


def _walk_in(order: InOrder) -> int:
    if order.market.walk_in is None:
        raise TradeRefused(_("市场档案不完整，请重新导入市场。"))
    return order.market.walk_in


def _party(merchant: Merchant) -> int:
    if merchant.party is None:
        raise TradeRefused(_("商户档案不完整，请重新导入商户。"))
    return merchant.party


def variety_of(name: str) -> Variety:
    """The variety of that name, entered where it is new."""
    return Variety.objects.get_or_create(name=name.strip()[:60])[0]


def _number(kind: str, merchant: Merchant, at: datetime) -> str:
    """A number of one's own: market, merchant, day, serial number. The caller holds the graph."""
    rows = InOrder.objects if kind == "R" else OutOrder.objects
    return free_number(rows, f"{kind}{merchant.market.code[-6:]}{merchant.number[-18:]}", timezone.localdate(at))
