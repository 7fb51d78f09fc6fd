"""Orders: lists of millions, records, the voucher in its uniform format, and the same as an EPCIS event."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shian.domains.tracing.models import InOrder, OutOrder, Proof, Verdict
from shian.domains.tracing.permissions import TRACING_READ
from shian.domains.tracing.queries.markets import markets_for, varieties_like
from shian.domains.tracing.queries.orders import (
    MOST_NUMBERED,
    OrderChoice,
    buyers_of,
    in_order_for,
    in_orders_chosen,
    is_vague,
    out_order_for,
    out_orders_chosen,
    sales_of,
    total_of,
)
from shian.domains.tracing.queries.vouchers import epcis_of, voucher_of
from shian.domains.tracing.tables.orders import (
    IN_ORDERS,
    OUT_ORDERS,
    buyer_name,
    in_rows,
    in_url,
    out_rows,
    verdict_cell,
)
from shian.domains.tracing.views.shown import (
    certificate_face,
    chain_of,
    filled,
    market_url,
    more_than_none,
    phone_on_paper,
    sale_face,
    timeline_of,
)
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.keyset import Page, keyset_page
from shian.kernel.ui.pages import ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Filter, FilterBar, Option, Section
from shian.kernel.ui.states import DONE, OVERDUE
from shian.kernel.ui.tables import Empty, ListQuery, Table

SHOWN = 20


def read_choice(request: HttpRequest) -> OrderChoice:
    """Unknown words mean no filter."""
    told = request.GET
    merchant = told.get("merchant", "")
    return OrderChoice(
        market=told.get("market", "")[:30],
        merchant=int(merchant) if merchant.isdecimal() and len(merchant) < 10 else None,
        variety=told.get("variety", "").strip()[:60],
        buyer=told.get("buyer", "").strip()[:40],
        first=day_in(told.get("from", "")),
        last=day_in(told.get("until", "")),
        number=told.get("q", "").strip()[:40],
        verdict=told.get("verdict", "") if told.get("verdict") in Verdict.values else "",
        proof=told.get("proof", "") if told.get("proof") in Proof.values else "",
        without_lot=told.get("lot") == "none",
    )


def day_in(text: str) -> date | None:
    """A day of an address; None for anything else."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2200 else None


def _filters(request: HttpRequest, choice: OrderChoice, more: list[Filter], placeholder: str) -> FilterBar:
    markets = [Option(each.code, each.name) for each in markets_for(request.user)]
    found = [
        Filter("q", _("搜索"), "search", value=choice.number, placeholder=placeholder),
        Filter("market", _("市场"), options=markets, value=choice.market),
        Filter("variety", _("品种"), "text", value=choice.variety),
        Filter("from", _("自"), "date", value=choice.first.isoformat() if choice.first else ""),
        Filter("until", _("至"), "date", value=choice.last.isoformat() if choice.last else ""),
        *more,
    ]
    if choice.merchant:
        found.append(Filter("merchant", "", kind="hidden", value=str(choice.merchant)))
    return FilterBar(found)


def _empty(orders: Any, choice: OrderChoice, page: Page[Any], title: str, text: str) -> Empty:
    if not page.items and is_vague(orders, choice):
        told = {"number": choice.number, "most": f"{MOST_NUMBERED:,}"}
        return Empty(_("请多输入几位编号"), _("以“%(number)s”开头的超过 %(most)s 张。") % told)
    if near := varieties_like(choice.variety):
        told = {"name": choice.variety, "names": _("、").join(near)}
        return Empty(_("没有叫“%(name)s”的品种") % told, _("相近的有：%(names)s。请填写全名。") % told)
    return Empty(title, text)


