"""三员分立 (GB/T 22239-2019 8.1.5): no account holds two of system, security and audit administration."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shian.kernel.accounts.actions import LastAdministrator, change_role, create_admin, deactivate_user
from shian.kernel.accounts.actions.users import OwnAccount
from shian.kernel.accounts.models import ADMINISTRATORS, WATCHERS, Role, User
from shian.kernel.notary.models import Entry
from tests.access.test_every_page import ANYBODY, PAGES

pytestmark = pytest.mark.django_db


def administrator(role: Role, name: str = "") -> User:
    user, _code = create_admin(username=name or role, role=role, by="cli", at=timezone.now())
    return user


def test_no_administrator_holds_two_of_the_three() -> None:
    """Pages that only administrators open are of one of them; those for whoever is signed in are their own."""
    kept = {name: page.roles & ADMINISTRATORS for name, page in PAGES.items() if page.roles <= ADMINISTRATORS}
    shared = {name for name, page in PAGES.items() if len(page.roles & ADMINISTRATORS) > 1 and page.roles != ANYBODY}

    assert {frozenset(roles) for roles in kept.values()} == {frozenset({role}) for role in ADMINISTRATORS}
    assert shared == set()


@pytest.mark.parametrize("role", sorted(WATCHERS))
def test_who_watches_opens_nothing_of_the_business(role: Role, client: Client) -> None:
    others = {name for name, page in PAGES.items() if role in page.roles and page.roles != ANYBODY}
    client.force_login(administrator(role))

    assert {name.split(":")[0] for name in others} <= {"accounts", "people", "disclosures"}
    sidebar = client.get(reverse("accounts:account_detail")).context["shell"].groups
    links = {link.url for group in sidebar for link in group.links}
    assert links == {reverse(name) for name in others if name.endswith("_list")}
    assert client.get("/").status_code == 302


def test_the_system_administrator_neither_gives_access_nor_reads_the_log(client: Client) -> None:
    client.force_login(administrator(Role.ADMIN))
    names = ("accounts:user_list", "disclosures:deed_list", "disclosures:disclosure_list")

    assert {client.get(reverse(name)).status_code for name in names} == {403}
    assert client.get(reverse("notary:record_export")).status_code == 403


def test_the_last_of_each_three_stays_and_nobody_changes_the_own_role() -> None:
    made = {role: administrator(role) for role in ADMINISTRATORS}
    told: dict[str, Any] = {"by": made[Role.SECURITY], "at": timezone.now()}

    with pytest.raises(OwnAccount):
        change_role(user=made[Role.SECURITY], role=Role.AUDITOR, **told)
    for role in (Role.ADMIN, Role.AUDITOR):
        with pytest.raises(LastAdministrator, match=str(role.label)):
            deactivate_user(user=made[role], reason="离任", **told)
        administrator(role, f"{role}2")
        change_role(user=made[role], role=Role.OFFICE, **told)

    assert Entry.objects.filter(action="accounts.role_changed").count() == 2


def test_the_auditor_reads_every_deed_and_exports_the_whole_log(client: Client) -> None:
    security = administrator(Role.SECURITY)
    administrator(Role.ADMIN)
    client.force_login(administrator(Role.AUDITOR))
    address = reverse("disclosures:deed_list")
    entry = Entry.objects.get(subject=f"accounts.user:{security.username}", action="accounts.user_created")

    page = client.get(address, {"q": "security", "from": "2020-01-01", "to": "2999-12-31"}).content.decode()
    assert f"accounts.user:{security.username}" in page
    assert "建立账号" in page
    assert "accounts.user:admin" not in page
    assert client.get(reverse("notary:entry_detail", args=[entry.uid])).status_code == 200
    assert "accounts.user:" not in client.get(address, {"to": "2020-01-01"}).content.decode()
    assert client.get(address, {"from": "2026-02-31"}).status_code == 200
    assert "理由" in client.get(reverse("notary:record_export")).content.decode()
