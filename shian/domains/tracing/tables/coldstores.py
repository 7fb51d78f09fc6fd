"""Stores, devices and alerts of the cold chain as rows."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.tracing.models import AlertKind, ColdAlert, ColdDevice, ColdStore
from shian.domains.tracing.queries.numbers import ColdNumbers
from shian.domains.tracing.rules.coldchain import Limits
from shian.domains.tracing.rules.quantities import kilos
from shian.engine.cases.models import Case
from shian.kernel.ui.states import DONE, DUE, NEUTRAL, OVERDUE, WAITING
from shian.kernel.ui.tables import Cell, Column, Row

CELSIUS = "℃"
STORES = (
    Column("name", gettext_lazy("冷藏点"), is_fixed=True, is_wide=True, sort="name"),
    Column("kind", gettext_lazy("类型")),
    Column("celsius", gettext_lazy("当前温度"), kind="number", unit=CELSIUS, decimals=1),
    Column("limits", gettext_lazy("限值")),
    Column("state", gettext_lazy("状态")),
    Column("heard_at", gettext_lazy("最近读数"), kind="moment"),
    Column("measuring", gettext_lazy("设备"), kind="number"),
    Column("operator", gettext_lazy("经营单位")),
    Column("county", gettext_lazy("县（市、区）")),
    Column("code", gettext_lazy("编号"), kind="code"),
)
DEVICES = (
    Column("number", gettext_lazy("设备编号"), is_fixed=True, is_wide=True),
    Column("state", gettext_lazy("状态")),
    Column("celsius", gettext_lazy("最近温度"), kind="number", unit=CELSIUS, decimals=1),
    Column("last_at", gettext_lazy("最近读数"), kind="moment"),
    Column("every", gettext_lazy("采集间隔"), kind="number", unit=gettext_lazy("分钟")),
    Column("keyed_at", gettext_lazy("密钥发放时间"), kind="moment"),
    Column("key", gettext_lazy("密钥")),
)
ALERTS = (
    Column("what", gettext_lazy("报警"), is_fixed=True, is_wide=True),
    Column("began_at", gettext_lazy("开始时间"), kind="moment", sort="began_at"),
    Column("state", gettext_lazy("状态")),
    Column("peak", gettext_lazy("最高或最低"), kind="number", unit=CELSIUS, decimals=1),
    Column("goods", gettext_lazy("当时存放"), kind="number", unit=gettext_lazy("批")),
    Column("case", gettext_lazy("处置")),
    Column("place", gettext_lazy("地点")),
    Column("county", gettext_lazy("县（市、区）")),
)
GOODS = (
    Column("name", gettext_lazy("品名"), is_fixed=True, is_wide=True),
    Column("holder", gettext_lazy("持有单位")),
    Column("kilos", gettext_lazy("当时数量"), kind="number", unit=gettext_lazy("千克")),
    Column("code", gettext_lazy("追溯码"), kind="code"),
)


def limits_text(store: ColdStore) -> str:
    """-30～-15 ℃, or the side that is bound."""
    if store.low is not None and store.high is not None:
        return f"{kilos(store.low)}～{kilos(store.high)} {CELSIUS}"
    if store.high is not None:
        return f"≤ {kilos(store.high)} {CELSIUS}"
    return f"≥ {kilos(store.low)} {CELSIUS}" if store.low is not None else ""


def heard_cell(at: datetime | None, celsius: Any, store: ColdStore, now: datetime, numbers: ColdNumbers) -> Cell:
    """What the newest reading says: inside, beyond the limits, or nothing for too long."""
    if at is None:
        return Cell(_("没有读数"), state=WAITING)
    if now - at > numbers.silent:
        return Cell(_("失联"), state=DUE)
    is_beyond = Limits(store.low, store.high).breached(celsius) is not None
    return Cell(_("超限"), state=OVERDUE) if is_beyond else Cell(_("正常"), state=DONE)


def store_rows(stores: Iterable[Any], areas: Mapping[str, str], now: datetime, numbers: ColdNumbers) -> Iterator[Row]:
    """Stores as queries.coldstores.stores_chosen gives them."""
    for each in stores:
        cells = {
            "name": each.name,
            "kind": each.get_kind_display(),
            "celsius": each.celsius,
            "limits": limits_text(each),
            "state": heard_cell(each.heard_at, each.celsius, each, now, numbers) if each.measuring else None,
            "heard_at": each.heard_at,
            "measuring": each.measuring,
            "operator": each.operator.name if each.operator else "",
            "county": areas.get(each.county, each.county),
            "code": each.code,
        }
        yield Row(cells, url=reverse("tracing:cold_store_detail", args=[each.code]), key=each.code)


def device_rows(
    devices: Iterable[ColdDevice], store: ColdStore, now: datetime, numbers: ColdNumbers, *, keeps: bool
) -> Iterator[Row]:
    """Devices of a store; `keeps`: the reader may give them keys."""
    for each in devices:
        retired = each.retired_on is not None
        url = reverse("tracing:cold_key_issue", args=[each.number]) if keeps and not retired else ""
        word = _("换发密钥") if each.secret else _("发放密钥")
        heard = heard_cell(each.last_at, each.last_celsius, store, now, numbers)
        cells = {
            "number": each.number,
            "state": Cell(_("已停用"), state=NEUTRAL) if retired else heard,
            "celsius": each.last_celsius,
            "last_at": each.last_at,
            "every": each.every_minutes,
            "keyed_at": each.keyed_at,
            "key": Cell(word, url=url) if url else None,
        }
        yield Row(cells, key=each.number)


def alert_place(alert: ColdAlert) -> str:
    """The store, or the retailer who was shown a code."""
    return alert.store.name if alert.store else alert.operator.name if alert.operator else ""


def alert_state(alert: ColdAlert) -> Cell | None:
    """Does the temperature still lie beyond its limits, the device still say nothing? A code has no such state."""
    if alert.device_id is None:
        return None
    if alert.ended_at is not None:
        return Cell(_("已恢复"), state=DONE)
    return Cell(_("失联中"), state=DUE) if alert.kind == AlertKind.SILENT else Cell(_("超限中"), state=OVERDUE)


def case_cell(case: Case | None) -> Cell | None:
    """The problem that puts it right."""
    if case is None:
        return None
    tone = DUE if case.is_open else DONE
    return Cell(case.number, url=reverse("cases:case_detail", args=[case.pk]), state=tone)


def alert_rows(alerts: Iterable[ColdAlert], cases: Mapping[str, Case], areas: Mapping[str, str]) -> Iterator[Row]:
    """Alerts with what is done about them."""
    for each in alerts:
        cells = {
            "what": Cell(each.get_kind_display(), note=each.code),
            "began_at": each.began_at,
            "state": alert_state(each),
            "peak": each.peak,
            "goods": len(each.goods) if each.device_id else None,
            "case": case_cell(cases.get(each.subject)),
            "place": alert_place(each),
            "county": areas.get(each.county, each.county),
        }
        yield Row(cells, url=reverse("tracing:cold_alert_detail", args=[each.pk]), key=str(each.pk))


def goods_rows(alert: ColdAlert) -> Iterator[Row]:
    """What lay there when it began."""
    for each in alert.goods:
        url = reverse("tracing:cold_batch_detail", args=[each["code"]])
        yield Row({**each, "kilos": Decimal(each["kilos"])}, url=url, key=each["code"])
