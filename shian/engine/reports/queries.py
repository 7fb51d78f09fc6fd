"""Named reads of documents, and what the areas register tells a template."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from shian.engine.reports.models import Document, DocumentFigure, DocumentState, DocumentVersion, FigureStatus
from shian.engine.reports.permissions import WRITERS
from shian.engine.reports.reviews import self_review
from shian.kernel.files.queries import open_file
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.rules import LEVELS, code_of_key, columns_of_key, key_of_code
from shian.registers.areas.models import Area
from shian.registers.areas.queries import area_at, areas_valid_at
from shian.registers.people.queries import organisations_valid_at

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


def accepted_changes(document: Document) -> QuerySet[DocumentFigure]:
    """Figures that differ today from what is printed, kept with a reason."""
    return figures_of(document).filter(accepted_at__isnull=False)


def measured_figures(document: Document) -> QuerySet[DocumentFigure]:
    """The printed values that measures gave: what publication freezes. The kind's own figures and gaps are not."""
    return figures_of(document).filter(is_supplied=False, value__isnull=False).exclude(measure="")


def unsigned_draft(*, kind: str, area: str, as_of: date) -> Document | None:
    """The newest document of that kind, area (as people write it) and date that nobody has signed, locked."""
    key = key_of_code(area)
    rows = Document.objects.select_for_update(of=("self",)).select_related("file")
    open_ones = rows.filter(kind=kind, as_of=as_of, state__in=(DocumentState.DRAFT, DocumentState.CHECKED))
    own = open_ones.filter(**columns_of_key(key))
    return own.order_by("-created_at", "-id").first()


def versions_of(document: Document) -> QuerySet[DocumentVersion]:
    """Former texts, newest first."""
    return document.versions.select_related("file")


def document_bytes(document: Document) -> bytes:
    """The docx."""
    with open_file(document.file) as stream:
        return stream.read()


def former_version(document: Document, user: Any, number: str) -> DocumentVersion:
    """A former text, for those who write documents; else 404."""
    if user.role not in WRITERS or not number.isdecimal():
        raise Http404(number)
    return get_object_or_404(versions_of(document), number=int(number))


def file_name(document: Document, kind: str = "docx", version: int = 0) -> str:
    """A name that says what it is: 标题（截至2022-11-24）.docx; a former text also says which (第1稿)."""
    which = f"第{version}稿，" if version else ""
    return f"{document.title}（{which}截至{document.as_of}）.{kind}".replace("/", "／")


def area_or_unknown(code: str, as_of: date) -> Area:
    """The division at the date. Raises AreaUnknown."""
    area = area_at(code, as_of)
    if area is None:
        raise AreaUnknown(code)
    return area


def area_words(area: Area, as_of: date) -> dict[str, Any]:
    """What a template may say about the area: names and days only, numbers come from measures."""
    children = list(areas_valid_at(as_of).filter(parent_key=area.key).order_by("code").values_list("name", "kind"))
    by_kind = {kind: [name for name, own in children if own == kind] for kind in dict.fromkeys(k for _, k in children)}
    parent = areas_valid_at(as_of).filter(key=area.parent_key).first()
    review = self_review(code_of_key(area.key), as_of)
    return {
        "as_of": as_of,
        "area_name": area.name,
        "area_short": short_name(area.name) if area.level == "city" else area.name,
        "area_kind": area.kind,
        "is_city": area.level == "city",
        "parent_name": parent.name if parent else "",
        "level_word": "全" + (area.name[-1] if area.name[-1] in "省市区县" else "域"),
        "review_from": review.start if review else None,
        "review_to": review.end if review else None,
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
