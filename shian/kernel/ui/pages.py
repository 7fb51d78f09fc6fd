"""The page patterns: a page is declared with these dataclasses and drawn by one template per pattern.

    render(request, "ui/page_list.html",   {"list":   ListPage(...)})      title, tabs, filters, table, export
    render(request, "ui/page_record.html", {"record": RecordPage(...)})    header, facts left, timeline right, tabs
    render(request, "ui/page_record_tables.html", {…, "notes": …, "tables": [(title, table)]})   callouts, tables below
    render(request, "ui/page_figure.html", {"figure": FigurePage(...)})    value, target, trend, map, definition
    render(request, "ui/page_form.html",   {"page":   FormPage(...)})      one column of grouped fields
    {% extends "ui/shell.html" %}           blocks: title, crumbs, heading, actions, tabs, content
    {% extends "ui/page_plain.html" %}      a card without sidebar (sign-in, activation); blocks: title, card
Every pattern can be extended; its blocks are named in its first comment. The pieces are in pieces.py and charts.py
and may be imported from here too.
Text is a str or a lazy translation. States are the keys of states.py: done, due, overdue, waiting, neutral.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.forms import BaseForm, BoundField
from django.utils.safestring import SafeString

from shian.kernel.ui.charts import Chart, Map, MapArea, Series
from shian.kernel.ui.pieces import (
    Action,
    AreaLevel,
    AreaPicker,
    Callout,
    Clock,
    Crumb,
    Fact,
    Filter,
    FilterBar,
    Option,
    Section,
    Stat,
    Step,
    Tab,
    TimelineEntry,
)
from shian.kernel.ui.states import Text
from shian.kernel.ui.tables import Table

# A view that declares a page takes its pieces from here as well.
__all__ = [
    "Action",
    "AreaLevel",
    "AreaPicker",
    "Callout",
    "Chart",
    "Clock",
    "Crumb",
    "Fact",
    "FieldGroup",
    "FigurePage",
    "Filter",
    "FilterBar",
    "FormPage",
    "ListPage",
    "Map",
    "MapArea",
    "Option",
    "RecordPage",
    "Section",
    "Series",
    "Stat",
    "Step",
    "Tab",
    "TimelineEntry",
]


@dataclass(frozen=True)
class ListPage:
    title: Text
    table: Table
    count: int | None = None  # left out: the total of the table's page, else the number of rows
    unit: Text = ""
    summary: Text = ""
    crumbs: Sequence[Crumb] = ()
    tabs: Sequence[Tab] = ()  # saved filters
    filters: FilterBar | None = None
    actions: Sequence[Action] = ()
    bulk_actions: Sequence[Action] = ()  # sent with the ticked row keys as `key`
    export_url: str = ""  # gets the present filters, order and columns appended
    export_formats: Sequence[str] = ()  # e.g. ("xlsx", "csv"): one link each with &format=

    @property
    def has_personal_columns(self) -> bool:
        """Exports of such a list always ask for a reason."""
        return any(column.personal for column in self.table.columns)

    @property
    def total(self) -> int:
        if self.count is not None:
            return self.count
        return self.table.page.total if self.table.page else len(self.table.rows)


@dataclass(frozen=True)
class RecordPage:
    title: Text
    code: Text = ""
    kind: Text = ""  # 经营主体, 区划, …
    state: str = ""
    state_label: Text = ""
    clock: Clock | None = None
    crumbs: Sequence[Crumb] = ()
    badges: Sequence[Text] = ()
    actions: Sequence[Action] = ()
    sections: Sequence[Section] = ()
    timeline: Sequence[TimelineEntry] | None = None  # None: no right column
    tabs: Sequence[Tab] = ()
    body: SafeString | str = ""  # the open panel (panels.panel_body); replaces facts and timeline

    @property
    def shown_kind(self) -> Text:
        """The kind, unless the crumbs right above the title have said it."""
        return "" if any(str(crumb.label) == str(self.kind) for crumb in self.crumbs) else self.kind


@dataclass(frozen=True)
class FigurePage:
    title: Text
    value: Any
    unit: Text = ""
    decimals: int | None = None
    part: Any = None
    whole: Any = None
    rows_url: str = ""  # the number opens the rows that it counts
    target: Text = ""
    margin: Text = ""
    state: str = ""
    state_label: Text = ""
    crumbs: Sequence[Crumb] = ()
    actions: Sequence[Action] = ()
    tabs: Sequence[Tab] = ()
    filters: FilterBar | None = None  # area, period, as-of date
    stats: Sequence[Stat] = ()
    trend: Chart | None = None
    map: Map | None = None
    ranking: Table | None = None
    facts: Sequence[Section] = ()  # definition, legal basis, as-of date, when computed, who answers for it
    notes: Sequence[Callout] = ()


@dataclass(frozen=True)
class FieldGroup:
    legend: Text
    fields: Sequence[str]
    help: Text = ""


@dataclass(frozen=True)
class FormPage:
    title: Text
    form: BaseForm
    submit: Text
    groups: Sequence[FieldGroup] = ()
    intro: Text = ""
    consequence: Text = ""
    cancel_url: str = ""
    crumbs: Sequence[Crumb] = ()
    has_files: bool = False  # beside those of the form, which tells itself
    draft: str = ""  # tells forms of one address apart; the browser keeps what was typed until the form is accepted
    keeps_draft: bool = True  # a question that is asked again and again keeps none
    hidden: Mapping[str, str] = field(default_factory=dict)

    @property
    def sections(self) -> list[tuple[FieldGroup, list[BoundField]]]:
        """The groups with their bound fields; fields that no group names come last, so that none is lost."""
        named = [(group, [self.form[name] for name in group.fields]) for group in self.groups]
        taken = {name for group in self.groups for name in group.fields}
        rest = [bound for bound in self.form.visible_fields() if bound.name not in taken]
        return [*named, (FieldGroup("", ()), rest)] if rest else named
