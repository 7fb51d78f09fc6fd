"""What is written about ledgers besides files: a row typed on a page, and that somebody took rows out."""

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.engine.ledgers.declarations import Ledger
from shian.engine.ledgers.exports import Export
from shian.engine.ledgers.permissions import LEDGER_EXPORT
from shian.kernel.accounts.permissions import check
from shian.kernel.disclosures import actions as disclosures
from shian.kernel.disclosures.models import Disclosure
from shian.kernel.imports.actions import Stated, upload_file
from shian.kernel.imports.actions.batches import run
from shian.kernel.imports.models import BatchState, ImportBatch


class RowRefused(ValueError):
    """The row breaks the ledger's declaration or lies outside the user's reach; `problems` name the columns."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("；".join(f"{column}：{text}" if column else text for column, text in problems))
        self.problems = problems


@transaction.atomic
def enter_row(*, ledger: Ledger, values: Mapping[str, str], by: Any, at: datetime) -> ImportBatch:
    """Enter one row as a file of one row through the ordinary importer: same checks, scope, history and seal.

    A row with the same natural key is corrected, and what it said before is kept. `values` are texts by field name.
    Raises PermissionDenied, RowRefused; then nothing is written.
    """
    stream = io.StringIO()
    sheet = csv.writer(stream)
    sheet.writerow(each.name for each in ledger.fields)
    sheet.writerow(values.get(each.name, "") for each in ledger.fields)
    (batch,) = upload_file(
        importer_key=f"ledger.{ledger.key}",
        name=f"{ledger.title} {_('单行录入')}.csv",
        stream=io.BytesIO(stream.getvalue().encode()),
        stated=Stated(effective_on=timezone.localdate(at)),
        by=by,
        at=at,
    )
    done = run(batch, by=by.get_username(), at=at, write=True, tell=_untold)
    if done.state != BatchState.ACCEPTED:
        found = done.problems.filter(severity="error").order_by("id").values_list("column", "reason", "remedy")
        told = [(column, "，".join(filter(None, [reason, remedy]))) for column, reason, remedy in found]
        raise RowRefused(told or [("", done.error)])
    return done


def _untold(percent: int, step: str) -> None:
    """One row needs no progress."""


@transaction.atomic
def record_export(*, subject: str, made: Export, by: Any, at: datetime) -> Disclosure:
    """Record that the user exported rows: what, with which filter, how many, why, with which checksum."""
    check(LEDGER_EXPORT, by)
    return disclosures.record_export(
        subject=subject, title=made.name, rows=made.rows, facts=made.facts, reason=made.reason,
        personal=made.personal, by=by, at=at,
    )  # fmt: skip
