"""A whole city for tests: Langfang at real size, made by tools/democity and imported through the ordinary importer.

It is built once per state of code and packs, kept as a template database, and cloned once for each process that asks
(half a second). A module that uses it says `pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("langfang")]`.
"""

import gc
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from django.test import override_settings

from shian.config.home import PROJECT
from tests import database

AREA, AS_OF, TODAY = "131000", date(2022, 11, 24), "2026-11-21"
PREFIX = "shian_city_"
SOURCES = ("shian", "packs", "tools/democity")
KINDS = {".py", ".yaml", ".csv", ".geojson", ".docx"}


def state() -> str:
    """A digest of everything that decides what the city's database holds."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for folder in SOURCES:
        for path in sorted((PROJECT / folder).rglob("*")):
            if path.suffix in KINDS and "tests" not in path.parts:
                digest.update(str(path.relative_to(PROJECT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def city_template(admin: str, schema: str) -> str:
    """The database with the imported and evaluated city; those of other states are removed."""
    name = PREFIX + state()
    with database._alone("city"), psycopg.connect(admin, autocommit=True) as connection:
        if database._exists(connection, name):
            return name
        for (other,) in connection.execute("SELECT datname FROM pg_database").fetchall():
            if other.startswith(PREFIX):
                database._drop(connection, other)
                shutil.rmtree(files_of(other), ignore_errors=True)
        draft = f"{name}_draft"
        database.clone(admin, schema, draft)
        with connected_to(draft), override_settings(MEDIA_ROOT=files_of(name)):
            _fill()
        gc.collect()  # a whole city's rows went through this process, which lives on
        database._execute(connection, "ALTER DATABASE {} RENAME TO {}", draft, name)
    return name


def files_of(template: str) -> Path:
    """Where the files lie that came with the city of this template."""
    return database.DATA.with_name("test-files") / template


class connected_to:
    """Django's connection leads to another database inside the block."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        connections.close_all()
        self.before = connections["default"].settings_dict["NAME"]
        connections["default"].settings_dict["NAME"] = self.name

    def __exit__(self, *exception: object) -> None:
        connections.close_all()
        connections["default"].settings_dict["NAME"] = self.before


def _fill() -> None:
    from django.db import connection

    from shian.config import verbs

    with tempfile.TemporaryDirectory(prefix="shian-city-") as folder:
        package = Path(folder) / "langfang"
        command = [sys.executable, "-m", "tools.democity", "--city", "langfang", "--seed", "1", "--today", TODAY]
        subprocess.run([*command, "--out", str(package)], cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
        verbs.load_packs(by="test")
        outcomes = verbs.import_path(package, by="test")
        assert not (stopped := [verbs.outcome_line(each) for each in outcomes if verbs.was_stopped(each)]), stopped
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE")
            cursor.execute("ANALYZE")
        connection.close()
        verbs.issue_catalogues(area=AREA, from_on=date(2021, 12, 20), due_on=AS_OF, by="test")
        verbs.evaluate(area=AREA, as_of=AS_OF, by="test")


@pytest.fixture(scope="session")
def _city_of_this_process(django_db_setup: None, django_db_blocker) -> Iterator[str]:
    admin, name = database.cluster().conninfo(), f"{database.session_name()}_city"
    with django_db_blocker.unblock():
        database.clone(admin, city_template(admin, database.migrated_template(admin)), name)
        yield name
        database.drop(admin, name)


@pytest.fixture(scope="module")
def langfang(_city_of_this_process: str, django_db_blocker) -> Iterator[None]:
    """This module's tests stand in the clone of the city's database; what they write, they take back."""
    with django_db_blocker.unblock(), connected_to(_city_of_this_process):
        yield
