"""The demo at a fiftieth of its size: interrupted, resumed, repeated, asked."""

import json
import signal
import subprocess
import sys

import psycopg
import pytest

from shian.config.home import PROJECT
from shian.config.postgres import Cluster
from tests.runtime.conftest import Command
from tests.runtime.test_lifecycle import remains

QUIET = ("demo", "--no-serve")


def run_until(shian: Command, words: str) -> None:
    """Start the demo and kill it, hard, as soon as it says these words."""
    with subprocess.Popen(
        [sys.executable, "-m", "shian", *QUIET, "--scale", "0.02"], cwd=PROJECT, env=shian.environment,
        stderr=subprocess.PIPE, text=True,
    ) as running:  # fmt: skip
        assert running.stderr
        assert any(words in line for line in running.stderr)
        running.send_signal(signal.SIGKILL)


def rows(shian: Command) -> dict[str, int]:
    """How many rows each table of the program holds."""
    cluster = Cluster.at(shian.home.cluster)
    cluster.start()
    with psycopg.connect(cluster.conninfo("shian_owner", "shian")) as owner:
        names = [name for (name,) in owner.execute("SELECT relname FROM pg_stat_user_tables").fetchall()]
        counted = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in names)
        found = owner.execute(counted).fetchall()
    cluster.stop()
    return {name: number for name, number in found if not name.startswith("procrastinate")}


@pytest.mark.slow
def test_demo_survives_a_kill_and_a_second_run_changes_nothing(shian: Command) -> None:
    run_until(shian, "Import of persons")

    resumed = shian(*QUIET)
    assert resumed.returncode == 0, resumed.stderr
    assert "Import of persons" in resumed.stderr
    assert "1 of 1 unchanged" in resumed.stderr
    assert "合计" in resumed.stdout
    assert (shian.home.reports / "self-assessment-131000-2022-11-24.docx").exists()
    before = rows(shian)

    again = shian(*QUIET)
    assert again.returncode == 0, again.stderr
    assert "Demo city" in again.stderr
    assert "Import" not in again.stderr
    assert again.stdout == resumed.stdout
    assert rows(shian) == before

    other = shian(*QUIET, "--scale", "0.5")
    assert "add --fresh" in other.stderr

    evaluation = json.loads(shian("evaluate", "--area", "131000", "--as-of", "2022-11-24", "--json").stdout)
    assert len(evaluation["items"]) == 94
    figure = json.loads(
        shian("figure", "areas.townships", "--area", "131000", "--as-of", "2022-11-24", "--json").stdout
    )
    assert isinstance(figure["value"], int)
    unknown = shian("figure", "no.such", "--area", "131000")
    assert unknown.returncode == 1
    assert unknown.stderr.startswith("✗ ")
    assert remains(shian.home) == []
