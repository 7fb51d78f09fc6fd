import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shian.kernel.accounts.actions import UsernameTaken, UsernameUnusable, activate_user, create_admin, create_user
from shian.kernel.accounts.models import Role, User
from shian.kernel.accounts.permissions import acting, any_user, check, role_in
from shian.kernel.accounts.queries import user_awaiting_activation
from shian.kernel.accounts.rules import activation_digest, new_activation_code, new_password
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import Reach

SECRET = "a-long-Own-secret-7"
AT = datetime(2026, 11, 21, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def made(username: str = "alice", at: datetime | None = None) -> tuple[User, str]:
    return create_user(username=username, display_name="王安", role=Role.COUNTY, by="root", at=at or timezone.now())


def test_codes_have_no_lookalikes_and_read_without_dashes() -> None:
    code = new_activation_code()

    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){2}", code)
    assert activation_digest(code) == activation_digest(code.replace("-", " ").lower())
    assert new_password() != new_password()


def test_created_user_has_no_usable_password_and_one_code() -> None:
    user, code = made()

    assert not user.has_usable_password()
    assert user_awaiting_activation("alice", code, timezone.now()) == user
    assert Entry.objects.filter(action="accounts.user_created", subject="accounts.user:alice").exists()


def test_the_code_itself_is_stored_nowhere() -> None:
    _user, code = made()

    assert code not in str(list(User.objects.values())) + str(list(Entry.objects.values()))


def test_a_code_expires_after_thirty_days() -> None:
    _user, code = made(at=AT)

    assert user_awaiting_activation("alice", code, AT + timedelta(days=29)) is not None
    assert user_awaiting_activation("alice", code, AT + timedelta(days=30)) is None


def test_activation_sets_the_password_and_ends_the_code() -> None:
    user, code = made()

    activate_user(user=user, password=SECRET, at=timezone.now())

    assert user.check_password(SECRET)
    assert user_awaiting_activation("alice", code, timezone.now()) is None


def test_activation_refuses_a_weak_password() -> None:
    user, _code = made()

    with pytest.raises(ValidationError):
        activate_user(user=user, password="12345678", at=timezone.now())


def test_a_taken_name_is_refused() -> None:
    made()

    with pytest.raises(UsernameTaken):
        made()


@pytest.mark.parametrize("username", ["", "a b", "名/字", "x" * 200, "demo", "cli", "worker"])
def test_a_name_that_nobody_can_sign_in_with_is_refused(username: str) -> None:
    with pytest.raises(UsernameUnusable):
        create_admin(username=username, by="cli", at=AT)


def test_the_first_admin_has_no_password_but_a_code() -> None:
    user, code = create_admin(username="root", by="cli", at=timezone.now())

    assert user.role == Role.SECURITY, "who opens all other accounts"
    assert not user.has_usable_password()
    assert user_awaiting_activation("root", code, timezone.now()) == user


def test_policies_answer_with_reasons() -> None:
    alice, _ = made()

    assert any_user(alice).allowed
    assert not any_user(AnonymousUser()).allowed
    with pytest.raises(PermissionDenied, match="创建办"):
        check(role_in(Role.OFFICE), alice)


def test_activation_page_activates_and_sends_to_sign_in(client: Client) -> None:
    _user, code = made()
    form = {
        "username": "alice",
        "code": code,
        "password": SECRET,
        "password_again": SECRET,
    }

    response = client.post(reverse("accounts:account_activate"), form)

    assert response.status_code == 302
    assert User.objects.get(username="alice").check_password(SECRET)


def test_activation_page_does_not_tell_which_part_was_wrong(client: Client) -> None:
    made()
    form = {
        "username": "alice",
        "code": "XXXX",
        "password": SECRET,
        "password_again": SECRET,
    }

    response = client.post(reverse("accounts:account_activate"), form)

    assert "用户名或激活码不正确" in response.content.decode()


def test_pages_ask_for_a_sign_in(client: Client) -> None:
    response = client.get("/")

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_nobody_signs_up_by_themselves(client: Client) -> None:
    client.post(reverse("account_signup"), {"username": "mallory", "password1": "x" * 12, "password2": "x" * 12})

    assert not User.objects.filter(username="mallory").exists()


def test_who_acts_is_held_to_the_policy_and_to_the_own_reach_and_a_program_to_neither() -> None:
    user, _code = made()
    user._reach = Reach(keys=("131022",))
    county = role_in(Role.COUNTY)

    assert acting(county, user) == acting(county, user, "131022100") == "alice"
    assert acting(county, "cli", "1311") == "cli"
    for area in ("1310", "131023", ""):
        with pytest.raises(OutOfReach):
            acting(county, user, area)
    with pytest.raises(PermissionDenied):
        acting(role_in(Role.STATION), user, "131022")
