"""How a page with a form ends: done and said, or shown again with what was refused."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from shian.domains.fieldchecks.actions.refusals import CheckRefused
from shian.kernel.ui.pages import FormPage


def step_page(request: HttpRequest, page: FormPage, step: Callable[[], str], then: str) -> HttpResponseBase:
    """Take the step once the form is good; then say what it returned and go to `then`."""
    if request.method == "POST" and page.form.is_valid():
        try:
            said = step()
        except CheckRefused as refused:
            page.form.add_error(refused.field, str(refused))
        else:
            messages.success(request, said)
            return redirect(then)
    return render(request, "ui/page_form.html", {"page": page})
