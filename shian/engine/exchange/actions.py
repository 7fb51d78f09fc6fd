"""Verbs of exchange: import for a system; ask, take, check, send, and what the receiver answers."""

import hashlib
import json
from datetime import date, datetime
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from shian.engine.exchange.declarations import System, all_systems, report
from shian.engine.exchange.models import ReportBatch, ReportRow, ReportState, SystemImport, Work
from shian.engine.exchange.permissions import EXCHANGE_IMPORT, REPORT_SEND
from shian.engine.exchange.rows import FoundRow, count_rows, headings_of, rows_of_report, totals_of
from shian.engine.ledgers.exports import make_export
from shian.kernel.accounts.permissions import check
from shian.kernel.files.actions import store_file
from shian.kernel.imports.actions import Stated, start_work, upload_file
from shian.kernel.imports.models import ImportBatch
from shian.kernel.imports.models import Work as ImportWork
from shian.kernel.jobs.queue import defer
from shian.kernel.notary.actions import seal, seal_batch
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import code_of_key, columns_of_key, key_of_code
from shian.kernel.ui.tables import Column, Row

AT_ONCE, JOB = 5_000, "exchange.work"


class BatchRefused(ValueError):
    """The step does not fit the batch's state, or something is missing; the text says what."""


@transaction.atomic
def import_for_system(
    *, system: System, importer: str, name: str, stream: BinaryIO, stated: Stated, by: Any, at: datetime
) -> list[ImportBatch]:
    """Upload a file of an outside system through the ordinary importer and tie its batches to the system.

    Raises PermissionDenied, BatchRefused for an importer that is not the system's, and what upload_file raises.
    """
    check(EXCHANGE_IMPORT, by)
    if importer not in system.importers:
        raise BatchRefused(_("这个系统没有“%(importer)s”这一类数据。") % {"importer": importer})
    batches = upload_file(importer_key=importer, name=name, stream=stream, stated=stated, by=by, at=at)
    for batch in batches:
        SystemImport.objects.create(system=system.key, batch=batch)
        seal(
            action="exchange.imported",
            by=by.get_username(),
            subject=f"imports.importbatch:{batch.pk}",
            data={"system": system.key, "importer": batch.importer, "name": name},
            at=at,
        )
    start_work(batch=batches[0], work=ImportWork.CHECK, by=by, at=at)
    return batches


@transaction.atomic
def ask_report(
    *,
    key: str,
    area: str,
    as_of: date,
    by: Any,
    at: datetime,
    corrects: ReportBatch | None = None,
    is_deferred: bool = True,
) -> ReportBatch:
    """Ask for a report of an area (a code) on a day; the worker takes its rows.

    `by` is a user, or the name of a system ("demo"). Raises PermissionDenied, OutOfReach, LookupError, BatchRefused
    for a day to come.
    """
    declared, area_key = report(key), key_of_code(area)
    if not isinstance(by, str):
        check(REPORT_SEND, by)
        if not reach_of(by).covers(area_key):
            raise OutOfReach(f"exchange.area:{area}")
    if as_of > timezone.localdate(at):
        raise BatchRefused(_("%(day)s 还没有到，请选今天或以前的日期。") % {"day": as_of})
    batch: ReportBatch = ReportBatch.objects.create(
        report=key, area_key=area_key, as_of=as_of, definition=declared.digest, columns=headings_of(declared),
        corrects=corrects, work=Work.TAKE, taken_at=at, taken_by=_name(by), **columns_of_key(area_key),
    )  # fmt: skip
    told = {"area": code_of_key(area_key), "as_of": as_of, "corrects": corrects.pk if corrects else None}
    _seal(batch, "exchange.asked", told, by, at)
    if is_deferred:
        defer(JOB, lock=f"exchange-{batch.pk}", number=batch.pk)
    return batch


def take_report(*, number: int, at: datetime) -> ReportBatch:
    """Freeze the rows of a batch that was asked for. One that is taken stays as it is, also when two come at once.

    The rows are read and written in one transaction, its progress outside of it: killed in between, the next run begins
    anew. What stands in the way is written down: the batch is then `failed`.
    """
    asked: ReportBatch = ReportBatch.objects.get(pk=number)
    if asked.state != ReportState.ASKED:
        return asked
    _tell(number, 0, _("准备"))
    try:
        rows = _read_rows(asked)
        if not rows:
            raise BatchRefused(_("这一天没有可以报送的数据，请先导入相应的登记簿。"))
        _freeze(number, rows, at)
    except BatchRefused as refusal:
        _fail(asked, str(refusal), at)
    except Exception as error:
        _fail(
            asked,
            _("没有完成，可以重新取数。原因：%(error)s") % {"error": str(error)[:200] or type(error).__name__},
            at,
        )
        raise
    asked.refresh_from_db()
    return asked


