"""Where imported food lies: stores with their curves, devices and keys, alerts with the goods that they touch."""

from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.tracing.actions.coldchain.readings import give_key
from shian.domains.tracing.models import AlertKind, ColdAlert, ColdDevice, ColdStore, StoreKind
from shian.domains.tracing.permissions import ORDER_KEEP, TRACING_READ
from shian.domains.tracing.queries.coldstores import (
    alerts_chosen,
    cases_of,
    devices_of,
    goods_in,
    readings_of,
    store_for,
    stores_chosen,
)
from shian.domains.tracing.queries.numbers import COLD_NUMBERS
from shian.domains.tracing.rules.coldchain import curve, gaps, slots
from shian.domains.tracing.tables.coldchain import STOCKS, stock_rows
from shian.domains.tracing.tables.coldstores import (
    ALERTS,
    CELSIUS,
    DEVICES,
    GOODS,
    STORES,
    alert_place,
    alert_rows,
    alert_state,
    case_cell,
    device_rows,
    goods_rows,
    limits_text,
    store_rows,
)
from shian.domains.tracing.views.coldbatches import cold_tabs, listed
from shian.domains.tracing.views.shown import filled, timeline_of
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.charts import Chart, Series
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Callout, Crumb, Fact, Filter, FilterBar, Option, Section, picked_area
from shian.kernel.ui.states import DUE, OVERDUE
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names
from shian.registers.areas.tables import area_picker, in_reach

SPANS = {"24": timedelta(hours=24), "72": timedelta(hours=72), "168": timedelta(days=7)}
COARSE = {"24": 10, "72": 30, "168": 60}  # minutes of a step, at least the interval of the devices


