"""Pages without sign-in: the public lists of ledgers, public fields of rows in force only."""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.engine.ledgers.declarations import all_ledgers
from shian.engine.ledgers.queries import public_rows
from shian.engine.ledgers.sights import declared_or_404
from shian.engine.ledgers.tables import columns_of, page_title, public_row
from shian.kernel.accounts.permissions import open_to_all
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names


@open_to_all
def public_list(request: HttpRequest) -> HttpResponse:
    """The ledgers that have a public list."""
    shown = [each for each in all_ledgers().values() if each.aspects.public]
    return render(request, "ledgers/public_list.html", {"ledgers": shown})


@open_to_all
def public_rows_list(request: HttpRequest, key: str) -> HttpResponse:
    """The public rows of one ledger, as they are today."""
    declared = declared_or_404(key)
    today = timezone.localdate()
    try:
        rows = public_rows(declared, today)
    except LookupError:
        raise Http404(key) from None
    columns = [
        replace(each, label=page_title(declared, each.key, each.label), is_default=True)
        for each in columns_of(declared)
        if each.key in declared.public_fields
    ]
    columns[0] = replace(columns[0], is_fixed=True)
    query = ListQuery.read(request.GET, columns, default_sort=columns[0].key if columns[0].sort else "")
    found = keyset_page(rows, query)
    areas = area_names(today) if declared.area in declared.public_fields else {}
    drawn = [public_row(declared, row, areas) for row in found.items]
    table = Table(columns, drawn, query=query, page=found, empty=Empty(_("现在没有可公开的记录")))
    note = declared.aspects.public.note if declared.aspects.public else ""
    return render(
        request, "ledgers/public_rows.html", {"ledger": declared, "table": table, "today": today, "note": note}
    )
