"""Bare SQL as a request of somebody is bounded, for tests of row-level security."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.walls import Bounds, bounded_by


@contextmanager
def at_the_desk_of(user: Any) -> Iterator[None]:
    """As a request of the user is bounded."""
    with bounded_by(lambda: Bounds(user=user.pk, reach=reach_of(user))):
        yield


def counted(table: str) -> int:
    """The rows of a table that a statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])
