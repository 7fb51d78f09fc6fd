"""Central kitchens and collective meals: what was cooked on a day, and everybody who was served."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.shortcuts import get_object_or_404
from django.utils import timezone

from shian.domains.tracing.models import KitchenDispatch, KitchenInput, KitchenSheet, OutOrder
from shian.domains.tracing.queries.orders import parties_named
from shian.engine.trace.models import Holding
from shian.kernel.scope.rules import level_of_key
from shian.registers.operators.models import Operator

FORMATS = ("中央厨房", "集体用餐配送单位")
BACK = timedelta(days=14)  # purchases that are offered as inputs


@dataclass(frozen=True)
class DayOfKitchen:
    """What a kitchen did on a day."""

    sheets: int = 0
    portions: int = 0
    served: int = 0


def is_kitchen(operator: Operator) -> bool:
    return operator.format in FORMATS and operator.closed_on is None


def span_of(day: date) -> tuple[datetime, datetime]:
    """The day of the city's clock, as moments."""
    first = timezone.make_aware(datetime.combine(day, time.min))
    return first, timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def kitchens_chosen(user: Any, *, area: str = "", text: str = "") -> QuerySet[Operator]:
    """Kitchens in business in the reader's reach."""
    rows = Operator.objects.visible_to(user).filter(format__in=FORMATS, closed_on__isnull=True).defer("search")
    if area:
        rows = rows.filter(**{level_of_key(area).value: area})
    return rows.filter(Q(name__contains=text) | Q(code__startswith=text)) if text else rows


def days_of(kitchens: Iterable[Operator], day: date) -> Mapping[int, DayOfKitchen]:
    """Kitchen → what it cooked on the day, and how many receivers it served."""
    first, last = span_of(day)
    keys = [each.pk for each in kitchens]
    cooked = KitchenSheet.objects.filter(operator__in=keys, cooked_at__gte=first, cooked_at__lt=last).order_by()
    sums = {
        pk: (sheets, portions)
        for pk, sheets, portions in cooked.values("operator").annotate(n=Count("pk"), p=Sum("portions"))
        .values_list("operator", "n", "p")
    }  # fmt: skip
    gone = KitchenDispatch.objects.filter(sheet__operator__in=keys, left_at__gte=first, left_at__lt=last).order_by()
    served = dict(
        gone.values("sheet__operator").annotate(n=Count("receiver", distinct=True)).values_list("sheet__operator", "n")
    )
    return {key: DayOfKitchen(*sums.get(key, (0, 0)), served.get(key, 0)) for key in keys}


def kitchen_for(user: Any, code: str) -> Operator:
    """One kitchen in reach, in business or not. Raises OutOfReach, Http404."""
    found: Operator = Operator.objects.filter(format__in=FORMATS).defer("search").get_visible(user, code=code)
    return found


def sheets_on(kitchen: Operator, day: date) -> list[KitchenSheet]:
    """What the kitchen cooked on the day, in order."""
    first, last = span_of(day)
    rows = KitchenSheet.objects.filter(operator=kitchen, cooked_at__gte=first, cooked_at__lt=last)
    return list(rows.annotate(served=Count("dispatches__receiver", distinct=True)).order_by("cooked_at", "pk"))


def served_on(kitchen: Operator, day: date) -> list[KitchenDispatch]:
    """All that were served by the kitchen on the day, wherever they are: an incident asks for everybody (M-12)."""
    first, last = span_of(day)
    rows = KitchenDispatch.objects.filter(sheet__operator=kitchen, left_at__gte=first, left_at__lt=last)
    return list(rows.select_related("sheet", "receiver").order_by("receiver__name", "left_at"))


def last_day_of(kitchen: Operator) -> date:
    """The day of its newest sheet, else today."""
    last = (
        KitchenSheet.objects.filter(operator=kitchen).order_by("-cooked_at").values_list("cooked_at", flat=True).first()
    )
    return timezone.localdate(last) if last else timezone.localdate()


def sheet_for(user: Any, number: str) -> KitchenSheet:
    """One sheet in reach. Raises OutOfReach, Http404."""
    found: KitchenSheet = KitchenSheet.objects.select_related("operator").get_visible(user, number=number)
    return found


def inputs_of(sheet: KitchenSheet) -> list[KitchenInput]:
    """What went into the dish, as it was written down."""
    rows = sheet.inputs.select_related("out_order__market", "out_order__in_order", "stock__cold_batch")
    return list(rows.prefetch_related("out_order__merchant").order_by("pk"))


def dispatches_of(sheet: KitchenSheet) -> list[KitchenDispatch]:
    return list(sheet.dispatches.select_related("receiver", "sheet").order_by("left_at", "pk"))


def purchases_of(kitchen: Operator, at: datetime, most: int = 20) -> list[tuple[OutOrder, Decimal]]:
    """What the kitchen bought in markets of late and has not used up, with what is left, the newest first."""
    rows = OutOrder.objects.filter(buyer__in=parties_named(kitchen.code), sold_at__gte=at - BACK, sold_at__lte=at)
    used = Sum("kitchen_inputs__quantity", default=Decimal(0))
    found = rows.annotate(used=used).filter(used__lt=F("quantity")).order_by("-sold_at", "-pk")[:most]
    return [(each, each.quantity - each.used) for each in found.select_related("variety", "in_order")]


def left_of_purchase(order: OutOrder) -> Decimal:
    """Kilograms of a purchase that no dish took yet."""
    used = KitchenInput.objects.filter(out_order=order).aggregate(n=Sum("quantity"))["n"] or Decimal(0)
    return order.quantity - used


def holding_of_purchase(order: OutOrder) -> int | None:
    """Where the goods of a purchase stand in the graph; None where their lot is not known."""
    lot = order.in_order.lot if order.in_order else None
    return Holding.objects.filter(lot=lot, party=order.buyer).values_list("pk", flat=True).first() if lot else None


def expected_by(operator: Operator) -> list[KitchenDispatch]:
    """Meals on their way to the operator, the oldest first."""
    rows = KitchenDispatch.objects.filter(
        receiver=operator, arrived_at__isnull=True, left_at__gte=timezone.now() - BACK
    )
    return list(rows.select_related("sheet__operator", "receiver").order_by("left_at", "pk"))


def own_sheet(kitchen: Operator, pk: int) -> KitchenSheet:
    """One sheet of the kitchen. Raises Http404."""
    found: KitchenSheet = get_object_or_404(KitchenSheet.objects.filter(operator=kitchen), pk=pk)
    return found


def recent_sheets(kitchen: Operator, most: int = 10) -> list[KitchenSheet]:
    """What the kitchen cooked last."""
    return list(KitchenSheet.objects.filter(operator=kitchen).order_by("-cooked_at", "-pk")[:most])


def recent_receivers(kitchen: Operator, most: int = 30) -> list[Operator]:
    """Whom the kitchen served last, each once."""
    last = KitchenDispatch.objects.filter(sheet__operator=kitchen).order_by("-left_at", "-pk")
    keys = list(dict.fromkeys(last.values_list("receiver", flat=True)[:300]))[:most]
    found = Operator.objects.defer("search").in_bulk(keys)
    return [found[each] for each in keys if each in found]
