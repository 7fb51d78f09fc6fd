"""What is wrong with imported cold-chain food becomes an alert, and is told to whoever puts it right."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.tracing.actions.coldchain.batches import areas_of
from shian.domains.tracing.events import ColdAlertRaised
from shian.domains.tracing.models import AlertKind, ColdAlert, ColdBatch, ColdDevice, ColdReading, ColdState, ColdStore
from shian.domains.tracing.permissions import of_operator
from shian.domains.tracing.queries.coldstores import goods_at
from shian.domains.tracing.queries.numbers import COLD_NUMBERS
from shian.domains.tracing.rules.coldchain import Limits, Reading, Spell, spells
from shian.domains.tracing.rules.quantities import kilos
from shian.kernel.events.bus import publish
from shian.kernel.notary.actions import seal
from shian.kernel.scope.walls import system_scope
from shian.kernel.ui.languages import language_of_record
from shian.registers.operators.models import Operator

BACK = timedelta(hours=24)  # an excursion that began longer ago is known by its alert
NAMED, NOTHING = 12, Decimal(0)


@transaction.atomic
def check_code(*, code: str, operator: Operator, by: Any, at: datetime) -> ColdBatch | None:
    """A retailer looks at the code, or the label, on what it is offered: the batch, if it was released. A code that
    nobody gave, or goods without release, are an alert at once, and None. Raises PermissionDenied, OutOfReach."""
    name = of_operator(by, operator)
    told = code.strip()[:60]
    with system_scope():  # goods come from other counties
        rows = ColdBatch.objects.select_related("operator")
        found = rows.filter(Q(code=told) | Q(token=told)).first()
    if found is not None and found.state == ColdState.RELEASED:
        return found
    told, kind = (told, AlertKind.UNKNOWN) if found is None else (found.code, AlertKind.UNRELEASED)
    alert, is_new = ColdAlert.objects.get_or_create(
        operator=operator, code=told, defaults={"kind": kind, "began_at": at, "last_at": at, **areas_of(operator)}
    )
    if not is_new:
        alert.times, alert.last_at = alert.times + 1, at
        alert.save(update_fields=["times", "last_at"])
        seal(action="tracing.cold_shown_again", by=name, subject=alert.subject, data={"times": alert.times}, at=at)
        return None
    with language_of_record():
        title = _("%(name)s 的进口冷链食品：%(what)s") % {"name": operator.name, "what": kind.label}
        text = _("查验追溯码 %(code)s：%(what)s。请核对来源，货物停止销售。") % {"code": told, "what": kind.label}
    _raise(alert, title, text, operator.name, operator.code, name, at)
    return None


def follow_excursions(*, device: ColdDevice, since: datetime, by: str, at: datetime) -> list[ColdAlert]:
    """Look at what the device has said since: excursions begin, go on, and end. The caller locks the device."""
    limits, store = Limits(device.store.low, device.store.high), device.store
    numbers = COLD_NUMBERS.at(timezone.localdate(at))
    own = ColdAlert.objects.filter(device=device).exclude(kind=AlertKind.SILENT)
    present = own.filter(ended_at__isnull=True).first()
    first = min(since, present.began_at if present else since) - BACK
    rows = ColdReading.objects.filter(device=device, at__gte=first).order_by("at").values_list("at", "celsius")
    raised = []
    for spell in spells((Reading(*row) for row in rows), limits, numbers.excursion):
        known = own.filter(began_at__lte=spell.last_at, last_at__gte=spell.began_at)
        alert = known.order_by("-began_at").first()
        if alert is not None:
            _went_on(alert, spell)
            continue
        alert = ColdAlert.objects.create(
            kind=AlertKind.WARM if spell.is_warm else AlertKind.COLD, store=store, device=device,
            operator=store.operator, began_at=spell.began_at, last_at=spell.last_at, ended_at=spell.ended_at,
            peak=spell.peak, bound=spell.bound, goods=goods_at(store, spell.began_at), **areas_of(store),
        )  # fmt: skip
        _tell_excursion(alert, store, by, at)
        raised.append(alert)
    return raised


def _went_on(alert: ColdAlert, spell: Spell) -> None:
    alert.began_at, alert.last_at = min(alert.began_at, spell.began_at), max(alert.last_at, spell.last_at)
    alert.ended_at, alert.peak = spell.ended_at, spell.peak
    alert.save(update_fields=["began_at", "last_at", "ended_at", "peak"])


@transaction.atomic
def raise_silence(*, device: int, at: datetime) -> ColdAlert | None:
    """The device is not heard of any more: an alert from its last reading on, which names what lay there then. None
    where it was heard meanwhile, or is told of already. `device`: its key."""
    locked = ColdDevice.objects.select_for_update(of=("self",)).select_related("store__operator").get(pk=device)
    is_told = ColdAlert.objects.filter(device=locked, kind=AlertKind.SILENT, ended_at__isnull=True).exists()
    allowed = COLD_NUMBERS.at(timezone.localdate(at)).silence_of(locked.every_minutes)
    if is_told or locked.last_at is None or at - locked.last_at <= allowed:
        return None
    store = locked.store
    alert = ColdAlert.objects.create(
        kind=AlertKind.SILENT, store=store, device=locked, operator=store.operator, began_at=locked.last_at,
        last_at=locked.last_at, goods=goods_at(store, locked.last_at), **areas_of(store),
    )  # fmt: skip
    with language_of_record():
        title = _("%(store)s 设备失联：%(device)s") % {"store": store.name, "device": locked.number}
        text = _("设备 %(device)s 自 %(since)s 起没有读数。当时存放（共 %(count)s 批）：%(goods)s。") % _told_of(alert)
    _raise(alert, title, text, store.name, store.operator.code if store.operator else "", "worker", at)
    return alert


def end_silence(*, device: ColdDevice, by: str, at: datetime) -> None:
    """The device was heard again. The caller locks it, and has its newest reading."""
    silences = ColdAlert.objects.filter(device=device, kind=AlertKind.SILENT, ended_at__isnull=True)
    for alert in silences.filter(began_at__lt=device.last_at):
        alert.ended_at = alert.last_at = at
        alert.save(update_fields=["ended_at", "last_at"])
        seal(action="tracing.cold_heard", by=by, subject=alert.subject, data={"last": device.last_at}, at=at)


def _tell_excursion(alert: ColdAlert, store: ColdStore, by: str, at: datetime) -> None:
    with language_of_record():
        what = AlertKind(alert.kind).label
        title = _("%(store)s %(what)s：%(peak)s℃，限值 %(bound)s℃") % {
            "store": store.name, "what": what, "peak": kilos(alert.peak or NOTHING),
            "bound": kilos(alert.bound or NOTHING),
        }  # fmt: skip
        text = _("设备 %(device)s 自 %(since)s 起超出限值。当时存放（共 %(count)s 批）：%(goods)s。") % _told_of(alert)
    _raise(alert, title, text, store.name, store.operator.code if store.operator else "", by, at)


def _told_of(alert: ColdAlert) -> dict[str, Any]:
    """Which device, since when, and what lay there."""
    goods = _("、").join(_goods_line(each) for each in alert.goods[:NAMED]) or _("当时没有登记在此的货物")
    since = f"{timezone.localtime(alert.began_at):%Y-%m-%d %H:%M}"
    number = alert.device.number if alert.device else ""
    return {"device": number, "since": since, "count": len(alert.goods), "goods": goods}


def _goods_line(each: dict[str, str]) -> str:
    return _("%(name)s %(code)s（%(holder)s，%(kilos)s 千克）") % each


def _raise(alert: ColdAlert, title: str, text: str, place: str, operator_code: str, by: str, at: datetime) -> None:
    data = {"kind": alert.kind, "code": alert.code, "goods": [each["code"] for each in alert.goods]}
    seal(action="tracing.cold_alerted", by=by, subject=alert.subject, data=data, at=at)
    day = timezone.localdate(at)
    publish(
        ColdAlertRaised(
            subject=alert.subject, title=title, text=text, place=place, area=alert.area, operator_code=operator_code,
            is_grave=bool(alert.code or alert.goods), due_on=day + timedelta(days=COLD_NUMBERS.at(day).due_days),
            by=by, at=at,
        )
    )  # fmt: skip
