"""Named reads of documents, and what the areas register tells a template."""

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from shian.engine.reports.models import Document, DocumentFigure, DocumentState, FigureStatus
from shian.engine.reports.permissions import WRITERS
from shian.kernel.files.queries import open_file
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.rules import LEVELS
from shian.registers.areas.models import Area
from shian.registers.areas.queries import area_at, areas_valid_at
from shian.registers.people.queries import organisations_valid_at

EXPORTS = "reports"
_LEADING_BODIES = ("指挥部", "委员会")
_SHORT_ENDINGS = ("自治区", "省", "市", "区", "县")


class AreaUnknown(LookupError):
    """No such division on that date."""


def documents_for(user: Any) -> ScopedQuerySet[Document]:
    """The documents that a user may open: the office all in its reach, everybody else the published ones."""
    rows = Document.objects.visible_to(user)
    return rows if user.role in WRITERS else rows.filter(state=DocumentState.PUBLISHED)


def document_for(user: Any, pk: int) -> Document:
    """One document, or 404."""
    rows = Document.objects.select_related("file")
    if user.role not in WRITERS:
        rows = rows.filter(state=DocumentState.PUBLISHED)
    return rows.get_visible(user, pk=pk)


def figures_of(document: Document) -> QuerySet[DocumentFigure]:
    """The figures in reading order."""
    return document.figures.order_by("order")


def open_changes(document: Document) -> QuerySet[DocumentFigure]:
    """Figures that differ today from what is printed, and that nobody has accepted."""
    return figures_of(document).filter(status=FigureStatus.CHANGED, accepted_at__isnull=True)


def latest_document(*, kind: str, area: str, as_of: date) -> Document | None:
    """The newest document of that kind, area (as people write it) and date."""
    found = Document.objects.filter(kind=kind, as_of=as_of).order_by("-created_at", "-id").select_related("file")
    return next((document for document in found if document.area_code == area), None)


def document_bytes(document: Document) -> bytes:
    """The docx."""
    with open_file(document.file) as stream:
        return stream.read()


def file_name(document: Document, kind: str = "docx") -> str:
    """A name that says what it is: 标题（截至2022-11-24）.docx"""
    return f"{document.title}（截至{document.as_of}）.{kind}".replace("/", "／")


def document_path(document: Document) -> Path:
    """A copy of the docx outside the content store, under a readable name; written anew when it differs."""
    target = Path(settings.SHIAN_HOME) / EXPORTS / f"{document.pk:04d} {file_name(document)}"
    content = document_bytes(document)
    if not target.exists() or target.read_bytes() != content:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return target


def area_or_unknown(code: str, as_of: date) -> Area:
    """The division at the date. Raises AreaUnknown."""
    area = area_at(code, as_of)
    if area is None:
        raise AreaUnknown(code)
    return area


def area_words(area: Area, as_of: date) -> dict[str, Any]:
    """What a template may say about the area: names only, numbers come from measures."""
    children = list(areas_valid_at(as_of).filter(parent_key=area.key).order_by("code").values_list("name", "kind"))
    by_kind = {kind: [name for name, own in children if own == kind] for kind in dict.fromkeys(k for _, k in children)}
    parent = areas_valid_at(as_of).filter(key=area.parent_key).first()
    return {
        "as_of": as_of,
        "area_name": area.name,
        "area_short": short_name(area.name) if area.level == "city" else area.name,
        "area_kind": area.kind,
        "is_city": area.level == "city",
        "parent_name": parent.name if parent else "",
        "level_word": "全" + (area.name[-1] if area.name[-1] in "省市区县" else "域"),
        "headquarters": headquarters_name(area, as_of),
        "children": [name for name, _ in children],
        "children_of": by_kind,
    }


def headquarters_name(area: Area, as_of: date) -> str:
    """Who leads the campaign there: its headquarters, else its committee, else the government."""
    own = {level.value: getattr(area, level.value) for level in LEVELS}
    rows = organisations_valid_at(as_of).filter(kind__in=_LEADING_BODIES, **own).order_by("code")
    names = dict(rows.values_list("kind", "name"))
    return next((names[kind] for kind in _LEADING_BODIES if kind in names), f"{area.name}人民政府")


def short_name(name: str) -> str:
    """廊坊 for 廊坊市; a name of two characters stays (沙市, 郊区)."""
    for ending in _SHORT_ENDINGS:
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name.removesuffix(ending)
    return name
