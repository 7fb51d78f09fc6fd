"""Commands for those who write packs: check a ledger before it is used."""

from pathlib import Path
from typing import Annotated

import typer

from shian.config import verbs
from shian.config.printing import AsJson, print_json, print_line

app = typer.Typer(no_args_is_help=True, help="Declarations of ledgers.")


@app.callback()
def ledger() -> None:
    """Declarations of ledgers."""


@app.command("check")
def check(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="packs/ledgers/<key>.yaml")],
    json: AsJson = False,
) -> None:
    """Read a declaration and tell every mistake with its line; ends with 1 when there is one."""
    faults = verbs.ledger_faults(file)
    if json:
        print_json([{"line": each.line, "text": each.text} for each in faults])
    else:
        for each in faults:
            print_line(f"{file}:{each.line}: {each.text}")
        if not faults:
            print_line(f"{file}: in order.")
    if faults:
        raise typer.Exit(1)
