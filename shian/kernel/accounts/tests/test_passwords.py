import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shian.kernel.accounts.actions import change_password, give_demo_password, give_password, invite_user
from shian.kernel.accounts.models import Role, UsedPassword, User
from shian.kernel.accounts.policy import policy_for
from shian.kernel.accounts.tests.entrance import PASSWORD, member, sign_in
from shian.kernel.notary.models import Entry
from tests.architecture.sources import PROJECT

LITERAL = re.compile(
    r"""^[^#\n]*\b[\w-]*(?:password|passwd|secret|token)\w*["']?(?:\s*=\s*|:\s+)["'][^"'{}$\s.]{4,}["']""",
    re.IGNORECASE | re.MULTILINE,
)
pytestmark = pytest.mark.django_db
OTHER = "Noch-ein-Wort-8"


@pytest.mark.parametrize("weak", ["Kurz-7aA", "nurkleinbuchstaben", "nur-klein-zeichen", "alice-王安-alice"])
def test_a_password_that_the_policy_refuses_is_refused(weak: str) -> None:
    with pytest.raises(ValidationError):
        change_password(user=member(), password=weak, at=timezone.now())


def test_the_last_five_passwords_cannot_come_back() -> None:
    user = member()
    for n in range(policy_for().history - 1):
        change_password(user=user, password=f"{OTHER}{n}", at=timezone.now())

    with pytest.raises(ValidationError, match="最近"):
        change_password(user=user, password=PASSWORD, at=timezone.now())
    change_password(user=user, password=f"{OTHER}-neu", at=timezone.now())
    change_password(user=user, password=PASSWORD, at=timezone.now())

    assert UsedPassword.objects.filter(user=user).count() == policy_for().history


def test_used_passwords_are_kept_as_hashes() -> None:
    assert PASSWORD not in str(list(UsedPassword.objects.filter(user=member()).values()))


def test_a_given_password_is_changed_before_anything_else(client: Client) -> None:
    user = member()
    given = give_password(user=user, by="root", at=timezone.now())
    sign_in(client, password=given)

    assert client.get(reverse("areas:area_list"))["Location"] == reverse("account_change_password")

    client.post(reverse("account_change_password"), {"oldpassword": given, "password1": OTHER, "password2": OTHER})
    assert client.get(reverse("areas:area_list")).status_code == 200


def test_an_old_password_is_changed_before_anything_else(client: Client) -> None:
    user = member()
    User.objects.filter(pk=user.pk).update(password_changed_at=timezone.now() - timedelta(days=90))
    sign_in(client)

    assert client.get("/")["Location"] == reverse("account_change_password")


def test_demo_accounts_work_with_the_password_that_they_are_given(client: Client) -> None:
    user = member(role=Role.ADMIN)
    given = give_demo_password(user=user, by="demo", at=timezone.now())
    sign_in(client, password=given)

    assert client.get(reverse("areas:area_list")).status_code == 200
    assert "演示账号" in client.get(reverse("accounts:account_detail")).content.decode()


def test_changing_the_password_ends_other_sessions_and_is_sealed(client: Client) -> None:
    member()
    other = Client()
    sign_in(client)
    sign_in(other)
    former_key = client.session.session_key

    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER})

    assert client.get(reverse("accounts:account_detail")).status_code == 200
    assert client.session.session_key != former_key
    assert other.get(reverse("accounts:account_detail")).status_code == 302
    assert Entry.objects.filter(action="accounts.password_changed", actor="alice").exists()


def test_an_invitation_ends_the_former_password_and_its_sessions(client: Client) -> None:
    user = member()
    sign_in(client)

    invite_user(user=user, by="root", at=timezone.now())

    assert client.get("/").status_code == 302
    assert not User.objects.get(pk=user.pk).has_usable_password()


def test_no_password_or_secret_is_written_in_settings_or_packs() -> None:
    """Whatever is called a password, secret or token has no literal value of its own."""
    code = (PROJECT / "shian" / "config").rglob("*.py")
    config = [path for path in code if path.name != "settings_test.py" and "tests" not in path.parts]
    deploy = [path for path in (PROJECT / "deploy").rglob("*") if path.is_file()]
    packs = list((PROJECT / "packs").rglob("*.y*ml"))
    found = {str(path): LITERAL.findall(path.read_text(encoding="utf-8")) for path in [*config, *deploy, *packs]}

    assert config
    assert packs
    assert LITERAL.search('PASSWORD = "changeme"')
    assert LITERAL.search('  "admin_password": "changeme",')
    assert {path: hits for path, hits in found.items() if hits} == {}
