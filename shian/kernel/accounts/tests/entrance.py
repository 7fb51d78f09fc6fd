"""People who sign in through the real page."""

from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shian.kernel.accounts.actions import activate_user, create_user
from shian.kernel.accounts.models import Role, User

PASSWORD = "Ein-gutes-Wort-7"


def member(username: str = "alice", role: Role = Role.OFFICE, **terms: Any) -> User:
    """An account whose owner has set the password PASSWORD."""
    now = timezone.now()
    user, _code = create_user(username=username, display_name="王安", role=role, by="root", at=now, **terms)
    activate_user(user=user, password=PASSWORD, at=now)
    return user


def sign_in(client: Client, username: str = "alice", password: str = PASSWORD, **terms: Any) -> Any:
    """What the sign-in page answers."""
    return client.post(reverse("account_login"), {"login": username, "password": password}, **terms)


def confirm(client: Client, password: str = PASSWORD) -> Any:
    """Say once more who one is."""
    return client.post(reverse("account_reauthenticate"), {"password": password})


def confirmed(client: Client, user: User, minutes_ago: float = 0) -> None:
    """As if the user, who is signed in, had said so many minutes ago who he is."""
    session = client.session
    record = {"method": "password", "at": timezone.now().timestamp() - minutes_ago * 60, "reauthenticated": True}
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [record]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
