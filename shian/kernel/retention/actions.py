"""Verbs of retention. Seals are never removed, nor rows but messages whose time is over; of files, only the content
that nothing keeps."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.kernel.accounts.permissions import check
from shian.kernel.files.queries import path_of
from shian.kernel.notary.actions import seal
from shian.kernel.notices.actions import purge_messages
from shian.kernel.retention.models import Disposal, DisposalState, DisposedFile, Hold
from shian.kernel.retention.permissions import RETENTION_MANAGE
from shian.kernel.retention.queries import due_files, open_holds, own_models
from shian.kernel.retention.schedule import purged_before, schedule_at


class RetentionRefused(ValueError):
    """The step is not possible; the text says why."""


@transaction.atomic
def place_hold(*, table: str, key: str, reason: str, by: Any, at: datetime) -> Hold:
    """Keep a kind of record, or one record, whatever its time. Raises PermissionDenied, RetentionRefused."""
    check(RETENTION_MANAGE, by)
    if table not in own_models() or not reason.strip():
        raise RetentionRefused(_("请选择记录类别，并写明理由。"))
    hold = Hold.objects.create(
        table=table, key=key.strip(), reason=reason.strip()[:300], placed_at=at, placed_by=by.get_username()
    )
    _seal(
        "retention.held", f"retention.hold:{hold.pk}", {"table": table, "key": hold.key, "reason": hold.reason}, by, at
    )
    return hold


@transaction.atomic
def lift_hold(*, hold: Hold, by: Any, at: datetime) -> Hold:
    """End a hold. Raises PermissionDenied, RetentionRefused when it has ended."""
    check(RETENTION_MANAGE, by)
    found: Hold = Hold.objects.select_for_update().get(pk=hold.pk)
    if found.lifted_at is not None:
        raise RetentionRefused(_("保全已经解除。"))
    found.lifted_at, found.lifted_by = at, by.get_username()
    found.save(update_fields=["lifted_at", "lifted_by"])
    _seal("retention.lifted", f"retention.hold:{found.pk}", {"table": found.table, "key": found.key}, by, at)
    return found


@transaction.atomic
def propose_disposal(*, files: Sequence[int], reason: str, by: Any, at: datetime) -> Disposal:
    """Propose to remove contents that are due. Raises PermissionDenied, RetentionRefused."""
    check(RETENTION_MANAGE, by)
    if not reason.strip():
        raise RetentionRefused(_("请写明处置理由。"))
    due = due_files(timezone.localdate(at), list(files))
    if not due or len(due) != len(set(files)):
        raise RetentionRefused(_("所选文件中有尚在保管期内、已保全或已处置的，请刷新后重新选择。"))
    disposal = Disposal.objects.create(reason=reason.strip()[:300], proposed_at=at, proposed_by=by.get_username())
    DisposedFile.objects.bulk_create(
        DisposedFile(disposal=disposal, file=each.file, kept_until=each.until) for each in due
    )
    told = {"reason": disposal.reason, "files": [each.file.sha256 for each in due]}
    _seal("retention.proposed", f"retention.disposal:{disposal.pk}", told, by, at)
    return disposal


@transaction.atomic
def approve_disposal(*, disposal: Disposal, by: Any, at: datetime) -> Disposal:
    """The second person: what is still due is removed from disk once this is committed; the rest is kept.

    Raises PermissionDenied, RetentionRefused for the proposer and for a disposal that is decided.
    """
    found = _opened(disposal, by)
    lines = {line.file_id: line for line in found.files.select_related("file").select_for_update(of=("self",))}
    due = {each.file.pk for each in due_files(timezone.localdate(at), list(lines))}
    DisposedFile.objects.filter(disposal=found, file__in=due).update(is_removed=True)
    _decide(found, DisposalState.DONE, by, at)
    removed = [line.file.sha256 for pk, line in lines.items() if pk in due]
    kept = [line.file.sha256 for pk, line in lines.items() if pk not in due]
    told = {"removed": removed, "kept": kept, "proposed_by": found.proposed_by}
    _seal("retention.disposed", f"retention.disposal:{found.pk}", told, by, at)
    transaction.on_commit(lambda: _remove(removed))
    return found


@transaction.atomic
def reject_disposal(*, disposal: Disposal, by: Any, at: datetime) -> Disposal:
    """The second person says no. Raises PermissionDenied, RetentionRefused."""
    found = _opened(disposal, by)
    _decide(found, DisposalState.REJECTED, by, at)
    _seal("retention.rejected", f"retention.disposal:{found.pk}", {"reason": found.reason}, by, at)
    return found


def purge_due(*, at: datetime) -> dict[str, int]:
    """Remove rows of the tables that the schedule purges, held ones excepted; table → how many."""
    today, held = timezone.localdate(at), open_holds()
    removed = {}
    for kind in schedule_at(today).kinds.values():
        keys = {hold.key for hold in held if hold.table == kind.table}
        if not kind.is_purged or kind.rule.years is None or "" in keys:
            continue
        before = timezone.make_aware(datetime.combine(purged_before(today, kind.rule.years), time()))
        removed[kind.table] = purge_messages(table=kind.table, before=before, kept=keys, by="worker", at=at)
    return removed


def _opened(disposal: Disposal, by: Any) -> Disposal:
    check(RETENTION_MANAGE, by)
    found: Disposal = Disposal.objects.select_for_update().get(pk=disposal.pk)
    if found.state != DisposalState.PROPOSED:
        raise RetentionRefused(_("这次处置已经办结。"))
    if found.proposed_by == by.get_username():
        raise RetentionRefused(_("提出人不能自己批准，须由另一人办理。"))
    return found


def _decide(found: Disposal, state: DisposalState, by: Any, at: datetime) -> None:
    found.state, found.decided_at, found.decided_by = state, at, by.get_username()
    found.save(update_fields=["state", "decided_at", "decided_by"])


def _remove(digests: Sequence[str]) -> None:
    for sha256 in digests:
        path_of(sha256).unlink(missing_ok=True)


def _seal(action: str, subject: str, data: dict[str, Any], by: Any, at: datetime) -> None:
    seal(action=action, by=by.get_username(), subject=subject, data=data, at=at)
