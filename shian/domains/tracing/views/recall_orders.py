"""From a lot to a recall: what it would reach, its level and words; then a second person decides."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.tracing.actions.recalls import Order, decide_recall, propose_recall
from shian.domains.tracing.forms.recalls import DecisionForm, RecallForm
from shian.domains.tracing.models import Cause, Recall, RecallLevel, Treatment
from shian.domains.tracing.permissions import RECALL_ORDER
from shian.domains.tracing.queries.chains import holding_for
from shian.domains.tracing.queries.names import LotName, lot_names
from shian.domains.tracing.queries.recalls import Preview, holdings_of, preview_of, recall_for
from shian.domains.tracing.tables.chains import REACH, map_of, reach_rows
from shian.domains.tracing.tables.recalls import kind_label, recall_url, shown_title
from shian.domains.tracing.views.steps import STEPS, step_page
from shian.engine.trace.models import Holding, Ring
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.acting import acted
from shian.kernel.ui.pages import FormPage
from shian.kernel.ui.pieces import Callout, Crumb, Stat
from shian.kernel.ui.states import DUE, NEUTRAL
from shian.kernel.ui.tables import Empty, Table
from shian.registers.areas.queries import area_names
from shian.registers.operators.models import Operator

MOST_NAMED = 200


def crumbs_of(*, is_drill: bool) -> list[Crumb]:
    """Back to the recalls, or to the drills."""
    if is_drill:
        return [Crumb(_("追溯演练"), reverse("tracing:drill_list"))]
    return [Crumb(_("食品召回"), reverse("tracing:recall_list"))]


def _roots(request: HttpRequest) -> list[int]:
    """?holding=…&holding=… or ?operator=&from=&until=. Raises Http404 for what is not there or out of reach."""
    told = request.GET
    numbers = [each for each in told.getlist("holding") if each.isdecimal() and len(each) < 18]
    if numbers:
        return [holding_for(request.user, int(each)).pk for each in numbers[:MOST_NAMED]]
    operator = Operator.objects.filter(code=told.get("operator", "")[:40]).first()
    if operator is None:
        raise Http404("holding or operator")
    try:
        first, last = date.fromisoformat(told.get("from", "")), date.fromisoformat(told.get("until", ""))
        since, until = _midnight(first), _midnight(last + timedelta(days=1))
    except (ValueError, OverflowError):
        raise Http404("from, until") from None
    return holdings_of(request.user, operator, since, until)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@requires(RECALL_ORDER)
def recall_create(request: HttpRequest) -> HttpResponseBase:
    """?holding=, ?operator=&from=&until=, ?drill=1 The preview with counts and map, and the form beneath it."""
    is_drill = request.GET.get("drill") == "1"
    roots = _roots(request)
    if not roots:
        raise Http404("no lots")
    found = preview_of(roots)
    lots = lot_names(Holding.objects.filter(pk__in=roots).values_list("lot", flat=True))
    title = "、".join(dict.fromkeys(each.name for each in lots.values()))[:120]
    form = RecallForm(
        request.POST or None, is_drill=is_drill, initial=_drilled(title) if is_drill else {"title": title}
    )
    made: list[Recall] = []

    def step() -> None:
        made.append(
            propose_recall(order=_order(form.cleaned_data, roots, is_drill=is_drill), by=request.user,
                           at=timezone.now(), is_drill=is_drill)
        )  # fmt: skip

    if request.method == "POST" and form.is_valid() and acted(form, step, STEPS.refusals):
        return redirect(recall_url(made[0]))
    page = FormPage(
        _("发起演练") if is_drill else _("发起召回"), form, _("提交决定"),
        intro="、".join(_lot_words(each) for each in list(lots.values())[:5]), cancel_url=reverse("tracing:trace_list"),
        consequence=_("演练通知标明“演练”，不停止销售。") if is_drill
        else _("由另一人决定后，通知立即发给每个持有者，收银处停止销售。"),
        crumbs=crumbs_of(is_drill=is_drill), draft="drill" if is_drill else "recall",
    )  # fmt: skip
    return render(request, "tracing/recall_create.html", {"page": page, **_previewed(request, found)})


def _drilled(title: str) -> dict[str, Any]:
    return {"title": title, "reason": _("追溯演练"), "advice": _("这是演练：请核对库存后在企业端确认。")}


def _lot_words(lot: LotName) -> str:
    return f"{lot.name} {lot.number}"


def _order(told: dict[str, Any], roots: list[int], *, is_drill: bool) -> Order:
    return Order(
        title=told["title"], roots=roots, level=RecallLevel(told["level"]),
        cause=Cause.DRILL if is_drill else Cause(told["cause"]), cause_no=told.get("cause_no", ""),
        reason=told["reason"], treatment=Treatment(told["treatment"]), advice=told["advice"],
        contact=told["contact"], known_at=told.get("known_at") or timezone.now(), ring=Ring(told["ring"]),
    )  # fmt: skip


def _previewed(request: HttpRequest, found: Preview) -> dict[str, Any]:
    names = area_names(timezone.localdate())
    table = Table(REACH, list(reach_rows(found.groups, names)), empty=Empty(_("还没有流出")), id="reach")
    sure, unsure = found.holdings(Ring.CONFIRMED), found.holdings(Ring.POSSIBLE)
    stats = [
        Stat(_("确认的持有"), sure, unit=_("处")),
        Stat(_("可能的持有"), unsure, unit=_("处"),
             note=_("按商户、品种和周转天数推断，与确认的分开") if unsure else ""),
        Stat(_("涉及区县"), len(found.areas), unit=_("个")), Stat(_("起点批次"), len(found.roots), unit=_("批")),
        Stat(_("起点数量"), round(found.kilos), unit=_("千克")),
    ]  # fmt: skip
    notes = []
    if len(found.areas) > 1:
        notes.append(Callout(_("涉及多个区县，由市级决定"), _("提交后由管辖全部持有者的人员决定。"), NEUTRAL))
    if unsure:
        notes.append(
            Callout(_("有可能的持有者"), _("他们的批次没有登记，是推断的。是否通知请在“通知范围”中选择。"), DUE)
        )
    return {"stats": stats, "notes": notes, "table": table, "map": map_of("reach-map", found.groups, names)}


@requires(RECALL_ORDER)
def recall_review(request: HttpRequest, number: str) -> HttpResponseBase:
    """The second person: order it or refuse it."""
    recall = recall_for(request.user, number)
    form = DecisionForm(request.POST or None)

    def step() -> str:
        is_ordered = form.cleaned_data["verdict"] == "order"
        decide_recall(recall=recall, is_ordered=is_ordered, decision=form.cleaned_data["decision"], by=request.user,
                      at=timezone.now())  # fmt: skip
        return _("已决定，正在通知持有者。") if is_ordered else _("已记录：不予召回。")

    page = FormPage(
        _("决定演练") if recall.is_drill else _("决定召回"), form, _("提交决定"),
        intro=f"{shown_title(recall)} · {kind_label(recall)} · {recall.reason}", cancel_url=recall_url(recall),
        crumbs=[*crumbs_of(is_drill=recall.is_drill), Crumb(number, recall_url(recall))],
    )  # fmt: skip
    return step_page(request, page, step, recall_url(recall))
