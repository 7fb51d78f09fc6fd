"""Commands that work on the data: import, evaluate, figure, report, archive, createadmin.

They need no running web server: the database is started for their length when it rests.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from shian.config import lifecycle, verbs
from shian.config.database import schema_state
from shian.config.home import Home
from shian.config.printing import AsJson, print_json, print_line
from shian.config.problems import Problem
from shian.config.steps import Steps

Area = Annotated[str, typer.Option(help="Code of the area, e.g. 131000.")]
AsOf = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day to look at; default today.")]


class Administrator(StrEnum):
    """Who administers what; no account does two of them."""

    SECURITY = "security"
    ADMIN = "admin"
    AUDITOR = "auditor"


@contextmanager
def opened_data() -> Iterator[None]:
    """The database, up to date and reachable by Django; a screen only where its schema must be brought up to date."""
    with lifecycle.database_in_use(Home.current()) as database:
        state = database.migrated_state()
        if not state:
            raise Problem("The database is not set up yet; run `shian up` or `make demo` first.")
        if state != schema_state():
            with Steps() as steps:
                lifecycle.migrate(database, steps)
        verbs.connect(database, Home.current())
        yield


def _day(as_of: datetime | None) -> date:
    """The day that was asked for, else today. Raises Problem for a day to come: registers say nothing of it."""
    today = verbs.today()
    if as_of and as_of.date() > today:
        raise Problem(f"{as_of.date()} is still to come; today is {today}. Ask for today or an earlier day.")
    return as_of.date() if as_of else today


def import_files(
    path: Annotated[Path, typer.Argument(exists=True, help="A folder with datapackage.json, an XLSX or a CSV file.")],
    importer: Annotated[str | None, typer.Option(help="What the file holds; a data package says so itself.")] = None,
    area: Annotated[str | None, typer.Option(help="The area all rows must belong to.")] = None,
    expected_rows: Annotated[int | None, typer.Option(help="The total stated by the sender; a miss stops all.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Also import content that is in already.")] = False,
    json: AsJson = False,
) -> None:
    """Import registers, ledgers or an assessment sheet; bad rows come back as a workbook."""
    home = Home.current()
    with Steps() as steps, lifecycle.database_in_use(home, steps) as database:
        lifecycle.migrate(database, steps)
        verbs.connect(database, home)
        with steps.step(f"Import of {path.name}") as step:
            outcomes = verbs.import_path(
                path, by="cli", importer=importer, area=area, expected_rows=expected_rows, progress=step.reach,
                again=again,
            )  # fmt: skip
            if any(verbs.was_stopped(outcome) for outcome in outcomes):
                step.refuse()
        database.analyze()
    if json:
        print_json(outcomes)
    for outcome in [] if json else outcomes:
        print_line(verbs.outcome_line(outcome))
    if any(verbs.was_stopped(outcome) for outcome in outcomes):
        raise typer.Exit(2)


def evaluate(area: Area, as_of: AsOf = None, json: AsJson = False) -> None:
    """The 94 indicators of an area: state, basis, score and gap of each."""
    with opened_data():
        evaluation = verbs.evaluate(area=area, as_of=_day(as_of), by="cli")
        if json:
            print_json(evaluation)
        else:
            verbs.print_score_table(evaluation)


def figure(
    key: Annotated[str, typer.Argument(help="Key of the measure, e.g. operators.total.")],
    area: Area,
    as_of: AsOf = None,
    period: Annotated[str | None, typer.Option(help="A year, or a range the measure knows.")] = None,
    json: AsJson = False,
) -> None:
    """One figure of one area on one day."""
    with opened_data():
        answer = verbs.figure(key, area=area, as_of=_day(as_of), period=period)
    if json:
        print_json(answer)
    else:
        print_line(verbs.figure_line(answer))


def report(
    area: Area,
    as_of: AsOf = None,
    out: Annotated[Path | None, typer.Option(help="Where to write the document.")] = None,
    json: AsJson = False,
) -> None:
    """Write the self-assessment report of an area as a Word document."""
    if out and out.suffix.lower() != ".docx":
        raise Problem(f"{out} is not the name of a Word document; end it in .docx.")
    with opened_data():
        day = _day(as_of)
        target = out or Home.current().reports / f"self-assessment-{area}-{day}.docx"
        written = verbs.write_report(area=area, as_of=day, by="cli", out=target)
    told = {"path": str(written.path), "version": written.version, "outcome": written.outcome}
    print_json(told) if json else print_line(written.line)


def archive(
    area: Area,
    as_of: AsOf = None,
    out: Annotated[Path | None, typer.Option(help="Where to write the zip.")] = None,
    json: AsJson = False,
) -> None:
    """Archive the evaluation of an area: a folder per item, with an index that opens off line."""
    if out and out.suffix.lower() != ".zip":
        raise Problem(f"{out} is not the name of a zip file; end it in .zip.")
    with opened_data():
        day = _day(as_of)
        target = out or Home.current().reports / f"archive-{area}-{day}.zip"
        with Steps() as steps, steps.step(f"Archive of {area}") as step:
            made = verbs.make_archive(area=area, as_of=day, by="cli", out=target, progress=step.reach)
    print_json(made) if json else print_line(f"{made['path']}: {made['items']} items, {made['files']} files")


def _is_terminal() -> bool:
    return sys.stdin.isatty()


def create_admin(
    username: Annotated[str, typer.Argument(help="The name to sign in with.")],
    kind: Annotated[
        Administrator, typer.Option(help="security gives access, admin runs the system, auditor reads the log.")
    ] = Administrator.SECURITY,
    link: Annotated[bool, typer.Option("--link", help="Print a one-time activation code; ask for nothing.")] = False,
    json: AsJson = False,
) -> None:
    """Create one of the three administrators, first the one who gives access to all others.

    A terminal asks for the password, elsewhere a one-time activation code is printed.
    """
    is_asked = _is_terminal() and not link and not json
    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True) if is_asked else None
    with opened_data():
        made = verbs.create_admin(username, password, str(kind))
    port = lifecycle.serving_port(Home.current())
    page = f"{f'http://127.0.0.1:{port}' if port else ''}/account/activate/?username={quote(username)}"
    if json:
        print_json({**made, "page": page} if "activation_code" in made else made)
    elif "activation_code" in made:
        code, day = made["activation_code"], made["expires_at"][:10]
        print_line(f"Activation code of {username}, good once, until {day}: {code}")
        print_line(f"Enter it at {page}")
    else:
        print_line(f"{username} can sign in; a passkey or an authenticator app is asked for at the first sign-in.")
