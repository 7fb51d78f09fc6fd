"""The worker process: runs the jobs that actions deferred, and keeps the sealed log growing (sequencing.py) and hears
the devices of cold stores (listening.py).

It polls each second: a worker that listens for notifications ends a few seconds after PostgreSQL does. The jobs
themselves keep Django's connection, so that a job an action defers inside a job belongs to the action's transaction.
"""

import os

import django
from django.utils.autoreload import run_with_reloader

from shian.config.listening import start_listening
from shian.config.loading import undisturbed
from shian.config.sequencing import start_sequencing

CONCURRENCY = 2
BEHIND = 5  # how far pages go before jobs where both want the processor, as `nice` counts
PATIENCE = 8.0  # seconds for running jobs at SIGTERM; what is cut off is handed out again


def main() -> None:
    """Run jobs until SIGTERM. Where the web goes through a pooler, SHIAN_WORKER_DATABASE_URL goes past it."""
    os.nice(BEHIND)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shian.config.settings")
    if direct := os.environ.get("SHIAN_WORKER_DATABASE_URL"):
        os.environ.update(DATABASE_URL=direct, SHIAN_POOLED="")
    with undisturbed():
        django.setup()
    from procrastinate.contrib.django import app

    from shian.kernel.scope.walls import work_as_system

    work_as_system()
    start_sequencing()
    start_listening()
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    app.with_connector(connector).run_worker(
        name=f"worker-{os.getpid()}",
        concurrency=CONCURRENCY,
        listen_notify=False,
        fetch_job_polling_interval=1.0,
        shutdown_graceful_timeout=PATIENCE,
        install_signal_handlers=os.environ.get("SHIAN_RELOAD") != "1",
        delete_jobs="never",
    )


def start() -> None:
    """The entry point."""
    if os.environ.get("SHIAN_RELOAD") == "1":
        run_with_reloader(main)
    else:
        main()


if __name__ == "__main__":
    from shian.config import worker  # under its real name, so that the queue's app does not belong to __main__

    worker.start()