def _read_rows(asked: ReportBatch) -> list[FoundRow]:
    declared = report(asked.report)
    whole, rows = count_rows(declared, asked.area_key, asked.as_of), []
    with override(settings.LANGUAGE_CODE):
        for row in rows_of_report(declared, asked.area_key, asked.as_of):
            rows.append(row)
            if whole and len(rows) % AT_ONCE == 0:
                _tell(asked.pk, min(80, 80 * len(rows) // whole), _("已取 %(count)s 行") % {"count": f"{len(rows):,}"})
    return rows


@transaction.atomic
def _freeze(number: int, rows: list[FoundRow], at: datetime) -> None:
    batch: ReportBatch = ReportBatch.objects.select_for_update().get(pk=number)
    if batch.state != ReportState.ASKED:
        return
    with override(settings.LANGUAGE_CODE):
        totals = totals_of(report(batch.report), rows)
    ReportRow.objects.bulk_create(
        (ReportRow(batch=batch, key=r.key, group=r.group, values=r.values, problems=r.problems) for r in rows),
        batch_size=AT_ONCE,
    )
    batch.state, batch.work, batch.percent, batch.step, batch.taken_at = ReportState.TAKEN, "", 100, "", at
    batch.totals, batch.rows_count = totals, len(rows)
    batch.problem_rows = sum(bool(row.problems) for row in rows)
    batch.save()
    told = {"report": batch.report, "area": code_of_key(batch.area_key), "as_of": batch.as_of, "rows": len(rows)}
    seal_batch(
        action="exchange.taken", by=batch.taken_by, subject=_subject(batch),
        data={**told, "totals": totals, "corrects": batch.corrects_id}, digests=[_digest(row) for row in rows], at=at,
    )  # fmt: skip


def _tell(number: int, percent: int, step: str) -> None:
    ReportBatch.objects.filter(pk=number).exclude(work="").update(percent=percent, step=step[:80])


@transaction.atomic
def _fail(asked: ReportBatch, reason: str, at: datetime) -> None:
    """The work stopped: a batch that was to be taken has failed, one that was to be sent may be sent again."""
    told = {"work": "", "step": "", "fault": reason[:400]}
    if asked.state == ReportState.ASKED:
        told["state"] = ReportState.FAILED
    if not ReportBatch.objects.filter(pk=asked.pk, state=asked.state).update(**told):
        return
    _seal(asked, "exchange.failed", {"reason": reason[:400]}, asked.sent_by or asked.taken_by, at)


@transaction.atomic
def check_report(*, batch: ReportBatch, by: Any, at: datetime, reason: str = "") -> ReportBatch:
    """Say that the rows may be sent; rows with something missing want a reason.

    Raises PermissionDenied, OutOfReach, BatchRefused.
    """
    found = _opened(batch, by, ReportState.TAKEN)
    if found.problem_rows and not reason.strip():
        raise BatchRefused(
            _("还有 %(count)s 行有缺项：请补全后重新取数，或写明带缺项报送的理由。") % {"count": found.problem_rows}
        )
    found.state, found.gaps_reason = ReportState.CHECKED, reason.strip()[:300] if found.problem_rows else ""
    found.save(update_fields=["state", "gaps_reason"])
    _seal(found, "exchange.checked", {"problem_rows": found.problem_rows, "reason": found.gaps_reason}, by, at)
    return found


@transaction.atomic
def send_report(*, batch: ReportBatch, by: Any, at: datetime, is_deferred: bool = True) -> ReportBatch:
    """Have the worker write the file that is handed over; the batch is then sent.

    Raises PermissionDenied, BatchRefused.
    """
    found = _opened(batch, by, ReportState.CHECKED)
    found.work, found.percent, found.step, found.fault, found.sent_by = Work.SEND, 0, _("排队等候"), "", _name(by)
    found.save(update_fields=["work", "percent", "step", "fault", "sent_by"])
    _seal(found, "exchange.send_asked", {"rows": found.rows_count}, by, at)
    if is_deferred:
        defer(JOB, lock=f"exchange-{found.pk}", number=found.pk)
    return found


def write_report(*, number: int, at: datetime) -> ReportBatch:
    """Write the file of a batch that is to be sent and freeze it. One that is sent stays as it is."""
    found: ReportBatch = ReportBatch.objects.get(pk=number)
    if found.state != ReportState.CHECKED or found.work != Work.SEND:
        return found
    try:
        with override(settings.LANGUAGE_CODE):
            _write(number, at)
    except Exception as error:
        _fail(
            found,
            _("没有完成，可以重新报送。原因：%(error)s") % {"error": str(error)[:200] or type(error).__name__},
            at,
        )
        raise
    found.refresh_from_db()
    return found


@transaction.atomic
def _write(number: int, at: datetime) -> None:
    found: ReportBatch = ReportBatch.objects.select_for_update().get(pk=number)
    if found.state != ReportState.CHECKED:
        return
    declared = report(found.report)
    made = make_export(
        name=f"{declared.title} {code_of_key(found.area_key)} {found.as_of}",
        format="xlsx",
        columns=[Column(each["name"], each["title"]) for each in found.columns],
        rows=_drawn(found),
        facts={
            _("报送"): str(declared.title),
            _("数据时点"): found.as_of.isoformat(),
            _("导出理由"): _("报送：%(system)s") % {"system": all_systems()[declared.system].title},
        },
        by=found.sent_by,
        at=at,
    )
    with made.file as stream:
        stored = store_file(
            name=f"{made.name}.xlsx", stream=cast("BinaryIO", stream), kinds=("xlsx",), by=found.sent_by, at=at
        )
    found.state, found.file, found.sent_at = ReportState.SENT, stored, at
    found.work, found.percent, found.step = "", 100, ""
    found.save(update_fields=["state", "file", "sent_at", "work", "percent", "step"])
    _seal(found, "exchange.sent", {"file": stored.sha256, "rows": found.rows_count}, found.sent_by, at)


@transaction.atomic
def accept_report(*, batch: ReportBatch, receipt_no: str, by: Any, at: datetime) -> ReportBatch:
    """Enter the receiver's receipt. Raises PermissionDenied, BatchRefused without a number."""
    found = _opened(batch, by, ReportState.SENT)
    if not receipt_no.strip():
        raise BatchRefused(_("请填写回执编号。"))
    found.state, found.receipt_no, found.answered_at = ReportState.ACCEPTED, receipt_no.strip()[:80], at
    found.save(update_fields=["state", "receipt_no", "answered_at"])
    _seal(found, "exchange.accepted", {"receipt_no": found.receipt_no}, by, at)
    return found


@transaction.atomic
def return_report(*, batch: ReportBatch, errors: str, by: Any, at: datetime) -> ReportBatch:
    """The receiver sent it back; a new batch corrects it. Raises PermissionDenied, BatchRefused without a reason."""
    found = _opened(batch, by, ReportState.SENT)
    if not errors.strip():
        raise BatchRefused(_("请写明退回的原因。"))
    found.state, found.errors, found.answered_at = ReportState.RETURNED, errors.strip(), at
    found.save(update_fields=["state", "errors", "answered_at"])
    _seal(found, "exchange.returned", {"errors": found.errors}, by, at)
    return found


def _opened(batch: ReportBatch, by: Any, wanted: ReportState) -> ReportBatch:
    found: ReportBatch = ReportBatch.objects.select_for_update().get(pk=batch.pk)
    if not isinstance(by, str):
        check(REPORT_SEND, by)
        if not reach_of(by).covers(found.area_key):
            raise OutOfReach(_subject(found))
    if found.work:
        raise BatchRefused(_("这一批正在处理，请稍候。"))
    if found.state != wanted:
        raise BatchRefused(_("这一批已经是“%(state)s”，不能再做这一步。") % {"state": found.get_state_display()})
    return found


def _drawn(batch: ReportBatch) -> Any:
    names = [each["name"] for each in batch.columns]
    for row in batch.rows.order_by("pk").iterator(chunk_size=AT_ONCE):
        yield Row(dict(zip(names, row.values, strict=True)))


def _digest(row: FoundRow) -> bytes:
    return hashlib.sha256(json.dumps([row.key, row.values], ensure_ascii=False).encode()).digest()


def _seal(batch: ReportBatch, action: str, data: dict[str, Any], by: Any, at: datetime) -> None:
    seal(action=action, by=_name(by), subject=_subject(batch), data={"report": batch.report, **data}, at=at)


def _name(by: Any) -> str:
    return by if isinstance(by, str) else by.get_username()


def _subject(batch: ReportBatch) -> str:
    return f"exchange.reportbatch:{batch.pk}"
