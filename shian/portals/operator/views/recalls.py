"""A recall or drill as one holder of its goods sees it: what to look for, stop selling, say what is there."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shian.domains.selfcontrol.queries.accounts import own_operator
from shian.domains.tracing.permissions import own_trade
from shian.domains.tracing.queries.names import lot_names
from shian.domains.tracing.queries.recalls import lines_of, own_notice
from shian.domains.tracing.tables.recalls import LINES, holder_cell, kind_label, line_rows, shown_title
from shian.domains.tracing.views.holders import answer_page
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pieces import Crumb, Fact, Section
from shian.kernel.ui.tables import Table
from shian.portals.operator.views.frame import crumbs, framed, to


@requires(own_trade)
def recall_answer(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The notice: goods, reason, what to do; what was answered so far."""
    operator = own_operator(request.user, code)
    holder = own_notice(request.user, operator, pk)
    lines = lines_of(holder)
    table = Table(LINES, list(line_rows(lines, lot_names(each.lot for each in lines), opens=False)), id="lines")
    recall = holder.recall
    context = framed(
        operator, "", recall=recall, holder=holder, title=shown_title(recall), kind=kind_label(recall), table=table,
        cell=holder_cell(holder), section=Section(_("通知内容"), _facts(holder)), can_answer=recall.state == "running",
    )  # fmt: skip
    return render(request, "operator/recall.html", context)


def _facts(holder: Any) -> list[Fact]:
    recall = holder.recall
    facts = [
        Fact(_("原因和危害"), recall.reason), Fact(pgettext("recall", "处理方式"), recall.get_treatment_display()),
        Fact(_("联系电话"), recall.contact), Fact(_("通知时间"), holder.told_at, kind="moment"),
        Fact(_("现存"), holder.on_hand, kind="number", unit=_("千克")),
        Fact(_("退回"), holder.returned or None, kind="number", unit=_("千克")),
        Fact(_("销毁"), holder.destroyed or None, kind="number", unit=_("千克")),
    ]  # fmt: skip
    return [each for each in facts if each.value not in (None, "")]


@requires(own_trade)
def recall_edit(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """Acknowledge with what is in stock; later what was returned and destroyed."""
    operator = own_operator(request.user, code)
    holder = own_notice(request.user, operator, pk)
    then = to("recall_answer", operator, pk)
    title = shown_title(holder.recall)
    return answer_page(request, holder, title, [*crumbs(operator), Crumb(title, then)], then)
