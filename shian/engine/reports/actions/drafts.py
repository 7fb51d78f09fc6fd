"""Writing: a first draft, the same draft again, or the next version of it. The former version is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from shian.engine.reports.actions.steps import move, seal_step, stored
from shian.engine.reports.annexes import figure_table
from shian.engine.reports.comparison import changed_titles, stands_as_printed
from shian.engine.reports.consistency import consistency_tables
from shian.engine.reports.declarations import TemplateRefused, load_declaration
from shian.engine.reports.kinds import Blocker, ReportKind, ReportTable, report_kind
from shian.engine.reports.models import Document, DocumentFigure, DocumentState, DocumentVersion
from shian.engine.reports.prose import PrintedFigure, render
from shian.engine.reports.queries import area_or_unknown, area_words, figures_of, unsigned_draft
from shian.engine.reports.rules import digest_of_content
from shian.engine.reports.scan import template_faults
from shian.engine.reports.sheets import sheet_of, texts_of, with_tables
from shian.kernel.scope.rules import columns_of_key
from shian.registers.areas.models import Area


class ReportBlocked(ValueError):
    """The kind forbids writing; `blockers` are the reasons, for the user."""

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        super().__init__(f"{len(blockers)} blockers")
        self.blockers = list(blockers)


class WrongLevel(ValueError):
    """This kind of document is not written for areas of that level."""


class Outcome(StrEnum):
    """What writing did: began a document, found the same one, or wrote its next version."""

    NEW = "new"
    SAME = "same"
    UPDATED = "updated"


@dataclass(frozen=True)
class Writing:
    """The document, and what happened to it."""

    document: Document
    outcome: Outcome


@dataclass(frozen=True)
class Manuscript:
    """A finished text that no row holds yet. `figures` are unsaved rows; `docx` has its tables and annexes."""

    title: str
    template: str
    template_digest: str
    content_digest: str
    docx: bytes
    tables: list[ReportTable]
    figures: list[DocumentFigure]
    reading_order: list[int]


@transaction.atomic
def write_document(*, kind: str, area: str, as_of: date, by: str, at: datetime) -> Writing:
    """A draft: text, figures, annexes. `area` is a code as people write it.

    A draft of the same kind, area and date that nobody has signed is returned as it is while it would read the same
    (a difference that somebody has accepted counts as the same); else it gets its next version, and the former one is
    kept. A signed or published document is never touched.

    Raises UnknownReportKind, AreaUnknown, WrongLevel, ReportBlocked, TemplateRefused.
    """
    declared = report_kind(kind)
    division = area_or_unknown(area, as_of)
    if division.level not in declared.levels:
        raise WrongLevel(division.level)
    text = _manuscript(declared, area, division, as_of, by=by, at=at)
    former = unsigned_draft(kind=kind, area=area, as_of=as_of)
    if former is None:
        document = Document(kind=kind, as_of=as_of, area_name=division.name, created_at=at, created_by=by)
        for column, key in columns_of_key(division.key).items():
            setattr(document, column, key)
        _put(document, text, by=by, at=at)
        seal_step("reports.document_written", document, by, at)
        return Writing(document, Outcome.NEW)
    if _reads_the_same(former, text):
        return Writing(former, Outcome.SAME)
    _replace_text(former, text, by=by, at=at)
    return Writing(former, Outcome.UPDATED)


@transaction.atomic
def rewrite_document(*, document: Document, by: str, at: datetime) -> Document:
    """Print the document anew with today's figures; check, acceptance and signature fall away, the former text stays.

    Raises StateForbids for a published document, and what write_document raises.
    """
    move(document, DocumentState.DRAFT)
    division = area_or_unknown(document.area_code, document.as_of)
    text = _manuscript(report_kind(document.kind), document.area_code, division, document.as_of, by=by, at=at)
    _replace_text(document, text, by=by, at=at)
    return document


def _manuscript(kind: ReportKind, code: str, area: Area, as_of: date, *, by: str, at: datetime) -> Manuscript:
    """Render the text and put the annexes behind it. Raises ReportBlocked, TemplateRefused."""
    kind.refresh(code, as_of, by, at)
    with override(settings.LANGUAGE_CODE):
        if blockers := kind.blockers(code, as_of):
            raise ReportBlocked(blockers)
        declaration = load_declaration(kind.template)
        if faults := template_faults(declaration):
            raise TemplateRefused("；".join(faults[:5]))
        context = kind.context(code, as_of)
        own = kind.tables(code, as_of) if kind.tables else ()
        tables = [*context.tables, *own, *consistency_tables(code, as_of)]
        annexes = [(table.key, table.title) for table in (*tables, figure_table([])) if table.is_annex]
        words = area_words(area, as_of)
        prose = render(declaration, context, words=words, annexes=annexes, area=code, as_of=as_of)
        figures = [_row_of(printed) for printed in prose.figures]
        annexed = [*tables, figure_table(figures)]
        digest = digest_of_content(declaration.digest, texts_of(prose.docx), [sheet_of(each).rows for each in annexed])
        return Manuscript(
            title=declaration.title.format(area=area.name, year=as_of.year),
            template=kind.template,
            template_digest=declaration.digest,
            content_digest=digest,
            docx=with_tables(prose.docx, annexed),
            tables=tables,
            figures=figures,
            reading_order=prose.reading_order,
        )


def _put(document: Document, text: Manuscript, *, by: str, at: datetime) -> None:
    """Write document, file and figures."""
    document.title, document.template = text.title, text.template
    document.template_digest, document.content_digest = text.template_digest, text.content_digest
    document.reading_order = text.reading_order
    document.tables = [vars(sheet_of(table)) for table in text.tables]
    document.written_at, document.written_by = at, by
    document.file = stored(document, text.docx, by, at)
    document.save()
    for figure in text.figures:
        figure.document = document
    DocumentFigure.objects.bulk_create(text.figures)


def _replace_text(document: Document, text: Manuscript, *, by: str, at: datetime) -> None:
    """The next version of the document; the former one goes into its history with what changed."""
    move(document, DocumentState.DRAFT)
    DocumentVersion.objects.create(
        document=document,
        number=document.version,
        file=document.file,
        template_digest=document.template_digest,
        changes=changed_titles(figures_of(document), text.figures),
        written_at=document.written_at,
        written_by=document.written_by,
        replaced_at=at,
        replaced_by=by,
    )
    document.figures.all().delete()
    document.version += 1
    _put(document, text, by=by, at=at)
    seal_step("reports.document_rewritten", document, by, at)


def _reads_the_same(document: Document, text: Manuscript) -> bool:
    """Nothing printed would change; with accepted differences only the figures and the template are compared."""
    figures = list(figures_of(document))
    if any(figure.accepted_at for figure in figures):
        return document.template_digest == text.template_digest and stands_as_printed(figures, text.figures)
    return document.content_digest == text.content_digest


def _row_of(printed: PrintedFigure) -> DocumentFigure:
    reading = printed.reading
    return DocumentFigure(
        order=printed.order,
        slot=printed.slot,
        measure=reading.measure,
        is_supplied=reading.is_supplied,
        title=printed.title,
        area=printed.area,
        as_of=printed.as_of,
        period=printed.period,
        window=reading.window,
        value=reading.value,
        part=reading.part,
        whole=reading.whole,
        unit=printed.unit,
        decimals=printed.decimals,
        shown=printed.shown,
        source=reading.source,
        status=printed.status,
    )
