"""The demo at a fiftieth of its size: interrupted, resumed, repeated, asked."""

import json
import re

import psycopg
import pytest

from shian.config.database import find_database
from shian.config.postgres import Cluster
from tests.runtime.conftest import Command, Demo, environment_of
from tests.runtime.nursery import nursery
from tests.runtime.test_lifecycle import remains


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
def test_demo_survives_a_kill_and_a_second_run_changes_nothing(demo: Demo) -> None:
    shian = demo.shian
    assert "Import of persons" in demo.steps
    assert "1 of 1 unchanged" in demo.steps
    assert "points drawn" in demo.steps
    assert re.search(r"[12] recalls, [12] drills", demo.steps)
    assert "合计" in demo.said
    assert (shian.home.reports / "self-assessment-131000-2022-11-24.docx").exists()
    before = rows(shian)

    again = shian("demo", "--no-serve")
    assert again.returncode == 0, again.stderr
    assert "Demo city" in again.stderr
    assert "Import" not in again.stderr
    assert again.stdout == demo.said
    assert rows(shian) == before

    with nursery(environment_of(shian.home, find_database(shian.home))) as loaded:
        other = loaded.shian("demo", "--no-serve", "--scale", "0.5")
        assert "add --fresh" in other.stderr

        at = ("--area", "131000", "--as-of", "2022-11-24", "--json")
        assert len(json.loads(loaded.shian("evaluate", *at).stdout)["items"]) == 94
        assert isinstance(json.loads(loaded.shian("figure", "areas.townships", *at).stdout)["value"], int)
        unknown = loaded.shian("figure", "no.such", "--area", "131000")
        assert unknown.returncode == 1
        assert unknown.stderr.startswith("✗ ")
    assert remains(shian.home) == []
