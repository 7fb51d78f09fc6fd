"""Collective meals from the phone: a kitchen writes its batch sheet and sends portions, a school receives them."""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.selfcontrol.queries.accounts import own_operator
from shian.domains.tracing.actions.kitchens import Dish, Used, cook_meal, receive_meal, send_meal
from shian.domains.tracing.actions.refusals import TradeRefused
from shian.domains.tracing.forms.kitchens import DeliveryForm, MealForm, ReceiptForm
from shian.domains.tracing.permissions import own_trade
from shian.domains.tracing.queries.coldchain import stock_of_units
from shian.domains.tracing.queries.kitchens import expected_by, is_kitchen, own_sheet, purchases_of, recent_receivers
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pages import FormPage
from shian.portals.operator.views.frame import step_page, to, to_trade
from shian.registers.operators.models import Operator

DISH = ("dish", "quantity", "portions", "cooked_at", "core", "sample")
OFFERED = 20


@requires(own_trade)
def meal_create(request: HttpRequest, code: str) -> HttpResponseBase:
    """A batch sheet: the dish, and how much of what went into it."""
    operator, now = own_operator(request.user, code), timezone.now()
    if not is_kitchen(operator):
        raise Http404(code)
    stocks = list(stock_of_units([operator]).exclude(cold_batch__release_no="")[:OFFERED])
    form = MealForm(request.POST or None, purchases=purchases_of(operator, now), stocks=stocks,
                    initial={"cooked_at": timezone.localtime(now)})  # fmt: skip

    def step() -> str:
        dish = Dish(**{name: form.cleaned_data[name] for name in DISH})
        used = [Used(**each) for each in form.used()]
        sheet = cook_meal(kitchen=operator, dish=dish, used=used, by=request.user, at=timezone.now())
        return _("已登记批次 %(number)s，可以开配送单。") % {"number": sheet.number}

    then = to("trade_detail", operator)
    intro = _("写明用了哪些原料、各多少，出问题时能找到每一所学校。")
    page = FormPage(_("登记加工批次"), form, _("登记"), intro=intro, cancel_url=then, crumbs=to_trade(operator))
    return step_page(request, page, step, then)


@requires(own_trade)
def meal_send(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """Portions of a dish leave for a school."""
    operator = own_operator(request.user, code)
    sheet = own_sheet(operator, pk)
    known = [(each.code, each.name) for each in recent_receivers(operator)]
    form, then = DeliveryForm(request.POST or None, known=known), to("trade_detail", operator)

    def step() -> str:
        told: dict[str, Any] = form.cleaned_data
        firm = told["receiver"] or told["receiver_code"].strip()
        receiver = Operator.objects.filter(code=firm).first() if firm else None
        if receiver is None:
            raise TradeRefused(_("请选择收餐单位，或者填写它的主体编号。"), "receiver_code")
        made = send_meal(
            sheet=sheet, receiver=receiver, portions=told["portions"], celsius=told["celsius"], by=request.user,
            at=timezone.now(),
        )  # fmt: skip
        return _("已开配送单 %(number)s。") % {"number": made.number}

    left = _("%(dish)s，还剩 %(left)s 份") % {"dish": sheet.dish, "left": sheet.portions - sheet.sent}
    page = FormPage(_("配送"), form, _("开配送单"), intro=left, cancel_url=then, crumbs=to_trade(operator))
    return step_page(request, page, step, then)


@requires(own_trade)
def meal_receive(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """A school says how hot its meal came, and that it kept a sample."""
    operator = own_operator(request.user, code)
    dispatch = next((each for each in expected_by(operator) if each.pk == pk), None)
    if dispatch is None:
        raise Http404(pk)
    form, then = ReceiptForm(request.POST or None), to("trade_detail", operator)

    def step() -> str:
        receive_meal(dispatch=dispatch, by=request.user, at=timezone.now(), **form.cleaned_data)
        return _("已收餐。")

    words = {"dish": dispatch.sheet.dish, "portions": dispatch.portions, "kitchen": dispatch.sheet.operator.name}
    intro = _("%(dish)s %(portions)s 份，%(kitchen)s") % words
    page = FormPage(_("收餐"), form, _("确认收餐"), intro=intro, cancel_url=then, crumbs=to_trade(operator))
    return step_page(request, page, step, then)
