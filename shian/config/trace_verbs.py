"""The verbs of traces for the command line."""

import os

from shian.config.database import Database
from shian.config.home import Home
from shian.config.loading import undisturbed
from shian.config.problems import Problem


def connect_as_owner(database: Database, home: Home) -> None:
    """Set Django up on this database in the role that owns its tables, once per process."""
    os.environ.update({**database.owner_environment(), "SHIAN_HOME": str(home.folder)})
    os.environ.setdefault("SHIAN_LOG_LEVEL", "WARNING")
    with undisturbed():
        import django

        django.setup()
    from shian.kernel.scope.walls import work_as_system

    work_as_system()


def distribute(by: str) -> str:
    """Place movements and events on the machines of Citus. Raises Problem where the database has no Citus."""
    from django.utils import timezone

    from shian.engine.trace.actions import distributing

    try:
        placed = distributing.distribute(by=by, at=timezone.now())
    except distributing.NoCitus as error:
        raise Problem(str(error)) from None
    if not placed:
        return "Everything is placed already."
    return f"Placed: {', '.join(placed)}. Restart `shian up`, so that every process walks level by level."
