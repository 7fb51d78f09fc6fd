"""Files into registers, through the ordinary importer: upload, judge, accept or cancel, take the bad rows back."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, BinaryIO, TypeVar, cast
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Field, File, Form, Path, Query, Schema, Status
from ninja.files import UploadedFile

from shian.kernel.api.paging import PageOut, PageQuery, page_of, page_of_few
from shian.kernel.api.problems import Problem
from shian.kernel.api.registry import register_router
from shian.kernel.api.routing import ApiRouter
from shian.kernel.api.values import Number
from shian.kernel.disclosures.door import Door
from shian.kernel.files.actions import FileRefused
from shian.kernel.files.rules import MEDIA_TYPES
from shian.kernel.imports import actions
from shian.kernel.imports.headings import FileUnusable
from shian.kernel.imports.models import ImportBatch, ImportProblem, Work
from shian.kernel.imports.permissions import IMPORT, importers_for
from shian.kernel.imports.queries import batches_of, problems_of
from shian.kernel.imports.specs import ImportField, ImportSpec, UnknownImporter, importer
from shian.kernel.imports.taking import bad_rows_taken

router = ApiRouter("imports")
T = TypeVar("T")


class ReasonQuery(Schema):
    """Why the file is taken: needed for many rows and for personal fields; kept in the list of exports."""

    reason: str = Field("", max_length=200)


class FieldOut(Schema):
    """One column that an importer reads, by its English or its Chinese heading."""

    name: str
    title: str
    type: str
    required: bool
    choices: list[str]
    unit: str
    hint: str


class ImporterOut(Schema):
    """What files can be sent, and into what."""

    key: str
    title: str
    natural_key: list[str]
    fields: list[FieldOut]


class TotalOut(Schema):
    """A stated total beside the one found in the good rows."""

    field: str
    stated: str
    found: str
    difference: str


class BatchOut(Schema):
    """One file on its way into a register.

    `state`: uploaded, checked, stopped (a stated total is not met), accepted, failed, cancelled, undone. While `work`
    is check or accept, `percent` moves; ask again. `entry` is the seal of an accepted batch.
    """

    id: int
    importer: str
    name: str
    state: str
    work: str
    percent: int
    effective_on: date
    rows_total: int
    rows_good: int
    rows_bad: int
    rows_new: int
    rows_changed: int
    rows_same: int
    warnings: int
    totals: list[TotalOut]
    error: str
    created_at: datetime
    finished_at: datetime | None
    entry: UUID | None


class ProblemRowOut(Schema):
    """One thing wrong in one row of the file, rows counted from 1 as a spreadsheet does."""

    row: int
    column: str
    value: str
    reason: str
    remedy: str
    severity: str


class BatchQuery(Schema):
    importer: str = Field("", max_length=60)
    state: str = Field("", max_length=10)


class UploadIn(Schema):
    """`importer` is a key of GET /imports/importers; totals that are stated must be met."""

    importer: str = Field(max_length=60)
    effective_on: date = Field(description="From when the rows hold.")
    expected_rows: int | None = Field(None, ge=0, le=10_000_000)


class AcceptIn(Schema):
    """`again` accepts content that is in the register already."""

    again: bool = False


class ReasonIn(Schema):
    """Why; kept in the log."""

    reason: str = Field(min_length=2, max_length=500)


@router.read("/importers", policy=IMPORT, response=PageOut[ImporterOut])
def importers(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """Importers that the owner may use."""
    return page_of_few(request, page, importers_for(request.user), lambda spec: spec.key, _importer)


@router.read("", policy=IMPORT, response=PageOut[BatchOut])
def batches(request: HttpRequest, page: Query[PageQuery], chosen: Query[BatchQuery]) -> dict[str, Any]:
    """Batches, newest first."""
    rows = batches_of(request.user)
    if chosen.importer:
        rows = rows.filter(importer=chosen.importer)
    if chosen.state:
        rows = rows.filter(state=chosen.state)
    return page_of(request, page, rows, ("id",), batch_told, is_descending=True)


@router.write("", policy=IMPORT, response={201: list[BatchOut], 202: list[BatchOut]})
def batch_upload(
    request: HttpRequest, told: Form[UploadIn], file: File[UploadedFile], response: HttpResponse
) -> Status[list[dict[str, Any]]]:
    """Send a file and have it judged.

    XLSX, CSV (UTF-8 or GB18030) or a zipped Frictionless Data Package, which opens one batch per resource. Nothing
    enters the register before it is accepted. 201 when the file has been judged, 202 while a big one is at work.
    """
    made = refused_as_problem(lambda: _uploaded(request.user, told, file))
    response.headers["Location"] = f"{request.path}/{made[0].pk}"
    is_done = not any(batch.work for batch in made)
    return Status(201 if is_done else 202, [batch_told(batch) for batch in made])


def _uploaded(user: Any, told: UploadIn, file: UploadedFile) -> list[ImportBatch]:
    now = timezone.now()
    made = actions.upload_file(
        importer_key=told.importer,
        name=file.name or "upload",
        stream=cast("BinaryIO", file.file),
        stated=actions.Stated(told.effective_on, told.expected_rows),
        by=user,
        at=now,
    )
    actions.start_work(batch=made[0], work=Work.CHECK, by=user, at=now)
    for batch in made:
        batch.refresh_from_db()
    return made


@router.read("/{int:number}", policy=IMPORT, response=BatchOut)
def batch(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """One batch with its state."""
    return batch_told(_batch(request, number))


@router.read("/{int:number}/problems", policy=IMPORT, response=PageOut[ProblemRowOut])
def batch_problems(request: HttpRequest, page: Query[PageQuery], number: Path[Number]) -> dict[str, Any]:
    """What is wrong in a batch, row by row."""
    return page_of(request, page, problems_of(_batch(request, number)), ("row_no", "severity", "id"), _problem)


@router.read("/{int:number}/bad-rows", policy=IMPORT, produces=[MEDIA_TYPES["xlsx"]])
def batch_bad_rows(request: HttpRequest, told: Query[ReasonQuery], number: Path[Number]) -> FileResponse:
    """The bad rows, with their values in full, as a workbook that can be corrected and sent again as it is."""
    found = _batch(request, number)
    return bad_rows_taken(found, _spec(found), Door(request.user, told.reason.strip()), at=timezone.now())


@router.write("/{int:number}/check", policy=IMPORT, response={200: BatchOut, 202: BatchOut})
def batch_check(request: HttpRequest, number: Path[Number]) -> Status[dict[str, Any]]:
    """Judge a batch again, after what it refers to has come in."""
    return _worked(request, number, Work.CHECK)


@router.write("/{int:number}/accept", policy=IMPORT, response={200: BatchOut, 202: BatchOut})
def batch_accept(request: HttpRequest, told: AcceptIn, number: Path[Number]) -> Status[dict[str, Any]]:
    """Let the good rows of a batch into the register.

    An unmet stated total leaves it stopped. 202 while a big one is at work.
    """
    return _worked(request, number, Work.ACCEPT, again=told.again)


@router.write("/{int:number}/accept-difference", policy=IMPORT, response=BatchOut)
def batch_accept_difference(request: HttpRequest, told: ReasonIn, number: Path[Number]) -> dict[str, Any]:
    """Take the unmet totals of a stopped batch upon oneself, with a reason that is sealed."""
    found, now = _batch(request, number), timezone.now()

    def accept() -> ImportBatch:
        return actions.accept_difference(batch=found, reason=told.reason, by=request.user, at=now)

    return batch_told(refused_as_problem(accept))


@router.write("/{int:number}/cancel", policy=IMPORT, response=BatchOut)
def batch_cancel(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """Put a batch aside; its file stays."""
    found, now = _batch(request, number), timezone.now()
    return batch_told(refused_as_problem(lambda: actions.cancel_batch(batch=found, by=request.user, at=now)))


@router.write("/{int:number}/undo", policy=IMPORT, response=BatchOut)
def batch_undo(request: HttpRequest, told: ReasonIn, number: Path[Number]) -> dict[str, Any]:
    """Put the register back as it was before an accepted batch, within a day; the reason is sealed."""
    found, now = _batch(request, number), timezone.now()

    def undo() -> ImportBatch:
        return actions.undo_batch(batch=found, reason=told.reason, by=request.user, at=now)

    return batch_told(refused_as_problem(undo))


def _worked(request: HttpRequest, number: int, work: Work, *, again: bool = False) -> Status[dict[str, Any]]:
    found, now = _batch(request, number), timezone.now()

    def start() -> bool:
        return actions.start_work(batch=found, work=work, by=request.user, at=now, again=again)

    is_done = refused_as_problem(start)
    found.refresh_from_db()
    return Status(200 if is_done else 202, batch_told(found))


def refused_as_problem(deed: Callable[[], T]) -> T:
    """What an import's action answers; its refusals as problems. Raises Problem, PermissionDenied."""
    try:
        return deed()
    except UnknownImporter as error:
        raise Problem("unusable", _("没有名为“%(key)s”的导入类型。") % {"key": error}) from error
    except (FileRefused, FileUnusable, actions.UndoRefused, ValueError) as error:
        if isinstance(error, actions.BatchNotOpen):
            raise Problem("conflict", _("该批次正在处理，或已经办结。")) from error
        if isinstance(error, actions.BatchUnchanged | actions.UndoRefused):
            raise Problem("conflict", str(error)) from error
        raise Problem("unusable", str(error)) from error


