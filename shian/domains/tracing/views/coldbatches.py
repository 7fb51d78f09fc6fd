"""Imported food: batches, one record with its balance, arrival at the warehouse, the check."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.tracing.actions.coldchain.batches import hold_batch, release_batch, take_in_batch
from shian.domains.tracing.forms.coldchain import CheckForm, TakeInForm
from shian.domains.tracing.models import ColdBatch, ColdState, ColdStore, StoreKind
from shian.domains.tracing.permissions import ORDER_KEEP, RELEASE, TRACING_READ, gate_keep
from shian.domains.tracing.queries.coldchain import (
    answer_to_code,
    balance_of,
    batch_for,
    batches_chosen,
    left_of,
    moves_in,
    stocks_in,
    sums_of,
)
from shian.domains.tracing.queries.coldstores import kept_at
from shian.domains.tracing.rules.naming import scanned
from shian.domains.tracing.rules.quantities import kilos
from shian.domains.tracing.tables.coldchain import (
    BATCHES,
    MOVES,
    STOCKS,
    TONES,
    batch_rows,
    batch_url,
    move_rows,
    stock_rows,
)
from shian.domains.tracing.views.shown import chain_of, filled, timeline_of
from shian.domains.tracing.views.steps import step_page
from shian.kernel.accounts.permissions import open_to_all, requires
from shian.kernel.accounts.visitors import SECONDS, scan_limit
from shian.kernel.disclosures.asking import slowed_down
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Filter, FilterBar, Option, Section, Stat, Tab, picked_area
from shian.kernel.ui.states import DONE, OVERDUE
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.tables import area_picker, in_reach

SHOWN = 50


def cold_tabs(active: str) -> list[Tab]:
    """Batches, stores, alerts."""
    pages = (("cold_batch_list", _("批次")), ("cold_store_list", _("冷藏点")), ("cold_alert_list", _("报警")))
    return [Tab(label, reverse(f"tracing:{name}"), is_active=name == active) for name, label in pages]


@requires(TRACING_READ)
def cold_batch_list(request: HttpRequest) -> HttpResponse:
    """Batches in the reader's reach, newest first; above them what waits for a check and who takes part."""
    told, today = request.GET, timezone.localdate()
    area, text = in_reach(request.user, picked_area(told.getlist("area"))), told.get("q", "").strip()[:60]
    state = told.get("state", "") if told.get("state") in ColdState.values else ""
    query = ListQuery.read(told, BATCHES, default_sort="-announced_at")
    page = keyset_page(batches_chosen(request.user, state=state, area=area, text=text), query)
    empty = Empty(_("没有符合条件的批次"), _("首站单位在手机上赋码报备，或者整批导入。"))
    filters = [
        Filter("q", _("搜索"), "search", value=text, placeholder=_("追溯码、品名、报关单号、放行编号")),
        Filter("state", _("状态"), options=[Option(*each) for each in ColdState.choices], value=state),
    ]
    found = ListPage(
        _("进口冷链"), Table(BATCHES, list(batch_rows(page.items, left_of(page.items))), query=query, page=page,
                         empty=empty),
        unit=_("批"), tabs=cold_tabs("cold_batch_list"),
        filters=FilterBar(filters, area_picker(request.user, area, today)),
        actions=[Action(_("查验追溯码"), reverse("tracing:cold_code_check"), icon="qrcode", kind="primary")],
    )  # fmt: skip
    return render(request, "ui/page_overview.html", {"list": found, "stats": _stats(request), "notes": []})


def _stats(request: HttpRequest) -> list[Stat]:
    sums, listed = sums_of(request.user, timezone.localdate()), reverse("tracing:cold_batch_list")
    return [
        Stat(_("纳入追溯的单位"), sums.units, unit=_("家"),
             url=reverse("ledgers:row_list", args=["coldchain_units"])),
        Stat(_("待查验"), sums.waiting, unit=_("批"), state="due" if sums.waiting else "",
             state_label=_("到仓未查验"), url=f"{listed}?state=arrived"),
        Stat(_("暂扣"), sums.held, unit=_("批"), state="overdue" if sums.held else "", state_label=_("不得出库"),
             url=f"{listed}?state=held"),
        Stat(_("已放行"), sums.released, unit=_("批"), url=f"{listed}?state=released"),
    ]  # fmt: skip


def listed() -> Crumb:
    return Crumb(_("进口冷链"), reverse("tracing:cold_batch_list"))


