"""Movements and events on more than one machine: Citus, where the database has it."""

from datetime import datetime

from django.db import connection, transaction

from shian.kernel.notary.actions import seal

# Each table and the column by which it is placed: what is asked together lies together. Months of events follow.
PLACED = {
    "trace_movement": "source",
    "trace_holding": "lot",
    "trace_event": "id",
    "trace_eventitem": "identifier",
    "trace_eventfigure": "name",
    "trace_eventreading": "event",
    "trace_captureblob": "capture",
}
# A placed table's key must hold its column.
KEYS = {"trace_movement": "source, id", "trace_holding": "lot, id"}


class NoCitus(RuntimeError):
    """The database has no Citus: everything stays on one machine, and walks may use recursion."""


@transaction.atomic
def distribute(*, by: str, at: datetime) -> list[str]:
    """Place the tables; those that are placed already stay. Names what was placed. Connect as their owner.

    Raises NoCitus where the extension is not installed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('pg_dist_partition') IS NOT NULL")
        if not cursor.fetchone()[0]:
            raise NoCitus("This PostgreSQL has no Citus extension; the movements stay on one machine.")
        cursor.execute("SELECT logicalrelid::regclass::text FROM pg_dist_partition")
        placed = {row[0] for row in cursor.fetchall()}
        waiting = {table: column for table, column in PLACED.items() if table not in placed}
        for table, column in waiting.items():
            if table in KEYS:
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey, ADD PRIMARY KEY ({KEYS[table]})")
            cursor.execute("SELECT create_distributed_table(%s, %s)", [table, column])
    if waiting:
        seal(action="trace.distributed", by=by, subject="trace.graph:1", data={"tables": sorted(waiting)}, at=at)
    return sorted(waiting)
