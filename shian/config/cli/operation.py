"""Commands for those who run it: migrate, backup, restore."""

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from shian.config import lifecycle
from shian.config.home import Home
from shian.config.printing import AsJson, print_json, print_line
from shian.config.problems import Problem
from shian.config.steps import Steps


def migrate() -> None:
    """Bring the schema up to date and end; web and worker start only after this succeeded."""
    home = Home.current()
    with Steps() as steps, lifecycle.database_in_use(home, steps) as database:
        lifecycle.migrate(database, steps)


def backup(
    target: Annotated[
        Path | None, typer.Argument(help="A file, or a folder for a new file; default backups/ in the home folder.")
    ] = None,
    keep: Annotated[int | None, typer.Option(min=1, help="Then keep only so many backups in that folder.")] = None,
    json: AsJson = False,
) -> None:
    """Write database, stored files and keys into one file, while Shian runs or rests."""
    from shian.config.operation import backup as backups

    home = Home.current()
    made = backups.default_target(home)
    path = made if target is None else target / made.name if target.is_dir() else target
    with Steps() as steps, lifecycle.database_in_use(home, steps) as database:
        if not database.migrated_state():
            raise Problem("There is nothing to back up yet; run `shian up` or `make demo` first.")
        with steps.step("Backup") as step:
            manifest = backups.back_up(home, database, path)
            rows, size = sum(manifest.tables.values()), path.stat().st_size
            step.say(f"{rows:,} rows, {len(manifest.members):,} files, {size / 2**20:,.0f} MB")
        forgotten = backups.forget_older(path.parent, keep) if keep else []
    told = {"path": str(path), "rows": rows, "bytes": size, "removed": [str(each) for each in forgotten]}
    print_json(told) if json else print_line(str(path))


def restore(
    source: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A file that `shian backup` wrote.")],
    json: AsJson = False,
) -> None:
    """Bring a backup to life in an empty home folder (SHIAN_HOME) or an empty database (DATABASE_URL)."""
    from shian.config.operation import backup as backups

    home = Home.current()
    if lifecycle.is_up(home):
        raise Problem("Shian runs here; stop it with `shian down`, or name another SHIAN_HOME to restore into.")
    with Steps() as steps, lifecycle.database_in_use(home, steps) as database:
        with steps.step(f"Restore of {source.name}") as step:
            manifest = backups.restore(home, database, source)
            step.say(f"{sum(manifest.tables.values()):,} rows as of {manifest.made_at}")
        lifecycle.migrate(database, steps)
    print_json(dataclasses.asdict(manifest)) if json else print_line("Restored; `shian up` serves it.")
