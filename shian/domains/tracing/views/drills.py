"""A drill's own steps: where the goods came from, and its end with a score."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shian.domains.tracing.actions.drills import end_drill, report_source
from shian.domains.tracing.forms.recalls import SourceForm, SummaryForm
from shian.domains.tracing.models import Recall
from shian.domains.tracing.permissions import RECALL_FOLLOW, RECALL_ORDER
from shian.domains.tracing.queries.drills import result_of
from shian.domains.tracing.queries.recalls import recall_for
from shian.domains.tracing.tables.recalls import recall_url, shown_title
from shian.domains.tracing.views.recall_orders import crumbs_of
from shian.domains.tracing.views.steps import step_page
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pages import FormPage
from shian.kernel.ui.pieces import Crumb


def _drill(request: HttpRequest, number: str) -> Recall:
    found = recall_for(request.user, number)
    if not found.is_drill:
        raise Http404(number)
    return found


def _crumbs(drill: Recall) -> list[Crumb]:
    return [*crumbs_of(is_drill=True), Crumb(drill.number, recall_url(drill))]


@requires(RECALL_FOLLOW)
def drill_report(request: HttpRequest, number: str) -> HttpResponseBase:
    """Who plays says where the goods came from."""
    drill = _drill(request, number)
    form = SourceForm(request.POST or None)

    def step() -> str:
        found = report_source(drill=drill, code=form.cleaned_data["source"], by=request.user, at=timezone.now())
        return _("来源正确。") if found.is_source_right else _("已记录，来源不对。")

    page = FormPage(_("报告来源"), form, pgettext("drill", "报告"), intro=shown_title(drill),
                    cancel_url=recall_url(drill), crumbs=_crumbs(drill))  # fmt: skip
    return step_page(request, page, step, recall_url(drill))


@requires(RECALL_ORDER)
def drill_close(request: HttpRequest, number: str) -> HttpResponseBase:
    """Stop the watch and score."""
    drill = _drill(request, number)
    form, found = SummaryForm(request.POST or None), result_of(drill)

    def step() -> str:
        ended = end_drill(drill=drill, summary=form.cleaned_data["summary"], by=request.user, at=timezone.now())
        return _("演练结束，得分 %(score)s。") % {"score": ended.score}

    intro = _("购货者 %(found)s / %(buyers)s 家已答复。") % {"found": f"{found.found:,}", "buyers": f"{found.buyers:,}"}
    page = FormPage(_("结束并评分"), form, _("结束并评分"), intro=f"{shown_title(drill)} · {intro}",
                    cancel_url=recall_url(drill), crumbs=_crumbs(drill))  # fmt: skip
    return step_page(request, page, step, recall_url(drill))