@requires(TRACING_READ)
def out_order_list(request: HttpRequest) -> HttpResponse:
    """Sales in the reader's reach, newest first."""
    choice = read_choice(request)
    query = ListQuery.read(request.GET, OUT_ORDERS, default_sort="-sold_at")
    page = keyset_page(
        out_orders_chosen(request.user, choice), query, total=total_of(request.user, choice, "outs")
    )  # fmt: skip
    empty = _empty(OutOrder, choice, page, _("没有符合条件的出库单"), _("出库单由商户在手机上开，或者由市场整批导入。"))
    more = [
        Filter("buyer", _("购货主体编号"), "text", value=choice.buyer),
        Filter(
            "lot",
            pgettext("lot", "批次"),
            options=[Option("none", _("批次不明"))],
            value="none" if choice.without_lot else "",
        ),
    ]
    found = ListPage(
        _("市场出库单"),
        Table(OUT_ORDERS, list(out_rows(page.items, buyers_of(page.items))), query=query, page=page, empty=empty),
        unit=_("张"), filters=_filters(request, choice, more, _("出库单号")),
        actions=[Action(_("市场入库单"), reverse("tracing:in_order_list"), icon="truck")],
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": found})


@requires(TRACING_READ)
def in_order_list(request: HttpRequest) -> HttpResponse:
    """Goods at the gates in the reader's reach, newest first."""
    choice = read_choice(request)
    query = ListQuery.read(request.GET, IN_ORDERS, default_sort="-received_at")
    page = keyset_page(in_orders_chosen(request.user, choice), query, total=total_of(request.user, choice, "ins"))
    empty = _empty(InOrder, choice, page, _("没有符合条件的入库单"), _("入库单由市场在入口登记，或者整批导入。"))
    more = [
        Filter("verdict", _("查验结论"), options=[Option(*each) for each in Verdict.choices], value=choice.verdict),
        Filter("proof", _("凭证"), options=[Option(*each) for each in Proof.choices], value=choice.proof),
    ]
    found = ListPage(
        _("市场入库单"), Table(IN_ORDERS, list(in_rows(page.items)), query=query, page=page, empty=empty),
        unit=_("张"), filters=_filters(request, choice, more, _("入库单号")),
        actions=[
            Action(_("核验合格证"), reverse("tracing:certificate_check"), icon="qrcode", kind="primary"),
            Action(_("市场出库单"), reverse("tracing:out_order_list"), icon="basket"),
        ],
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": found})


@requires(TRACING_READ)
def out_order_detail(request: HttpRequest, number: str) -> HttpResponse:
    """One sale: what, of which lot, from whom to whom."""
    order = out_order_for(request.user, number)
    buyers, lot = buyers_of([order]), order.in_order
    buyer = buyers.get(order.buyer)
    buyer_url = reverse("census:operator_detail", args=[buyer.code]) if buyer else ""
    goods = [
        Fact(_("品种"), order.variety.name), Fact(_("数量"), order.quantity, kind="number", unit=_("千克")),
        Fact(pgettext("lot", "批次"), lot.number if lot else _("批次不明"), url=in_url(lot) if lot else "",
             note="" if lot else _("按商户、品种和周转天数推断来源，与确认的分开统计")),
        Fact(_("产地"), lot.origin if lot else ""),
        Fact(_("合格证"), lot.certificate.number if lot and lot.certificate else "",
             url=certificate_face(request.user, lot.certificate if lot else None)),
    ]  # fmt: skip
    sides = [
        Fact(_("销售时间"), order.sold_at, kind="moment"),
        Fact(_("市场"), order.market.name, url=market_url(order.market)),
        Fact(_("商户"), order.merchant.name, note=order.merchant.booth),
        Fact(_("购货者"), buyer_name(order, buyers), url=buyer_url),
    ]
    actions = [
        Action(_("销售凭证"), reverse("tracing:voucher_print", args=[number]), icon="printer", kind="primary"),
        *chain_of(request.user, lot.holding if lot else None),
        Action("EPCIS", reverse("tracing:out_order_read", args=[number]), icon="file-export"),
    ]
    page = RecordPage(
        order.variety.name, code=number, kind=_("市场出库单"), actions=actions,
        crumbs=[Crumb(_("市场出库单"), reverse("tracing:out_order_list"))],
        sections=[Section(_("货物"), filled(*goods)), Section(_("买卖双方"), filled(*sides))],
        timeline=timeline_of(order.subject) or None,
    )  # fmt: skip
    return render(request, "ui/page_record.html", {"record": page})


@requires(TRACING_READ)
def in_order_detail(request: HttpRequest, number: str) -> HttpResponse:
    """One lot at the gate: what let it in, and to whom it was sold."""
    order = in_order_for(request.user, number)
    found, count = sales_of(order, SHOWN)
    is_in = order.verdict == Verdict.ADMITTED
    page = RecordPage(
        order.variety.name, code=number, kind=_("市场入库单"), state=DONE if is_in else OVERDUE,
        state_label=order.get_verdict_display(), crumbs=[Crumb(_("市场入库单"), reverse("tracing:in_order_list"))],
        actions=chain_of(request.user, order.holding),
        sections=[Section(_("货物"), filled(*_goods(order, request.user))),
                  Section(_("入场查验"), filled(*_checked(order, request.user)))],
        timeline=timeline_of(order.subject) or None,
    )  # fmt: skip
    sales = Table(OUT_ORDERS, list(out_rows(found, buyers_of(found))), empty=Empty(_("这一批还没有出库")), id="sales")
    title = _("出库")
    if count > len(found):
        title = _("出库（共 %(count)s 张，先列最近 %(shown)s 张）") % {"count": f"{count:,}", "shown": len(found)}
    return render(request, "ui/page_record_tables.html", {"record": page, "notes": (), "tables": [(title, sales)]})


def _goods(order: InOrder, user: Any) -> list[Fact]:
    return [
        Fact(_("数量"), order.quantity, kind="number", unit=_("千克")),
        *_left(order), Fact(_("产地"), order.origin), Fact(_("供货者"), order.supplier),
        Fact(_("批发出库单"), order.source_order.number if order.source_order else "",
             url=sale_face(user, order.source_order)),
    ]  # fmt: skip


def _left(order: InOrder) -> list[Fact]:
    """Of goods that were let in; more may have left than came, by files."""
    if not order.lot:
        return []
    sold = Fact(_("已出库"), order.sold, kind="number", unit=_("千克"))
    return [sold, more_than_none(_("账面结存"), order.quantity - order.sold, _("千克"))]


def _checked(order: InOrder, user: Any) -> list[Fact]:
    url = certificate_face(user, order.certificate)
    note = _("系统中没有这个合格证编号") if order.proof == Proof.CERTIFICATE and not order.certificate else ""
    return [
        Fact(_("入场时间"), order.received_at, kind="moment"),
        Fact(_("市场"), order.market.name, url=market_url(order.market)),
        Fact(_("商户"), order.merchant.name, note=order.merchant.booth),
        Fact(_("凭证"), order.get_proof_display()),
        Fact(_("凭证编号"), order.proof_no, url=url, note=note),
        Fact(_("查验结论"), order.get_verdict_display(), state=verdict_cell(order).state, note=order.reason),
    ]


@requires(TRACING_READ)
def voucher_print(request: HttpRequest, number: str) -> HttpResponse:
    """The sales voucher in the uniform format, to print."""
    return voucher_page(request, number, [Crumb(_("市场出库单"), reverse("tracing:out_order_list"))])


def voucher_page(request: HttpRequest, number: str, crumbs: list[Crumb]) -> HttpResponse:
    """The voucher of a sale that the reader sees."""
    voucher = voucher_of(out_order_for(request.user, number), request.build_absolute_uri("/"))
    voucher = replace(voucher, phone=phone_on_paper(request.user, voucher.phone))
    actions = [Action(_("打印"), "#print", icon="printer", kind="primary")]
    return render(request, "tracing/voucher.html", {"voucher": voucher, "crumbs": crumbs, "actions": actions})


@requires(TRACING_READ)
def out_order_read(request: HttpRequest, number: str) -> HttpResponse:
    """The sale as an EPCIS document, made as it is read."""
    document = epcis_of(out_order_for(request.user, number))
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 1})
