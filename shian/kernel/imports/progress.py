"""Progress of a running batch, written by a connection of its own, so that others see it before the work is committed.

The work itself touches the batch's row only in its last statement, so that the two never wait for each other; should
they, the lock timeout lets the progress go.
"""

import time
from types import TracebackType
from typing import Self

from django.db import DatabaseError, connection

EVERY_SECONDS = 0.5
SQL = "UPDATE imports_importbatch SET percent = %s, step = %s WHERE id = %s AND work <> ''"


class ProgressWriter:
    """Call it with a percentage and a step; it writes at most twice a second and never fails the work."""

    def __init__(self, batch: int) -> None:
        self.batch = batch
        self.own = connection.copy()
        self.written = 0.0
        self.is_broken = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.own.close()

    def __call__(self, percent: int, step: str) -> None:
        now = time.monotonic()
        if self.is_broken or now - self.written < EVERY_SECONDS:
            return
        self.written = now
        try:
            with self.own.cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
                cursor.execute(SQL, [percent, step[:60], self.batch])
        except DatabaseError:
            self.is_broken = True
