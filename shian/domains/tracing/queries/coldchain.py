"""Batches of imported food: lists, one record with its balance, what a code answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.shortcuts import get_object_or_404

from shian.domains.tracing.models import ColdBatch, ColdMove, ColdState, ColdStock, ColdStore, KitchenInput
from shian.domains.tracing.queries.coldunits import ROSTER
from shian.engine.ledgers.models import LedgerRow
from shian.engine.ledgers.queries import valid_at as row_valid_at
from shian.kernel.scope.rules import level_of_key
from shian.kernel.scope.walls import system_scope
from shian.registers.operators.models import Operator

NOTHING = Decimal(0)


@dataclass(frozen=True)
class ColdSums:
    """Of the reader's reach: connected units, batches that wait for a check, that are held, that were released."""

    units: int
    waiting: int
    held: int
    released: int


@dataclass(frozen=True)
class BatchBalance:
    """Kilograms of a batch under its own code, at all hands: what came in is what went out and what is left."""

    came: Decimal
    eaten: Decimal
    repacked: Decimal
    cooked: Decimal
    left: Decimal

    @property
    def is_even(self) -> bool:
        return self.came == self.eaten + self.repacked + self.cooked + self.left


def batches_chosen(user: Any, *, state: str = "", area: str = "", text: str = "") -> QuerySet[ColdBatch]:
    """Batches that the reader sees, with what is left of them at all hands (`left`)."""
    rows = ColdBatch.objects.visible_to(user).select_related("operator", "store")
    if state:
        rows = rows.filter(state=state)
    if area:
        rows = rows.filter(**{level_of_key(area).value: area})
    if text:
        papers = Q(declaration_no=text) | Q(release_no=text) | Q(lot_no=text)
        rows = rows.filter(Q(code__startswith=text) | Q(name__contains=text) | papers)
    return rows


def left_of(batches: Iterable[ColdBatch]) -> dict[int, Decimal]:
    """Batch → kilograms in stock, at all hands."""
    rows = ColdStock.objects.filter(cold_batch__in=[each.pk for each in batches]).order_by().values("cold_batch")
    return dict(rows.annotate(n=Sum(F("received") - F("sent"))).values_list("cold_batch", "n"))


def sums_of(user: Any, day: date) -> ColdSums:
    """The four figures above the list of batches."""
    units = LedgerRow.objects.visible_to(user).filter(row_valid_at(day), ledger=ROSTER).count()
    rows = ColdBatch.objects.visible_to(user).filter(parent__isnull=True).order_by().values("state")
    found = dict(rows.annotate(n=Count("pk")).values_list("state", "n"))
    waiting = found.get(ColdState.ARRIVED, 0)
    return ColdSums(units, waiting, found.get(ColdState.HELD, 0), found.get(ColdState.RELEASED, 0))


def batch_for(user: Any, code: str) -> ColdBatch:
    """One batch that the reader sees. Raises OutOfReach, Http404."""
    rows: Any = ColdBatch.objects.select_related("operator", "store", "parent")
    found: ColdBatch = rows.get_visible(user, code=code)
    return found


def stocks_in(user: Any, batch: ColdBatch) -> list[ColdStock]:
    """Who in reach has or had the batch, in the order in which it came to them."""
    rows = ColdStock.objects.visible_to(user).filter(cold_batch=batch).select_related("operator", "store")
    return list(rows.order_by("first_at", "pk"))


def moves_in(user: Any, batch: ColdBatch, most: int) -> list[ColdMove]:
    """What moved of the batch to or from somebody in reach, the newest first."""
    rows = ColdMove.objects.visible_to(user).filter(source__cold_batch=batch)
    related = ("source__operator", "target__operator", "target__cold_batch")
    return list(rows.select_related(*related).order_by("-at", "-pk")[:most])


def balance_of(batch: ColdBatch) -> BatchBalance:
    """In and out of the batch, at all hands."""
    stocks = ColdStock.objects.filter(cold_batch=batch).aggregate(
        begun=Sum("begun"), left=Sum(F("received") - F("sent"))
    )
    other = ~Q(target__cold_batch=batch)
    gone = ColdMove.objects.filter(source__cold_batch=batch).aggregate(
        eaten=Sum("quantity", filter=Q(target__isnull=True)),
        repacked=Sum("quantity", filter=Q(target__isnull=False) & other),
    )  # fmt: skip
    came = ColdMove.objects.filter(~Q(source__cold_batch=batch), target__cold_batch=batch).aggregate(n=Sum("quantity"))
    cooked = KitchenInput.objects.filter(stock__cold_batch=batch).aggregate(n=Sum("quantity"))
    return BatchBalance(
        (stocks["begun"] or NOTHING) + (came["n"] or NOTHING), gone["eaten"] or NOTHING, gone["repacked"] or NOTHING,
        cooked["n"] or NOTHING, stocks["left"] or NOTHING,
    )  # fmt: skip


def answer_to_code(code: str) -> ColdBatch | None:
    """The batch of a code or of the token on its label, wherever it lies."""
    with system_scope():  # goods come from other counties; what is told of them is what their label tells
        rows = ColdBatch.objects.select_related("operator", "store")
        return rows.filter(Q(code=code) | Q(token=code)).first()


def stock_of_units(operators: Iterable[Operator]) -> QuerySet[ColdStock]:
    """Imported goods in these businesses' stock that may leave, the newest first."""
    rows = ColdStock.objects.filter(operator__in=[each.pk for each in operators], sent__lt=F("received"))
    return rows.select_related("cold_batch", "operator", "store").order_by("-first_at", "-pk")


def announced_by(operator: Operator, most: int = 10) -> list[ColdBatch]:
    """What the business announced and that is not released yet, the newest first."""
    rows = ColdBatch.objects.filter(operator=operator, parent__isnull=True).exclude(state=ColdState.RELEASED)
    return list(rows.order_by("-announced_at", "-pk")[:most])


def on_the_way_to(store: ColdStore, most: int = 20) -> list[ColdBatch]:
    """What was announced in the city of a central warehouse and has not come there yet, the oldest first."""
    with system_scope():  # the notice of arrival is meant for the warehouse, whoever sends it
        rows = ColdBatch.objects.filter(state=ColdState.ANNOUNCED, city=store.city).select_related("operator")
        return list(rows.order_by("announced_at", "pk")[:most])


def waiting_in(store: ColdStore) -> list[ColdBatch]:
    """What lies in a central warehouse and may not leave it, what came first at the head."""
    with system_scope():  # the warehouse keeps it for its owners
        rows = ColdBatch.objects.filter(store=store, state__in=(ColdState.ARRIVED, ColdState.HELD))
        return list(rows.filter(parent__isnull=True).select_related("operator").order_by("arrived_at", "pk"))


def stock_for(operator: Operator, pk: int) -> ColdStock:
    """One stock of the business of which something is left. Raises Http404."""
    found: ColdStock = get_object_or_404(stock_of_units([operator]), pk=pk)
    return found
