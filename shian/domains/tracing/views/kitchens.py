"""Collective meals: kitchens on a day, everybody whom one served, and what a dish was made of."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.tracing.models import KitchenSheet
from shian.domains.tracing.permissions import TRACING_READ
from shian.domains.tracing.queries.kitchens import (
    days_of,
    dispatches_of,
    inputs_of,
    kitchen_for,
    kitchens_chosen,
    last_day_of,
    served_on,
    sheet_for,
    sheets_on,
)
from shian.domains.tracing.queries.numbers import MEAL_NUMBERS
from shian.domains.tracing.tables.kitchens import (
    DISPATCHES,
    INPUTS,
    KITCHENS,
    SHEETS,
    dispatch_rows,
    input_rows,
    kitchen_rows,
    kitchen_url,
    sheet_rows,
    sheet_verdict,
)
from shian.domains.tracing.views.orders import day_in
from shian.domains.tracing.views.shown import filled, timeline_of
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Filter, FilterBar, Section, picked_area
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names
from shian.registers.areas.tables import area_picker, in_reach

ONE_DAY = timedelta(days=1)


@requires(TRACING_READ)
def kitchen_list(request: HttpRequest) -> HttpResponse:
    """?day= Central kitchens and collective meal suppliers in reach, with what they did on a day."""
    told, today = request.GET, timezone.localdate()
    area, text = in_reach(request.user, picked_area(told.getlist("area"))), told.get("q", "").strip()[:60]
    day = day_in(told.get("day", "")) or today
    query, names = ListQuery.read(told, KITCHENS, default_sort="name"), area_names(today)
    page = keyset_page(kitchens_chosen(request.user, area=area, text=text), query)
    rows = list(kitchen_rows(page.items, days_of(page.items, day), day, names))
    empty = Empty(_("没有符合条件的单位"), _("业态为中央厨房、集体用餐配送单位的经营主体列在这里。"))
    filters = [
        Filter("q", _("搜索"), "search", value=text, placeholder=_("名称或编号")),
        Filter("day", _("日期"), "date", value=day.isoformat(), default=today.isoformat()),
    ]
    found = ListPage(
        _("集体用餐"), Table(KITCHENS, rows, query=query, page=page, empty=empty), unit=_("家"),
        filters=FilterBar(filters, area_picker(request.user, area, today, names)),
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": found})


def _listed() -> Crumb:
    return Crumb(_("集体用餐"), reverse("tracing:kitchen_list"))


@requires(TRACING_READ)
def kitchen_detail(request: HttpRequest, code: str) -> HttpResponse:
    """?day= One supplier on one day: what it cooked, and every school that it served."""
    kitchen = kitchen_for(request.user, code)
    day = day_in(request.GET.get("day", "")) or last_day_of(kitchen)
    numbers, sheets, served = MEAL_NUMBERS.at(day), sheets_on(kitchen, day), served_on(kitchen, day)
    page = RecordPage(
        kitchen.name, code=code, kind=kitchen.format, crumbs=[_listed()], timeline=None,
        sections=[Section(_("当日"), [
            Fact(_("日期"), day, kind="date"), Fact(_("加工批次"), len(sheets), kind="number", unit=_("批")),
            Fact(_("份数"), sum(each.portions for each in sheets), kind="number", unit=_("份")),
            Fact(_("收餐单位"), len({each.receiver_id for each in served}), kind="number", unit=_("家")),
        ])],
        actions=[
            Action(_("前一天"), f"?day={day - ONE_DAY}", icon="chevron-left"),
            Action(_("后一天"), f"?day={day + ONE_DAY}", icon="chevron-right"),
            Action(_("经营主体"), reverse("census:operator_detail", args=[code]), icon="building-store"),
        ],
    )  # fmt: skip
    nothing = Empty(_("当日没有配送"))
    tables = [
        (_("当日供餐的全部单位"), Table(DISPATCHES, list(dispatch_rows(served, numbers)), empty=nothing, id="served")),
        (_("当日加工批次"), Table(SHEETS, list(sheet_rows(sheets, numbers)), empty=Empty(_("当日没有加工批次")),
                              id="sheets")),
    ]  # fmt: skip
    return render(request, "ui/page_record_tables.html", {"record": page, "notes": (), "tables": tables})


@requires(TRACING_READ)
def kitchen_sheet_detail(request: HttpRequest, number: str) -> HttpResponse:
    """One batch sheet: what went in, what came out, where it went."""
    sheet = sheet_for(request.user, number)
    numbers = MEAL_NUMBERS.at(timezone.localdate(sheet.cooked_at))
    verdict = sheet_verdict(sheet, numbers)
    page = RecordPage(
        sheet.dish, code=number, kind=_("加工批次单"), state=verdict.state, state_label=str(verdict.value),
        crumbs=[_listed(), Crumb(sheet.operator.name, kitchen_url(sheet.operator))],
        sections=[Section(_("加工"), _cooked(sheet)), Section(_("留样"), _sampled(sheet))],
        timeline=timeline_of(sheet.subject) or None,
    )  # fmt: skip
    dispatched = list(dispatch_rows(dispatches_of(sheet), numbers))
    tables = [
        (_("投入原料"), Table(INPUTS, list(input_rows(inputs_of(sheet))), empty=Empty(_("没有登记原料")), id="inputs")),
        (_("配送"), Table(DISPATCHES, dispatched, empty=Empty(_("还没有配送")), id="dispatches")),
    ]
    return render(request, "ui/page_record_tables.html", {"record": page, "notes": (), "tables": tables})


def _cooked(sheet: KitchenSheet) -> list[Fact]:
    return filled(
        Fact(_("加工单位"), sheet.operator.name, url=kitchen_url(sheet.operator)),
        Fact(_("烧熟时间"), sheet.cooked_at, kind="moment"),
        Fact(_("中心温度"), sheet.core, kind="number", unit="℃"),
        Fact(_("产出"), sheet.quantity, kind="number", unit=_("千克")),
        Fact(_("份数"), sheet.portions, kind="number", unit=_("份")),
        Fact(_("已配送"), sheet.sent, kind="number", unit=_("份")),
    )


def _sampled(sheet: KitchenSheet) -> list[Fact]:
    return filled(
        Fact(_("留样量"), sheet.sample, kind="number", unit=_("克")),
        Fact(_("留样至"), sheet.sample_until, kind="moment"),
    )
