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
