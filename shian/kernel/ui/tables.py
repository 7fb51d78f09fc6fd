"""Tables are declared, never written in HTML.

A view of a list is four steps (the whole of it, copy this):

    COLUMNS = (
        Column("name", _("名称"), sort="name", is_fixed=True),
        Column("code", _("编号"), kind="code", sort="code"),
        Column("county", _("区县")),
        Column("area_m2", _("经营面积"), kind="number", unit="㎡", sort="area_m2"),
        Column("state", _("状态")),
        Column("opened_on", _("开业日期"), sort="opened_on", is_default=False),     # offered by the column chooser
    )

    def operator_list(request):
        query = ListQuery.read(request.GET, COLUMNS, default_sort="name")    # ?sort=-code &cols=… &after=…
        page = keyset_page(operators.filter(...), query)                     # keyset.py; page.items, page.total
        table = Table(COLUMNS, [_row(o) for o in page.items], query=query, page=page,
                      empty=Empty(_("没有符合条件的主体"), _("请放宽筛选条件。")))
        return render(request, "ui/page_list.html", {"list": ListPage(title=_("主体"), table=table, ...)})   # pages.py

    def _row(o):
        return Row({"name": o.name, "code": o.code, "county": Cell(o.county_name, url=...), "area_m2": o.area_m2,
                    "state": Cell(_("在营"), state="done"), "opened_on": o.opened_on}, url=o_url, key=str(o.pk))

Cells are given by column key; a bare value is a Cell of the column's kind; a missing key is a dash.
Kinds: text code number percent rate date moment time week badges progress. `rate` and `progress` take (part, whole),
`percent` that or a number that already is a percentage.
`Cell(value, state="overdue")` draws a state badge whose word is the value; `Cell(value, note="…")` adds a grey line.
A table held in memory (94 items) leaves out `page`; `sorted_rows(rows, query)` sorts it by the values of the cells.
In a template: {% include "ui/components/table.html" with table=table %}.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from shian.kernel.ui.cells import NOTHING, NUMERIC, escaped, state_badge, value_html
from shian.kernel.ui.controls import choices_html
from shian.kernel.ui.formats import spoken
from shian.kernel.ui.masking import masked
from shian.kernel.ui.states import Text

FITTING = 3  # columns that stand side by side on a phone


@dataclass(frozen=True)
class Column:
    """One column. `sort` names the queryset field it sorts by (never NULL, see keyset.py); "" cannot be sorted."""

    key: str
    label: Text
    kind: str = "text"
    sort: str = ""
    align: str = ""  # "start", "center" or "end"; numbers align to the end by themselves
    unit: Text = ""
    decimals: int | None = None
    help: Text = ""
    is_default: bool = True  # shown until the reader chooses otherwise
    is_fixed: bool = False  # cannot be hidden
    is_wide: bool = False  # may wrap and take the space that is left
    personal: str = ""  # a masking.Personal: values are masked unless their cell is revealed

    @property
    def css(self) -> str:
        align = self.align or ("end" if self.kind in NUMERIC else "")
        return " ".join(filter(None, [f"is-{self.kind}", align and f"is-{align}", "is-wide" if self.is_wide else ""]))

    def openings(self, *more: str) -> list[str]:
        """The start of a cell with each of these added to its class; its label is shown beside the value where a phone
        folds the row."""
        unit, css = spoken(self.unit), self.css
        label = gettext("%(label)s（%(unit)s）") % {"label": self.label, "unit": unit} if unit else self.label
        rest = f'" data-label="{escaped(label)}">'
        return [f'<td class="{css}{each}{rest}' for each in more]


class Cell(NamedTuple):
    """One value; see the kinds above. `url` links it, `state` makes it a badge, `note` is a second grey line."""

    value: Any = None
    url: str = ""
    state: str = ""
    note: Text = ""
    title: Text = ""
    kind: str = ""
    is_revealed: bool = False  # a personal value whose mask the page lifts for this reader

    def html(self, column: Column, row_url: str = "") -> SafeString:
        value = masked(column.personal, self.value) if column.personal and not self.is_revealed else self.value
        if self.state:
            body = state_badge(self.state, value or "")
        else:
            body = value_html(value, self.kind or column.kind, column.decimals)
        if url := self.url or row_url:
            body = SafeString(f'<a href="{escaped(url)}">{body}</a>')
        if self.title:
            body = SafeString(f'<span title="{escaped(self.title)}">{body}</span>')
        return SafeString(f'{body}<span class="sh-note">{escaped(self.note)}</span>') if self.note else body


class Row(NamedTuple):
    """Cells by column key. `url` opens the record (it links the first column and answers Enter); `key` is the value
    of its tick box for bulk actions; `state` colours the edge of the row."""

    cells: Mapping[str, Any]
    url: str = ""
    key: str = ""
    state: str = ""

    def cell(self, column: Column) -> Cell:
        value = self.cells.get(column.key)
        return value if isinstance(value, Cell) else Cell(value)


@dataclass(frozen=True)
class Empty:
    """What an empty list says: why it is empty, and what to do."""

    title: Text
    advice: Text = ""
    url: str = ""
    action: Text = ""


@dataclass(frozen=True)
class ListQuery:
    """What the reader asked of a list through its URL: order, columns, place."""

    sort: str = ""  # "name" or "-name", a column key
    order: tuple[str, ...] = ()  # queryset fields of that column; the same direction for all of them
    shown: tuple[str, ...] = ()  # column keys
    after: str = ""
    before: str = ""
    is_last: bool = False

    @property
    def is_descending(self) -> bool:
        return self.sort.startswith("-")

    @classmethod
    def read(
        cls, params: QueryDict, columns: Sequence[Column], *, default_sort: str = "", unique: str = "pk"
    ) -> "ListQuery":
        """Unknown columns in the URL are ignored. `unique` breaks ties and must be unique."""
        by_key = {column.key: column for column in columns}
        sort = params.get("sort", default_sort)
        column = by_key.get(sort.removeprefix("-"))
        if column is None or not column.sort:
            sort, column = default_sort, by_key.get(default_sort.removeprefix("-"))
        fields = [column.sort] if column and column.sort else []
        if unique not in fields:
            fields.append(unique)
        wanted = set(params.getlist("cols")) & set(by_key)
        shown = tuple(c.key for c in columns if c.is_fixed or (c.key in wanted if wanted else c.is_default))
        return cls(sort, tuple(fields), shown, params.get("after", ""), params.get("before", ""), "last" in params)


@dataclass(frozen=True)
class Heading:
    column: Column
    is_sorted: bool
    is_descending: bool

    @property
    def next_sort(self) -> str:
        """The value of ?sort= that a click on the heading asks for."""
        return f"-{self.column.key}" if self.is_sorted and not self.is_descending else self.column.key

    @property
    def aria_sort(self) -> str:
        if not self.is_sorted:
            return "none"
        return "descending" if self.is_descending else "ascending"


@dataclass(frozen=True)
class Table:
    """See the module docstring. `totals` is a last row of sums, by column key."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    query: ListQuery = field(default_factory=ListQuery)
    page: Any = None  # keyset.Page
    empty: Empty | None = None
    caption: Text = ""
    totals: Mapping[str, Any] | None = None
    has_ticks: bool = False
    id: str = "rows"

    @cached_property
    def shown(self) -> list[Column]:
        keys = self.query.shown
        return [column for column in self.columns if (column.key in keys if keys else column.is_default)]

    @property
    def is_stacking(self) -> bool:
        """Whether a phone shows each row as a card: what a narrow screen cannot hold side by side."""
        return len(self.shown) > FITTING

    @property
    def headings(self) -> list[Heading]:
        sorted_by = self.query.sort.removeprefix("-")
        return [Heading(c, c.key == sorted_by, self.query.is_descending) for c in self.shown]

    @property
    def offered(self) -> list[tuple[Column, bool]]:
        """Every column, and whether it is shown."""
        keys = {column.key for column in self.shown}
        return [(column, column.key in keys) for column in self.columns]

    @property
    def choices(self) -> SafeString:
        """The column chooser's tick boxes."""
        return choices_html(self.offered)

    @property
    def body(self) -> SafeString:
        """The <tr> elements, joined here because a template would take many times as long."""
        columns = [_Drawn.of(column) for column in self.shown]
        tick = gettext("选择这一行") if self.has_ticks else ""
        return SafeString("\n".join(_row_html(row, columns, tick) for row in self.rows))

    @property
    def footer(self) -> list[tuple[str, Text, SafeString]]:
        """Class, label and content of each cell; a column that is not summed has nothing."""
        totals = Row(self.totals or {})
        blank = SafeString("")
        return [
            (c.css, c.label, totals.cell(c).html(c)) if c.key in totals.cells else (f"{c.css} is-nothing", "", blank)
            for c in self.shown
        ]

    @property
    def width(self) -> int:
        return len(self.shown) + (1 if self.has_ticks else 0)


