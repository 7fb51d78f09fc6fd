"""Traces on the command line."""

import typer

from shian.config import lifecycle, trace_verbs
from shian.config.home import Home
from shian.config.printing import print_line
from shian.config.steps import Steps

app = typer.Typer(no_args_is_help=True, help="Who held which lot.")


@app.callback()
def traces() -> None:
    """A group of commands, also while there is one."""


@app.command("distribute")
def distribute() -> None:
    """Place movements and events on several machines; says so where the database has no Citus extension."""
    home = Home.current()
    with Steps() as steps, lifecycle.database_in_use(home, steps) as database:
        trace_verbs.connect_as_owner(database, home)
        told = trace_verbs.distribute("cli")
    print_line(told)
