"""Ledgers for programs: declarations as Frictionless Table Schemas, rows, public fields, export."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Field, Path, Query, Schema

from shian.engine.ledgers.declarations import Ledger, all_ledgers, ledger
from shian.engine.ledgers.exports import make_export
from shian.engine.ledgers.fields import LedgerField
from shian.engine.ledgers.filters import LedgerFilter
from shian.engine.ledgers.models import LedgerRow
from shian.engine.ledgers.permissions import LEDGER_EXPORT, LEDGER_READ
from shian.engine.ledgers.queries import filtered_rows, versions_of
from shian.engine.ledgers.selections import condition_q
from shian.engine.ledgers.tables import columns_of, row_of
from shian.kernel.api.paging import PageOut, PageQuery, page_of, page_of_few
from shian.kernel.api.problems import Problem
from shian.kernel.api.registry import register_router
from shian.kernel.api.routing import ApiRouter
from shian.kernel.api.values import Code, Number
from shian.kernel.disclosures.door import Door
from shian.kernel.files.rules import MEDIA_TYPES
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.ui.masking import masked
from shian.kernel.ui.tables import Cell
from shian.registers.areas.api import asked_area

router = ApiRouter("ledgers")
# What Frictionless has no type for: longer texts, and files by their SHA-256.
_KINDS = {"text": ("string", ""), "uri": ("string", "uri"), "file": ("string", ""), "image": ("string", "")}
# Frictionless names for what the declarations call the same.
_CONSTRAINTS = (("minimum", "minimum"), ("maximum", "maximum"), ("max_length", "maxLength"), ("pattern", "pattern"))


class LedgerOut(Schema):
    """A ledger; `register_code` is its place in the standard's list of registers."""

    key: str
    title: str
    register_code: str
    is_external: bool
    measures: list[str]


class DeclarationOut(LedgerOut):
    """The declaration. `table_schema` is a Frictionless Table Schema: a file that fits it can be imported."""

    description: str
    legal_basis: str
    public_fields: list[str]
    importer: str
    table_schema: dict[str, Any]


class RowOut(Schema):
    """A row; `values` holds the declared fields. Dates and numbers are as in JSON, empty fields are left out."""

    id: int
    area: str
    operator_code: str
    organisation_code: str
    occurs_on: date | None
    valid_from: date | None
    valid_to: date | None
    updated_at: datetime
    values: dict[str, Any]


class PublicRowOut(Schema):
    """The fields of a row that the declaration opens to the public."""

    id: int
    values: dict[str, Any]


class RowVersionOut(Schema):
    """What a row said until it was corrected."""

    until: datetime
    values: dict[str, Any]


class RowQuery(Schema):
    """As the filters of the page."""

    area: str = Field("", max_length=12)
    year: int | None = Field(None, ge=1949, le=2200)
    q: str = Field("", max_length=60)
    as_of: date | None = Field(None, description="Only rows in force on the date.")
    word: list[str] = Field([], max_length=10, description="field:value of an enumerated field; may be repeated.")


class ExportQuery(RowQuery):
    """`reason` is needed for many rows and for personal fields; it is kept in the list of exports."""

    format: Literal["csv", "xlsx"] = "csv"
    reason: str = Field("", max_length=200)


