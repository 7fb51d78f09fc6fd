"""Sealing: called by every action, inside the transaction of what it seals."""

import json
import secrets
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection

from shian.kernel.notary.models import Entry
from shian.kernel.notary.rules import content_of, leaf_data, plain, uuid7
from shian.kernel.notary.tree import root_of

SALT_BYTES = 16
COLUMNS = [field.attname for field in Entry._meta.concrete_fields]
# By hand, because this runs in every transaction: a model's own insert takes three times as long.
INSERT = """
INSERT INTO notary_entry (uid, action, actor, subject, at, data, salt, leaf_data, rows_root, rows_count)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
"""

INSERT_SEVERAL = """
INSERT INTO notary_entry (uid, action, actor, subject, at, data, salt, leaf_data, rows_root, rows_count)
SELECT x.uid, x.action, %s, x.subject, %s, x.data::jsonb, x.salt, x.leaf, NULL, NULL
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::bytea[], %s::bytea[])
    WITH ORDINALITY x (uid, action, subject, data, salt, leaf, place)
ORDER BY x.place
"""
INSERT_ROWS = "INSERT INTO notary_rows (entry_uid, digests) VALUES (%s, %s)"

_kept = threading.local()


class SealedOutsideTransaction(RuntimeError):
    """A seal without the transaction of its deed would outlive a rollback."""


@dataclass(frozen=True)
class Rooted:
    """Digests of many rows, 32 bytes each, in row order, with the Merkle root over them; `seal_batch` takes it."""

    digests: Sequence[bytes]
    root: bytes

    @classmethod
    def over(cls, digests: Iterable[bytes]) -> "Rooted":
        """Asks no database: any thread may do it while the rows are written."""
        rows = list(digests)
        return cls(rows, root_of(rows)[0])


@dataclass(frozen=True)
class Deed:
    """What one of several entries says, in the words of `seal`."""

    action: str
    subject: str
    data: Mapping[str, Any]


def seal(*, action: str, by: str, subject: str, data: Mapping[str, Any], at: datetime) -> Entry:
    """Append one entry. `by` is the actor's user name or a system name; `subject` is "app.model:key".

    Raises SealedOutsideTransaction outside a transaction, TypeError for data that has no canonical form.
    """
    return _append(action=action, by=by, subject=subject, data=data, at=at, root=None, count=None)


def seal_several(deeds: Sequence[Deed], *, by: str, at: datetime) -> None:
    """Append one entry for each deed of one actor at one moment, in their order, by one statement. Raises as `seal`."""
    if not connection.in_atomic_block:
        raise SealedOutsideTransaction(", ".join(each.action for each in deeds))
    columns: list[list[Any]] = [[] for _ in range(6)]
    for each in deeds:
        uid, salt, body = uuid7(), secrets.token_bytes(SALT_BYTES), plain(each.data)
        content = content_of(uid=uid, action=each.action, actor=by, subject=each.subject, at=at, data=body)
        row = (uid, each.action, each.subject, json.dumps(body), salt, leaf_data(salt, content))
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    if deeds:
        _executed(INSERT_SEVERAL, [by, at, *columns])


def seal_batch(
    *, action: str, by: str, subject: str, data: Mapping[str, Any], digests: Iterable[bytes] | Rooted, at: datetime
) -> Entry:
    """Append one entry for many rows: the Merkle root over their 32-byte digests, in row order, which are kept."""
    rows = digests if isinstance(digests, Rooted) else Rooted.over(digests)
    count = len(rows.digests)
    entry = _append(action=action, by=by, subject=subject, data=data, at=at, root=rows.root, count=count)
    if count:
        _executed(INSERT_ROWS, [entry.uid, b"".join(rows.digests)])  # in binary: it may be many megabytes
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
    if not connection.in_atomic_block:
        raise SealedOutsideTransaction(action)
    uid, salt, body = uuid7(), secrets.token_bytes(SALT_BYTES), plain(data)
    content = content_of(
        uid=uid, action=action, actor=by, subject=subject, at=at, data=body, rows_root=root, rows_count=count
    )
    leaf = leaf_data(salt, content)
    number = _inserted([uid, action, by, subject, at, json.dumps(body), salt, leaf, root, count])
    return Entry.from_db(
        connection.alias, COLUMNS, [number, uid, action, by, subject, at, body, salt, leaf, root, count]
    )


def _inserted(values: Sequence[Any]) -> int:
    """The new entry's number."""
    number: int = _executed(INSERT, values).fetchone()[0]
    return number


def _executed(statement: str, values: Sequence[Any]) -> Any:
    """The cursor, once it has run the statement. The server parses and plans it once per connection, the client
    likewise.

    Django's wrappers and its log of queries see it. `prepare_threshold` of the settings decides whether the server
    keeps the statement: behind a pooler it may run on another server connection than the one before.
    """
    raw = _cursor(connection.connection)
    cursor = connection.make_debug_cursor(raw) if connection.queries_logged else connection.make_cursor(raw)
    cursor.execute(statement, values)
    return raw


def _cursor(of: Any) -> Any:
    """This thread's cursor of the connection: making one takes as long as a statement."""
    if getattr(_kept, "connection", None) is not of:
        _kept.connection, _kept.cursor = of, psycopg.Cursor(of)
    return _kept.cursor
