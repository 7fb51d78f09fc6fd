"""How the pages of duties begin and end: names of areas, figures that open, forms that refuse."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from shian.domains.duties.actions.refusals import DutyRefused
from shian.engine.cases.actions import CaseRefused
from shian.engine.draws.actions import DrawRefused
from shian.kernel.files.actions import FileRefused
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.acting import Steps
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.tables import Column, Empty, ListQuery, Row, Table
from shian.registers.areas.queries import area_names, home_key

STEPS = Steps(DutyRefused, FileRefused, DrawRefused, CaseRefused)
step_page, step_button = STEPS.page, STEPS.button


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