@router.read("", policy=LEDGER_READ, response=PageOut[LedgerOut])
def ledgers(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """Declared ledgers, by key."""
    return page_of_few(request, page, all_ledgers().values(), lambda each: each.key, _told)


@router.read("/{key}", policy=LEDGER_READ, response=DeclarationOut)
def declaration(request: HttpRequest, key: Path[Code]) -> dict[str, Any]:
    """One ledger's declaration."""
    found = _declared(key)
    return {
        **_told(found),
        "description": found.description,
        "legal_basis": found.legal_basis,
        "public_fields": list(found.public_fields),
        "importer": f"ledger.{found.key}",
        "table_schema": table_schema(found),
    }


@router.read("/{key}/rows", policy=LEDGER_READ, response=PageOut[RowOut])
def rows(request: HttpRequest, page: Query[PageQuery], chosen: Query[RowQuery], key: Path[Code]) -> dict[str, Any]:
    """Rows inside the owner's reach, in the order in which they came in."""
    found = _declared(key)
    return page_of(request, page, _rows(request, found, chosen), ("id",), lambda row: _row(found, row))


@router.read("/{key}/public", policy=LEDGER_READ, response=PageOut[PublicRowOut])
def public_rows(
    request: HttpRequest, page: Query[PageQuery], chosen: Query[RowQuery], key: Path[Code]
) -> dict[str, Any]:
    """The same rows, cut to what may be published; none for a ledger without public fields."""
    found = _declared(key)
    opened = _rows(request, found, chosen) if found.public_fields else LedgerRow.objects.none()
    if found.aspects.public:
        opened = opened.filter(condition_q(found.aspects.public.conditions))

    def draw(row: LedgerRow) -> dict[str, Any]:
        values = _values(found, row)
        return {"id": row.pk, "values": {name: values[name] for name in found.public_fields if name in values}}

    return page_of(request, page, opened, ("id",), draw)


@router.read("/{key}/rows/{int:number}", policy=LEDGER_READ, response=RowOut)
def row(request: HttpRequest, key: Path[Code], number: Path[Number]) -> dict[str, Any]:
    """One row."""
    found = _declared(key)
    return _row(found, LedgerRow.objects.get_visible(request.user, ledger=key, pk=number))


@router.read("/{key}/rows/{int:number}/history", policy=LEDGER_READ, response=list[RowVersionOut])
def row_history(request: HttpRequest, key: Path[Code], number: Path[Number]) -> list[dict[str, Any]]:
    """What a row said before, newest first."""
    found, told = _declared(key), []
    current = LedgerRow.objects.get_visible(request.user, ledger=key, pk=number)
    for version in versions_of(current):
        former = LedgerRow(pk=current.pk, ledger=key, data=version.data, **_columns(current))
        told.append({"until": version.until, "values": _values(found, former)})
    return told


@router.read("/{key}/export", policy=LEDGER_EXPORT, produces=[MEDIA_TYPES["csv"], MEDIA_TYPES["xlsx"]])
def export(request: HttpRequest, chosen: Query[ExportQuery], key: Path[Code]) -> HttpResponseBase:
    """The filtered rows as a file that states filter, date, user and checksum; the export is sealed."""
    found, now = _declared(key), timezone.now()
    draw = row_of(found)
    listed = _rows(request, found, chosen).order_by("key", "pk").iterator(chunk_size=2000)
    door = Door(request.user, chosen.reason.strip())
    made = make_export(
        name=str(found.title),
        format=chosen.format,
        columns=columns_of(found),
        rows=(draw(each) for each in listed),
        facts=_filter(request, found, chosen).facts(found),
        by=request.user.get_username(),
        at=now,
        door=door,
    )
    return made.leave(door, subject=f"ledgers.ledger:{key}", at=now)


def _declared(key: str) -> Ledger:
    try:
        return ledger(key)
    except LookupError:
        raise Http404(key) from None


def _filter(request: HttpRequest, found: Ledger, chosen: RowQuery) -> LedgerFilter:
    area = asked_area(request.user, chosen.area) if chosen.area else ""
    year = str(chosen.year) if chosen.year else ""
    return LedgerFilter(area, _words(found, chosen.word), year, chosen.q.strip(), chosen.as_of)


def _words(found: Ledger, pairs: list[str]) -> dict[str, str]:
    words = dict(pair.partition(":")[::2] for pair in pairs)
    for name, word in words.items():
        if name not in found.by_name or word not in found.by_name[name].enum:
            told = {"in": "query", "pointer": "/word", "detail": f"{name}:{word}"}
            raise Problem("invalid", more={"errors": [told]})
    return words


def _rows(request: HttpRequest, found: Ledger, chosen: RowQuery) -> ScopedQuerySet[LedgerRow]:
    asked = _filter(request, found, chosen)
    return filtered_rows(
        found,
        request.user,
        area=asked.area,
        words=dict(asked.words),
        year=asked.year,
        text=asked.text,
        as_of=asked.as_of,
    )


def _row(found: Ledger, row: LedgerRow) -> dict[str, Any]:
    names = ("operator_code", "organisation_code", "occurs_on", "valid_from", "valid_to", "updated_at")
    copied = {name: getattr(row, name) for name in names}
    return {"id": row.pk, "area": row.area, "values": _values(found, row), **copied}


def _columns(row: LedgerRow) -> dict[str, str]:
    names = ("province", "city", "county", "township", "village", "operator_code", "organisation_code")
    return {name: getattr(row, name) for name in names}


def _values(found: Ledger, row: LedgerRow) -> dict[str, Any]:
    """The fields as an export has them; personal ones are masked for everybody, as there."""
    cells = row_of(found)(row).cells
    return {each.name: told for each in found.fields if (told := _value(each, row, cells.get(each.name))) is not None}


def _value(each: LedgerField, row: LedgerRow, cell: Any) -> Any:
    value = cell.value if isinstance(cell, Cell) else cell
    if value is None or value == "":
        return None
    if each.personal:
        return masked(each.personal, value)
    if each.type == "boolean":
        return bool(row.data[each.name])
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if each.type == "year" and str(value).isdecimal() else value


def _told(found: Ledger) -> dict[str, Any]:
    return {
        "key": found.key,
        "title": str(found.title),
        "register_code": found.register,
        "is_external": found.is_external,
        "measures": [str(each["key"]) for each in found.measures],
    }


def table_schema(found: Ledger) -> dict[str, Any]:
    """The declaration as a Frictionless Table Schema."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": [_described(each) for each in found.fields],
        "primaryKey": list(found.key_fields),
        "missingValues": [""],
    }


def _described(each: LedgerField) -> dict[str, Any]:
    limits: dict[str, Any] = {"required": True} if each.is_required else {}
    limits |= {"enum": list(each.enum)} if each.enum else {}
    limits |= {name: value for own, name in _CONSTRAINTS if (value := getattr(each, own)) not in (None, "")}
    kind, form = _KINDS.get(each.type, (each.type, ""))
    told: dict[str, Any] = {"name": each.name, "type": kind, "title": str(each.title)}
    told |= {"format": form} if form else {}
    told |= {"description": each.description} if each.description else {}
    told |= {"unit": str(each.unit)} if each.unit else {}
    return told | ({"constraints": limits} if limits else {})


register_router(_("台账"), router)
