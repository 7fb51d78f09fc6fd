"""Verbs of imports. A batch is read again and judged again in the one transaction that accepts it.

Bad rows never stop good ones; an unmet stated total stops everything until a named user accepts the difference.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO

from django.db import connection, transaction
from django.utils.translation import gettext as _

from shian.kernel.accounts.permissions import check
from shian.kernel.events.bus import publish
from shian.kernel.files.actions import store_file
from shian.kernel.files.models import StoredFile
from shian.kernel.files.queries import path_of
from shian.kernel.imports.datapackages import Resource, read_package, unpacked
from shian.kernel.imports.events import ImportAccepted
from shian.kernel.imports.headings import FileUnusable, HeadingsUnmatched, find_field, told_headings
from shian.kernel.imports.loading import ReadAhead
from shian.kernel.imports.models import BatchState, ImportBatch, Work
from shian.kernel.imports.permissions import import_into
from shian.kernel.imports.progress import ProgressWriter
from shian.kernel.imports.queries import organisations_of, repeated, unchanged_text
from shian.kernel.imports.rules import common_area
from shian.kernel.imports.runs import Outcome, run_batch
from shian.kernel.imports.specs import ImportSpec, UnknownImporter, importer, importers
from shian.kernel.imports.staging import Tell
from shian.kernel.jobs.queue import defer
from shian.kernel.notary.actions import seal, seal_batch
from shian.kernel.scope.reach import Reach, reach_of
from shian.kernel.scope.rules import columns_of_key

KINDS = ("csv", "xlsx", "zip")
ATTACHED = ("pdf", "docx", "xlsx", "jpg", "png")
INLINE_BYTES = 256 * 1024
LOCK_SPACE = 0x5A1A
JOB = "imports.work"


class BatchNotOpen(ValueError):
    """The batch has been accepted or cancelled, or is at work: nothing more can be done with it now."""


class BatchUnchanged(ValueError):
    """The content is already in the register and nothing came after it; the text names the batch."""

    def __init__(self, before: ImportBatch) -> None:
        super().__init__(unchanged_text(before))
        self.before = before


@dataclass(frozen=True)
class Stated:
    """What the sender says about a file: from when its rows hold, how many they are, what fields add up to."""

    effective_on: date
    rows: int | None = None
    sums: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def upload_file(
    *, importer_key: str, name: str, stream: BinaryIO, stated: Stated, by: Any, at: datetime
) -> list[ImportBatch]:
    """Keep the file and open its batch; a zipped data package opens one batch per resource.

    Raises PermissionDenied; FileRefused for a wrong kind of file; FileUnusable for totals or packages beyond reading.
    """
    stored = store_file(name=name, stream=stream, kinds=KINDS, by=by.username, at=at)
    reach = reach_of(by)
    if stored.kind == "zip":
        return _open_package(stored, name, stated, reach, by, at)
    spec = importer(importer_key)
    check(import_into(spec), by)
    resource = Resource(name, path_of(stored.sha256), spec.key, stated.rows, dict(stated.sums))
    return [open_batch(spec, resource, stored, stated.effective_on, reach, by.username, at)]


def _open_package(
    stored: StoredFile, name: str, stated: Stated, reach: Reach, by: Any, at: datetime
) -> list[ImportBatch]:
    with unpacked(path_of(stored.sha256)) as folder:
        package = read_package(folder)
        batches = []
        for resource in package.resources:
            spec = spec_of(resource)
            check(import_into(spec), by)
            kept = keep_resource(resource, by.username, at)
            batches.append(
                open_batch(
                    spec, resource, kept, stated.effective_on, reach, by.username, at, package=package.name or name
                )
            )
    return batches


def spec_of(resource: Resource) -> ImportSpec:
    """The importer that the resource names. Raises FileUnusable."""
    try:
        return importer(resource.importer)
    except UnknownImporter as error:
        message = _("没有名为“%(importer)s”的导入类型（资源 %(name)s），可选：%(choices)s。")
        told = {"importer": resource.importer, "name": resource.name, "choices": importer_choices()}
        raise FileUnusable(message % told) from error


def importer_choices() -> str:
    """The keys of all importers with their titles."""
    return "、".join(f"{spec.key}（{spec.title}）" for spec in importers())


def keep_resource(resource: Resource, by: str, at: datetime) -> StoredFile:
    """The content of a resource as a stored file."""
    with resource.path.open("rb") as stream:
        return store_file(name=resource.path.name, stream=stream, kinds=("csv", "xlsx"), by=by, at=at)


def keep_attachments(resource: Resource, by: str, at: datetime) -> dict[str, str]:
    """The files that came with a resource, stored: name → SHA-256. Raises FileRefused."""
    found = {}
    for path in resource.attachments:
        with path.open("rb") as stream:
            found[path.name] = store_file(name=path.name, stream=stream, kinds=ATTACHED, by=by, at=at).sha256
    return found


def open_batch(
    spec: ImportSpec,
    resource: Resource,
    stored: StoredFile,
    effective_on: date,
    reach: Reach,
    by: str,
    at: datetime,
    package: str = "",
) -> ImportBatch:
    """A new batch for a stored file. Raises FileUnusable for stated sums that cannot be read."""
    return ImportBatch.objects.create(
        importer=spec.key,
        file=stored,
        name=resource.path.name if package else resource.name,
        package=package[:120],
        effective_on=effective_on,
        reach=list(reach.keys),
        is_unlimited=reach.everything,
        organisation=organisations_of(reach)[0],
        expected_rows=resource.expected_rows,
        expected_sums=field_sums(spec, resource.expected_sums),
        attachments=keep_attachments(resource, by, at),
        created_by=by,
        created_at=at,
        **(columns_of_key(common_area(reach.keys)) if common_area(reach.keys) else {}),
    )


def field_sums(spec: ImportSpec, stated: Mapping[str, str]) -> dict[str, str]:
    """Stated sums by field name. Raises FileUnusable for a column that has no sum or a sum that is no number."""
    sums = {}
    for heading, value in stated.items():
        found = find_field(spec, heading)
        if found is None or found.type not in {"integer", "number"}:
            raise FileUnusable(_("“%(heading)s”不是可以合计的列。") % {"heading": heading})
        try:
            sums[found.name] = format(Decimal(str(value).replace(",", "").strip()), "f")
        except InvalidOperation:
            raise FileUnusable(
                _("“%(heading)s”的合计“%(value)s”不是数字。") % {"heading": heading, "value": value}
            ) from None
    return sums


@transaction.atomic
def start_work(*, batch: ImportBatch, work: Work, by: Any, at: datetime, again: bool = False) -> bool:
    """Check or accept: at once for a small file, else as a job. Whether it is done already.

    Raises PermissionDenied, BatchNotOpen, BatchUnchanged unless `again`; for a small file also what check_batch and
    accept_batch raise.
    """
    check(import_into(importer(batch.importer)), by)
    if work == Work.ACCEPT and not again and (before := repeated(batch)):
        raise BatchUnchanged(before)
    if batch.file.size <= INLINE_BYTES:
        if work == Work.CHECK:
            check_batch(batch=batch, at=at)
        else:
            accept_batch(batch=batch, by=by.username, at=at)
        return True
    opened = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if not opened.is_open or opened.work:
        raise BatchNotOpen(batch.pk)
    ImportBatch.objects.filter(pk=batch.pk).update(work=work, percent=0, step=_("排队等候"), error="")
    defer(JOB, lock=f"imports-{batch.pk}", batch=batch.pk, work=str(work), by=by.username)
    return False


def check_batch(*, batch: ImportBatch, at: datetime) -> ImportBatch:
    """The dry run: problems, totals, and what accepting would do.

    A file beyond reading, or without a good row, makes the batch `failed`."""
    return run(batch, by=batch.created_by, at=at, write=False)


def accept_batch(*, batch: ImportBatch, by: str, at: datetime) -> ImportBatch:
    """Good rows enter the register in one transaction, sealed by the root over their digests.

    An unmet total leaves the batch `stopped`; a file beyond reading, or without a good row, leaves it `failed`.
    Raises BatchNotOpen.
    """
    return run(batch, by=by, at=at, write=True)


def run(
    batch: ImportBatch, *, by: str, at: datetime, write: bool, tell: Tell | None = None, ahead: ReadAhead | None = None
) -> ImportBatch:
    """One run over the batch, and its end written down whatever happens. `ahead`: what was read of its file already."""
    spec = importer(batch.importer)
    try:
        with _progress(batch, tell) as writer, transaction.atomic():
            _lock(batch, spec, writer)
            outcome = run_batch(batch, spec, at=at, tell=writer, write=write, ahead=ahead)
            if outcome.written:
                _seal_and_publish(batch, spec, outcome, by, at)
            _keep(batch, outcome, by, at)
    except FileUnusable as error:
        headings = told_headings(spec, error.matched) if isinstance(error, HeadingsUnmatched) else []
        _fail(batch, str(error), headings)
    except BatchNotOpen:
        raise
    except Exception as error:
        _release(batch, error)
        raise
    batch.refresh_from_db()
    return batch


def _progress(batch: ImportBatch, tell: Tell | None) -> AbstractContextManager[Tell]:
    return nullcontext(tell) if tell else ProgressWriter(batch.pk)


def wait_for_turn(spec: ImportSpec, tell: Tell | None = None) -> None:
    """One run per importer at a time; a lock outside the rows, so that progress can be written to them meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [LOCK_SPACE, spec.key])
        if cursor.fetchone()[0]:
            return
        if tell is not None:
            tell(0, _("等候同一登记簿的另一份导入"))
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK_SPACE, spec.key])


