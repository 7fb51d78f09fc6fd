"""Markets: list, record with merchants, the gate."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.tracing.actions.orders import Arrival, record_arrival
from shian.domains.tracing.forms.trade import ArrivalForm
from shian.domains.tracing.models import Market, MarketKind, Proof
from shian.domains.tracing.permissions import ORDER_KEEP, TRACING_READ
from shian.domains.tracing.queries.certificates import Answer, answer_to
from shian.domains.tracing.queries.markets import (
    Turnover,
    market_for,
    markets_for,
    merchants_of,
    merchants_trading,
    turnovers,
    varieties_of,
)
from shian.domains.tracing.rules.certificates import Standing
from shian.domains.tracing.rules.naming import scanned
from shian.domains.tracing.tables.certificates import issuer_name
from shian.domains.tracing.tables.markets import MARKETS, MERCHANTS, market_rows, merchant_rows
from shian.domains.tracing.views.certificates import answered
from shian.domains.tracing.views.shown import filled, timeline_of
from shian.domains.tracing.views.steps import step_page
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pages import FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Filter, FilterBar, Option, Section
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names


@requires(TRACING_READ)
def market_list(request: HttpRequest) -> HttpResponse:
    """?kind= Markets in the reader's reach with their totals, which add up below."""
    kind = request.GET.get("kind", "") if request.GET.get("kind") in MarketKind.values else ""
    sums = turnovers(request.user)
    markets = markets_for(request.user, kind)
    varieties = varieties_of(request.user)
    rows = list(market_rows(markets, sums, varieties, area_names(timezone.localdate())))
    found = [sums.get(each.pk, Turnover()) for each in markets]
    totals = {
        "name": _("合计"), "merchants": sum(each.merchants for each in found), "ins": sum(each.ins for each in found),
        "refused": sum(each.refused for each in found), "outs": sum(each.outs for each in found),
        "varieties": len(set().union(*(varieties.get(each.pk, ()) for each in markets))),
    }  # fmt: skip
    empty = Empty(_("没有登记市场"), _("请在“数据导入”中导入市场和商户。"))
    table = Table(MARKETS, rows, query=ListQuery.read(request.GET, MARKETS), empty=empty, totals=totals)
    page = ListPage(
        _("市场追溯"), table, unit=_("个"),
        filters=FilterBar([Filter("kind", _("市场类型"), options=[Option(*each) for each in MarketKind.choices],
                                  value=kind)]),
        actions=[
            Action(_("出库单"), reverse("tracing:out_order_list"), icon="basket"),
            Action(_("入库单"), reverse("tracing:in_order_list"), icon="truck"),
        ],
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": page})


@requires(TRACING_READ)
def market_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One market: its file, what it turned over, its merchants."""
    market = market_for(request.user, code)
    told = turnovers(request.user).get(market.pk, Turnover())
    merchants = merchants_of(request.user, market)
    listed = f"{reverse('tracing:out_order_list')}?market={code}"
    actions = [Action(_("出库单"), listed, icon="basket")]
    if ORDER_KEEP(request.user).allowed:
        gate = reverse("tracing:in_order_create", args=[code])
        actions.insert(0, Action(_("登记入场"), gate, icon="plus", kind="primary"))
    page = RecordPage(
        market.name, code=code, kind=_("市场追溯"), crumbs=[_listed()], actions=actions,
        sections=[Section(_("档案"), _facts(market)), Section(_("累计"), _sums(market, told))],
        timeline=timeline_of(market.subject) or None,
    )  # fmt: skip
    table = Table(MERCHANTS, list(merchant_rows(merchants)), empty=Empty(_("还没有入场商户")), id="merchants")
    context = {"record": page, "notes": (), "tables": [(_("入场商户"), table)]}
    return render(request, "ui/page_record_tables.html", context)


def _listed() -> Crumb:
    return Crumb(_("市场追溯"), reverse("tracing:market_list"))


def _facts(market: Market) -> list[Fact]:
    firm = market.operator
    url = reverse("census:operator_detail", args=[firm.code]) if firm else ""
    facts = [
        Fact(_("市场类型"), market.get_kind_display()), Fact(_("开办者"), firm.name if firm else "", url=url),
        Fact(_("地址"), market.address), Fact(_("摊位数"), market.booths or None, kind="number"),
        Fact(_("开办日期"), market.opened_on, kind="date"), Fact(_("停办日期"), market.closed_on, kind="date"),
        Fact(_("试点确定"), market.chosen_on, kind="date"), Fact(_("设备到位"), market.equipped_on, kind="date"),
        Fact(_("试点运行"), market.running_on, kind="date"), Fact(_("试点评估"), market.evaluated_on, kind="date"),
    ]  # fmt: skip
    return filled(*facts)


def _sums(market: Market, told: Turnover) -> list[Fact]:
    ins = f"{reverse('tracing:in_order_list')}?market={market.code}"
    return [
        Fact(_("入网商户"), told.merchants, kind="number", unit=_("家")),
        Fact(_("入库单"), told.ins, kind="number", unit=_("张"), url=ins),
        Fact(_("拒入"), told.refused, kind="number", unit=_("张"), url=f"{ins}&verdict=refused"),
        Fact(_("出库单"), told.outs, kind="number", unit=_("张"),
             url=f"{reverse('tracing:out_order_list')}?market={market.code}"),
        Fact(_("入库"), round(told.in_kg / 1000, 1), kind="number", unit=_("吨")),
        Fact(_("出库"), round(told.out_kg / 1000, 1), kind="number", unit=_("吨")),
    ]  # fmt: skip


@requires(ORDER_KEEP)
def in_order_create(request: HttpRequest, code: str) -> HttpResponseBase:
    """Goods at the gate, registered by staff."""
    return gate_page(request, market_for(request.user, code), reverse("tracing:in_order_list"), [_listed()])


def gate_page(request: HttpRequest, market: Market, then: str, crumbs: list[Crumb]) -> HttpResponseBase:
    """?certificate= What a certificate says; then admit goods of a merchant with a proof, or refuse them with a
    reason."""
    number = scanned(request.GET.get("certificate", ""))[:40]
    answer = answer_to(number) if number else None
    form = ArrivalForm(
        request.POST or None, merchants=merchants_trading(request.user, market), initial=_brought(number, answer)
    )

    def step() -> str:
        told = dict(form.cleaned_data)
        merchant, proof = told.pop("merchant"), Proof(told.pop("proof"))
        order = record_arrival(
            merchant=merchant, arrival=Arrival(proof=proof, **told), by=request.user, at=timezone.now()
        )  # fmt: skip
        return _("已登记：%(verdict)s，入库单 %(number)s。") % {
            "verdict": order.get_verdict_display(), "number": order.number,
        }  # fmt: skip

    intro = _("凭合格证、检测报告或购货凭证准入；都没有的快检合格才准入，否则填写拒入原因。")
    page = FormPage(market.name, form, _("登记入场"), intro=intro, cancel_url=then, crumbs=crumbs)
    return step_page(
        request, page, step, then, template="tracing/gate.html", number=number, answer=answered(answer)
    )  # fmt: skip


def _brought(number: str, answer: Answer | None) -> dict[str, Any]:
    """What a certificate that was asked for tells of the goods; one of elsewhere its number only."""
    found = answer.certificate if answer else None
    if answer is None or answer.standing not in {Standing.VALID, Standing.UNKNOWN}:
        return {}
    if found is None:
        return {"proof": Proof.CERTIFICATE, "proof_no": number}
    return {"proof": Proof.CERTIFICATE, "proof_no": found.number, "variety": found.variety.name,
            "origin": found.origin, "supplier": issuer_name(found)[:120]}  # fmt: skip
