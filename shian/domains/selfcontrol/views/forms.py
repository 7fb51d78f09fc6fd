"""How a page with a form ends: done and said, or shown again with what was refused."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from shian.domains.selfcontrol.actions.refusals import DutyRefused
from shian.kernel.ui.acting import acted, acted_or_told
from shian.kernel.ui.pages import FormPage


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
