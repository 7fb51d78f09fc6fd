"""Orders in lists of millions: the filters that an index answers, and how many there are without counting them off."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.shortcuts import get_object_or_404
from django.utils import timezone

from shian.domains.tracing.models import InOrder, Market, MarketDay, Merchant, OutOrder, Variety
from shian.engine.trace.models import Party
from shian.kernel.scope.reach import reach_of
from shian.registers.operators.models import Operator

MOST_NUMBERED = 1_000
RELATED = ("market", "merchant", "variety")


@dataclass(frozen=True)
class OrderChoice:
    """What the reader of a list asked for; "" and None mean everything."""

    market: str = ""
    merchant: int | None = None
    variety: str = ""
    buyer: str = ""
    first: date | None = None
    last: date | None = None
    number: str = ""
    verdict: str = ""
    proof: str = ""
    without_lot: bool = False

    @property
    def is_by_day(self) -> bool:
        """Can days of markets answer how many there are?"""
        return not (self.merchant or self.variety or self.buyer or self.number or self.verdict or self.proof)


def out_orders_chosen(user: Any, choice: OrderChoice) -> QuerySet[OutOrder]:
    """Sales in the reader's reach. Parents come by their keys, so that no join disturbs the order of the index."""
    rows: QuerySet[OutOrder] = _chosen(OutOrder.objects.visible_to(user), choice, "sold_at")
    if choice.buyer:
        rows = rows.filter(buyer__in=parties_named(choice.buyer))
    if choice.without_lot:
        rows = rows.filter(in_order__isnull=True)
    return rows.prefetch_related(*RELATED, "in_order")


def in_orders_chosen(user: Any, choice: OrderChoice) -> QuerySet[InOrder]:
    """Goods at the gate in the reader's reach."""
    rows: QuerySet[InOrder] = _chosen(InOrder.objects.visible_to(user), choice, "received_at")
    if choice.verdict:
        rows = rows.filter(verdict=choice.verdict)
    if choice.proof:
        rows = rows.filter(proof=choice.proof)
    return rows.prefetch_related(*RELATED)


def _chosen(rows: Any, choice: OrderChoice, when: str) -> Any:
    if choice.market:
        rows = rows.filter(market__in=list(Market.objects.filter(code=choice.market).values_list("pk", flat=True)))
    if choice.merchant:
        rows = rows.filter(merchant=choice.merchant)
    if choice.variety:
        rows = rows.filter(variety__in=list(Variety.objects.filter(name=choice.variety).values_list("pk", flat=True)))
    if choice.number:
        found = _numbered(rows.model, choice.number)
        rows = rows.none() if len(found) > MOST_NUMBERED else rows.filter(pk__in=found)
    if choice.first:
        rows = rows.filter(**{f"{when}__gte": _midnight(choice.first)})
    if choice.last:
        rows = rows.filter(**{f"{when}__lt": _midnight(choice.last + timedelta(days=1))})
    return rows


def _numbered(orders: Any, text: str) -> list[int]:
    """Keys of the orders whose number begins so, wherever they are; one more than MOST_NUMBERED where there are more:
    counting those of a reach among millions would take a second."""
    rows = orders.objects.filter(number__startswith=text).order_by("number")
    return list(rows.values_list("pk", flat=True)[: MOST_NUMBERED + 1])


def is_vague(orders: type[InOrder] | type[OutOrder], choice: OrderChoice) -> bool:
    """Do so many numbers begin as the reader wrote that none is listed?"""
    return bool(choice.number) and len(_numbered(orders, choice.number)) > MOST_NUMBERED


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def total_of(user: Any, choice: OrderChoice, kind: str) -> int | None:
    """How many orders (`kind`: "ins" or "outs") of markets and days there are, from the sums that the database keeps;
    None where the rows themselves must be counted: their index is short then."""
    if not choice.is_by_day or reach_of(user).operators:
        return None
    days = MarketDay.objects.visible_to(user)
    if choice.market:
        days = days.filter(market__code=choice.market)
    if choice.first:
        days = days.filter(day__gte=choice.first)
    if choice.last:
        days = days.filter(day__lte=choice.last)
    outs = F("unknown" if choice.without_lot else "outs")
    found = days.aggregate(orders=Sum(outs if kind == "outs" else F("ins") + F("refused")))
    return int(found["orders"] or 0)


