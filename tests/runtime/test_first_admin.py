"""`shian createadmin`: the first administrator, without any password that somebody else knows."""

import json
from contextlib import nullcontext

import pytest
from typer.testing import CliRunner

from shian.config.cli import answers, app
from shian.kernel.accounts.models import Role, User
from shian.kernel.accounts.queries import user_awaiting_activation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_tests_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "opened_data", nullcontext)


def test_without_a_terminal_a_code_is_printed_once_and_no_password_exists() -> None:
    from django.utils import timezone

    answer = CliRunner().invoke(app, ["createadmin", "root", "--json"])

    told = json.loads(answer.stdout)
    user = User.objects.get(username="root")
    assert user.role == Role.SECURITY
    assert not user.has_usable_password()
    assert user_awaiting_activation("root", told["activation_code"], timezone.now()) == user
    assert told["page"].endswith("/account/activate/?username=root")


def test_on_a_terminal_the_password_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "_is_terminal", lambda: True)

    answer = CliRunner().invoke(app, ["createadmin", "root"], input="Ein-gutes-Wort-7\nEin-gutes-Wort-7\n")

    assert answer.exit_code == 0
    assert "Ein-gutes-Wort-7" not in answer.output
    assert User.objects.get(username="root").check_password("Ein-gutes-Wort-7")


def test_a_weak_password_leaves_no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "_is_terminal", lambda: True)

    answer = CliRunner().invoke(app, ["createadmin", "root"], input="admin\nadmin\n")

    assert answer.exit_code == 1
    assert not User.objects.filter(username="root").exists()


@pytest.mark.parametrize("kind", ["admin", "auditor"])
def test_the_other_two_administrators_are_made_by_name(kind: str) -> None:
    assert CliRunner().invoke(app, ["createadmin", "eve", "--kind", kind, "--json"]).exit_code == 0
    assert CliRunner().invoke(app, ["createadmin", "bob", "--kind", "office", "--json"]).exit_code == 2

    assert User.objects.get(username="eve").role == kind
    assert not User.objects.filter(username="bob").exists()
