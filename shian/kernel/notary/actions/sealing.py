"""Sealing: called by every action, inside the transaction of what it seals."""

import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from shian.kernel.notary.models import Entry, Rows
from shian.kernel.notary.rules import content_of, leaf_data, plain, uuid7
from shian.kernel.notary.tree import root_of

SALT_BYTES = 16
# By hand, because this runs in every transaction: a model's own insert takes three times as long.
INSERT = """
INSERT INTO notary_entry (uid, action, actor, subject, at, data, salt, leaf_data, rows_root, rows_count)
VALUES (%s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s) RETURNING id
"""


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
    """Append one entry for many rows: the Merkle root over their 32-byte digests, in row order, which are kept."""
    rows = list(digests)
    root, count = root_of(rows)
    entry = _append(action=action, by=by, subject=subject, data=data, at=at, root=root, count=count)
    if rows:
        Rows.objects.create(entry_uid=entry.uid, digests=b"".join(rows))
    return entry


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
    content = content_of(
        uid=uid, action=action, actor=by, subject=subject, at=at, data=body, rows_root=root, rows_count=count
    )
    entry = Entry(
        uid=uid,
        action=action,
        actor=by,
        subject=subject,
        at=at,
        data=body,
        salt=salt,
        leaf_data=leaf_data(salt, content),
        rows_root=root,
        rows_count=count,
    )
    values: list[Any] = [uid, action, by, subject, at, json.dumps(body), salt, entry.leaf_data, root, count]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, values)
        entry.pk = cursor.fetchone()[0]
    entry._state.adding, entry._state.db = False, connection.alias
    return entry
