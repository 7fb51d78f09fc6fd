"""What every page of the portal has: the business, the tabs, days out of addresses, how a form ends."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shian.domains.selfcontrol.actions.refusals import DutyRefused
from shian.kernel.ui.acting import acted, acted_or_told
from shian.kernel.ui.pages import FormPage
from shian.kernel.ui.pieces import Crumb, Tab
from shian.registers.operators.models import Operator


def to(name: str, operator: Operator, *args: Any) -> str:
    """The address of a page of the portal about the operator."""
    return reverse(f"operator:{name}", args=[operator.code, *args])


def framed(operator: Operator, active: str, **context: Any) -> dict[str, Any]:
    """The context of a page: `operator`, `tabs` (one active) and what it says itself."""
    pages = (
        ("desk_detail", _("今日")), ("daily_control_calendar", _("记录")), ("risk_list_detail", _("清单")),
        ("safety_staff_detail", _("人员")),
    )  # fmt: skip
    tabs = [Tab(label, to(name, operator), is_active=name == active) for name, label in pages]
    return {"operator": operator, "tabs": tabs, **context}


def crumbs(operator: Operator) -> list[Crumb]:
    """Back to the desk."""
    return [Crumb(operator.name, to("desk_detail", operator))]


def day_in(text: str) -> date:
    """A day of an address. Raises Http404."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404(text) from None


def month_in(text: str) -> date:
    """The first day of a month of an address, 2026-11. Raises Http404."""
    return day_in(f"{text}-01")


def step_page(request: HttpRequest, page: FormPage, step: Callable[[], str], then: str) -> HttpResponseBase:
    """Take the step once the form is good; then say what it returned and go to `then`."""

    def act() -> None:
        messages.success(request, step())

    if request.method == "POST" and page.form.is_valid() and acted(page.form, act, DutyRefused):
        return redirect(then)
    return render(request, "ui/page_form.html", {"page": page})


def step_button(request: HttpRequest, step: Callable[[], object], said: str, then: str) -> HttpResponse:
    """A button: take the step, say that it was taken or what was refused, go to `then`."""
    acted_or_told(request, step, DutyRefused, said)
    return redirect(then)
