"""Entering a measured value: satisfaction, awareness, pass rate."""

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.actions import enter_measured
from shian.domains.campaign.models import ItemResult
from shian.domains.campaign.permissions import MEASURED_ENTER
from shian.domains.campaign.queries.evaluations import item_result
from shian.domains.campaign.queries.measured import entry_of
from shian.domains.campaign.rules.rounding import rounded
from shian.domains.campaign.tables.results import item_url, points_text
from shian.domains.campaign.views.sights import crumbs, seen
from shian.engine.ledgers.actions import RowRefused
from shian.engine.ledgers.forms import RowForm
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.languages import ChineseText
from shian.kernel.ui.pages import FormPage
from shian.kernel.ui.pieces import Crumb


@requires(MEASURED_ENTER)
def measured_enter(request: HttpRequest, code: str) -> HttpResponseBase:
    """A measured value of one item for one area, kept in its ledger; points and formula are told at once."""
    found = seen(request)
    result = item_result(found.evaluation, code, found.area_key, request.user)
    entry = entry_of(result.indicator, result.level)
    if entry is None:
        raise Http404(code)
    form = RowForm(
        request.POST or None,
        ledger=entry.ledger,
        settled={*entry.settled, entry.ledger.area},
        initial={entry.dated_by: found.as_of},
    )
    url = item_url(code, found.area_key, found.as_of)
    if request.method == "POST" and form.is_valid():
        try:
            changed = enter_measured(
                evaluation=found.evaluation, code=code, area=code_of_key(found.area_key), values=form.texts,
                by=request.user, at=timezone.now(),
            )  # fmt: skip
        except RowRefused as refused:
            form.refuse(refused.problems)
        else:
            messages.success(request, _said(changed))
            return redirect(url)
    page = FormPage(
        _("录入实测值：%(title)s") % {"title": entry.measure.title},
        form,
        _("保存实测值"),
        intro=ChineseText(f"{result.indicator.code} {result.indicator.title} · {found.title}"),
        consequence=_("保存后记入“%(ledger)s”，立即重新核算读取该台账的各项得分和否决项，并留存证。")
        % {"ledger": entry.ledger.title},
        cancel_url=url,
        crumbs=crumbs(Crumb(ChineseText(result.indicator.title), url)),
    )
    return render(request, "ui/page_form.html", {"page": page})


def _said(result: ItemResult) -> str:
    if result.score is None:
        return _("已保存。本项：%(state)s。") % {"state": result.get_state_display()}
    return _("已保存。实测 %(value)s，得 %(score)s 分（分值 %(weight)s），折算公式 %(formula)s。") % {
        "value": points_text(result.value, result.unit),
        "score": str(rounded(result.score)),
        "weight": str(rounded(result.weight)),
        "formula": result.formula,
    }
