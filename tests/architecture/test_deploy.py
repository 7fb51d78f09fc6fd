"""What stands in deploy/ names what the program reads, and nothing else."""

import re

from tests.architecture.sources import PROJECT, application_files

READ = re.compile(r'environ(?:ment)?(?:\.get\(|\[)\s*"((?:SHIAN_|DATABASE_URL)[A-Z_]*)"')
NAMED = re.compile(r"^#?\s?((?:SHIAN_|DATABASE_URL)[A-Z_]*)=", re.MULTILINE)
# Set by the program for its own processes, never by the one who runs it.
INTERNAL = {"SHIAN_DB_ROLE", "SHIAN_RELOAD", "SHIAN_PROCESS", "SHIAN_DATABASE_EMBEDDED"}
BY_THE_DATABASE_ALONE = {"SHIAN_OWNER_PASSWORD", "SHIAN_WEB_PASSWORD"}


def test_the_example_of_settings_names_exactly_what_is_read() -> None:
    read = {name for path in application_files() for name in READ.findall(path.read_text(encoding="utf-8"))}
    named = set(NAMED.findall((PROJECT / "deploy" / "shian.env.example").read_text(encoding="utf-8")))

    assert named - BY_THE_DATABASE_ALONE == read - INTERNAL


def test_the_runbook_names_only_commands_that_exist() -> None:
    from shian.config.cli import app

    known = {command.name for command in app.registered_commands}
    text = (PROJECT / "deploy" / "runbook.md").read_text(encoding="utf-8")
    said = set(re.findall(r"`(?:[^`]* )?shian ([a-z]+)[ `]", text))

    assert said
    assert said <= known