@requires(TRACING_READ)
def cold_batch_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One batch: its papers, its release, who has how much, and that what came in is out or left."""
    batch = batch_for(request.user, code)
    stocks, moves = stocks_in(request.user, batch), moves_in(request.user, batch, SHOWN)
    page = RecordPage(
        batch.name, code=code, kind=_("进口冷链批次"), state=TONES[ColdState(batch.state)],
        state_label=batch.get_state_display(), crumbs=[listed()],
        actions=[*_actions(request, batch), *chain_of(request.user, stocks[0].holding if stocks else None)],
        sections=[Section(_("货物"), _goods(batch)), Section(_("入境单证"), _papers(batch)),
                  Section(_("监管仓查验"), _checked(batch)), Section(_("数量平衡"), _balance(batch))],
        timeline=timeline_of(batch.subject) or None,
    )  # fmt: skip
    tables = [
        (_("持有单位"), Table(STOCKS, list(stock_rows(stocks)), empty=Empty(_("还没有入库")), id="stocks")),
        (_("出库"), Table(MOVES, list(move_rows(moves)), empty=Empty(_("还没有出库")), id="moves")),
    ]
    return render(request, "ui/page_record_tables.html", {"record": page, "notes": (), "tables": tables})


def _actions(request: HttpRequest, batch: ColdBatch) -> list[Action]:
    found = []
    if batch.state == ColdState.ANNOUNCED and ORDER_KEEP(request.user).allowed:
        found = [Action(_("登记到仓"), reverse("tracing:cold_batch_take", args=[batch.code]), icon="truck",
                        kind="primary")]  # fmt: skip
    elif batch.state in (ColdState.ARRIVED, ColdState.HELD) and RELEASE(request.user).allowed:
        found = [Action(_("查验"), reverse("tracing:cold_batch_review", args=[batch.code]), icon="check",
                        kind="primary")]  # fmt: skip
    return [*found, Action(_("公众扫码页"), reverse("tracing:cold_label_scan", args=[batch.token]), icon="qrcode")]


def _goods(batch: ColdBatch) -> list[Fact]:
    parent = batch.parent
    firm = reverse("census:operator_detail", args=[batch.operator.code])
    return filled(
        Fact(_("首站") if parent is None else _("分装单位"), batch.operator.name, url=firm),
        Fact(_("分装自"), parent.code if parent else "", url=batch_url(parent) if parent else ""),
        Fact(_("数量"), batch.quantity, kind="number", unit=_("千克")),
        Fact(_("箱数"), batch.boxes, kind="number", unit=_("箱")),
        Fact(_("原产国（地区）"), batch.country), Fact(_("境外生产企业注册号"), batch.producer_no),
        Fact(_("品牌"), batch.brand), Fact(_("规格"), batch.spec), Fact(_("生产批号"), batch.lot_no),
        Fact(_("生产日期"), batch.made_on, kind="date"), Fact(_("保质期至"), batch.expires_on, kind="date"),
    )  # fmt: skip


def _papers(batch: ColdBatch) -> list[Fact]:
    return filled(
        Fact(_("报关单号"), batch.declaration_no, is_copied=True), Fact(_("HS 编码"), batch.hs_code),
        Fact(_("入境货物检验检疫证明号"), batch.quarantine_no, is_copied=True),
        Fact(_("入境口岸"), batch.port), Fact(_("进口商"), batch.importer), Fact(_("运输车牌"), batch.plate),
        Fact(_("核酸检测证明号"), batch.nucleic_no), Fact(_("消毒证明号"), batch.disinfection_no),
        Fact(_("报备时间"), batch.announced_at, kind="moment"),
    )  # fmt: skip


def _checked(batch: ColdBatch) -> list[Fact]:
    store = batch.store
    url = reverse("tracing:cold_store_detail", args=[store.code]) if store else ""
    return filled(
        Fact(_("集中监管仓"), store.name if store else _("尚未到仓"), url=url), Fact(_("库位"), batch.position),
        Fact(_("到仓时间"), batch.arrived_at, kind="moment"),
        Fact(_("抽样份数"), batch.samples if batch.decided_at else None, kind="number", unit=_("份")),
        Fact(_("放行编号"), batch.release_no, is_copied=True), Fact(_("暂扣原因"), batch.hold_reason),
        Fact(_("放行或暂扣时间"), batch.decided_at, kind="moment"),
    )  # fmt: skip


def _balance(batch: ColdBatch) -> list[Fact]:
    told = balance_of(batch)
    words = (_("入库"), told.came), (_("零售或者自用"), told.eaten), (_("分装转出"), told.repacked), \
        (_("投入加工"), told.cooked), (_("各单位库存合计"), told.left)  # fmt: skip
    facts = [Fact(label, value, kind="number", unit=_("千克")) for label, value in words if value or label == _("入库")]
    verdict = Fact(_("结论"), _("出入平衡") if told.is_even else _("不平衡"), state=DONE if told.is_even else OVERDUE)
    return [*facts, verdict] if told.came else [Fact(_("入库"), _("尚未入库"))]


@requires(ORDER_KEEP)
def cold_batch_take(request: HttpRequest, code: str) -> HttpResponseBase:
    """The batch stands in the warehouse, registered by staff."""
    batch = batch_for(request.user, code)
    stores = ColdStore.objects.visible_to(request.user).filter(kind=StoreKind.SUPERVISED, closed_on__isnull=True)
    return take_in_page(request, batch, stores.order_by("code"), batch_url(batch), [listed()])


def take_in_page(
    request: HttpRequest, batch: ColdBatch, stores: object, then: str, crumbs: list[Crumb]
) -> HttpResponseBase:
    """Where the batch stands, by staff or by the warehouse's own people."""
    form = TakeInForm(request.POST or None, stores=stores)

    def step() -> str:
        take_in_batch(batch=batch, by=request.user, at=timezone.now(), **form.cleaned_data)
        return _("已登记到仓，等待查验。")

    intro = f"{batch.name} · {batch.code}"
    page = FormPage(_("登记到仓"), form, _("登记到仓"), intro=intro, cancel_url=then, crumbs=crumbs)
    return step_page(request, page, step, then)


