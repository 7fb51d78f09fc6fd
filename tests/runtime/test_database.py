"""What tests may rely on: their own clone, the web role, and a clean database after a test that really commits."""

import pytest
from django.db import ProgrammingError, connection, transaction

from shian.kernel.accounts.models import User


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", [1, 2])
def test_commits_of_one_test_are_gone_in_the_next(round_: int) -> None:
    assert not User.objects.filter(username="committed").exists()

    User.objects.create(username="committed")


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