def _lock(batch: ImportBatch, spec: ImportSpec, tell: Tell) -> None:
    wait_for_turn(spec, tell)
    batch.refresh_from_db()
    if not batch.is_open:
        raise BatchNotOpen(batch.pk)


def _seal_and_publish(batch: ImportBatch, spec: ImportSpec, outcome: Outcome, by: str, at: datetime) -> None:
    counts = outcome.counts
    entry = seal_batch(
        action="imports.accepted",
        by=by,
        subject=f"imports.importbatch:{batch.pk}",
        data={
            "importer": spec.key,
            "file": batch.file.sha256,
            "name": batch.name,
            "effective_on": batch.effective_on,
            "rows": {"total": outcome.rows_total, "good": outcome.rows_good, "bad": outcome.rows_bad}
            | {"new": counts.new, "changed": counts.changed, "same": counts.same},
            "totals": outcome.totals,
            "difference": {"by": batch.difference_by, "reason": batch.difference_reason},
        },
        digests=outcome.rooted or (),
        at=at,
    )
    batch.entry = entry.uid
    publish(ImportAccepted(spec.key, batch.pk, counts.new, counts.changed, by, at))


def _keep(batch: ImportBatch, outcome: Outcome, by: str, at: datetime) -> None:
    """The batch's row is touched once, last."""
    state, error = _state_after(batch, outcome)
    fields: dict[str, Any] = {
        "state": state,
        "error": error,
        "work": "",
        "percent": 100,
        "step": "",
        "rows_total": outcome.rows_total,
        "rows_good": outcome.rows_good,
        "rows_bad": outcome.rows_bad,
        "warnings": outcome.warnings,
        "rows_new": outcome.counts.new,
        "rows_changed": outcome.counts.changed,
        "rows_same": outcome.counts.same,
        "totals": outcome.totals,
        "headings": outcome.headings,
        "preview": outcome.preview,
        "notes": outcome.notes,
    }
    if outcome.written:
        fields |= {"entry": batch.entry, "finished_by": by, "finished_at": at}
    if batch.is_unlimited and outcome.area:
        fields |= columns_of_key(outcome.area)
    if state == BatchState.STOPPED:
        fields |= {"difference_by": "", "difference_reason": "", "difference_at": None}
    ImportBatch.objects.filter(pk=batch.pk).update(**fields)


