"""Goods traced from the phone: a stall sells by tap, a farm promises, a market's gate admits."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.selfcontrol.queries.accounts import own_operator
from shian.domains.tracing.actions.certificates import (
    Promise,
    issue_certificate,
    reissue_certificate,
    split_certificate,
)
from shian.domains.tracing.actions.orders import record_sale
from shian.domains.tracing.actions.refusals import TradeRefused
from shian.domains.tracing.forms.trade import CertificateForm, MixForm, SaleForm, SharesForm
from shian.domains.tracing.permissions import own_trade
from shian.domains.tracing.queries.certificates import certificate_for, issued_by, producers_of, stalls_of
from shian.domains.tracing.queries.coldchain import announced_by, on_the_way_to, stock_of_units, waiting_in
from shian.domains.tracing.queries.coldstores import warehouses_of
from shian.domains.tracing.queries.coldunits import is_cold_unit
from shian.domains.tracing.queries.kitchens import expected_by, is_kitchen, recent_sheets
from shian.domains.tracing.queries.markets import arrivals_at, markets_run_by
from shian.domains.tracing.queries.orders import recent_buyers, recent_sales, stock_of
from shian.domains.tracing.rules.quantities import kilos
from shian.domains.tracing.views.certificates import label_page, revoke_page
from shian.domains.tracing.views.markets import gate_page
from shian.domains.tracing.views.orders import voucher_page
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.acting import acted
from shian.kernel.ui.pages import FormPage
from shian.kernel.ui.pieces import Action, Crumb
from shian.portals.operator.views.frame import STEPS, framed, step_page, to, to_trade
from shian.registers.operators.models import Operator

SHOWN = 60  # lots in stock; the rest at a tap


@requires(own_trade)
def trade_detail(request: HttpRequest, code: str) -> HttpResponse:
    """?all= What a business traces: its stock and sales, its certificates, the gate of its market."""
    operator = own_operator(request.user, code)
    stalls, farms = stalls_of(request.user, operator), producers_of(request.user, operator)
    stock = stock_of(stalls)
    markets = [each for each in markets_run_by(request.user) if each.operator_id == operator.pk]
    context = framed(
        operator, "trade_detail", stalls=stalls, farms=farms, sales=recent_sales(stalls), stock_count=stock.count(),
        stock=stock if "all" in request.GET else stock[:SHOWN], certificates=issued_by(operator),
        gates=[(each, arrivals_at(each)) for each in markets],
        **_cold(operator), **_meals(operator),
    )  # fmt: skip
    return render(request, "operator/trade.html", context)


def _cold(operator: Operator) -> dict[str, Any]:
    """Imported food: whether the business takes part, what it announced, what it has."""
    goods = list(stock_of_units([operator])[:SHOWN])
    is_unit = is_cold_unit(operator, timezone.localdate())
    announced = announced_by(operator) if is_unit else []
    warehouses = [(each, on_the_way_to(each), waiting_in(each)) for each in warehouses_of(operator)]
    return {"is_unit": is_unit, "announced": announced, "goods": goods, "warehouses": warehouses}


def _meals(operator: Operator) -> dict[str, Any]:
    """Meals: what a kitchen cooked, and what is on its way to the business."""
    cooks = is_kitchen(operator)
    return {"cooks": cooks, "sheets": recent_sheets(operator) if cooks else [], "expected": expected_by(operator)}


def _paper_page(
    request: HttpRequest, operator: Operator, page: FormPage, make: Callable[[], str], paper: str,
    template: str = "ui/page_form.html", told: Mapping[str, Any] = MappingProxyType({}),
) -> HttpResponseBase:  # fmt: skip
    """A form whose step makes a paper and answers its number: the paper follows. `paper`: the page's name; `told`: what
    the template needs besides."""
    form, made = page.form, list[str]()
    if request.method == "POST" and form.is_valid() and acted(form, lambda: made.append(make()), STEPS.refusals):
        return redirect(to(paper, operator, made[0]))
    return render(request, template, {"page": page, **told})


def _promise(operator: Operator, title: str, form: BaseForm, intro: str) -> FormPage:
    return FormPage(
        title, form, _("承诺并开具"), cancel_url=to("trade_detail", operator), crumbs=to_trade(operator), intro=intro
    )


def _one(rows: list[Any], pk: int) -> Any:
    found = next((each for each in rows if each.pk == pk), None)
    if found is None:
        raise Http404(pk)
    return found


@requires(own_trade)
def in_order_sell(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """Sell of a lot in stock: kilograms and a tap on the buyer; the voucher follows."""
    operator = own_operator(request.user, code)
    order = get_object_or_404(stock_of(stalls_of(request.user, operator)), pk=pk)
    known = [(each.code, each.name) for each in recent_buyers(order.merchant)]
    form = SaleForm(request.POST or None, known=known)

    def make() -> str:
        told = form.cleaned_data
        firm = told["buyer"] or told["buyer_code"].strip()
        buyer = Operator.objects.filter(code=firm).first() if firm else None
        if firm and buyer is None:
            raise TradeRefused(_("系统中没有这个主体编号。"), "buyer_code")
        return record_sale(
            order=order, quantity=told["quantity"], buyer=buyer, buyer_name=told["buyer_name"], by=request.user,
            at=timezone.now(),
        ).number  # fmt: skip

    left = _("剩 %(left)s 千克，产地 %(origin)s") % {
        "left": kilos(order.quantity - order.sold), "origin": order.origin or "—",
    }  # fmt: skip
    page = FormPage(order.variety.name, form, _("出库"), intro=left, cancel_url=to("trade_detail", operator),
                    crumbs=to_trade(operator))  # fmt: skip
    return _paper_page(request, operator, page, make, "voucher_print")


@requires(own_trade)
def voucher_print(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """The voucher of an own sale."""
    return voucher_page(request, number, to_trade(own_operator(request.user, code)))


@requires(own_trade)
def certificate_create(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """A farm promises for a batch; the label follows."""
    operator = own_operator(request.user, code)
    farm = _one(producers_of(request.user, operator), pk)
    last = farm.certificates.order_by("-pk").select_related("variety").first()
    initial = {"variety": last.variety.name, "basis": last.basis} if last else {"variety": farm.produce}
    form = CertificateForm(request.POST or None, initial=initial)

    def make() -> str:
        promise = Promise(**form.cleaned_data)
        return issue_certificate(producer=farm, promise=promise, by=request.user, at=timezone.now()).number

    intro = _("我承诺不使用禁用农药兽药、停用兽药和非法添加物，常规农药兽药残留不超标，对承诺的真实性负责。")
    return _paper_page(request, operator, _promise(operator, _("开具合格证"), form, intro), make, "label_print")


@requires(own_trade)
def label_print(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """The label of an own certificate."""
    operator, found = own_operator(request.user, code), certificate_for(request.user, number)
    can_split = found.producer_id is not None and found.revoked_at is None and found.used < found.quantity
    more = [Action(_("拆分"), to("certificate_split", operator, number), icon="table")] if can_split else []
    if found.revoked_at is None:
        more.append(Action(_("作废"), to("certificate_revoke", operator, number), icon="ban"))
    return label_page(request, found, to_trade(operator), more)


@requires(own_trade)
def certificate_split(request: HttpRequest, code: str, number: str) -> HttpResponseBase:
    """One batch becomes several."""
    operator, found = own_operator(request.user, code), certificate_for(request.user, number)
    form, then = SharesForm(request.POST or None), to("trade_detail", operator)

    def step() -> str:
        parts = split_certificate(
            certificate=found, shares=form.cleaned_data["shares"], by=request.user, at=timezone.now()
        )  # fmt: skip
        return _("已拆分为 %(count)s 张合格证。") % {"count": len(parts)}

    left = _("%(name)s，剩 %(left)s 千克") % {"name": found.variety.name, "left": kilos(found.quantity - found.used)}
    page = FormPage(_("拆分合格证"), form, _("拆分"), intro=left, cancel_url=then, crumbs=to_trade(operator))
    return step_page(request, page, step, then)


@requires(own_trade)
def certificate_revoke(request: HttpRequest, code: str, number: str) -> HttpResponseBase:
    """Whoever promised takes the promise back."""
    operator, found = own_operator(request.user, code), certificate_for(request.user, number)
    then = to("label_print", operator, number)
    return revoke_page(request, found, then, [*to_trade(operator), Crumb(number, then)])


@requires(own_trade)
def certificate_mix(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """?q= A merchant who mixed or repacked promises anew; the search says what the goods are mixed of."""
    operator = own_operator(request.user, code)
    stall = _one(stalls_of(request.user, operator), pk)
    text = request.GET.get("q", "").strip()[:60]
    found = stock_of([stall], text)
    form = MixForm(request.POST or None, stock=list(found[:SHOWN]))

    def make() -> str:
        told, parts = form.cleaned_data, form.parts()
        if len(parts) < 1:
            raise TradeRefused(_("请填写混装的批次和数量。"))
        promise = Promise(told["variety"], sum((share for _order, share in parts), Decimal(0)), told["basis"])
        return reissue_certificate(
            merchant=stall, parts=parts, promise=promise, by=request.user, at=timezone.now()
        ).number

    intro = _("收购的农产品混装或者分装后销售的，应当重新开具承诺达标合格证；用去的批次会记在新证上。")
    page = _promise(operator, _("混装重开合格证"), form, intro)
    told = {"text": text, "found": found.count(), "shown": len(form.stock)}
    return _paper_page(request, operator, page, make, "label_print", "operator/mix.html", told)


@requires(own_trade)
def in_order_create(request: HttpRequest, code: str, market: str) -> HttpResponseBase:
    """The gate of an own market."""
    operator = own_operator(request.user, code)
    found = next((each for each in markets_run_by(request.user) if each.code == market), None)
    if found is None or found.operator_id != operator.pk:
        raise Http404(market)
    return gate_page(request, found, to("trade_detail", operator), to_trade(operator))
