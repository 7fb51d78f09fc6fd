"""Letters to other areas about recalls: one is written, and all of them by who has to answer."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.tracing.actions.recall_letters import Inquiry, send_letter
from shian.domains.tracing.definitions.letters import letter_paper
from shian.domains.tracing.forms.recalls import LetterForm
from shian.domains.tracing.models import Channel, Recall, RecallHolder
from shian.domains.tracing.permissions import RECALL_ORDER, TRACING_READ
from shian.domains.tracing.queries.names import PartyName, party_names
from shian.domains.tracing.queries.recall_letters import (
    HOLDER,
    SOURCE,
    STANDINGS,
    letters_chosen,
    overdue_by_receiver,
    source_of,
)
from shian.domains.tracing.queries.recalls import holder_for, recall_for
from shian.domains.tracing.tables.recall_letters import RECALL_LETTERS, letter_rows
from shian.domains.tracing.tables.recalls import recall_url, shown_title
from shian.domains.tracing.views.recall_orders import crumbs_of
from shian.domains.tracing.views.steps import step_page
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FormPage, ListPage
from shian.kernel.ui.pieces import Crumb, Filter, FilterBar, Option
from shian.kernel.ui.tables import Empty, ListQuery, Table

USUAL = timedelta(days=15)


@requires(RECALL_ORDER)
def recall_letter_create(request: HttpRequest, number: str) -> HttpResponseBase:
    """?holder= Write to the authority of another area: about that holder, else about the source."""
    recall = recall_for(request.user, number)
    if recall.is_drill:
        raise Http404(number)
    holder = _holder(request, recall)
    form = LetterForm(request.POST or None, initial=_initial(recall, holder))

    def step() -> str:
        made = send_letter(recall=recall, told=Inquiry(**form.cleaned_data), paper=letter_paper, holder=holder,
                           by=request.user, at=timezone.now())  # fmt: skip
        return _("协查函 %(number)s 已生成，函件在事项中下载；收到回执后请登记签收。") % {"number": made.number}

    page = FormPage(
        _("发协查函"), form, _("生成协查函"), intro=f"{shown_title(recall)} · {recall.reason}",
        consequence=_("函件编号后存证；签收、反馈在事项中登记。"), cancel_url=recall_url(recall),
        crumbs=[*crumbs_of(is_drill=False), Crumb(number, recall_url(recall))],
    )  # fmt: skip
    return step_page(request, page, step, recall_url(recall))


def _holder(request: HttpRequest, recall: Recall) -> RecallHolder | None:
    asked = request.GET.get("holder", "")
    if not asked:
        return None
    if not asked.isdecimal() or len(asked) > 17:
        raise Http404(asked)
    found = holder_for(request.user, recall, int(asked))
    if found.channel != Channel.LETTER:
        raise Http404(asked)
    return found


def _initial(recall: Recall, holder: RecallHolder | None) -> dict[str, Any]:
    due_on = timezone.localdate() + USUAL
    if holder is None:
        return {"side": SOURCE, "party": source_of(recall), "due_on": due_on}
    name = party_names([holder.party]).get(holder.party, PartyName(""))
    party = f"{name.name}（{name.address}）" if name.address else name.name
    return {"side": HOLDER, "party": party[:120], "due_on": due_on}


@requires(TRACING_READ)
def recall_letter_list(request: HttpRequest) -> HttpResponse:
    """Letters in reach by who has to answer; who is late stands in the summary."""
    told, today = request.GET, timezone.localdate()
    standing = told.get("standing", "") if told.get("standing") in STANDINGS else ""
    text = told.get("q", "").strip()[:60]
    query = ListQuery.read(told, RECALL_LETTERS, default_sort="receiver")
    page = keyset_page(letters_chosen(request.user, standing=standing, text=text, today=today), query)
    late = "；".join(
        _("%(receiver)s %(count)s 件") % {"receiver": receiver, "count": count}
        for receiver, count in overdue_by_receiver(request.user, today)
    )
    words = dict(zip(STANDINGS, (_("未办结"), _("超期未反馈"), _("已办结")), strict=True))
    found = ListPage(
        _("召回协查函"),
        Table(RECALL_LETTERS, list(letter_rows(page.items, today)), query=query, page=page,
              empty=Empty(_("没有协查函"), _("在召回页面向食品的来源地、流入地发函。"), reverse("tracing:recall_list"),
                          _("食品召回"))),
        unit=_("件"), crumbs=crumbs_of(is_drill=False),
        summary=_("超期未反馈：%(late)s") % {"late": late} if late else "",
        filters=FilterBar([
            Filter("q", _("搜索"), "search", value=text, placeholder=_("收函单位")),
            Filter("standing", _("状态"), options=[Option(*each) for each in words.items()], value=standing),
        ]),
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": found})
