"""Codes on paper: sheets of twelve labels on A4, and one label of 60 × 40 mm."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shian.domains.census.actions import signing_key
from shian.domains.census.filters import filter_bar, read_choice
from shian.domains.census.models import CodeState
from shian.domains.census.permissions import CODE_MANAGE
from shian.domains.census.queries.codes import live_code, named_operators, printable_operators
from shian.domains.census.queries.operators import OperatorChoice, operators_chosen
from shian.domains.census.tables import Label, label_of
from shian.domains.census.views.codes import site_of
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pieces import Action, Crumb, Filter, FilterBar
from shian.registers.operators.models import Operator

ON_A_PAGE, AT_ONCE = 12, 600


@requires(CODE_MANAGE)
def sheet_print(request: HttpRequest) -> HttpResponse:
    """Labels for the operators of the list's filters, ?part=1 the first 600 of them; a POST prints the ticked ones.

    Nothing is drawn until a part is asked for: a whole city is not what anybody means to print.
    """
    if request.method == "POST":
        rows = printable_operators(named_operators(request.POST.getlist("key")[:AT_ONCE], request.user))
        return _sheets(request, rows, part=1, parts=[], bar=None)
    choice = read_choice(request.GET, request.user)
    rows = printable_operators(operators_chosen(choice, request.user))
    count, asked = rows.count(), request.GET.get("part", "")
    query, numbers = request.GET.copy(), range(1, -(-count // AT_ONCE) + 1)
    part = int(asked) if asked.isdecimal() and int(asked) in numbers else 0
    parts = []
    for number in numbers:
        query["part"] = str(number)
        first, last = (number - 1) * AT_ONCE + 1, min(number * AT_ONCE, count)
        parts.append(Action(f"{first:,}–{last:,}", f"?{query.urlencode()}", kind="primary" if part == number else ""))
    return _sheets(request, rows, part=part, parts=parts, bar=_bar(choice, request.user), count=count)


def _bar(choice: OperatorChoice, user: Any) -> FilterBar:
    """The list's filters; another choice starts again without a part."""
    bar = filter_bar(choice, user)
    return replace(bar, filters=[*bar.filters, Filter("part", "", "hidden")])


def _sheets(
    request: HttpRequest, rows: Any, *, part: int, parts: list[Action], bar: FilterBar | None, count: int | None = None
) -> HttpResponse:
    wanted = rows[(part - 1) * AT_ONCE : part * AT_ONCE] if part > 0 else []
    labels = _labels(request, wanted)
    context = {
        "bar": bar,
        "parts": parts,
        "count": len(labels) if count is None else count,
        "sheets": [labels[start : start + ON_A_PAGE] for start in range(0, len(labels), ON_A_PAGE)],
        "actions": [Action(_("打印"), "#print", icon="printer", kind="primary")] if labels else [],
        "crumbs": [Crumb(_("经营主体"), reverse("census:operator_list"))],
    }
    return render(request, "census/sheet_print.html", context)


def _labels(request: HttpRequest, rows: Any) -> list[Label]:
    key, site = signing_key(), site_of(request)
    return [label_of(row.serial, row.name, row.code, key, site) for row in rows]


@requires(CODE_MANAGE)
def label_print(request: HttpRequest, code: str) -> HttpResponse:
    """The label of one operator for a label printer."""
    operator = Operator.objects.defer("search").get_visible(request.user, code=code)
    found = live_code(operator)
    if found is None or found.state != CodeState.ACTIVE:
        raise Http404(code)
    context = {
        "label": label_of(found.serial, operator.name, operator.code, signing_key(), site_of(request)),
        "actions": [Action(_("打印"), "#print", icon="printer", kind="primary")],
        "crumbs": [
            Crumb(_("经营主体"), reverse("census:operator_list")),
            Crumb(operator.name, f"{reverse('census:operator_detail', args=[code])}?tab=code"),
        ],
    }
    return render(request, "census/label_print.html", context)
