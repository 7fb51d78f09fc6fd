"""What tests may rely on: their own clone, the web role, and a clean database after a test that really commits."""

import psycopg
import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import ProgrammingError, connection, transaction
from django.db.models import ForeignKey

from shian.kernel.accounts.models import User
from tests.database import cluster, session_name


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", [1, 2])
def test_commits_of_one_test_are_gone_in_the_next(round_: int) -> None:
    assert not User.objects.filter(username="committed").exists()

    User.objects.create(username="committed")


_permissions: set[int] = set()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", [1, 2])
def test_what_migrations_wrote_stands_in_the_next_though_one_test_deletes_it(round_: int) -> None:
    _permissions.add(Permission.objects.count())
    assert len(_permissions) == 1

    if round_ == 1:
        Permission.objects.latest("pk").delete()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", [1, 2])
def test_a_schema_that_one_test_changes_is_as_before_in_the_next(round_: int) -> None:
    with psycopg.connect(cluster().conninfo(database=session_name()), autocommit=True) as admin:
        assert admin.execute("SELECT to_regclass('left_behind')").fetchone() == (None,)
        if round_ == 1:
            admin.execute("CREATE TABLE left_behind (number int)")


@pytest.mark.django_db
def test_tests_work_in_the_web_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("shian_web",)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("CREATE TABLE mine (number int)")


@pytest.mark.django_db
def test_owner_role_lasts_for_one_test(owner_role: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("shian_owner",)


NAMES = "SELECT conname FROM pg_constraint UNION SELECT relname FROM pg_class WHERE relkind = 'i'"
COLUMNS = "SELECT table_name, column_name, is_nullable = 'YES' FROM information_schema.columns"
KEYS = """
SELECT source.relname, attname, target.relname FROM pg_constraint
JOIN pg_class source ON source.oid = conrelid JOIN pg_class target ON target.oid = confrelid
JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey) WHERE contype = 'f'
"""


@pytest.mark.django_db
def test_a_new_database_holds_all_that_the_models_declare(owner_role: None) -> None:
    """Its migrations were applied without drawing every model anew for each step (shian.config.migrating)."""
    models = [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]
    fields = [(model._meta.db_table, field) for model in models for field in model._meta.concrete_fields]
    with connection.cursor() as cursor:
        found = {}
        for asked in (NAMES, COLUMNS, KEYS):
            cursor.execute(asked)
            found[asked] = set(cursor.fetchall())

    declared = {(each.name,) for model in models for each in [*model._meta.constraints, *model._meta.indexes]}
    assert declared - found[NAMES] == set()
    assert {(table, field.column, field.null) for table, field in fields} - found[COLUMNS] == set()
    keys = {(table, field.column, field.related_model._meta.db_table) for table, field in fields
            if isinstance(field, ForeignKey) and vars(field)["db_constraint"]}  # fmt: skip
    assert keys - found[KEYS] == set()
    assert min(len(declared), len(fields), len(keys)) > 90
