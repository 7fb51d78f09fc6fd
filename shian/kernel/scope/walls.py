"""The second wall: row-level security on cases and personal data, told by the connection whose reach is asking.

The first wall is `visible_to(user)`. Behind it the database compares the rows of a guarded table with seven settings
of the transaction (`shian.system`, `shian.everything`, `shian.user`, `shian.keys`, `shian.units`, `shian.by_unit`,
`shian.operators`: area keys, codes of organisations and keys of operators with commas between); without them it shows
no row. They are set, for this transaction only, in front of every statement that names a guarded table, unless they are
what was set last in this transaction (postgresql/base.py); other statements cost nothing, and one that reaches a
guarded table without naming it finds it empty, or as the last one that named it was shown it. What is set follows the
request's user; a process that is no web server says once that it works as the system, and a passage that must look
further says so:

    register_guarded("people_person", "people_post")      # apps.py of the app whose migration made the policies
    with system_scope(): ...                              # a passage that filters by itself
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from psycopg.pq import TransactionStatus

from shian.kernel.scope.reach import NOWHERE, Reach

SETTINGS = (
    "shian.system", "shian.everything", "shian.user", "shian.keys", "shian.units", "shian.by_unit", "shian.operators",
)  # fmt: skip
_SET = "SELECT " + ", ".join(f"set_config('{name}', %s, true)" for name in SETTINGS)


@dataclass(frozen=True)
class Bounds:
    """What the policies compare rows with. `user` is a primary key; the system sees everything."""

    is_system: bool = False
    user: int | None = None
    reach: Reach = NOWHERE

    def values(self) -> tuple[str, ...]:
        """The texts of SETTINGS, in their order."""
        return (
            "on" if self.is_system else "",
            "on" if self.reach.everything else "",
            str(self.user or ""),
            ",".join(self.reach.keys),
            ",".join(self.reach.organisations),
            "on" if self.reach.by_unit else "",
            ",".join(map(str, self.reach.operators)),
        )


NOBODY = Bounds()
SYSTEM = Bounds(is_system=True)
_guarded: set[str] = set()
_pattern: re.Pattern[str] | None = None
_process: Bounds = NOBODY
_asking: ContextVar[Callable[[], Bounds] | None] = ContextVar("bounds", default=None)


def register_guarded(*tables: str) -> None:
    """Name tables under row-level security: statements that name them are told whose reach is asking."""
    global _pattern
    _guarded.update(tables)
    _pattern = re.compile(rf"\b(?:{'|'.join(sorted(_guarded))})\b")


def guarded_tables() -> frozenset[str]:
    """The registered tables."""
    return frozenset(_guarded)


def work_as_system() -> None:
    """This process serves nobody (worker, command line, migrations): outside requests it sees every row."""
    global _process
    _process = SYSTEM


@contextmanager
def bounded_by(bounds: Callable[[], Bounds]) -> Iterator[None]:
    """Inside the block `bounds()` is asked in front of each statement on a guarded table."""
    token = _asking.set(bounds)
    try:
        yield
    finally:
        _asking.reset(token)


@contextmanager
def system_scope() -> Iterator[None]:
    """A block that sees every row: for reads that filter by reach themselves, and for writes that reach others."""
    with bounded_by(lambda: SYSTEM):
        yield


def install(connection: Any) -> None:
    """Stand in front of every statement of this connection, once, outside all other wrappers."""
    if guarded_execute not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, guarded_execute)


def guarded_execute(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """A database wrapper in Django's form: tell the transaction the bounds, then run the statement."""
    if _pattern is None or not _pattern.search(sql if isinstance(sql, str) else str(sql)):
        return execute(sql, params, many, context)
    asking = _asking.get()
    bounds = asking() if asking else _process
    connection = context["connection"]
    raw = connection.connection
    status = raw.info.transaction_status
    if status == TransactionStatus.INERROR:
        return execute(sql, params, many, context)
    if status == TransactionStatus.IDLE and raw.autocommit:
        with raw.transaction():
            raw.execute(_SET, bounds.values())
            return execute(sql, params, many, context)
    if status == TransactionStatus.IDLE or connection.told != bounds.values():
        raw.execute(_SET, bounds.values())
        connection.told = bounds.values()
    return execute(sql, params, many, context)
