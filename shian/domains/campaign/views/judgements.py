"""Verdicts of reviewers and reasons of the office."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.domains.campaign.actions import VerdictRefused, adopt_reasons, enter_verdict, state_reason
from shian.domains.campaign.forms.results import ReasonForm, VerdictForm
from shian.domains.campaign.models import ItemResult
from shian.domains.campaign.permissions import REASON_STATE, VERDICT_ENTER
from shian.domains.campaign.queries.evaluations import item_result
from shian.domains.campaign.rules.rounding import rounded
from shian.domains.campaign.tables.results import item_url
from shian.domains.campaign.views.sights import Seen, crumbs, seen
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.languages import ChineseText
from shian.kernel.ui.pages import FormPage
from shian.kernel.ui.pieces import Crumb


@requires(VERDICT_ENTER)
def verdict_enter(request: HttpRequest, code: str) -> HttpResponseBase:
    """A verdict on one item for one area; the item is rescored at once."""
    found = seen(request)
    result = item_result(found.evaluation, code, found.area_key, request.user)
    start = {"reviewer": str(request.user), "reviewed_on": found.as_of}
    form = VerdictForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            changed = enter_verdict(
                evaluation=found.evaluation,
                code=code,
                area=code_of_key(found.area_key),
                by=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except VerdictRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _said(changed))
            return redirect(item_url(code, found.area_key, found.as_of))
    return _form(request, found, result, form, _("录入评审结论"), _("保存结论"))


def _said(result: ItemResult) -> str:
    if result.score is None:
        return _("已保存。本项：%(state)s。") % {"state": result.get_state_display()}
    return _("已保存。本项得 %(score)s 分（分值 %(weight)s）。") % {
        "score": str(rounded(result.score)),
        "weight": str(rounded(result.weight)),
    }


@requires(REASON_STATE)
def reason_state(request: HttpRequest, code: str) -> HttpResponseBase:
    """Why an unknown item has no score."""
    found = seen(request)
    result = item_result(found.evaluation, code, found.area_key, request.user)
    form = ReasonForm(request.POST or None, initial={"reason": result.reason})
    if request.method == "POST" and form.is_valid():
        state_reason(
            evaluation=found.evaluation,
            code=code,
            area=code_of_key(found.area_key),
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("理由已记录，出具报告时照此列示。"))
        return redirect(item_url(code, found.area_key, found.as_of))
    return _form(request, found, result, form, _("说明未计分的理由"), _("保存理由"))


@requires(REASON_STATE)
@require_POST
def reasons_adopt(request: HttpRequest) -> HttpResponseBase:
    """The office takes over the reasons that the evaluation itself gives, for every open item of the area."""
    found = seen(request)
    now = timezone.now()
    count = adopt_reasons(evaluation=found.evaluation, area=code_of_key(found.area_key), by=request.user, at=now)
    messages.success(request, _("已为 %(count)s 项未定内容记录理由。") % {"count": count})
    return redirect(f"{reverse('campaign:item_list')}?area={found.area_key}&as_of={found.as_of}&outcome=unknown")


def _form(request: HttpRequest, found: Seen, result: ItemResult, form: Any, title: str, submit: str) -> HttpResponse:
    url = item_url(result.indicator.code, found.area_key, found.as_of)
    page = FormPage(
        title,
        form,
        submit,
        intro=ChineseText(f"{result.indicator.code} {result.indicator.title} · {found.title}"),
        consequence=_("保存后立即重新核算本项和所在大项的得分，并留存证。"),
        cancel_url=url,
        crumbs=crumbs(Crumb(ChineseText(result.indicator.title), url)),
    )
    return render(request, "ui/page_form.html", {"page": page})
