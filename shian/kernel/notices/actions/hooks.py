"""Hooks: addresses outside that are told of a reader's notices, and the messages on their way to them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.kernel.accounts.permissions import check
from shian.kernel.files.outbound import FetchRefused, check_url, post
from shian.kernel.notary.actions import seal
from shian.kernel.notices.models import Hook, HookMode, Notice, Push, PushState
from shian.kernel.notices.payloads import message, refusal
from shian.kernel.notices.permissions import HOOK_MANAGE
from shian.kernel.notices.queries import due_hooks
from shian.kernel.notices.rules import is_quiet, push_moment
from shian.kernel.scope.walls import system_scope

SENDER = "worker"
DIGEST_AT = time(8)
AT_ONCE = 50  # notices of one message


class HookRefused(ValueError):
    """The address may not be used, or the hook has ended; the text says why."""


@transaction.atomic
def register_hook(*, told: dict[str, Any], by: Any, at: datetime) -> Hook:
    """A new hook: name, kind, url, secret, reader, mode, quiet_from, quiet_to.

    Raises PermissionDenied, HookRefused for an address in the clear or of another form. Hosts of the own network are
    refused when something is sent, unless SHIAN_WEBHOOK_HOSTS names them.
    """
    check(HOOK_MANAGE, by)
    try:
        parts = check_url(told["url"])
    except FetchRefused as refused:
        raise HookRefused(str(refused)) from None
    if parts.scheme != "https" and parts.netloc not in settings.SHIAN_WEBHOOK_HOSTS:
        raise HookRefused(_("消息要经加密的 https 网址发送。"))
    hook: Hook = Hook.objects.create(**told, created_at=at)
    data = {"name": hook.name, "kind": hook.kind, "reader": hook.reader.get_username(), "mode": hook.mode}
    _seal("notices.hook_registered", hook, {**data, "host": parts.netloc}, by.get_username(), at)
    return hook


@transaction.atomic
def end_hook(*, hook: Hook, by: Any, at: datetime) -> Hook:
    """Nothing goes there any more, what waits neither. Raises PermissionDenied, HookRefused when it has ended."""
    found = _opened(hook, by)
    found.ended_at = at
    found.save(update_fields=["ended_at"])
    dropped = found.pushes.filter(state=PushState.WAITING).update(state=PushState.PASSED)
    _seal("notices.hook_ended", found, {"name": found.name, "dropped": dropped}, by.get_username(), at)
    return found


@transaction.atomic
def try_hook(*, hook: Hook, by: Any, at: datetime) -> Push:
    """Send a trial as soon as the worker can, quiet hours or not. Raises PermissionDenied, HookRefused."""
    found = _opened(hook, by)
    push: Push = Push.objects.create(hook=found, next_at=at, created_at=at)
    _seal("notices.hook_tried", found, {"name": found.name}, by.get_username(), at)
    return push


@transaction.atomic
def retry_pushes(*, hook: Hook, by: Any, at: datetime) -> int:
    """Put what failed back in the queue; how many. Raises PermissionDenied, HookRefused."""
    found = _opened(hook, by)
    failed = found.pushes.filter(state=PushState.FAILED)
    count = failed.update(state=PushState.WAITING, attempts=0, next_at=at, error="")
    _seal("notices.push_retried", found, {"count": count}, by.get_username(), at)
    return count


def queue_pushes(*, notices: Sequence[Notice], at: datetime) -> int:
    """A push of each notice to each hook of its reader, in the caller's transaction; how many."""
    by_reader: dict[int, list[Notice]] = defaultdict(list)
    for notice in notices:
        by_reader[notice.recipient_id].append(notice)
    local, rows = timezone.localtime(at), []
    for hook in Hook.objects.filter(ended_at__isnull=True, reader__in=by_reader):
        moment = push_moment(local, daily_at=DIGEST_AT if hook.mode == HookMode.DAILY else None, quiet=hook.quiet)
        rows += [Push(hook=hook, notice=each, next_at=moment, created_at=at) for each in by_reader[hook.reader_id]]
    Push.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def deliver_pushes(*, at: datetime) -> int:
    """Send what is due: one message to each hook, in its own transaction; how many hooks took theirs.

    A hook is locked while it is sent to, so two workers never send the same thing. A worker killed between the
    receiver's answer and the commit sends it again, under the same webhook-id.
    """
    with system_scope():
        return sum(_deliver(number, at) for number in due_hooks(at))


@transaction.atomic
def _deliver(number: int, at: datetime) -> bool:
    free = Hook.objects.select_for_update(skip_locked=True, of=("self",)).select_related("reader")
    hook = free.filter(pk=number, ended_at__isnull=True).first()
    if hook is None:
        return False
    due = _wanted(hook, at)
    if not due:
        return False
    error = _sent(hook, due, at)
    for push in due:
        push.tried(error, at)
    Push.objects.bulk_update(due, ["state", "attempts", "error", "sent_at", "next_at"])
    ended = [push for push in due if push.state != PushState.WAITING]
    if ended:
        data = {"state": str(ended[0].state), "count": len(ended), "pushes": [push.pk for push in ended]}
        _seal("notices.push_ended", hook, data, SENDER, at)
    return not error


def _wanted(hook: Hook, at: datetime) -> list[Push]:
    """What is due and still wanted: a digest leaves out what was read meanwhile, quiet hours all but trials."""
    waiting = hook.pushes.filter(state=PushState.WAITING, next_at__lte=at)
    if hook.mode == HookMode.DAILY:
        waiting.filter(notice__read_at__isnull=False).update(state=PushState.PASSED)
    if is_quiet(timezone.localtime(at).time(), hook.quiet):
        waiting = waiting.filter(notice__isnull=True)
    found = list(waiting.select_related("notice").order_by("pk")[:AT_ONCE])
    trials = [push for push in found if push.notice_id is None]
    return trials[:1] or found


def _sent(hook: Hook, pushes: Sequence[Push], at: datetime) -> str:
    """What went wrong, "" when the receiver took the message."""
    made = message(hook, pushes, at)
    try:
        answer = post(made.url, made.body, headers=made.headers, inner_hosts=settings.SHIAN_WEBHOOK_HOSTS)
    except FetchRefused as refused:
        return str(refused)
    return refusal(hook, answer)


def _opened(hook: Hook, by: Any) -> Hook:
    check(HOOK_MANAGE, by)
    found: Hook = Hook.objects.select_for_update(of=("self",)).get(pk=hook.pk)
    if found.ended_at is not None:
        raise HookRefused(_("这个通道已经停用。"))
    return found


def _seal(action: str, hook: Hook, data: dict[str, Any], by: str, at: datetime) -> None:
    seal(action=action, by=by, subject=f"notices.hook:{hook.pk}", data=data, at=at)
