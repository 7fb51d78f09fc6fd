"""Documents for programs: list, one with its figures, download."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Field, Path, Query, Schema

from shian.engine.reports.models import Document, DocumentFigure
from shian.engine.reports.permissions import DOCUMENT_READ
from shian.engine.reports.queries import document_for, documents_for, figures_of
from shian.engine.reports.taking import taken
from shian.kernel.api.paging import PageOut, PageQuery, page_of
from shian.kernel.api.registry import register_router
from shian.kernel.api.routing import ApiRouter
from shian.kernel.api.values import Number
from shian.kernel.disclosures.door import Door
from shian.kernel.files.rules import MEDIA_TYPES
from shian.registers.areas.api import in_area

router = ApiRouter("documents")


class DocumentOut(Schema):
    """A document about one area at one date; only the office sees those that are not published."""

    id: int
    kind: str
    title: str
    area: str
    as_of: date
    state: str
    version: int
    written_at: datetime
    published_at: datetime | None
    sha256: str


class DocumentFigureOut(Schema):
    """A figure as it was printed."""

    slot: str
    measure: str
    title: str
    area: str
    as_of: date
    window: str
    value: Decimal | None
    status: str


class DocumentFileOut(DocumentOut):
    figures: list[DocumentFigureOut]


class DocumentQuery(Schema):
    area: str = Field("", max_length=12)
    kind: str = Field("", max_length=40)
    state: Literal["", "draft", "checked", "signed", "published"] = ""


class FormatQuery(Schema):
    format: Literal["docx", "xlsx"] = Field("docx", description="The text, or the workbook of its annexes.")


@router.read("", policy=DOCUMENT_READ, response=PageOut[DocumentOut])
def documents(request: HttpRequest, page: Query[PageQuery], chosen: Query[DocumentQuery]) -> dict[str, Any]:
    """Documents that the owner may open, newest first."""
    rows = in_area(documents_for(request.user), request.user, chosen.area).select_related("file")
    chosen_words = {"kind": chosen.kind, "state": chosen.state}
    rows = rows.filter(**{name: word for name, word in chosen_words.items() if word})
    return page_of(request, page, rows, ("id",), _told, is_descending=True)


@router.read("/{int:number}", policy=DOCUMENT_READ, response=DocumentFileOut)
def document(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """One document with the figures that are printed in it."""
    found = document_for(request.user, number)
    return {**_told(found), "figures": [_figure(each) for each in figures_of(found)]}


@router.read("/{int:number}/download", policy=DOCUMENT_READ, produces=[MEDIA_TYPES["docx"], MEDIA_TYPES["xlsx"]])
def document_download(request: HttpRequest, chosen: Query[FormatQuery], number: Path[Number]) -> HttpResponseBase:
    """The document as a file; it is sealed and listed who took it."""
    return taken(document_for(request.user, number), chosen.format, Door(request.user), at=timezone.now())


def _told(found: Document) -> dict[str, Any]:
    names = ("kind", "title", "as_of", "state", "version", "written_at", "published_at")
    copied = {name: getattr(found, name) for name in names}
    return {"id": found.pk, "area": found.area_code, "sha256": found.file.sha256, **copied}


def _figure(each: DocumentFigure) -> dict[str, Any]:
    names = ("slot", "measure", "title", "area", "as_of", "window", "value", "status")
    return {name: getattr(each, name) for name in names}


register_router(_("文件"), router)
