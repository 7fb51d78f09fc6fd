"""A process starts without what only some of its work needs: phrases, workbooks, forms and calendars cost time and
58 MB; the driver of the database, HTTP and Django are most of the time of a command that asks nothing of them."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("program", "late"),
    [
        ("shian.config.wsgi", ("pypinyin", "xlsxwriter", "pyxform", "icalendar")),
        ("shian.config.cli", ("psycopg", "asyncio", "http.client", "django")),
        ("shian.config.supervisor", ("psycopg", "asyncio", "http.client", "django", "typer", "rich")),
    ],
)
def test_a_process_starts_without_what_it_may_never_need(program: str, late: tuple[str, ...]) -> None:
    code = f"import {program}, sys; print([m for m in {late} if m in sys.modules])"

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"
