"""What everybody may read: recalls that were published. Drills never are."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shian.domains.tracing.models import RecallState
from shian.domains.tracing.queries.names import lot_names
from shian.domains.tracing.queries.recalls import published, published_one
from shian.engine.trace.models import Holding
from shian.kernel.accounts.permissions import open_to_all
from shian.kernel.ui.pieces import Fact, Section
from shian.kernel.ui.states import DONE, OVERDUE

LOTS_SHOWN = 20


@open_to_all
def notice_list(request: HttpRequest) -> HttpResponse:
    """Published recalls, the newest first."""
    rows = [(each, each.state == RecallState.RUNNING) for each in published()]
    return render(request, "tracing/notice_list.html", {"rows": rows})


@open_to_all
def notice_detail(request: HttpRequest, number: str) -> HttpResponse:
    """One recall: which goods, why, what to do. No holder is named."""
    found = published_one(number)
    roots = Holding.objects.filter(pk__in=found.roots[:LOTS_SHOWN]).values_list("lot", flat=True)
    lots = lot_names(roots).values()
    facts = [
        Fact(pgettext("lot", "批次"), "、".join(each.number for each in lots)),
        Fact(_("产地"), "、".join(dict.fromkeys(each.origin for each in lots if each.origin))),
        Fact(_("级别"), found.get_level_display()), Fact(_("原因和危害"), found.reason),
        Fact(pgettext("recall", "处理方式"), found.get_treatment_display()), Fact(_("联系电话"), found.contact),
        Fact(_("公告时间"), found.published_at, kind="moment"), Fact(_("召回编号"), found.number),
    ]  # fmt: skip
    is_open = found.state == RecallState.RUNNING
    context = {
        "recall": found, "tone": OVERDUE if is_open else DONE, "word": _("召回中") if is_open else _("已办结"),
        "section": Section(_("召回公告"), [each for each in facts if each.value]),
    }  # fmt: skip
    return render(request, "tracing/notice_detail.html", context)
