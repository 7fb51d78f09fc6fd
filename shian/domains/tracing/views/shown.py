"""What records of tracing share."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from shian.domains.tracing.models import Certificate, ColdBatch, InOrder, KitchenSheet, Market, OutOrder
from shian.domains.tracing.permissions import own_trade
from shian.domains.tracing.queries.names import LotName, PartyName
from shian.domains.tracing.queries.recalls import published_for
from shian.domains.tracing.rules.naming import CERTIFICATE, COLD, COOKING, LOT, SHEET
from shian.domains.tracing.tables.certificates import certificate_url
from shian.domains.tracing.tables.orders import in_url, out_url
from shian.engine.trace.balances import balances_of
from shian.engine.trace.models import Holding
from shian.kernel.notary.deeds import deed_text
from shian.kernel.notary.queries import entries_of
from shian.kernel.ui.actors import actor
from shian.kernel.ui.formats import number_text
from shian.kernel.ui.masking import Personal, masked
from shian.kernel.ui.pieces import Action, Callout, Fact, TimelineEntry
from shian.kernel.ui.states import OVERDUE

_PAPERS: tuple[tuple[str, Any, str, str], ...] = (
    (LOT, InOrder, "number", "tracing:in_order_detail"),
    (CERTIFICATE, Certificate, "number", "tracing:certificate_detail"),
    (COLD, ColdBatch, "code", "tracing:cold_batch_detail"),
    (SHEET, KitchenSheet, "number", "tracing:kitchen_sheet_detail"),
    (COOKING, KitchenSheet, "number", "tracing:kitchen_sheet_detail"),
)


def phone_on_paper(user: Any, phone: str) -> str:
    """In full on the papers of whoever hands them out; staff who look them up read it masked, as everywhere."""
    return phone if own_trade(user).allowed else masked(Personal.PHONE, phone)


def filled(*facts: Fact) -> list[Fact]:
    """Those that say something."""
    return [each for each in facts if each.value not in (None, "")]


def market_url(market: Market) -> str:
    return reverse("tracing:market_detail", args=[market.code])


def certificate_face(user: Any, found: Certificate | None) -> str:
    """Where a certificate is read: its record, or what everybody sees of one that was issued elsewhere; "" for none."""
    if found is None:
        return ""
    if Certificate.objects.visible_to(user).filter(pk=found.pk).exists():
        return certificate_url(found)
    return reverse("tracing:certificate_scan", args=[found.token])


def sale_face(user: Any, found: OutOrder | None) -> str:
    """Where a sale is read; "" for one of a market out of reach."""
    is_seen = found is not None and OutOrder.objects.visible_to(user).filter(pk=found.pk).exists()
    return out_url(found) if found and is_seen else ""


def paper_url(user: Any, lot: LotName) -> str:
    """The record that a lot began with: in-order, certificate, imported batch or dish; "" beyond the reader's reach."""
    for head, model, key, name in _PAPERS:
        if lot.uri == head + lot.number and model.objects.visible_to(user).filter(**{key: lot.number}).exists():
            return reverse(name, args=[lot.number])
    return ""


def lot_facts(user: Any, holding: Holding, lot: LotName, holder: PartyName) -> list[Fact]:
    """A lot in somebody's hands: who, from where, how much came in and left."""
    url = reverse("census:operator_detail", args=[holder.code]) if holder.code else ""
    paper = paper_url(user, lot)
    came = InOrder.objects.visible_to(user).filter(holding=holding.pk).order_by("-received_at", "-pk").first()
    facts = [
        Fact(_("持有者"), holder.name, url=url), Fact(_("产地"), lot.origin),
        Fact(_("批次单据"), lot.number, url=paper) if paper else Fact(_("标识"), lot.uri),
        *([Fact(_("入库单"), came.number, url=in_url(came))] if came and came.number != lot.number else []),
        Fact(_("最早"), holding.first_at, kind="moment"),
    ]  # fmt: skip
    for each in balances_of([holding.pk]).get(holding.pk, []):
        unit, rest = _unit_of(each.dimension), round(each.rest, 2)
        facts.append(Fact(_("收到或产出"), round(each.came, 2), kind="number", unit=unit))
        facts.append(Fact(_("发出或投入"), round(each.left, 2), kind="number", unit=unit))
        facts.append(more_than_none(_("账面结存"), rest, unit))
    return filled(*facts)


def more_than_none(label: str, rest: float | Decimal, unit: str) -> Fact:
    """What is left; marked where it is less than nothing."""
    return Fact(label, rest, "number", unit) if rest >= 0 else Fact(label, number_text(rest), unit=unit, state=OVERDUE)


def _unit_of(dimension: str) -> str:
    """The SI unit of a dimension; a code that is not known stays."""
    words = {"mass": _("千克"), "number": _("件"), "volume": _("立方米"), "length": _("米")}
    return words.get(dimension, dimension)


def recalled(lot: int) -> Callout | None:
    """What whoever holds recalled goods has to know."""
    recall = published_for(lot)
    if recall is None:
        return None
    opened = Action(_("查看召回公告"), reverse("tracing:notice_detail", args=[recall.number]))
    return Callout(_("这批食品正在召回，请停止食用"), recall.advice, OVERDUE, [opened])


def chain_of(user: Any, holding: int | None) -> list[Action]:
    """The way to the chain of a holding that the reader sees."""
    if holding is None or not Holding.objects.visible_to(user).filter(pk=holding).exists():
        return []
    return [Action(_("打开链条"), reverse("tracing:trace_detail", args=[holding]), icon="link")]


def timeline_of(subject: str) -> list[TimelineEntry]:
    """What was sealed about it; orders of files are sealed with their batch."""
    return [
        TimelineEntry(
            deed_text(each.action), each.at, by=actor(each.actor),
            body=str(each.data.get("reason") or each.data.get("note") or ""),
            seal=each.seal, seal_url=reverse("notary:entry_detail", args=[each.uid]),
        )
        for each in entries_of(subject)
    ]  # fmt: skip
