"""The web server: `python -m shian.config.web --host … --port …`, and whatever else granian's command line takes.

Its workers are forked from a process that has loaded every page: the program is loaded once instead of once for each,
they share its memory, and one that ended is back at once. The first process itself answers nothing.
"""

import sys
from importlib import import_module

APPLICATION = "shian.config.wsgi:application"
TERMS = ("--interface", "wsgi", "--no-ws", "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers")


def serve(*options: str, application: str = APPLICATION) -> None:
    """Load the application, and serve it until SIGTERM; `options` go over ours."""
    import_module(application.partition(":")[0])
    from granian.cli import cli

    cli([*TERMS, *options, application], auto_envvar_prefix="GRANIAN")


if __name__ == "__main__":
    serve(*sys.argv[1:])