def parties_named(code: str) -> list[int]:
    """The parties of the operator with that code."""
    return list(Party.objects.filter(operator__code=code).values_list("pk", flat=True))


def buyers_of(orders: Iterable[OutOrder]) -> Mapping[int, Operator]:
    """Party → operator, of buyers with a file."""
    parties = {each.buyer for each in orders}
    found = Party.objects.filter(pk__in=parties, operator__isnull=False).values_list("pk", "operator_id")
    keys = dict(found)
    operators = Operator.objects.defer("search").in_bulk(set(keys.values()))
    return {party: operators[key] for party, key in keys.items() if key in operators}


def out_order_for(user: Any, number: str) -> OutOrder:
    """One sale in reach. Raises Http404."""
    rows = OutOrder.objects.visible_to(user).select_related("market", "variety", "in_order__certificate__variety")
    found: OutOrder = get_object_or_404(rows.prefetch_related("merchant__operator"), number=number)
    return found


def in_order_for(user: Any, number: str) -> InOrder:
    """One entry at the gate in reach. Raises Http404."""
    rows = InOrder.objects.visible_to(user).select_related("market", "variety", "certificate", "source_order")
    found: InOrder = get_object_or_404(rows.prefetch_related("merchant__operator"), number=number)
    return found


def sales_of(order: InOrder, most: int) -> tuple[list[OutOrder], int]:
    """The newest sales of one lot, and how many there are."""
    rows = OutOrder.objects.filter(in_order=order)
    return list(rows.order_by("-sold_at", "-pk")[:most].prefetch_related("variety", "market")), rows.count()


def stock_of(merchants: Iterable[Merchant], text: str = "") -> QuerySet[InOrder]:
    """Lots of these merchants of which something is left, the newest first. `text`: varieties or numbers, any of them,
    with blanks between."""
    rows: QuerySet[InOrder] = InOrder.objects.filter(
        merchant__in=[each.pk for each in merchants], holding__isnull=False, sold__lt=F("quantity")
    )
    if words := text.split():
        asked = [Q(variety__name__contains=word) | Q(number__startswith=word) for word in words]
        rows = rows.filter(reduce(or_, asked))
    return rows.order_by("-received_at", "-pk").prefetch_related(*RELATED, "certificate")


def recent_buyers(merchant: Merchant, most: int = 8) -> list[Operator]:
    """Whom the merchant sold to last, each once, the newest first."""
    last = OutOrder.objects.filter(merchant=merchant).order_by("-sold_at", "-pk").values_list("buyer", flat=True)[:200]
    parties = list(dict.fromkeys(last))
    keys = dict(Party.objects.filter(pk__in=parties, operator__isnull=False).values_list("pk", "operator_id"))
    chosen = [keys[each] for each in parties if each in keys][:most]
    found = Operator.objects.defer("search").in_bulk(chosen)
    return [found[each] for each in chosen if each in found]


def recent_sales(merchants: Iterable[Merchant], most: int = 10) -> list[OutOrder]:
    """What these merchants sold last."""
    rows = OutOrder.objects.filter(merchant__in=[each.pk for each in merchants]).order_by("-sold_at", "-pk")
    return list(rows[:most].prefetch_related("variety"))


def lots_with_buyers(city: str) -> QuerySet[InOrder]:
    """Lots that came into the markets of a city, each with `buyers`: how many different parties bought of it."""
    rows = InOrder.objects.filter(city=city, holding__isnull=False).select_related("variety").order_by("pk")
    found: QuerySet[InOrder] = rows.annotate(buyers=Count("out_orders__buyer", distinct=True))
    return found
