"""Verbs of operator codes: issue, suspend, resume, revoke, replace, count a scan."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.census.models import CodeState, OperatorCode
from shian.domains.census.permissions import CODE_MANAGE, check_manages
from shian.domains.census.queries.codes import code_folder, code_keys, named_operators, without_code
from shian.domains.census.rules.codes import FOLLOWS, SERIAL_BYTES, serial_of
from shian.kernel.accounts.permissions import check
from shian.kernel.jobs.queue import defer
from shian.kernel.notary.actions import seal, seal_batch
from shian.kernel.notary.canonical import canonical_plain
from shian.kernel.notary.keys import keep_key
from shian.kernel.notary.notes import SignerKey
from shian.registers.operators.models import Operator

ISSUE = "census.issue_codes"
LOCK = "SELECT pg_advisory_xact_lock(hashtext('census.codes'))"
INSERT = """
INSERT INTO census_operatorcode
    (operator_id, serial, state, reason, seal, issued_by, issued_at, issued_on, changed_by)
SELECT operator, serial, 'active', '', %s, %s, %s, %s, '' FROM unnest(%s::bigint[], %s::text[]) AS n (operator, serial)
"""
COUNT = """
INSERT INTO census_codescan (code_id, day, role, count) VALUES (%s, %s, %s, 1)
ON CONFLICT (code_id, day, role) DO UPDATE SET count = census_codescan.count + 1
"""
DEEDS = {
    CodeState.SUSPENDED: "census.code_suspended",
    CodeState.ACTIVE: "census.code_resumed",
    CodeState.REVOKED: "census.code_revoked",
}


class CodeRefused(ValueError):
    """The operator's codes are in a state in which this cannot be done; the text says which."""


def signing_key() -> SignerKey:
    """The key that signs codes now; the first is made when there is none. It is kept in SHIAN_HOME/codes, mode 0600."""
    keys = code_keys()
    return keys[-1] if keys else keep_key(code_folder(), SignerKey("codes", Ed25519PrivateKey.generate()), number=1)


def ask_codes(*, by: str) -> bool:
    """Defer the job that issues what is missing; False while the same one waits already."""
    return defer(ISSUE, lock="census-issue-codes", by=by)


@transaction.atomic
def issue_missing_codes(*, by: str, at: datetime, only: Collection[str] | None = None) -> int:
    """A code for every operator that is not closed and has none; how many. Sealed as one batch, a digest for each.

    `by` names a program; `only` leaves it at the operators with these codes.
    """
    _lock()
    operators = without_code(timezone.localdate(at))
    return _issue(operators if only is None else operators.filter(code__in=only), by=by, at=at)


@transaction.atomic
def issue_codes(*, operators: Collection[str], by: Any, at: datetime) -> int:
    """The same for these operators, named by their codes and cut to the actor's reach. Raises PermissionDenied."""
    check(CODE_MANAGE, by)
    _lock()
    chosen = named_operators(operators, by)
    return _issue(without_code(timezone.localdate(at)).filter(pk__in=chosen.values("pk")), by=by.get_username(), at=at)


def _lock() -> None:
    """One issue at a time: who waits here finds what the other has issued."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)


def _issue(operators: Any, *, by: str, at: datetime) -> int:
    found = list(operators.order_by("pk").values_list("pk", "code"))
    if not found:
        return 0
    signing_key()
    serials = [serial_of(secrets.token_bytes(SERIAL_BYTES)) for _each in found]
    pairs = zip(found, serials, strict=True)
    entry = seal_batch(
        action="census.codes_issued",
        by=by,
        subject=f"census.codeissue:{at.isoformat()}",
        data={"codes": len(found)},
        digests=[code_digest(code, serial) for (_pk, code), serial in pairs],
        at=at,
    )
    day = timezone.localdate(at)
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [entry.uid, by, at, day, [pk for pk, _code in found], serials])
    return len(found)


def code_digest(operator: str, serial: str) -> bytes:
    """What a batch's root covers of one code: SHA-256 of the canonical JSON of operator and serial."""
    return hashlib.sha256(canonical_plain({"operator": operator, "serial": serial})).digest()


@transaction.atomic
def suspend_code(*, operator: Operator, reason: str, by: Any, at: datetime) -> OperatorCode:
    """The public page says that the code is suspended. Raises PermissionDenied, OutOfReach, CodeRefused."""
    return _change(operator, CodeState.SUSPENDED, reason, by, at)


@transaction.atomic
def resume_code(*, operator: Operator, reason: str, by: Any, at: datetime) -> OperatorCode:
    """A suspended code is valid again. Raises PermissionDenied, OutOfReach, CodeRefused."""
    return _change(operator, CodeState.ACTIVE, reason, by, at)


@transaction.atomic
def revoke_code(*, operator: Operator, reason: str, by: Any, at: datetime) -> OperatorCode:
    """The code is void for ever. Raises PermissionDenied, OutOfReach, CodeRefused."""
    return _change(operator, CodeState.REVOKED, reason, by, at)


@transaction.atomic
def replace_code(*, operator: Operator, reason: str, by: Any, at: datetime) -> OperatorCode:
    """Revoke the live code and issue another; the new one. Raises PermissionDenied, OutOfReach, CodeRefused."""
    if operator.closed_on is not None and operator.closed_on <= timezone.localdate(at):
        raise CodeRefused(_("主体已注销，不再换发二维码。"))
    _lock()
    old = _change(operator, CodeState.REVOKED, reason, by, at)
    serial, name = serial_of(secrets.token_bytes(SERIAL_BYTES)), by.get_username()
    entry = seal(
        action="census.code_replaced",
        by=name,
        subject=_subject(operator),
        data={"serial": serial, "before": old.serial, "reason": old.reason},
        at=at,
    )
    return OperatorCode.objects.create(
        operator=operator, serial=serial, seal=entry.uid, issued_by=name, issued_at=at, issued_on=timezone.localdate(at)
    )


def _change(operator: Operator, state: CodeState, reason: str, by: Any, at: datetime) -> OperatorCode:
    check_manages(by, operator)
    reason = reason.strip()
    if not reason:
        raise CodeRefused(_("请写明理由。"))
    live = OperatorCode.objects.select_for_update().filter(operator=operator).exclude(state=CodeState.REVOKED)
    code = live.first()
    if code is None:
        raise CodeRefused(_("该主体没有可用的二维码。"))
    if state not in FOLLOWS[code.state]:
        raise CodeRefused(_("二维码当前为“%(state)s”，不能这样处理。") % {"state": code.get_state_display()})
    code.state, code.changed_by, code.changed_at = state, by.get_username(), at
    code.reason = "" if state == CodeState.ACTIVE else reason
    code.ended_on = timezone.localdate(at) if state == CodeState.REVOKED else None
    code.save(update_fields=["state", "reason", "changed_by", "changed_at", "ended_on"])
    seal(
        action=DEEDS[state],
        by=by.get_username(),
        subject=_subject(operator),
        data={"serial": code.serial, "reason": reason},
        at=at,
    )
    return code


def _subject(operator: Operator) -> str:
    return f"operators.operator:{operator.code}"


def count_scan(*, code: int, role: str, at: datetime) -> None:
    """One more scan of this code today; `role` is a value of ScanRole.

    Only counted: who scanned is neither known nor kept, so nothing is sealed.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [code, timezone.localdate(at), role])
