"""Verbs of people: opening accounts for imported persons."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.kernel.accounts.actions import create_admin, create_user, give_demo_password
from shian.kernel.accounts.models import Role, User
from shian.kernel.notary.actions import seal
from shian.kernel.scope.rules import Level, key_of_code, level_of_key
from shian.kernel.scope.walls import system_scope
from shian.registers.people.models import Person, Post
from shian.registers.people.queries import valid_at
from shian.registers.people.rules import role_of_post

DEMO_LIMIT = 20
DEMO_VISIT = timedelta(days=90)  # how long an assessor of a demo stays


class HasAccount(ValueError):
    """The person can sign in already."""


class NoPost(ValueError):
    """Without a post today an account would reach nothing."""


@transaction.atomic
@system_scope()  # who gives access reaches no register
def open_account(
    *, person: Person, by: str, at: datetime, valid_from: datetime | None = None, valid_to: datetime | None = None
) -> tuple[User, str]:
    """An account named by the person's number, in the role of the post held today, and its activation code.

    With `valid_to` it ends by itself.

    Raises HasAccount, NoPost, EndMissing. The code is shown once; the password stays unusable until the owner sets one.
    """
    if person.user_id is not None:
        raise HasAccount(_("%(name)s已有账号。") % {"name": person.name})
    post = Post.objects.filter(valid_at(timezone.localdate(at)), person=person).order_by("area_code").first()
    if post is None:
        raise NoPost(_("%(name)s目前没有在任岗位，请先导入岗位。") % {"name": person.name})
    role = Role(role_of_post(post.kind, level_of_key(key_of_code(post.area_code))))
    user, code = create_user(
        username=person.person_no,
        display_name=person.name,
        role=role,
        by=by,
        at=at,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    person.user = user
    person.save(update_fields=["user"])
    subject = f"people.person:{person.person_no}"
    seal(action="people.account_opened", by=by, subject=subject, data={"username": user.username}, at=at)
    return user, code


@transaction.atomic
def create_demo_accounts(*, wanted: Mapping[str, Mapping[str, Any]], by: str, at: datetime) -> list[dict[str, str]]:
    """Accounts to look around a demo city with: user name → filter on posts; one holder of such a post each.

    Returns username, password and title of the accounts made now; existing ones are left alone.
    """
    made = []
    for role in (Role.ADMIN, Role.SECURITY, Role.AUDITOR):
        if User.objects.filter(username=role).exists():
            continue
        administrator, _code = create_admin(username=role, role=role, by=by, at=at)
        password = give_demo_password(user=administrator, by=by, at=at)
        made.append({"username": str(role), "password": password, "title": str(role.label)})
    for username, conditions in list(wanted.items())[:DEMO_LIMIT]:
        post = _free_post(conditions, at)
        if post is None or User.objects.filter(username=username).exists():
            continue
        is_guest = role_of_post(post.kind, Level.CITY) == Role.ASSESSOR
        valid_to = at + DEMO_VISIT if is_guest else None
        user, _code = open_account(person=post.person, by=by, at=at, valid_to=valid_to)
        user.username = username
        user.save(update_fields=["username"])
        password = give_demo_password(user=user, by=by, at=at)
        made.append({"username": username, "password": password, "title": f"{post.organisation.name} {post.title}"})
    return made


def _free_post(conditions: Mapping[str, Any], at: datetime) -> Post | None:
    rows = Post.objects.filter(valid_at(timezone.localdate(at)), person__user=None, **conditions)
    return rows.select_related("person", "organisation").order_by("person__person_no").first()
