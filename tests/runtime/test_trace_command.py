"""`shian trace distribute` on a database of one machine."""

import pytest
from typer.testing import CliRunner

from shian.config import trace_verbs
from shian.config.cli import app
from shian.config.problems import Problem

pytestmark = pytest.mark.django_db


def test_without_citus_it_says_so() -> None:
    with pytest.raises(Problem, match="no Citus extension; the movements stay on one machine"):
        trace_verbs.distribute("cli")


def test_what_was_placed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from shian.engine.trace.actions import distributing

    answers = [["trace_event", "trace_movement"], []]
    monkeypatch.setattr(distributing, "distribute", lambda by, at: answers.pop(0))

    assert trace_verbs.distribute("cli").startswith("Placed: trace_event, trace_movement.")
    assert trace_verbs.distribute("cli") == "Everything is placed already."


def test_the_command_is_there() -> None:
    assert "distribute" in CliRunner().invoke(app, ["trace", "--help"]).output


def test_what_would_be_placed_is_there() -> None:
    """Each table with its column, and the column in every key: Citus takes no other."""
    from django.db import connection

    from shian.engine.trace.actions.distributing import KEYS, PLACED

    with connection.cursor() as cursor:
        for table, column in PLACED.items():
            cursor.execute(
                "SELECT i.indrelid::regclass::text, array_agg(a.attname::text) FROM pg_index i JOIN pg_attribute a "
                "ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey) WHERE i.indrelid = %s::regclass "
                "AND i.indisunique GROUP BY i.indexrelid, i.indrelid",
                [table],
            )
            keys = [set(row[1]) for row in cursor.fetchall()]
            cursor.execute("SELECT 1 FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s", [table, column])
            assert cursor.fetchone(), table
            assert all(column in key for key in keys if key != {"id"} or table not in KEYS), (table, keys)
