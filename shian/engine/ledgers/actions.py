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
from shian.engine.ledgers.models import LedgerRow
from shian.engine.ledgers.permissions import enter_into
from shian.engine.ledgers.queries import key_of, texts_of
from shian.kernel.accounts.permissions import check
from shian.kernel.files.actions import FileRefused, store_file
from shian.kernel.imports.actions import Stated, upload_file
from shian.kernel.imports.actions.batches import run
from shian.kernel.imports.models import BatchState, ImportBatch

IMAGES = frozenset({"png", "jpg"})
DOCUMENTS = IMAGES | {"pdf", "docx", "xlsx"}


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
    check(enter_into(ledger), by)
    stream = io.StringIO()
    sheet = csv.writer(stream)
    sheet.writerow(each.name for each in ledger.given)
    sheet.writerow(values.get(each.name, "") for each in ledger.given)
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


@transaction.atomic
def add_row(
    *, ledger: Ledger, values: Mapping[str, str], files: Mapping[str, Any], by: Any, at: datetime
) -> ImportBatch:
    """Enter a row that was not there. `files` are uploads by field name.

    Raises PermissionDenied, RowRefused (also for a natural key that is taken: such a row is corrected instead).
    """
    check(enter_into(ledger), by)
    taken = LedgerRow.objects.filter(ledger=ledger.key, key=key_of(ledger, values))
    if taken.exists():
        first = str(ledger.titles[ledger.key_fields[0]])
        raise RowRefused([(first, _("同一编号已有记录，请打开该记录进行更正。"))])
    return enter_row(ledger=ledger, values={**values, **_stored(ledger, files, by, at)}, by=by, at=at)


@transaction.atomic
def correct_row(
    *, ledger: Ledger, row: LedgerRow, values: Mapping[str, str], files: Mapping[str, Any], by: Any, at: datetime
) -> ImportBatch:
    """Correct a row that the user sees; its natural key stays, files and personal data that are not replaced stay,
    and what it said before is kept. Raises PermissionDenied, RowRefused."""
    check(enter_into(ledger), by)
    said = texts_of(ledger, row)
    hidden = [each.name for each in ledger.fields if each.is_kept and not values.get(each.name)]
    kept = {name: said[name] for name in (*hidden, *ledger.key_fields)}
    return enter_row(ledger=ledger, values={**values, **kept, **_stored(ledger, files, by, at)}, by=by, at=at)


def _stored(ledger: Ledger, files: Mapping[str, Any], by: Any, at: datetime) -> dict[str, str]:
    """Field name → SHA-256 of the files that were given. Raises RowRefused."""
    digests = {}
    for name, upload in files.items():
        field = ledger.by_name[name]
        kinds = IMAGES if field.type == "image" else DOCUMENTS
        try:
            kept = store_file(name=upload.name, stream=upload, kinds=kinds, by=by.get_username(), at=at)
        except FileRefused as refused:
            raise RowRefused([(str(field.title), str(refused))]) from refused
        digests[name] = kept.sha256
    return digests


def _untold(percent: int, step: str) -> None:
    """One row needs no progress."""
