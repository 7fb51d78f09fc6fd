"""The one door to the queue."""

from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

AFTER_OTHERS = -10  # as procrastinate counts: what people wait for has 0


def defer(name: str, *, lock: str | None = None, line: str = "", **arguments: Any) -> bool:
    """Enqueue the task `name` in the caller's transaction; arguments are JSON values.

    With `lock`, a second job of the same lock is not enqueued while the first waits, and False is returned. Jobs of one
    `line` run one after another in the order in which they were enqueued, each when nothing without a line waits.
    """
    try:
        # The queue refuses the second job by an error of the database, which must not end the caller's transaction.
        with transaction.atomic():
            priority = AFTER_OTHERS if line else 0
            app.configure_task(name, queueing_lock=lock, lock=line or lock, priority=priority).defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True