def _batch(request: HttpRequest, number: int) -> ImportBatch:
    found: ImportBatch = ImportBatch.objects.select_related("file").get_visible(request.user, pk=number)
    return found


def _spec(found: ImportBatch) -> ImportSpec:
    try:
        return importer(found.importer)
    except UnknownImporter as error:
        raise Http404(str(error)) from error


def _importer(spec: ImportSpec) -> dict[str, Any]:
    return {
        "key": spec.key,
        "title": str(spec.title),
        "natural_key": list(spec.natural_key),
        "fields": [_field(each) for each in spec.fields],
    }


def _field(each: ImportField) -> dict[str, Any]:
    return {
        "name": each.name,
        "title": str(each.title),
        "type": each.type,
        "required": each.required,
        "choices": list(each.accepted),
        "unit": str(each.unit),
        "hint": str(each.hint),
    }


def batch_told(found: ImportBatch) -> dict[str, Any]:
    """A batch as BatchOut."""
    copied = ("importer", "name", "state", "work", "percent", "effective_on", "rows_total", "rows_good", "rows_bad",
              "rows_new", "rows_changed", "rows_same", "warnings", "error", "created_at", "finished_at",
              "entry")  # fmt: skip
    totals = [{name: str(total[name]) for name in ("field", "stated", "found", "difference")} for total in found.totals]
    return {"id": found.pk, "totals": totals, **{name: getattr(found, name) for name in copied}}


def _problem(row: ImportProblem) -> dict[str, Any]:
    names = ("column", "value", "reason", "remedy", "severity")
    return {"row": row.row_no, **{name: getattr(row, name) for name in names}}


register_router(gettext_lazy("数据导入"), router)
