"""Imported food from the phone: announce it, take it into the warehouse, check a code, send it on, repack it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.selfcontrol.queries.accounts import own_operator
from shian.domains.tracing.actions.coldchain.alerts import check_code
from shian.domains.tracing.actions.coldchain.batches import Import, announce_batch, take_in_batch
from shian.domains.tracing.actions.coldchain.moves import repack_goods, send_goods
from shian.domains.tracing.actions.refusals import TradeRefused
from shian.domains.tracing.forms.coldchain import ArrivalAtWarehouseForm, CodeForm, ImportForm, SendForm
from shian.domains.tracing.forms.trade import SharesForm
from shian.domains.tracing.permissions import own_trade
from shian.domains.tracing.queries.coldchain import answer_to_code, stock_for
from shian.domains.tracing.queries.coldstores import warehouses_of
from shian.domains.tracing.queries.coldunits import is_cold_unit
from shian.domains.tracing.rules.naming import scanned
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pages import FormPage
from shian.portals.operator.views.frame import step_page, to, to_trade
from shian.registers.operators.models import Operator


@requires(own_trade)
def cold_batch_create(request: HttpRequest, code: str) -> HttpResponseBase:
    """The first station announces a batch and gets its code."""
    operator = own_operator(request.user, code)
    if not is_cold_unit(operator, timezone.localdate()):
        raise Http404(code)
    form, then = ImportForm(request.POST or None), to("trade_detail", operator)

    def step() -> str:
        made = announce_batch(operator=operator, told=Import(**form.cleaned_data), by=request.user, at=timezone.now())
        return _("已赋码 %(code)s，请送集中监管仓查验。") % {"code": made.code}

    page = FormPage(
        _("首站赋码报备"), form, _("赋码报备"), cancel_url=then, crumbs=to_trade(operator),
        intro=_("进口冷链食品到货前报备。到集中监管仓查验放行后才能出库。"),
    )  # fmt: skip
    return step_page(request, page, step, then)


@requires(own_trade)
def cold_arrival_enter(request: HttpRequest, code: str) -> HttpResponseBase:
    """?code= The warehouse takes a batch in."""
    operator = own_operator(request.user, code)
    stores = warehouses_of(operator)
    if not stores.exists():
        raise Http404(code)
    initial, then = {"code": scanned(request.GET.get("code", ""))[:40]}, to("trade_detail", operator)
    form = ArrivalAtWarehouseForm(request.POST or None, stores=stores, initial=initial)

    def step() -> str:
        told = form.cleaned_data
        batch = answer_to_code(told["code"])
        if batch is None:
            raise TradeRefused(_("系统中没有这个追溯码。"), "code")
        take_in_batch(batch=batch, store=told["store"], position=told["position"], by=request.user, at=timezone.now())
        return _("已登记到仓，等待查验。")

    page = FormPage(_("登记到仓"), form, _("登记到仓"), cancel_url=then, crumbs=to_trade(operator))
    return step_page(request, page, step, then)


@requires(own_trade)
def cold_code_verify(request: HttpRequest, code: str) -> HttpResponseBase:
    """A retailer looks at a code; one that should not be there is reported at once."""
    operator = own_operator(request.user, code)
    form, then = CodeForm(request.POST or None), to("trade_detail", operator)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        batch = check_code(code=code, operator=operator, by=request.user, at=timezone.now())
        if batch is None:
            messages.error(request, _not_for_sale(code, answer_to_code(code)))
        else:
            words = {"name": batch.name, "country": batch.country, "number": batch.release_no}
            messages.success(request, _("%(name)s，%(country)s，放行编号 %(number)s，可以销售。") % words)
        return redirect(request.path)
    page = FormPage(
        _("查验追溯码"), form, _("查验"), cancel_url=then, crumbs=to_trade(operator), keeps_draft=False,
        intro=_("进货和上架前查验。查无此码、未放行的会立即报告属地市场监管部门。"),
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page})


def _not_for_sale(code: str, batch: Any) -> str:
    """Why goods with this code may not be sold. `batch`: None where nobody gave the code."""
    if batch is None:
        return _("查无此码：%(code)s。已报告属地市场监管部门，请停止销售并核对来源。") % {"code": code}
    words = {"name": batch.name, "code": batch.code, "state": batch.get_state_display()}
    return _("%(name)s（%(code)s）没有放行：%(state)s。已报告属地市场监管部门，请停止销售。") % words


@requires(own_trade)
def cold_stock_send(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """Send imported food on, or sell it to whoever eats it."""
    operator = own_operator(request.user, code)
    stock, form, then = stock_for(operator, pk), SendForm(request.POST or None), to("trade_detail", operator)

    def step() -> str:
        told: dict[str, Any] = form.cleaned_data
        firm = told["buyer_code"].strip()
        buyer = Operator.objects.filter(code=firm).first() if firm else None
        if firm and buyer is None:
            raise TradeRefused(_("系统中没有这个主体编号。"), "buyer_code")
        made = send_goods(
            stock=stock, quantity=told["quantity"], buyer=buyer, plate=told["plate"], by=request.user,
            at=timezone.now(),
        )  # fmt: skip
        return _("已出库，单号 %(number)s。") % {"number": made.number}

    page = FormPage(stock.cold_batch.name, form, _("出库"), intro=_left(stock), cancel_url=then,
                    crumbs=to_trade(operator))  # fmt: skip
    return step_page(request, page, step, then)


@requires(own_trade)
def cold_stock_split(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """Repack: each share gets a code of its own."""
    operator = own_operator(request.user, code)
    stock, form, then = stock_for(operator, pk), SharesForm(request.POST or None), to("trade_detail", operator)

    def step() -> str:
        parts = repack_goods(stock=stock, shares=form.cleaned_data["shares"], by=request.user, at=timezone.now())
        return _("已分装为 %(count)s 个追溯码：%(codes)s") % {
            "count": len(parts), "codes": _("、").join(each.code for each in parts),
        }  # fmt: skip

    page = FormPage(_("分装赋码"), form, _("分装"), intro=_left(stock), cancel_url=then, crumbs=to_trade(operator))
    return step_page(request, page, step, then)


def _left(stock: Any) -> str:
    batch = stock.cold_batch
    told = {"code": batch.code, "left": stock.left, "number": batch.release_no or "—"}
    return _("%(code)s，剩 %(left)s 千克，放行编号 %(number)s") % told