@requires(RELEASE)
def cold_batch_review(request: HttpRequest, code: str) -> HttpResponseBase:
    """Release the batch, or hold it."""
    batch = batch_for(request.user, code)
    form, then = CheckForm(request.POST or None), batch_url(batch)

    def step() -> str:
        told, now = form.cleaned_data, timezone.now()
        if told["verdict"] == "hold":
            hold_batch(batch=batch, reason=told["reason"], samples=told["samples"], by=request.user, at=now)
            return _("已暂扣，不能出库。")
        released = release_batch(batch=batch, samples=told["samples"], by=request.user, at=now)
        return _("已放行，放行编号 %(number)s。") % {"number": released.release_no}

    page = FormPage(
        _("监管仓查验"), form, _("确定"), intro=f"{batch.name} · {code}", cancel_url=then, crumbs=[listed()],
        consequence=_("放行后货物可以出库；暂扣的货物任何单位都不能出库。"),
    )  # fmt: skip
    return step_page(request, page, step, then)


@requires(gate_keep)
def cold_code_check(request: HttpRequest) -> HttpResponse:
    """?code= What a code on imported food answers: released, held, not yet checked, or unknown."""
    code = scanned(request.GET.get("code", ""))[:60]
    batch = answer_to_code(code) if code else None
    context = {"code": code, "answer": answered(batch) if code else None}
    return render(request, "tracing/cold_code_check.html", context)


def answered(batch: ColdBatch | None) -> dict[str, object]:
    """The word, its colour and the facts that whoever checks a code may read."""
    if batch is None:
        return {"word": _("查无此码"), "tone": OVERDUE, "section": None}
    facts = filled(
        Fact(_("品名"), batch.name), Fact(_("原产国（地区）"), batch.country), Fact(_("生产批号"), batch.lot_no),
        Fact(_("保质期至"), batch.expires_on, kind="date"), Fact(_("首站"), batch.operator.name),
        Fact(_("放行编号"), batch.release_no), Fact(_("暂扣原因"), batch.hold_reason),
    )  # fmt: skip
    tone = TONES[ColdState(batch.state)]
    return {"word": batch.get_state_display(), "tone": tone, "section": Section(_("批次"), facts)}


@open_to_all
def cold_label_scan(request: HttpRequest, token: str) -> HttpResponseBase:
    """What everybody sees who scans the label on imported food."""
    batch = answer_to_code(token)
    is_label = batch is not None and batch.token == token  # codes can be guessed
    if not scan_limit(request, is_known=is_label).allowed:
        return slowed_down(request, SECONDS)
    if batch is None or not is_label:
        raise Http404(token)
    kept = kept_at(batch, timezone.now())
    dates = filled(
        Fact(_("生产日期"), batch.made_on, kind="date"),
        Fact(_("到集中监管仓"), batch.arrived_at, kind="moment"),
        Fact(_("查验放行"), batch.decided_at if batch.release_no else None, kind="moment"),
        Fact(_("监管仓存放温度"), f"{kilos(kept[0])}～{kilos(kept[1])} ℃" if kept else ""),
    )
    told = answered(batch)
    context = {
        "name": batch.name, "kind": _("进口冷链食品"), "word": told["word"], "tone": told["tone"],
        "section": told["section"], "more": Section(_("来路"), dates) if dates else None,
    }  # fmt: skip
    return render(request, "tracing/cold_scan.html", context)
