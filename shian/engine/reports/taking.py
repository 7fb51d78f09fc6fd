"""A document as a file that somebody takes: sealed and listed, with the number of its figures."""

from datetime import datetime

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from shian.engine.reports.models import Document, DocumentVersion
from shian.engine.reports.queries import figures_of, file_name
from shian.engine.reports.workbook import workbook_of
from shian.kernel.disclosures.door import Door
from shian.kernel.files.rules import MEDIA_TYPES
from shian.kernel.ui.languages import language_of_record


def taken(
    document: Document, form: str, door: Door, *, at: datetime, former: DocumentVersion | None = None
) -> HttpResponseBase:
    """The text ("docx", or that of a former version) or the figures ("xlsx"). Raises what the door raises, Http404."""
    figures = list(figures_of(document))
    subject, title, rows = f"reports.document:{document.pk}", document.title, len(figures)
    if former is not None or form != "xlsx":
        name = file_name(document, version=former.number if former else 0)
        stored = former.file if former else document.file
        return door.let_out_stored(stored, name, subject=subject, title=title, rows=rows, at=at)
    name = file_name(document, "xlsx")
    content = workbook_of(document, figures, door.user.get_username())
    answer = HttpResponse(content, content_type=MEDIA_TYPES["xlsx"])
    answer.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    with language_of_record():
        facts = {_("文件"): name}
    return door.let_out(answer, subject=subject, title=title, rows=rows, facts=facts, at=at)
