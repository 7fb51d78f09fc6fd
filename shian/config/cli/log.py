"""Commands of the sealed log: verify, seal-export, log-key."""

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from shian.config import log_verbs
from shian.config.cli.answers import opened_data
from shian.config.home import Home
from shian.config.printing import AsJson, print_json, print_line
from shian.config.problems import Problem

Keys = Annotated[
    list[str] | None, typer.Option("--key", help="The log's public key, name+id+base64, or a file that holds it.")
]


def verify(
    export: Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, help="An export of seals.")] = None,
    key: Keys = None,
    json: AsJson = False,
) -> None:
    """Verify an export off line with the public key; without an export, everything that is stored here."""
    if export and not key:
        raise Problem(
            "An export proves nothing without the log's public key: add --key, and ask the body that made it."
        )
    with nullcontext() if export else opened_data():
        outcome = log_verbs.verify(export, key or [])
    if json:
        print_json({**vars(outcome), "holds": outcome.holds})
    else:
        for problem in outcome.problems:
            print_line(f"✗ {problem}")
        print_line(log_verbs.verdict_line(outcome))
    if not outcome.holds:
        raise typer.Exit(1)


def seal_export(
    out: Annotated[Path, typer.Argument(help="The zip to write.")],
    subject: Annotated[
        str | None, typer.Option(help="One record, e.g. operators.operator:<code>; without it the whole log.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Write seals, their proofs and the files that they name into a zip that can be verified off line."""
    with opened_data():
        told = log_verbs.export_seals(out, subject=subject, by="cli")
    absent = f", {len(told.absent)} files are not here" if told.absent else ""
    if json:
        print_json(vars(told))
    else:
        print_line(f"{told.entries:,} entries and {told.files} files in {out}{absent}.")


def log_key(
    add: Annotated[bool, typer.Option("--add", help="Make a further key; checkpoints then carry both.")] = False,
    json: AsJson = False,
) -> None:
    """The public keys of the log. Private ones stay in SHIAN_HOME/notary."""
    home = Home.current()
    keys = log_verbs.log_keys(home, add=add)
    if json:
        print_json(keys)
    else:
        for key in keys:
            print_line(key)
