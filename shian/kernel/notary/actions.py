"""Sealing: called by every action, inside the transaction of what it seals."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from shian.kernel.notary.models import Entry
from shian.kernel.notary.rules import leaf_hash, merkle_root, plain, uuid7

SALT_BYTES = 16


class SealedOutsideTransaction(RuntimeError):
    """A seal without the transaction of its deed would outlive a rollback."""


def seal(*, action: str, by: str, subject: str, data: Mapping[str, Any], at: datetime) -> Entry:
    """Append one entry. `by` is the actor's user name or a system name; `subject` is "app.model:key".

    Raises SealedOutsideTransaction outside a transaction, TypeError for data that has no canonical form.
    """
    return _append(action=action, by=by, subject=subject, data=data, at=at, root=None, count=None)


def seal_batch(
    *, action: str, by: str, subject: str, data: Mapping[str, Any], digests: Iterable[bytes], at: datetime
) -> Entry:
    """Append one entry for many rows: the Merkle root over their 32-byte digests, in row order."""
    root, count = merkle_root(digests)
    return _append(action=action, by=by, subject=subject, data=data, at=at, root=root, count=count)


def _append(
    *,
    action: str,
    by: str,
    subject: str,
    data: Mapping[str, Any],
    at: datetime,
    root: bytes | None,
    count: int | None,
) -> Entry:
    if not transaction.get_connection().in_atomic_block:
        raise SealedOutsideTransaction(action)
    uid, salt, body = uuid7(), secrets.token_bytes(SALT_BYTES), plain(data)
    content: dict[str, Any] = {
        "uid": str(uid),
        "action": action,
        "actor": by,
        "subject": subject,
        "at": at,
        "data": body,
    }
    if root is not None:
        content |= {"rows_root": root.hex(), "rows_count": count}
    return Entry.objects.create(
        uid=uid,
        action=action,
        actor=by,
        subject=subject,
        at=at,
        data=body,
        salt=salt,
        leaf_hash=leaf_hash(salt, content),
        rows_root=root,
        rows_count=count,
    )
