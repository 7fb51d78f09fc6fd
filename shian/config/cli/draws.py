"""Draws on the command line."""

from pathlib import Path
from typing import Annotated

import typer

from shian.config import draw_verbs
from shian.config.printing import AsJson, print_json, print_line

app = typer.Typer(no_args_is_help=True, help="Provable draws.")


@app.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The published record of a draw.")],
    json: AsJson = False,
) -> None:
    """Draw again from a published record, without a database, and name the first difference."""
    told = draw_verbs.verify(file)
    if json:
        print_json(told.as_json())
    else:
        for line in told.lines:
            print_line(line)
    if not told.holds:
        raise typer.Exit(1)
