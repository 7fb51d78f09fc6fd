"""Headings of tables and controls of filter bars as HTML. In Python, not as an include, as cells are: a list has eight
of the one and as many of the other, and asks a dozen questions of each.
"""

from collections.abc import Iterable
from typing import Any

from django.http import QueryDict
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from shian.kernel.ui.cells import escaped
from shian.kernel.ui.formats import number_text, spoken
from shian.kernel.ui.icons import icon_svg

Filter = Any  # pieces.Filter, which is drawn here
Column = Any  # of tables.py, likewise
Heading = Any

PLACE = ("after", "before", "last")  # parameters that say where in a list the reader stands


def headings_html(headings: Iterable[Heading], asked: QueryDict | None) -> SafeString:
    """The <th> elements; one that can be sorted by leads to the same list in that order, from its beginning."""
    query = query_copy(asked)
    for name in PLACE:
        query.pop(name, None)
    return SafeString("".join(_heading_html(each, query) for each in headings))


def query_copy(asked: QueryDict | None) -> QueryDict:
    """What was asked for, to be changed; the texts themselves are not copied, as `copy()` would."""
    query = QueryDict(mutable=True)
    for name, values in asked.lists() if asked is not None else ():
        query.setlist(name, list(values))
    return query


def _heading_html(heading: Heading, query: QueryDict) -> str:
    column = heading.column
    order = f' aria-sort="{heading.aria_sort}"' if column.sort else ""
    title = f' title="{escaped(column.help)}"' if column.help else ""
    body = escaped(column.label) + _unit_html(column)
    if column.sort:
        query["sort"] = heading.next_sort
        name = "chevron-down" if heading.is_descending else "chevron-up"
        icon = icon_svg(name if heading.is_sorted else "selector")
        body = f'<a href="?{escape(query.urlencode())}" data-swap-list>{body}{icon}</a>'
    return f'<th scope="col" class="{column.css}"{order}{title}>{body}</th>'


def _unit_html(column: Column) -> str:
    if not spoken(column.unit):
        return ""
    return f'<span class="sh-unit">{gettext("（%(unit)s）") % {"unit": escaped(column.unit)}}</span>'


def choices_html(offered: Iterable[tuple[Column, bool]]) -> SafeString:
    """The tick boxes of the column chooser."""
    return SafeString("".join(
        f'<label class="form-check"><input class="form-check-input" type="checkbox" name="cols" '
        f'value="{escaped(column.key)}"{" checked" if is_shown else ""}{" disabled" if column.is_fixed else ""}>'
        f'<span class="form-check-label">{escaped(column.label)}</span></label>'
        for column, is_shown in offered
    ))  # fmt: skip


def filter_html(control: Filter) -> SafeString:
    """One control of a filter bar."""
    draw = _DRAW.get(control.kind, _select_html)
    return SafeString(draw(control, escaped(control.name), escaped(control.label)))


def _search_html(control: Filter, name: str, label: str) -> str:
    return (
        f'<div class="sh-filter is-search"><label class="visually-hidden" for="filter-{name}">{label}</label>'
        f"{icon_svg('search')} {_input_html(control, name)} data-list-search></div>"
    )


def _text_html(control: Filter, name: str, label: str) -> str:
    label = f'<label class="visually-hidden" for="filter-{name}">{label}</label>'
    return f'<div class="sh-filter">{label}{_input_html(control, name)}></div>'


def _input_html(control: Filter, name: str) -> str:
    placeholder = escaped(control.placeholder or control.label)
    return (
        f'<input class="form-control" id="filter-{name}" type="search" name="{name}" value="{escaped(control.value)}" '
        f'placeholder="{placeholder}"'
    )


def _date_html(control: Filter, name: str, label: str) -> str:
    return (
        f'<div class="sh-filter is-labelled"><label for="filter-{name}">{label}</label><input class="form-control" '
        f'id="filter-{name}" type="date" name="{name}" value="{escaped(control.value)}"></div>'
    )


def _switch_html(control: Filter, name: str, label: str) -> str:
    checked = " checked" if control.value else ""
    return (
        f'<label class="sh-filter form-check"><input class="form-check-input" type="checkbox" name="{name}" '
        f'value="1"{checked}><span class="form-check-label">{label}</span></label>'
    )


def _checks_html(control: Filter, name: str, label: str) -> str:
    used = " is-used" if control.is_used else ""
    count = f'<span class="sh-count">{len(control.chosen)}</span>' if control.value else ""
    boxes = "".join(
        f'<label class="form-check"><input class="form-check-input" type="checkbox" name="{name}" '
        f'value="{escaped(each.value)}"{" checked" if each.value in control.chosen else ""}>'
        f'<span class="form-check-label">{escaped(each.label)}</span>'
        + (f'<span class="sh-count">{number_text(each.count)}</span>' if each.count is not None else "")
        + "</label>"
        for each in control.options
    )
    return (
        f'<details class="sh-menu sh-filter" data-menu><summary class="btn{used}">{label}{count}'
        f'{icon_svg("chevron-down")}</summary><fieldset class="sh-menu-list"><legend class="visually-hidden">{label}'
        f"</legend>{boxes}</fieldset></details>"
    )


def _hidden_html(control: Filter, name: str, label: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escaped(control.value)}">'


def _select_html(control: Filter, name: str, label: str) -> str:
    used = " is-used" if control.is_used else ""
    every = "" if control.default else f'<option value="">{gettext("全部%(label)s") % {"label": label}}</option>'
    return (
        f'<div class="sh-filter"><label class="visually-hidden" for="filter-{name}">{label}</label>'
        f'<select class="form-select{used}" id="filter-{name}" name="{name}">{every}{control.options_html}</select>'
        "</div>"
    )


_DRAW = {
    "search": _search_html, "text": _text_html, "date": _date_html, "switch": _switch_html, "checks": _checks_html,
    "hidden": _hidden_html,
}  # fmt: skip
