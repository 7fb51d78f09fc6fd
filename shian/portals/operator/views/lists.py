"""The operator's own list of risks: as it holds, as it is being adapted."""

from collections.abc import Mapping, Sequence
from itertools import count, islice
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from shian.domains.selfcontrol.actions.lists import approve_list, write_list
from shian.domains.selfcontrol.actions.refusals import DutyRefused
from shian.domains.selfcontrol.permissions import own_portal
from shian.domains.selfcontrol.queries.accounts import own_operator
from shian.domains.selfcontrol.queries.lists import draft_of, first_items, list_in_force, own_template, versions_of
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.acting import acted
from shian.portals.operator.views.frame import crumbs, framed, may_of, step_button, to

NEW_LINES = 3


class ReasonForm(forms.Form):
    """Why the list changes."""

    reason = forms.CharField(
        label=gettext_lazy("修订原因"), max_length=200, required=False,
        help_text=gettext_lazy("例如：新增外卖业务。首次编制可以不填。"),
    )  # fmt: skip


@requires(own_portal)
def risk_list_detail(request: HttpRequest, code: str) -> HttpResponse:
    """What holds today, a draft that waits, and every version with its days."""
    operator, today = own_operator(request.user, code), timezone.localdate()
    context = framed(
        operator, "risk_list_detail", list=list_in_force(operator, today), draft=draft_of(operator),
        versions=versions_of(operator), template=own_template(operator), may=may_of(request.user, operator),
    )  # fmt: skip
    return render(request, "operator/list.html", context)


@requires(own_portal)
def risk_list_edit(request: HttpRequest, code: str) -> HttpResponseBase:
    """Adapt: take lines out, change them, add own ones."""
    operator, today = own_operator(request.user, code), timezone.localdate()
    begun = draft_of(operator) or list_in_force(operator, today)
    items = begun.items if begun else first_items(operator, today)
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        items = _posted(request)

    def step() -> None:
        reason = form.cleaned_data["reason"]
        write_list(operator=operator, items=items, reason=reason, by=request.user, at=timezone.now())

    if request.method == "POST" and form.is_valid() and acted(form, step, DutyRefused):
        return redirect("operator:risk_list_detail", operator.code)
    context = framed(operator, "", form=form, items=[*items, *_blank(items)], crumbs=crumbs(operator))
    return render(request, "operator/list_edit.html", context)


def _blank(items: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Lines to fill in, under keys that no line has: what is posted under one key is one line."""
    taken = {each["key"] for each in items}
    free = (key for number in count(1) if (key := f"own{number}") not in taken)
    return [{"key": key, "is_new": True} for key in islice(free, NEW_LINES)]


def _posted(request: HttpRequest) -> list[dict[str, str]]:
    """The lines that were kept, and new ones in which something was written."""
    posted, found = request.POST, []
    for key in posted.getlist("key"):
        told = {name: posted.get(f"{key}-{name}", "").strip() for name in ("process", "risk", "control")}
        if posted.get(f"{key}-kept") and any(told.values()):
            found.append({"key": key, **told})
    return found


@requires(own_portal)
@require_POST
def risk_list_approve(request: HttpRequest, code: str) -> HttpResponse:
    """The draft holds from today."""
    operator = own_operator(request.user, code)

    def step() -> None:
        approve_list(operator=operator, by=request.user, at=timezone.now())

    return step_button(request, step, _("清单已批准，今天起执行。"), to("risk_list_detail", operator))