class _Drawn(NamedTuple):
    """A column with the start of its cells: with a value, without one, with a state; what all its rows share."""

    column: Column
    key: str
    is_plain: bool  # text that is nobody's secret: the common case, drawn without asking further
    opening: str
    opening_of_nothing: str
    opening_of_state: str

    @classmethod
    def of(cls, column: Column) -> "_Drawn":
        is_plain = column.kind == "text" and not column.personal
        return cls(column, column.key, is_plain, *column.openings("", " is-nothing", " is-state"))


def _row_html(row: Row, columns: Sequence[_Drawn], tick: str) -> str:
    parts = ["<tr"]
    if row.state:
        parts.append(f' class="is-{escaped(row.state)}"')
    if row.url:
        parts.append(f' data-href="{escape(row.url)}"')
    parts.append(">")
    if tick:
        parts.append(
            '<td class="is-tick"><input class="form-check-input" type="checkbox" name="key" '
            f'value="{escape(row.key)}" data-tick aria-label="{escape(tick)}"></td>'
        )
    url, cells = row.url, row.cells
    for drawn in columns:
        parts.append(_cell_html(drawn, cells.get(drawn.key), url))
        url = ""
    parts.append("</tr>")
    return "".join(parts)


def _cell_html(drawn: _Drawn, value: Any, row_url: str) -> str:
    if value and drawn.is_plain and type(value) is str:
        body = escape(value)
    elif isinstance(value, Cell):
        return _full_cell_html(drawn, value, row_url)
    else:
        column = drawn.column
        body = value_html(masked(column.personal, value) if column.personal else value, column.kind, column.decimals)
        if body is NOTHING:
            return f"{drawn.opening_of_nothing}{body}</td>"
    if row_url:
        return f'{drawn.opening}<a href="{escape(row_url)}">{body}</a></td>'
    return f"{drawn.opening}{body}</td>"


def _full_cell_html(drawn: _Drawn, cell: Cell, row_url: str) -> str:
    opening = drawn.opening_of_state if cell.state else drawn.opening
    if not cell.state and not cell.note and cell.value in (None, ""):
        opening = drawn.opening_of_nothing
    return f"{opening}{cell.html(drawn.column, row_url)}</td>"


def sorted_rows(rows: Iterable[Row], query: ListQuery) -> list[Row]:
    """Rows in memory in the order asked for by the values of their cells; empty ones last."""
    key = query.sort.removeprefix("-")
    listed = list(rows)
    if not key:
        return listed

    def value(row: Row) -> Any:
        cell = row.cells.get(key)
        return cell.value if isinstance(cell, Cell) else cell

    filled = [row for row in listed if value(row) not in (None, "")]
    blank = [row for row in listed if value(row) in (None, "")]
    return sorted(filled, key=value, reverse=query.is_descending) + blank
