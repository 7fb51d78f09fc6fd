"""Stores of imported food: what lies there, what was measured, what went wrong."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from shian.domains.tracing.models import (
    AlertKind,
    ColdAlert,
    ColdBatch,
    ColdDevice,
    ColdMove,
    ColdReading,
    ColdStock,
    ColdStore,
    Market,
    StoreKind,
)
from shian.domains.tracing.queries.numbers import ColdNumbers
from shian.domains.tracing.rules.coldchain import Reading
from shian.domains.tracing.rules.quantities import plain
from shian.engine.cases.models import Case
from shian.engine.cases.queries import visible_cases
from shian.kernel.scope.rules import level_of_key
from shian.registers.operators.models import Operator


def goods_at(store: ColdStore, at: datetime) -> list[dict[str, str]]:
    """What lay in the store at that moment, the largest first: [{code, name, holder, kilos}]. Whoever looks is told of
    all of it: an alert concerns goods, not areas."""
    came = _sums("target", at)
    gone = _sums("source", at)
    used = (
        ColdStock.objects.filter(pk=OuterRef("pk"), kitchen_inputs__sheet__cooked_at__lte=at)
        .values("pk").annotate(n=Sum("kitchen_inputs__quantity")).values("n")
    )  # fmt: skip
    rest = F("begun") + Coalesce(came, Decimal(0)) - Coalesce(gone, Decimal(0)) - Coalesce(Subquery(used), Decimal(0))
    rows = (
        ColdStock.objects.filter(store=store, first_at__lte=at).annotate(rest=rest).filter(rest__gt=0)
        .select_related("cold_batch", "operator").order_by("-rest", "pk")
    )  # fmt: skip
    return [
        {"code": each.cold_batch.code, "name": each.cold_batch.name, "holder": each.operator.name,
         "kilos": plain(each.rest)}
        for each in rows
    ]  # fmt: skip


def _sums(end: str, at: datetime) -> Subquery:
    moves = ColdMove.objects.filter(at__lte=at, **{end: OuterRef("pk")}).order_by().values(end)
    return Subquery(moves.annotate(n=Sum("quantity")).values("n"))


def stores_chosen(user: Any, *, kind: str = "", area: str = "", text: str = "") -> QuerySet[ColdStore]:
    """Stores in reach, with how many devices measure there, their newest reading, and how many alerts go on."""
    rows = ColdStore.objects.visible_to(user).select_related("operator")
    if kind:
        rows = rows.filter(kind=kind)
    if area:
        rows = rows.filter(**{level_of_key(area).value: area})
    if text:
        rows = rows.filter(Q(name__contains=text) | Q(code__startswith=text))
    newest = ColdDevice.objects.filter(store=OuterRef("pk"), last_at__isnull=False).order_by("-last_at")
    found: QuerySet[ColdStore] = rows.annotate(
        measuring=Count("devices", filter=Q(devices__retired_on__isnull=True), distinct=True),
        alarmed=Count("alerts", filter=Q(alerts__ended_at__isnull=True), distinct=True),
        heard_at=Subquery(newest.values("last_at")[:1]), celsius=Subquery(newest.values("last_celsius")[:1]),
    )  # fmt: skip
    return found


def warehouses_of(operator: Operator) -> QuerySet[ColdStore]:
    """The central warehouses that the operator runs."""
    rows = ColdStore.objects.filter(operator=operator, kind=StoreKind.SUPERVISED, closed_on__isnull=True)
    return rows.order_by("code")


def host_of(code: str) -> str:
    """The operator who runs the market or the warehouse of this code; "" where nobody does."""
    market = Market.objects.filter(code=code).select_related("operator").first()
    found = market or ColdStore.objects.filter(code=code).select_related("operator").first()
    return found.operator.code if found and found.operator else ""


def store_for(user: Any, code: str) -> ColdStore:
    """One store in reach. Raises OutOfReach, Http404."""
    found: ColdStore = ColdStore.objects.select_related("operator").get_visible(user, code=code)
    return found


def devices_of(store: ColdStore) -> list[ColdDevice]:
    """What measures in the store, those that were taken away last."""
    return list(store.devices.order_by(F("retired_on").desc(nulls_first=True), "number"))


def running_devices(day: date) -> list[ColdDevice]:
    """Everything that measures on the day, store by store."""
    return list(ColdDevice.objects.running(day).select_related("store__operator").order_by("store__code", "number"))


def silent_devices(now: datetime, numbers: ColdNumbers) -> list[int]:
    """Keys of running devices that were not heard of for longer than they may and of which no alert tells yet. A device
    without a key does not send by itself (it is read out by hand): nobody waits for it."""
    told = ColdAlert.objects.filter(device=OuterRef("pk"), kind=AlertKind.SILENT, ended_at__isnull=True)
    rows = ColdDevice.objects.running(timezone.localdate(now)).exclude(secret="").filter(
        ~Exists(told), last_at__lt=now - numbers.silent, store__closed_on__isnull=True
    )  # fmt: skip
    found = rows.order_by("pk").values_list("pk", "every_minutes", "last_at")
    return [pk for pk, every, last in found if last and now - last > numbers.silence_of(every)]


def goods_in(store: ColdStore, most: int = 50) -> list[ColdStock]:
    """What lies in the store now, what came last first. Whoever sees the store sees all of it."""
    rows = store.stocks.filter(sent__lt=F("received")).select_related("cold_batch", "operator", "store")
    return list(rows.order_by("-first_at", "-pk")[:most])


def readings_of(devices: Iterable[ColdDevice], first: datetime, last: datetime) -> Mapping[int, list[Reading]]:
    """Device → its readings between two moments, in order of time."""
    found: dict[int, list[Reading]] = {each.pk: [] for each in devices}
    rows = ColdReading.objects.filter(device__in=list(found), at__gte=first, at__lte=last).order_by("at")
    for device, at, celsius, humidity in rows.values_list("device", "at", "celsius", "humidity"):
        found[device].append(Reading(at, celsius, humidity))
    return found


def kept_at(batch: ColdBatch, now: datetime) -> tuple[Decimal, Decimal] | None:
    """The coldest and warmest °C in the central warehouse while something of the batch lay there; None where nothing
    was measured."""
    if batch.store is None or batch.arrived_at is None:
        return None
    stocks = ColdStock.objects.filter(cold_batch=batch, store=batch.store)
    is_there = stocks.filter(sent__lt=F("received")).exists()
    left = ColdMove.objects.filter(source__in=stocks).aggregate(at=Max("at"))["at"]
    until = now if is_there or left is None else left
    told = ColdReading.objects.filter(device__store=batch.store, at__gte=batch.arrived_at, at__lte=until)
    found = told.aggregate(low=Min("celsius"), high=Max("celsius"))
    return None if found["low"] is None else (found["low"], found["high"])


def alerts_chosen(user: Any, *, kind: str = "", going_on: bool = False) -> QuerySet[ColdAlert]:
    """Alerts in reach, the newest first."""
    rows = ColdAlert.objects.visible_to(user).select_related("store", "device", "operator")
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(ended_at__isnull=True, device__isnull=False) if going_on else rows


def cases_of(user: Any, subjects: Iterable[str]) -> dict[str, Case]:
    """Subject → the case that puts it right, where the user sees it."""
    return {each.subject: each for each in visible_cases(user).filter(subject__in=list(subjects)).order_by("pk")}
