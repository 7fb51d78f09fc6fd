"""What a page does with an action that may refuse: the refusal stands in the form, or above the page it came from.

An app states once what its actions refuse with, and its pages end alike:

    STEPS = Steps(CheckRefused, FileRefused)
    step_page, step_button = STEPS.page, STEPS.button
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from shian.kernel.ui.pages import FormPage
from shian.kernel.ui.states import Text

Refusals = type[Exception] | tuple[type[Exception], ...]


def acted(form: BaseForm, act: Callable[[], object], refusals: Refusals, field: str = "") -> bool:
    """Do it, and say whether it was done. A refusal stands beside the field that it names (`.field`), else beside
    `field`, else above the form. Call it last: `request.method == "POST" and form.is_valid() and acted(…)`."""
    try:
        act()
    except refusals as refused:
        named: Any = getattr(refused, "field", "") or field
        form.add_error(named if named in form.fields else None, str(refused))
        return False
    return True


def acted_or_told(request: HttpRequest, act: Callable[[], object], refusals: Refusals, done: Text) -> bool:
    """A button: do it, and leave a message for the next page, `done` or the refusal. Says whether it was done."""
    try:
        act()
    except refusals as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, str(done))
    return True


class Steps:
    """How the pages of an app end, whose actions refuse with these errors."""

    def __init__(self, *refusals: type[Exception]) -> None:
        self.refusals = refusals

    def page(
        self, request: HttpRequest, page: FormPage, step: Callable[[], str], then: str,
        template: str = "ui/page_form.html", **told: object,
    ) -> HttpResponseBase:  # fmt: skip
        """Take the step once the form is good; then say what it returned and go to `then`. `told`: what the template
        needs besides."""

        def act() -> None:
            messages.success(request, step())

        if request.method == "POST" and page.form.is_valid() and acted(page.form, act, self.refusals):
            return redirect(then)
        return render(request, template, {"page": page, **told})

    def button(self, request: HttpRequest, step: Callable[[], object], said: Text, then: str) -> HttpResponse:
        """A button: take the step, say that it was taken or what was refused, go to `then`."""
        acted_or_told(request, step, self.refusals, said)
        return redirect(then)
