"""账号管理: what administrators see and do, and what they may not do."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shian.kernel.accounts.actions import LastAdministrator, OwnAccount, change_role, deactivate_user, set_validity
from shian.kernel.accounts.models import Role, User
from shian.kernel.accounts.queries import user_awaiting_activation, users_matching
from shian.kernel.accounts.tests.entrance import PASSWORD, confirm, member, sign_in
from shian.kernel.notary.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(client: Client) -> User:
    """An administrator who signed in and has just confirmed the password."""
    user = member("root", Role.SECURITY)
    User.objects.filter(pk=user.pk).update(is_demo=True)  # spares these tests the second factor
    sign_in(client, "root")
    confirm(client)
    user.refresh_from_db()
    return user


def at(name: str, username: str = "alice") -> str:
    return reverse(f"accounts:{name}", args=[username])


def test_an_account_is_made_with_a_code_that_is_shown_once(client: Client, root: User) -> None:
    form = {"username": "bob", "display_name": "李林", "role": Role.COUNTY}

    page = client.post(reverse("accounts:user_create"), form, follow=True).content.decode()

    code = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", page)
    assert code
    assert user_awaiting_activation("bob", code.group(), timezone.now())
    assert code.group() not in client.get(at("user_detail", "bob")).content.decode()
    assert Entry.objects.filter(action="accounts.user_created", actor="root", subject="accounts.user:bob").exists()


def test_a_temporary_account_ends_with_its_last_day(client: Client, root: User) -> None:
    last = timezone.localdate() + timedelta(days=3)
    form = {"username": "assessor1", "display_name": "评估一组", "role": Role.ASSESSOR, "valid_to": last.isoformat()}

    client.post(reverse("accounts:user_create"), form)

    ends = User.objects.get(username="assessor1").valid_to
    assert ends
    assert timezone.localtime(ends).date() == last + timedelta(days=1)
    assert timezone.localtime(ends).time().isoformat() == "00:00:00"


def test_an_assessor_without_an_end_is_refused(client: Client, root: User) -> None:
    form = {"username": "assessor1", "display_name": "评估一组", "role": Role.ASSESSOR}

    assert "请填写停用日期" in client.post(reverse("accounts:user_create"), form).content.decode()
    assert not User.objects.filter(username="assessor1").exists()


@pytest.mark.parametrize(
    ("verb", "form", "action"),
    [
        ("user_invite", {}, "user_invited"),
        ("user_unlock", {}, "user_unlocked"),
        ("user_disconnect", {}, "session_ended"),
        ("user_close", {"reason": "调离岗位"}, "user_deactivated"),
        ("user_reopen", {}, "user_reactivated"),
        ("user_reset", {"reason": "手机遗失"}, "factors_reset"),
        ("user_role", {"role": "reviewer"}, "role_changed"),
        ("user_validity", {"valid_to": "2099-01-01"}, "validity_set"),
    ],
)
def test_every_verb_works_and_is_sealed(
    client: Client, root: User, verb: str, form: dict[str, str], action: str
) -> None:
    member()

    assert client.post(at(verb), form).status_code == 302
    entry = Entry.objects.get(action=f"accounts.{action}", actor="root", subject="accounts.user:alice")
    assert entry.data.get("reason", "") == form.get("reason", "")


@pytest.mark.parametrize("verb", ["user_close", "user_reset", "user_role", "user_validity", "user_invite"])
def test_sensitive_verbs_ask_for_the_password_again(client: Client, verb: str) -> None:
    user = member("root", Role.SECURITY)
    User.objects.filter(pk=user.pk).update(is_demo=True)
    member()
    sign_in(client, "root")

    answer = client.post(at(verb), {"reason": "调离岗位", "role": "reviewer"})

    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    alice = User.objects.get(username="alice")
    assert alice.is_active
    assert alice.role == Role.OFFICE
    assert alice.has_usable_password()


def test_after_the_confirmation_the_verb_goes_through(client: Client) -> None:
    user = member("root", Role.SECURITY)
    User.objects.filter(pk=user.pk).update(is_demo=True)
    member()
    sign_in(client, "root")

    asked = client.post(at("user_close"), {"reason": "调离岗位"})
    client.post(asked["Location"], {"password": PASSWORD})

    assert not User.objects.get(username="alice").is_active


@pytest.mark.parametrize("verb", ["user_close", "user_reset"])
def test_a_reason_is_needed(client: Client, root: User, verb: str) -> None:
    member()

    assert client.post(at(verb), {"reason": ""}).status_code == 200
    assert User.objects.get(username="alice").is_active


def test_closing_an_account_ends_its_sessions_at_once(client: Client, root: User) -> None:
    user, own = member(), Client()
    sign_in(own)

    deactivate_user(user=user, by=root, reason="调离", at=timezone.now())

    assert own.get("/").status_code == 302
    assert sign_in(Client())["Location"] == reverse("account_inactive")


def test_nobody_closes_or_changes_the_own_account(root: User) -> None:
    with pytest.raises(OwnAccount):
        deactivate_user(user=root, by=root, reason="…", at=timezone.now())
    with pytest.raises(OwnAccount):
        change_role(user=root, role=Role.OFFICE, by=root, at=timezone.now())


def test_the_last_administrator_stays(root: User) -> None:
    other = member("other", Role.SECURITY)
    deactivate_user(user=other, by=root, reason="调离", at=timezone.now())

    with pytest.raises(LastAdministrator):
        change_role(user=root, role=Role.OFFICE, by=other, at=timezone.now())
    with pytest.raises(LastAdministrator):
        set_validity(user=root, valid_from=None, valid_to=timezone.now(), by=other, at=timezone.now())


def test_a_role_taken_away_takes_the_rights_of_an_administrator(root: User) -> None:
    other = member("other", Role.ADMIN)
    member("another", Role.ADMIN)
    User.objects.filter(pk=other.pk).update(is_superuser=True, is_staff=True)

    change_role(user=other, role=Role.STATION, by=root, at=timezone.now())

    other.refresh_from_db()
    assert (other.is_superuser, other.is_staff) == (False, False)


def test_the_list_finds_accounts_by_state(client: Client, root: User) -> None:
    member()
    for _ in range(5):
        sign_in(Client(), "alice", "wrong")
    now = timezone.now()

    def names(state: str) -> set[str]:
        return set(users_matching("", "", state, now).values_list("username", flat=True))

    assert names("locked") == {"alice"}
    assert names("") == {"alice", "root"}
    assert names("waiting") == set()
    page = client.get(reverse("accounts:user_list"), {"state": "locked"}).content.decode()
    assert "已锁定" in page
    assert at("user_detail") in page


def test_the_record_shows_its_log_and_how_long_it_is_valid(client: Client, root: User) -> None:
    member()
    client.post(at("user_validity"), {"valid_from": "", "valid_to": date(2099, 1, 1).isoformat()})

    body = client.get(at("user_detail")).content.decode()

    assert "设定使用期限" in body
    assert "2099-01-02" in body
    assert "本人激活" in body
    assert 'value="2099-01-01"' in client.get(at("user_validity")).content.decode()


def test_others_have_no_list(client: Client) -> None:
    member()
    sign_in(client)

    assert client.get(reverse("accounts:user_list")).status_code == 403
    assert client.post(at("user_unlock"), {}).status_code == 403
