"""The two database roles: what the web role may and may not do, whatever the program tries."""

from collections.abc import Iterator

import psycopg
import pytest

from shian.config.postgres import Cluster, ensure_roles, grant_web_role
from tests.runtime.conftest import throw_away_folder


@pytest.fixture(scope="module")
def database() -> Iterator[Cluster]:
    with throw_away_folder() as folder:
        cluster = Cluster.at(folder / "pg", disposable=True)
        cluster.start()
        ensure_roles(cluster.conninfo())
        with psycopg.connect(cluster.conninfo("shian_owner", "shian")) as owner:
            owner.execute("CREATE TABLE notary_entry (number int)")
            owner.execute("CREATE TABLE operators (number int GENERATED ALWAYS AS IDENTITY, name text)")
        grant_web_role(cluster.conninfo("shian_owner", "shian"))
        yield cluster
        cluster.stop()


def refused(database: Cluster, statement: str) -> bool:
    with psycopg.connect(database.conninfo("shian_web", "shian"), autocommit=True) as web:
        try:
            web.execute(statement)
        except psycopg.errors.InsufficientPrivilege:
            return True
    return False


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE notary_entry SET number = 1",
        "DELETE FROM notary_entry",
        "TRUNCATE notary_entry",
        "TRUNCATE operators",
        "DROP TABLE operators",
        "ALTER TABLE operators ADD COLUMN more int",
        "CREATE TABLE mine (number int)",
        "CREATE ROLE mallory",
        "CREATE DATABASE mine",
        "SET ROLE shian_owner",
    ],
)
def test_web_role_is_refused(database: Cluster, statement: str) -> None:
    assert refused(database, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO notary_entry VALUES (1)",
        "INSERT INTO operators (name) VALUES ('甲')",
        "UPDATE operators SET name = '乙'",
        "DELETE FROM operators",
        "CREATE TEMP TABLE staging (number int)",
    ],
)
def test_web_role_does_its_work(database: Cluster, statement: str) -> None:
    assert not refused(database, statement)


def test_later_tables_are_granted_too(database: Cluster) -> None:
    with psycopg.connect(database.conninfo("shian_owner", "shian")) as owner:
        owner.execute("CREATE TABLE later (number int)")

    assert not refused(database, "INSERT INTO later VALUES (1)")


def test_neither_role_is_superuser_or_bypasses_row_security(database: Cluster) -> None:
    ensure_roles(database.conninfo())
    with psycopg.connect(database.conninfo()) as admin:
        found = admin.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname IN"
            " ('shian_owner', 'shian_web') ORDER BY 1"
        ).fetchall()

    assert found == [("shian_owner", False, False, True), ("shian_web", False, False, False)]
