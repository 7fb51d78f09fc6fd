"""How the pages of duties begin and end: names of areas, figures that open, forms that refuse."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from shian.domains.duties.actions.refusals import DutyRefused
from shian.kernel.files.actions import FileRefused
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.acting import acted, acted_or_told
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FormPage
from shian.kernel.ui.tables import Column, Empty, ListQuery, Row, Table
from shian.registers.areas.queries import area_names, home_key

REFUSALS = (DutyRefused, FileRefused)


def today() -> date:
    return timezone.localdate()


def names() -> Any:
    """Area key → name, today."""
    return area_names(today())


def home_of(user: Any, area: str) -> str:
    """The chosen area, else where the reader stands."""
    return area or home_key(user, today())


def figure_url(key: str, area: str) -> str:
    """The page of a figure, for the area."""
    return reverse("figures:figure_detail", args=[key]) + (f"?area={code_of_key(area)}" if area else "")


def rows_url(key: str, area: str) -> str:
    """The rows that a figure counts."""
    return reverse("figures:figure_rows", args=[key]) + (f"?area={code_of_key(area)}" if area else "")


def paged(
    request: HttpRequest, rows: Any, columns: tuple[Column, ...], drawn: Callable[[Any], Any], empty: Empty, *,
    sort: str = "", unique: str = "id", has_ticks: bool = False,
) -> Table:  # fmt: skip
    """A page of a queryset as a table."""
    query = ListQuery.read(request.GET, columns, default_sort=sort, unique=unique)
    page = keyset_page(rows, query)
    made: list[Row] = list(drawn(page.items))
    return Table(columns, made, query=query, page=page, empty=empty, has_ticks=has_ticks)


def step_page(request: HttpRequest, page: FormPage, step: Callable[[], str], then: str) -> HttpResponseBase:
    """Take the step once the form is good; then say what it returned and go to `then`."""

    def act() -> None:
        messages.success(request, step())

    if request.method == "POST" and page.form.is_valid() and acted(page.form, act, REFUSALS):
        return redirect(then)
    return render(request, "ui/page_form.html", {"page": page})


def step_button(request: HttpRequest, step: Callable[[], object], said: str, then: str) -> HttpResponse:
    """A button: take the step, say that it was taken or what was refused, go to `then`."""
    acted_or_told(request, step, REFUSALS, said)
    return redirect(then)
