"""The one door to the queue."""

from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


def defer(name: str, *, lock: str | None = None, **arguments: Any) -> bool:
    """Enqueue the task `name` in the caller's transaction; arguments are JSON values.

    With `lock`, a second job of the same lock is not enqueued while the first waits, and False is returned.
    """
    try:
        # The queue refuses the second job by an error of the database, which must not end the caller's transaction.
        with transaction.atomic():
            app.configure_task(name, queueing_lock=lock, lock=lock).defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True
