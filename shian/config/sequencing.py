"""Keeps the log growing: a thread of the worker process that numbers waiting entries every second.

A thread and no job, because a job each second would leave a row each second. Any number of workers may do it at once:
one holds the lock. Whatever goes wrong is told once and tried again; a killed worker leaves nothing half done.
"""

import logging
import threading

from django.db import Error

PAUSE = 1.0
LONGEST_PAUSE = 60.0
log = logging.getLogger("shian.notary")


def keep_sequencing(stopped: threading.Event) -> None:
    """Until `stopped`: number what waits, at once again while there is more, else after a pause."""
    pause, said = PAUSE, ""
    while not stopped.wait(pause):
        try:
            while _sequence_once() and not stopped.is_set():
                continue
            pause, said = PAUSE, ""
        except (Error, OSError, RuntimeError, ValueError) as error:
            pause = min(pause * 2, LONGEST_PAUSE)
            if str(error) != said:
                log.error("the log does not grow: %s", error)
            said = str(error)


def _sequence_once() -> int:
    from django.db import close_old_connections
    from django.utils import timezone

    from shian.kernel.notary.actions import sequence

    close_old_connections()
    return sequence(at=timezone.now())


def start_sequencing() -> threading.Event:
    """Start the thread; it ends with the process, or when the event is set."""
    stopped = threading.Event()
    threading.Thread(target=keep_sequencing, args=(stopped,), name="sequencing", daemon=True).start()
    return stopped
