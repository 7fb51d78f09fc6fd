"""Pages of ledgers: the index, one ledger's rows, one row, subjects without a row, exports."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shian.engine.ledgers.declarations import Ledger
from shian.engine.ledgers.exports import FORMATS, make_export
from shian.engine.ledgers.fields import LedgerField
from shian.engine.ledgers.filters import LedgerFilter, filter_bar
from shian.engine.ledgers.models import LedgerRow, LedgerRowVersion
from shian.engine.ledgers.permissions import LEDGER_EXPORT, LEDGER_READ, enter_into
from shian.engine.ledgers.queries import (
    Origin,
    ledger_summaries,
    origins_of,
    rows_about,
    subjects_without_row,
    versions_of,
    years_of,
)
from shian.engine.ledgers.selections import state_of_data
from shian.engine.ledgers.sights import chosen_rows, crumbs, declared_or_404
from shian.engine.ledgers.tables import (
    ABOUT_COLUMNS,
    LEDGER_COLUMNS,
    MISSING_COLUMNS,
    about_row,
    columns_of,
    list_columns,
    missing_row,
    page_title,
    row_of,
    rows_drawn,
    summary_row,
    value_of,
)
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
from shian.kernel.imports.permissions import importers_for
from shian.kernel.imports.tables import batch_words
from shian.kernel.ui.actors import actor
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.masking import masked
from shian.kernel.ui.pages import ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Section, TimelineEntry
from shian.kernel.ui.tables import Cell, Empty, ListQuery, Table
from shian.registers.areas.tables import area_picker

SHOWN_ON_RECORD = 50


def _import_action(declared: Ledger, user: Any) -> list[Action]:
    key = f"ledger.{declared.key}"
    if not any(spec.key == key for spec in importers_for(user)):
        return []
    return [Action(_("导入"), f"{reverse('imports:batch_create')}?importer={key}", icon="file-import", kind="primary")]


@requires(LEDGER_READ)
def ledger_list(request: HttpRequest) -> HttpResponse:
    summaries = ledger_summaries(request.user, timezone.localdate())
    query = ListQuery.read(request.GET, LEDGER_COLUMNS)
    table = Table(LEDGER_COLUMNS, [summary_row(each) for each in summaries], query=query)
    page = ListPage(_("台账目录"), table, unit=_("本"), summary=_("按登记簿排列；行数只计本人可见范围。"))
    return render(request, "ui/page_list.html", {"list": page})


@requires(LEDGER_READ)
def row_list(request: HttpRequest, key: str) -> HttpResponse:
    declared = declared_or_404(key)
    chosen = LedgerFilter.read(request.GET, declared, request.user)
    columns = list_columns(declared)
    query = ListQuery.read(request.GET, columns, default_sort=declared.key_fields[0])
    found = keyset_page(chosen_rows(declared, chosen, request.user), query)
    picker = area_picker(request.user, chosen.area, timezone.localdate()) if declared.area else None
    empty = Empty(_("没有符合条件的记录"), _("请放宽筛选条件，或导入本台账。"))
    page = ListPage(
        declared.title,
        Table(columns, rows_drawn(declared)(found.items, request.user), query=query, page=found, empty=empty),
        unit=_("条"),
        summary=declared.description,
        crumbs=crumbs(),
        filters=filter_bar(declared, chosen, picker, years_of(declared, request.user)),
        actions=_list_actions(declared, request.user),
        export_url=reverse("ledgers:row_export", args=[key]),
        export_formats=FORMATS,
    )
    return render(request, "ui/page_list.html", {"list": page})


def _list_actions(declared: Ledger, user: Any) -> list[Action]:
    key = declared.key
    actions = _import_action(declared, user)
    if enter_into(declared)(user).allowed:
        actions.insert(0, Action(_("录入一条"), reverse("ledgers:row_create", args=[key]), icon="plus"))
    if declared.point_field:
        actions.append(Action(_("地图"), reverse("ledgers:row_map", args=[key]), icon="map-2"))
    if declared.occurs_on:
        actions.append(Action(_("按月统计"), reverse("ledgers:month_list", args=[key]), icon="chart-bar"))
    if declared.aspects.numbering:
        actions.append(Action(_("编号连续性"), reverse("ledgers:gap_list", args=[key]), icon="list-check"))
    if declared.aspects.public:
        actions.append(
            Action(_("公开清单"), reverse("public_ledgers:public_rows_list", args=[key]), icon="external-link")
        )
    if declared.expected:
        url = reverse("ledgers:missing_list", args=[declared.key])
        actions.append(Action(declared.expected.title, url, icon="alert-circle"))
    return actions


@requires(LEDGER_EXPORT)
def row_export(request: HttpRequest, key: str) -> HttpResponseBase:
    declared = declared_or_404(key)
    chosen = LedgerFilter.read(request.GET, declared, request.user)
    file_format = request.GET.get("format", FORMATS[0])
    if file_format not in FORMATS:
        raise Http404(file_format)
    draw, now = row_of(declared), timezone.now()
    rows = chosen_rows(declared, chosen, request.user).order_by("key", "pk").iterator(chunk_size=2000)
    door = Door.of_page(request)
    made = make_export(
        name=str(declared.title),
        format=file_format,
        columns=columns_of(declared),
        rows=(draw(row) for row in rows),
        facts=chosen.facts(declared),
        by=request.user.get_username(),
        at=now,
        door=door,
    )
    return made.leave(door, subject=f"ledgers.ledger:{key}", at=now)


@requires(LEDGER_READ)
def missing_list(request: HttpRequest, key: str) -> HttpResponse:
    declared = declared_or_404(key)
    if declared.expected is None:
        raise Http404(key)
    as_of = _as_of(request)
    subjects = subjects_without_row(declared, request.user, as_of)
    query = ListQuery.read(request.GET, MISSING_COLUMNS, default_sort="code")
    found = keyset_page(subjects, query)
    page = ListPage(
        declared.expected.title,
        Table(
            MISSING_COLUMNS,
            [missing_row(each) for each in found.items],
            query=query,
            page=found,
            empty=Empty(_("没有缺失"), _("应有记录的对象都有有效记录。")),
        ),
        summary=_("%(day)s 没有有效记录的对象。") % {"day": as_of.isoformat()},
        crumbs=crumbs(Crumb(declared.title, reverse("ledgers:row_list", args=[key]))),
        actions=_import_action(declared, request.user),
    )
    return render(request, "ui/page_list.html", {"list": page})


def _as_of(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("as_of", ""))
    except ValueError:
        return timezone.localdate()


@requires(LEDGER_READ)
def row_detail(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    declared = declared_or_404(key)
    row = LedgerRow.objects.get_visible(request.user, ledger=key, pk=pk)
    versions = versions_of(row)
    batches = {row.batch, *(version.batch for version in versions), *(version.brought_batch for version in versions)}
    origins = origins_of({each for each in batches if each})
    named = [str(row.data.get(name, "")) for name in declared.key_fields]
    state = state_of_data(declared.aspects.states, row.data, timezone.localdate())
    page = RecordPage(
        " · ".join(filter(None, named)),
        kind=declared.title,
        state=state.tone if state else "",
        state_label=state.title if state else "",
        actions=_correct_action(declared, row, request.user),
        crumbs=crumbs(Crumb(declared.title, reverse("ledgers:row_list", args=[key]))),
        sections=[_facts(declared, row, request.user), _source(row, origins)],
        timeline=_timeline(declared, row, versions, origins),
    )
    return render(request, "ui/page_record.html", {"record": page})


def _correct_action(declared: Ledger, row: LedgerRow, user: Any) -> list[Action]:
    if not enter_into(declared)(user).allowed:
        return []
    return [Action(pgettext("verb", "更正"), reverse("ledgers:row_correct", args=[declared.key, row.pk]), icon="edit")]


def _facts(declared: Ledger, row: LedgerRow, user: Any) -> Section:
    (drawn,) = rows_drawn(declared)([row], user)
    facts = [_fact(declared, each, drawn.cells.get(each.name)) for each in declared.fields]
    return Section(_("登记内容"), facts)


def _fact(declared: Ledger, each: LedgerField, cell: Any) -> Fact:
    value, url = (cell.value, cell.url) if isinstance(cell, Cell) else (cell, "")
    kind = {"number": "number", "integer": "number", "date": "date"}.get(each.type, "text")
    title = page_title(declared, each.name, each.title)
    note = each.description if each.formula else ""
    return Fact(title, value, kind=kind, unit=each.shown_unit, url=url, note=note, personal=each.personal)


def _source(row: LedgerRow, origins: dict[int, Origin]) -> Section:
    origin = origins.get(row.batch or 0)
    return Section(
        _("来源"),
        [
            Fact(_("导入批次"), batch_words(origin.batch) if origin else None, url=_batch_url(row.batch)),
            Fact(_("首次登记"), row.created_at, kind="moment"),
            Fact(_("最近更新"), row.updated_at, kind="moment"),
            Fact(_("更新人"), actor(row.updated_by)),
        ],
    )


def _batch_url(batch: int | None) -> str:
    try:
        return reverse("imports:batch_detail", args=[batch]) if batch else ""
    except NoReverseMatch:
        return ""


def _timeline(
    declared: Ledger, row: LedgerRow, versions: list[LedgerRowVersion], origins: dict[int, Origin]
) -> list[TimelineEntry]:
    """Corrections, newest first, each naming what changed; then how the row came in."""
    entries = []
    after = row.data
    for version in versions:
        seal = origins[version.batch].seal if version.batch in origins else ""
        body = _changes(declared, version.data, after)
        entries.append(TimelineEntry(_("更正"), version.until, by=actor(version.by), body=body, seal=seal, icon="edit"))
        after = version.data
    brought_by, batch = (
        (versions[-1].brought_by, versions[-1].brought_batch) if versions else (row.updated_by, row.batch)
    )
    first = origins.get(batch or 0)
    seal = first.seal if first else ""
    entries.append(TimelineEntry(_("登记"), row.created_at, by=actor(brought_by), seal=seal, icon="file-import"))
    return entries


def _changes(declared: Ledger, before: dict[str, Any], after: dict[str, Any]) -> str:
    changed = [each for each in declared.fields if before.get(each.name) != after.get(each.name)]

    def shown(each: LedgerField, data: dict[str, Any]) -> Any:
        value = value_of(each, data.get(each.name))
        if each.personal:
            value = masked(each.personal, value) or None
        return _("（空）") if value is None else value

    return "；".join(f"{each.title}：{shown(each, before)} → {shown(each, after)}" for each in changed)


def operator_rows_count(request: HttpRequest, operator: Any) -> int:
    """For the tab on an operator's record."""
    return rows_about(request.user, operator_code=operator.code).count()


def operator_rows_panel(request: HttpRequest, operator: Any) -> SafeString:
    """The tab on an operator's record: its rows in all ledgers."""
    return _about(request, operator_code=operator.code)


def organisation_rows_count(request: HttpRequest, organisation: Any) -> int:
    """For the tab on a unit's record."""
    return rows_about(request.user, organisation_code=organisation.code).count()


def organisation_rows_panel(request: HttpRequest, organisation: Any) -> SafeString:
    """The tab on a unit's record: its rows in all ledgers."""
    return _about(request, organisation_code=organisation.code)


def _about(request: HttpRequest, **subject: str) -> SafeString:
    rows = [about_row(row) for row in rows_about(request.user, **subject)[:SHOWN_ON_RECORD]]
    table = Table(ABOUT_COLUMNS, rows, empty=Empty(_("没有台账记录")), id="ledger-rows")
    return render_to_string("ui/components/table.html", {"table": table}, request)