@requires(TRACING_READ)
def cold_store_list(request: HttpRequest) -> HttpResponse:
    """Stores in the reader's reach with what they say now."""
    told, now = request.GET, timezone.now()
    today = timezone.localdate(now)
    area, text = in_reach(request.user, picked_area(told.getlist("area"))), told.get("q", "").strip()[:60]
    kind = told.get("kind", "") if told.get("kind") in StoreKind.values else ""
    query, names = ListQuery.read(told, STORES, default_sort="name"), area_names(today)
    page = keyset_page(stores_chosen(request.user, kind=kind, area=area, text=text), query)
    rows = list(store_rows(page.items, names, now, COLD_NUMBERS.at(today)))
    filters = [
        Filter("q", _("搜索"), "search", value=text, placeholder=_("名称或编号")),
        Filter("kind", _("类型"), options=[Option(*each) for each in StoreKind.choices], value=kind),
    ]
    found = ListPage(
        _("冷藏点"), Table(STORES, rows, query=query, page=page,
                        empty=Empty(_("没有符合条件的冷藏点"), _("请在“数据导入”中导入。"))),
        unit=_("个"), tabs=cold_tabs("cold_store_list"), crumbs=[listed()],
        filters=FilterBar(filters, area_picker(request.user, area, today, names)),
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": found})


@requires(TRACING_READ)
def cold_store_detail(request: HttpRequest, code: str) -> HttpResponse:
    """?hours=24|72|168 One store: its curve with its gaps, its devices, what lies there, its alerts."""
    store, now = store_for(request.user, code), timezone.now()
    span = request.GET.get("hours", "24") if request.GET.get("hours") in SPANS else "24"
    devices = devices_of(store)
    page = RecordPage(
        store.name, code=code, kind=store.get_kind_display(), crumbs=[listed(), _stores()],
        sections=[Section(_("档案"), _facts(store))], timeline=timeline_of(store.subject) or None,
        actions=[Action(label, f"?hours={hours}", kind="primary" if hours == span else "secondary")
                 for hours, label in (("24", _("24 小时")), ("72", _("3 天")), ("168", _("7 天")))],
    )  # fmt: skip
    chart, notes = _curves(store, devices, span, now)
    context = {"record": page, "notes": notes, "tables": _tables(request, store, devices, now), "chart": chart}
    return render(request, "tracing/cold_store.html", context)


def _tables(
    request: HttpRequest, store: ColdStore, devices: list[ColdDevice], now: datetime
) -> list[tuple[str, Table]]:
    alerts = list(alerts_chosen(request.user).filter(store=store).order_by("-began_at")[:20])
    cases, names = cases_of(request.user, [each.subject for each in alerts]), area_names(timezone.localdate(now))
    numbers, keeps = COLD_NUMBERS.at(timezone.localdate(now)), ORDER_KEEP(request.user).allowed
    shown = list(device_rows(devices, store, now, numbers, keeps=keeps))
    goods, nothing = list(stock_rows(goods_in(store), True)), Empty(_("没有在库的进口冷链货物"))
    return [
        (_("设备"), Table(DEVICES, shown, empty=Empty(_("没有登记温湿度设备")), id="devices")),
        (_("在库货物"), Table(STOCKS, goods, empty=nothing, id="goods")),
        (_("报警"), Table(ALERTS, list(alert_rows(alerts, cases, names)), empty=Empty(_("没有报警")), id="alerts")),
    ]


def _stores() -> Crumb:
    return Crumb(_("冷藏点"), reverse("tracing:cold_store_list"))


def _facts(store: ColdStore) -> list[Fact]:
    firm = store.operator
    url = reverse("census:operator_detail", args=[firm.code]) if firm else ""
    return filled(
        Fact(_("经营单位"), firm.name if firm else "", url=url), Fact(_("温度限值"), limits_text(store)),
        Fact(_("启用日期"), store.opened_on, kind="date"), Fact(_("停用日期"), store.closed_on, kind="date"),
    )  # fmt: skip


def _curves(
    store: ColdStore, devices: list[ColdDevice], span: str, now: datetime
) -> tuple[Chart | None, list[Callout]]:
    """One line a device; where nothing was read the line breaks, and a note says from when to when."""
    measuring = [each for each in devices if each.last_at and each.retired_on is None][:5]
    if not measuring:
        return None, []
    minutes = max(COARSE[span], *(each.every_minutes for each in measuring))
    step = timedelta(minutes=minutes)
    first = now - SPANS[span]
    first -= timedelta(minutes=first.minute % min(minutes, 60), seconds=first.second, microseconds=first.microsecond)
    starts, readings = slots(first, now, step), readings_of(measuring, first, now)
    series = [Series(_short(each.number), curve(readings[each.pk], starts, step)) for each in measuring]
    for bound, word in ((store.high, _("上限")), (store.low, _("下限"))):
        if bound is not None:
            series.append(Series(word, [float(bound)] * len(starts), state=OVERDUE))
    form = "%H:%M" if span == "24" else "%m-%d %H:%M"
    names = [timezone.localtime(each).strftime(form) for each in starts]
    chart = Chart("cold-curve", _("温度"), names, series, kind="line", unit=CELSIUS, x_title=_("时间"), y_title=CELSIUS)
    return chart, [note for each in measuring for note in _gap_note(each, [r.at for r in readings[each.pk]], now)]


def _short(number: str) -> str:
    """As much of a device's number as fits beside its line on a phone."""
    return number if len(number) <= 9 else f"…{number[-8:]}"


def _gap_note(device: ColdDevice, times: list[datetime], now: datetime) -> list[Callout]:
    factor = COLD_NUMBERS.at(timezone.localdate(now)).gap_factor
    found = gaps(times, now, timedelta(minutes=device.every_minutes * factor))
    if not found:
        return []
    lines = [f"{timezone.localtime(begin):%m-%d %H:%M} – {timezone.localtime(end):%m-%d %H:%M}" for begin, end in found]
    title = _("设备 %(device)s 有 %(count)s 段没有读数") % {"device": device.number, "count": len(found)}
    return [Callout(title, _("；").join(lines[-5:]), state=DUE)]


@requires(ORDER_KEEP)
def cold_key_issue(request: HttpRequest, number: str) -> HttpResponseBase:
    """Give a device a key; it is shown once, on the page that answers the post."""
    device = get_object_or_404(ColdDevice.objects.visible_to(request.user).select_related("store"), number=number)
    if device.retired_on is not None:
        raise Http404(number)
    context = {
        "device": device, "crumbs": [listed(), _stores(), Crumb(device.store.name, _store_url(device.store))],
        "address": request.build_absolute_uri(reverse("tracing:readings_send", args=[number])),
        "topic": f"shian/cold/{number}/readings",
    }  # fmt: skip
    if request.method == "POST":
        context["key"] = give_key(device=device, by=request.user, at=timezone.now())
    return render(request, "tracing/cold_key.html", context)


def _store_url(store: ColdStore) -> str:
    return reverse("tracing:cold_store_detail", args=[store.code])


@requires(TRACING_READ)
def cold_alert_list(request: HttpRequest) -> HttpResponse:
    """Alerts in the reader's reach, newest first."""
    told, names = request.GET, area_names(timezone.localdate())
    kind = told.get("kind", "") if told.get("kind") in AlertKind.values else ""
    query = ListQuery.read(told, ALERTS, default_sort="-began_at")
    page = keyset_page(alerts_chosen(request.user, kind=kind, going_on=told.get("state") == "on"), query)
    cases = cases_of(request.user, [each.subject for each in page.items])
    filters = [
        Filter("kind", _("类型"), options=[Option(*each) for each in AlertKind.choices], value=kind),
        Filter(
            "state", _("状态"), options=[Option("on", _("未恢复"))], value="on" if told.get("state") == "on" else ""
        ),
    ]
    nothing = Empty(
        _("没有符合条件的报警"), _("温度超限、设备失联、查无此码或者未放行的货物会自动列在这里。")
    )  # fmt: skip
    found = ListPage(
        _("冷链报警"), Table(ALERTS, list(alert_rows(page.items, cases, names)), query=query, page=page, empty=nothing),
        unit=_("次"), tabs=cold_tabs("cold_alert_list"), crumbs=[listed()], filters=FilterBar(filters),
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": found})


@requires(TRACING_READ)
def cold_alert_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One alert: how far beyond which limit, which goods lay there, and the problem that puts it right."""
    alert = get_object_or_404(alerts_chosen(request.user), pk=pk)
    state, case = alert_state(alert), case_cell(cases_of(request.user, [alert.subject]).get(alert.subject))
    page = RecordPage(
        str(alert.get_kind_display()), kind=_("冷链报警"), state=state.state if state else OVERDUE,
        state_label=str(state.value) if state else alert.get_kind_display(),
        crumbs=[listed(), Crumb(_("冷链报警"), reverse("tracing:cold_alert_list"))],
        sections=[Section(_("报警"), _told(alert))], timeline=timeline_of(alert.subject) or None,
        actions=[Action(_("问题 %(number)s") % {"number": case.value}, case.url, icon="arrow-right", kind="primary")]
        if case else [],
    )  # fmt: skip
    rows = list(goods_rows(alert))
    table = Table(GOODS, rows, empty=Empty(_("当时没有登记在此的进口冷链货物")), id="goods")
    tables = [(_("当时存放的货物"), table)] if alert.device_id else []
    return render(request, "ui/page_record_tables.html", {"record": page, "notes": (), "tables": tables})


def _told(alert: ColdAlert) -> list[Fact]:
    store = alert.store
    return filled(
        Fact(_("地点"), alert_place(alert), url=_store_url(store) if store else ""),
        Fact(_("追溯码"), alert.code, is_copied=True),
        Fact(_("设备"), alert.device.number if alert.device else ""),
        Fact(_("最高或最低"), alert.peak, kind="number", unit=CELSIUS),
        Fact(_("限值"), alert.bound, kind="number", unit=CELSIUS),
        Fact(_("开始时间"), alert.began_at, kind="moment"),
        Fact(_("最近一次"), alert.last_at, kind="moment"),
        Fact(_("恢复时间"), alert.ended_at, kind="moment"),
        Fact(_("查验次数"), alert.times if alert.code else None, kind="number", unit=_("次")),
    )  # fmt: skip
