"""Files of a batch that somebody takes: what was sent, and the rows to correct. Both hold the values as they came."""

import io
from datetime import datetime

from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from shian.kernel.disclosures.door import Door
from shian.kernel.files.rules import MEDIA_TYPES
from shian.kernel.imports.models import ImportBatch
from shian.kernel.imports.queries import bad_rows_of, content_of, remembered_for
from shian.kernel.imports.specs import ImportSpec, UnknownImporter, importer
from shian.kernel.imports.workbooks import write_bad_rows


def original_taken(batch: ImportBatch, door: Door, *, at: datetime) -> FileResponse:
    """The file as it was sent; that of an importer that is no more counts as personal. Raises what the door raises."""
    try:
        personal = personal_in(importer(batch.importer))
    except UnknownImporter:
        personal = ["name"]
    return door.let_out_stored(
        batch.file,
        batch.name,
        subject=_subject(batch),
        title=batch.name,
        rows=max(batch.rows_total, 1),
        personal=personal,
        is_masked=False,
        at=at,
    )


def bad_rows_taken(batch: ImportBatch, spec: ImportSpec, door: Door, *, at: datetime) -> FileResponse:
    """The bad rows as a workbook that can be corrected and sent again as it is. Raises what the door raises; Http404
    where there are none."""
    problems, personal = bad_rows_of(batch), personal_in(spec)
    if not problems:
        raise Http404(batch.pk)
    door.check(len(problems), personal, is_masked=False)
    out = io.BytesIO()
    write_bad_rows(out, content_of(batch), batch.file.kind, spec, problems, remembered_for(batch))
    return door.let_out(
        workbook_answer(out, f"{batch.name.rpartition('.')[0] or batch.name}-{_('待改正')}.xlsx"),
        subject=_subject(batch),
        title=f"{batch.name}（{_('待改正')}）",
        rows=len(problems),
        personal=personal,
        is_masked=False,
        at=at,
    )


def personal_in(spec: ImportSpec) -> list[str]:
    """The kinds of personal data that a file for this importer may hold."""
    return sorted({str(each.personal) for each in spec.fields if each.personal})


def workbook_answer(out: io.BytesIO, name: str) -> FileResponse:
    """A written workbook as a download."""
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=name, content_type=MEDIA_TYPES["xlsx"])


def _subject(batch: ImportBatch) -> str:
    return f"imports.importbatch:{batch.pk}"
