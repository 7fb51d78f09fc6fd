"""How a ledger's rows look in tables: columns and cells from the declaration."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shian.engine.ledgers.declarations import Ledger, all_ledgers
from shian.engine.ledgers.fields import LedgerField
from shian.engine.ledgers.models import LedgerRow
from shian.engine.ledgers.queries import LedgerSummary, Names, names_in
from shian.engine.ledgers.selections import state_of_data
from shian.kernel.scope.rules import KEY_WIDTH, Level, code_of_key
from shian.kernel.ui.masking import masked
from shian.kernel.ui.states import Text
from shian.kernel.ui.tables import Cell, Column, Row
from shian.registers.dictionaries.queries import name_of
from shian.registers.people.tables import organisation_url

_KINDS = {"integer": "number", "number": "number", "date": "date"}
SHOWN_AT_FIRST = 8
_CODE_ENDS = ("代码", "编码", "编号", " code")
_CODE_STARTS = ("Code of the ", "Number of the ")
STATE = "state_today"  # the column of derived states; no field can be shadowed by it in a file


def columns_of(ledger: Ledger) -> tuple[Column, ...]:
    """One column per field, natural key first; coordinates and those beyond the eighth wait in the column chooser."""
    keyed = [ledger.by_name[name] for name in ledger.key_fields]
    others = [each for each in ledger.fields if each.name not in ledger.key_fields]
    return tuple(
        Column(
            each.name,
            each.title,
            kind=_KINDS.get(each.type, "text"),
            sort="key" if position == 0 else "",
            unit=each.shown_unit,
            decimals=each.decimals if each.formula else None,
            help=each.description if each.formula else "",
            is_default=position < SHOWN_AT_FIRST and each.type != "geopoint",
            is_fixed=position == 0,
            personal=each.personal,
        )
        for position, each in enumerate([*keyed, *others])
    )


def list_columns(ledger: Ledger) -> tuple[Column, ...]:
    """The columns of the page: those of the file, and after the natural key the state that is derived for today."""
    columns = tuple(replace(each, label=page_title(ledger, each.key, each.label)) for each in columns_of(ledger))
    if not ledger.aspects.states:
        return columns
    place = len(ledger.key_fields)
    return (*columns[:place], Column(STATE, _("当前状态")), *columns[place:])


def page_title(ledger: Ledger, name: str, title: Text) -> Text:
    """How a page calls a field: what it shows by name (area, operator, unit) is not called a code."""
    if name not in _pointers(ledger):
        return title
    word = str(title)
    for end in _CODE_ENDS:
        word = word.removesuffix(end)
    for start in _CODE_STARTS:
        word = word.removeprefix(start)
    return word[:1].upper() + word[1:]


def row_of(ledger: Ledger, names: Names | None = None) -> Callable[[LedgerRow], Row]:
    """The function that draws a row of this ledger; with `names` areas, units and operators are shown by name.

    Exports leave the names out: a file must be fit to be imported again.
    """

    def draw(row: LedgerRow) -> Row:
        cells = {each.name: value_of(each, row.data.get(each.name)) for each in ledger.fields}
        if names and ledger.area and (place := area_text(row, names.areas)):
            cells[ledger.area] = Cell(place, title=code_of_key(row.area))
        if ledger.organisation and names and (unit := names.units.get(row.organisation_code)):
            url = organisation_url(row.organisation_code)
            cells[ledger.organisation] = Cell(unit, url=url, title=row.organisation_code)
        if ledger.operator and row.operator_code:
            name = names.operators.get(row.operator_code, "") if names else ""
            url = _operator_url(row.operator_code) if name or not names else ""
            cells[ledger.operator] = Cell(name or row.operator_code, url=url, title=row.operator_code if name else "")
        for each in ledger.fields:
            if names and row.data.get(each.name) and (each.is_file or each.type == "uri"):
                cells[each.name] = _opened(ledger, each, row)
        if names and (state := state_of_data(ledger.aspects.states, row.data, timezone.localdate())):
            cells[STATE] = Cell(state.title, state=state.tone)
        return Row(cells, url=reverse("ledgers:row_detail", args=[ledger.key, row.pk]), key=str(row.pk))

    return draw


def _opened(ledger: Ledger, field: LedgerField, row: LedgerRow) -> Cell:
    """A picture as a small picture, a file or an address as a link."""
    if field.type == "uri":
        return Cell(gettext("打开"), url=row.data[field.name], title=row.data[field.name])
    url = file_url(ledger, row, field.name)
    if field.type == "file":
        return Cell(gettext("下载"), url=url)
    return Cell(format_html('<img class="sh-thumb" src="{}" alt="{}" loading="lazy">', url, field.title), url=url)


def file_url(ledger: Ledger, row: LedgerRow, name: str) -> str:
    """Where the file of a field is read, after the same check as the row itself."""
    return reverse("ledgers:row_file", args=[ledger.key, row.pk, name])


def value_of(field: LedgerField, value: Any) -> Any:
    """A stored value as a page shows it."""
    if value is None or value == "":
        return None
    if field.type == "date":
        return date.fromisoformat(value)
    if field.type == "boolean":
        return gettext("是") if value else gettext("否")
    return value if field.type in {"integer", "number"} else str(value)


def _operator_url(code: str) -> str:
    """The operator's record lives in a domain above; its address is found by name."""
    try:
        return reverse("census:operator_detail", args=[code])
    except NoReverseMatch:
        return ""


