"""The connection: knows what its transaction was told (walls.py), and whether it lives, without asking the server.

ENGINE of the settings names this package.
"""

import select
import time
from typing import Any

from django.db.backends.postgresql import base

TRUSTED = 30.0  # seconds: how long a connection that answered is known to be there when its socket is silent


class DatabaseWrapper(base.DatabaseWrapper):
    """`told`: the bounds that hold for what is left of this transaction, None where nobody knows; SET LOCAL ends with
    the transaction, and is undone with the savepoint after which it was said."""

    told: tuple[str, ...] | None = None
    _answered_at = float("-inf")

    def is_usable(self) -> bool:
        """Django asks before each request. A server that ends a connection closes its socket, which then has something
        to read; only after such news, an error or a long pause is the server itself asked."""
        if self._is_at_hand():
            return True
        usable: bool = super().is_usable()
        self._answered_at = time.monotonic() if usable else float("-inf")
        return usable

    def _is_at_hand(self) -> bool:
        if self.connection is None or self.connection.closed or self.errors_occurred:
            return False
        return time.monotonic() - self._answered_at < TRUSTED and not _has_news(self.connection.fileno())

    def connect(self) -> None:
        super().connect()
        self.told, self._answered_at = None, time.monotonic()

    def _set_autocommit(self, autocommit: bool) -> None:
        self.told = None
        super()._set_autocommit(autocommit)  # type: ignore[misc]

    def _commit(self) -> Any:
        self.told = None
        return super()._commit()  # type: ignore[misc]

    def _rollback(self) -> Any:
        self.told = None
        return super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        self.told = None
        super()._savepoint_rollback(sid)  # type: ignore[misc]


def _has_news(socket: int) -> bool:
    """Is there anything to read, the end of the connection included?"""
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))
