"""Verbs of exchange: import for a system; take, check, send, and what the receiver answers."""

import hashlib
import json
from datetime import date, datetime
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from shian.engine.exchange.declarations import System, report
from shian.engine.exchange.models import ReportBatch, ReportRow, ReportState, SystemImport
from shian.engine.exchange.permissions import EXCHANGE_IMPORT, REPORT_SEND
from shian.engine.exchange.rows import FoundRow, headings_of, rows_of_report, totals_of
from shian.engine.ledgers.exports import make_export
from shian.kernel.accounts.permissions import check
from shian.kernel.files.actions import store_file
from shian.kernel.imports.actions import Stated, start_work, upload_file
from shian.kernel.imports.models import ImportBatch, Work
from shian.kernel.notary.actions import seal, seal_batch
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import code_of_key, columns_of_key, key_of_code
from shian.kernel.ui.tables import Column, Row

AT_ONCE = 5_000


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
    start_work(batch=batches[0], work=Work.CHECK, by=by, at=at)
    return batches


@transaction.atomic
def take_report(
    *, key: str, area: str, as_of: date, by: Any, at: datetime, corrects: ReportBatch | None = None
) -> ReportBatch:
    """Freeze the rows of a report for an area (a code) on a day.

    Raises PermissionDenied, OutOfReach, LookupError, BatchRefused for a day to come or a report without rows.
    """
    check(REPORT_SEND, by)
    declared, area_key = report(key), key_of_code(area)
    if not reach_of(by).covers(area_key):
        raise OutOfReach(f"exchange.area:{area}")
    if as_of > timezone.localdate(at):
        raise BatchRefused(_("%(day)s 还没有到，请选今天或以前的日期。") % {"day": as_of})
    with override(settings.LANGUAGE_CODE):
        rows = list(rows_of_report(declared, area_key, as_of))
        totals = totals_of(declared, rows)
    if not rows:
        raise BatchRefused(_("这一天没有可以报送的数据，请先导入相应的登记簿。"))
    batch = ReportBatch.objects.create(
        report=key, area_key=area_key, as_of=as_of, definition=declared.digest, columns=headings_of(declared),
        totals=totals, rows_count=len(rows), problem_rows=sum(bool(row.problems) for row in rows), corrects=corrects,
        taken_at=at, taken_by=by.get_username(), **columns_of_key(area_key),
    )  # fmt: skip
    ReportRow.objects.bulk_create(
        (ReportRow(batch=batch, key=r.key, group=r.group, values=r.values, problems=r.problems) for r in rows),
        batch_size=AT_ONCE,
    )
    told = {"report": key, "area": code_of_key(area_key), "as_of": as_of, "rows": len(rows), "totals": totals}
    seal_batch(
        action="exchange.taken", by=by.get_username(), subject=_subject(batch),
        data={**told, "corrects": corrects.pk if corrects else None}, digests=[_digest(row) for row in rows], at=at,
    )  # fmt: skip
    return batch


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
def send_report(*, batch: ReportBatch, by: Any, at: datetime) -> ReportBatch:
    """Write the file that is handed over and freeze the batch. Raises PermissionDenied, BatchRefused."""
    found = _opened(batch, by, ReportState.CHECKED)
    declared = report(found.report)
    with override(settings.LANGUAGE_CODE):
        columns = [Column(each["name"], each["title"]) for each in found.columns]
        made = make_export(
            name=f"{declared.title} {code_of_key(found.area_key)} {found.as_of}",
            format="xlsx",
            columns=columns,
            rows=_drawn(found),
            facts={_("报送"): str(declared.title), _("数据时点"): found.as_of.isoformat()},
            by=by.get_username(),
            at=at,
        )
    with made.file as stream:
        stored = store_file(
            name=f"{made.name}.xlsx", stream=cast("BinaryIO", stream), kinds=("xlsx",), by=by.get_username(), at=at
        )
    found.state, found.file, found.sent_at, found.sent_by = ReportState.SENT, stored, at, by.get_username()
    found.save(update_fields=["state", "file", "sent_at", "sent_by"])
    _seal(found, "exchange.sent", {"file": stored.sha256, "rows": found.rows_count}, by, at)
    return found


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
    check(REPORT_SEND, by)
    found: ReportBatch = ReportBatch.objects.select_for_update().get(pk=batch.pk)
    if not reach_of(by).covers(found.area_key):
        raise OutOfReach(_subject(found))
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
    seal(action=action, by=by.get_username(), subject=_subject(batch), data={"report": batch.report, **data}, at=at)


def _subject(batch: ReportBatch) -> str:
    return f"exchange.reportbatch:{batch.pk}"