def _state_after(batch: ImportBatch, outcome: Outcome) -> tuple[BatchState, str]:
    if outcome.written:
        return BatchState.ACCEPTED, ""
    if not outcome.rows_good:
        return BatchState.FAILED, _("没有一行合格，没有可以接收的数据。请下载问题行，改正后重新上传。")
    if outcome.unmet and not (batch.difference_by and outcome.totals == batch.totals):
        return BatchState.STOPPED, ""
    return BatchState.CHECKED, ""


def _fail(batch: ImportBatch, message: str, headings: Sequence[Mapping[str, str]] = ()) -> None:
    with transaction.atomic():
        ImportBatch.objects.filter(pk=batch.pk).update(
            state=BatchState.FAILED, error=message, headings=list(headings), work="", step="", percent=0
        )


def _release(batch: ImportBatch, error: Exception) -> None:
    """Nothing was written: the batch can be run again."""
    message = _("导入中断，未写入任何数据，可以重试。原因：%(error)s") % {"error": str(error)[:300]}
    _fail(batch, message)


@transaction.atomic
def accept_difference(*, batch: ImportBatch, reason: str, by: Any, at: datetime) -> ImportBatch:
    """A named user takes the unmet totals upon themselves, with a reason. Raises PermissionDenied, BatchNotOpen."""
    check(import_into(importer(batch.importer)), by)
    opened = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if opened.state != BatchState.STOPPED:
        raise BatchNotOpen(batch.pk)
    if not reason.strip():
        raise ValueError(_("请写明接受差额的理由。"))
    opened.difference_by, opened.difference_reason, opened.difference_at = by.username, reason.strip()[:500], at
    opened.state = BatchState.CHECKED
    opened.save(update_fields=["difference_by", "difference_reason", "difference_at", "state"])
    seal(
        action="imports.difference_accepted",
        by=by.username,
        subject=f"imports.importbatch:{batch.pk}",
        data={"totals": opened.totals, "reason": opened.difference_reason},
        at=at,
    )
    return opened


@transaction.atomic
def cancel_batch(*, batch: ImportBatch, by: Any, at: datetime) -> ImportBatch:
    """Put a batch aside; its file stays. Raises PermissionDenied, BatchNotOpen."""
    check(import_into(importer(batch.importer)), by)
    opened = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if not opened.is_open or opened.work:
        raise BatchNotOpen(batch.pk)
    opened.state, opened.finished_by, opened.finished_at = BatchState.CANCELLED, by.username, at
    opened.save(update_fields=["state", "finished_by", "finished_at"])
    seal(
        action="imports.cancelled", by=by.username, subject=f"imports.importbatch:{batch.pk}",
        data={"name": batch.name, "importer": batch.importer}, at=at,
    )  # fmt: skip
    return opened