LEDGER_COLUMNS = (
    Column("title", _("台账"), is_fixed=True, is_wide=True),
    Column("register", _("登记簿")),
    Column("rows", _("行数"), kind="number"),
    Column("imported_at", _("最近导入"), kind="moment"),
    Column("missing", _("应有而没有")),
    Column("measures", _("统计口径"), kind="number"),
)
MISSING_COLUMNS = (
    Column("name", _("名称"), is_fixed=True, is_wide=True),
    Column("code", _("编码"), kind="code", sort="code"),
    Column("kind", _("类型")),
)
ABOUT_COLUMNS = (
    Column("ledger", _("台账"), is_fixed=True),
    Column("text", _("内容"), is_wide=True),
    Column("occurs_on", _("日期"), kind="date"),
    Column("valid_to", _("有效期至"), kind="date"),
)


def summary_row(summary: LedgerSummary) -> Row:
    """A ledger on the index page."""
    ledger = summary.ledger
    url = reverse("ledgers:row_list", args=[ledger.key])
    missing: Any = None
    if summary.missing:
        text = gettext("%(count)s 个") % {"count": summary.missing}
        missing = Cell(text, state="due", url=reverse("ledgers:missing_list", args=[ledger.key]))
    elif summary.missing == 0:
        missing = Cell(gettext("齐全"), state="done")
    cells = {
        "title": Cell(ledger.title, url=url, note=gettext("外部产生的结果") if ledger.is_external else ""),
        "register": name_of("registers", ledger.register) if ledger.register else None,
        "rows": summary.rows,
        "imported_at": summary.imported_at,
        "missing": missing,
        "measures": len(ledger.measures) or None,
    }
    return Row(cells, url=url, key=ledger.key)


def rows_drawn(ledger: Ledger) -> Callable[[Sequence[LedgerRow], Any], list[Row]]:
    """The function that draws the rows of a page for a user, with names for codes."""

    def drawn(rows: Sequence[LedgerRow], user: Any) -> list[Row]:
        draw = row_of(ledger, names_in(rows, user, timezone.localdate()))
        return [draw(row) for row in rows]

    return drawn


def area_text(row: LedgerRow, areas: Mapping[str, str]) -> str:
    """The name of the row's area; of its township where villages are not named; "" for an unknown one."""
    return areas.get(row.area) or areas.get(row.area[: KEY_WIDTH[Level.TOWNSHIP]], "")


def public_row(ledger: Ledger, row: LedgerRow, areas: Mapping[str, str]) -> Row:
    """A row for anybody: public fields only, areas by name, no way into the ledger."""
    cells = {name: value_of(ledger.by_name[name], row.data.get(name)) for name in ledger.public_fields}
    if ledger.area in cells:
        cells[ledger.area] = area_text(row, areas) or cells[ledger.area]
    for name in ledger.public_fields:
        if ledger.by_name[name].type == "uri" and row.data.get(name):
            cells[name] = Cell(gettext("打开"), url=row.data[name], title=row.data[name])
    return Row(cells, key=str(row.pk))


def _pointers(ledger: Ledger) -> set[str]:
    """The fields that hold codes of something else."""
    return {ledger.area, ledger.operator, ledger.organisation} - {""}


def missing_row(subject: Any) -> Row:
    """An area, operator or unit without a row."""
    return Row({"name": subject.name, "code": subject.code, "kind": subject.kind}, key=subject.code)


def _told(each: LedgerField, value: Any) -> str:
    return masked(each.personal, value) if each.personal else str(value_of(each, value))


def about_row(row: LedgerRow) -> Row:
    """A row of any ledger on the record of its operator or unit."""
    declared = all_ledgers().get(row.ledger)
    if declared is None:
        return Row({"ledger": row.ledger, "occurs_on": row.occurs_on})
    told = [each for each in declared.fields if each.type != "date" and each.name not in _pointers(declared)]
    texts = [_told(each, row.data[each.name]) for each in told if each.name in row.data]
    cells = {
        "ledger": declared.title,
        "text": " · ".join(texts[:5]),
        "occurs_on": row.occurs_on,
        "valid_to": row.valid_to,
    }
    return Row(cells, url=reverse("ledgers:row_detail", args=[row.ledger, row.pk]), key=str(row.pk))
