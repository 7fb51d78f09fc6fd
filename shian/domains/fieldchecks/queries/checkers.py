"""Who can be sent: accounts whose people hold a post inside the reach of whoever sends them."""

from datetime import date
from typing import Any

from shian.engine.forms.permissions import FILLERS
from shian.kernel.accounts.models import User
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.walls import system_scope
from shian.registers.people.models import Post
from shian.registers.people.queries import valid_at


def checkers_for(user: Any, day: date) -> list[tuple[User, str]]:
    """Accounts with "name（unit, post）", by unit; posts inside the reach or of the own units. Two queries."""
    reach = reach_of(user)
    posts = Post.objects.filter(valid_at(day), person__user__is_active=True, person__user__role__in=FILLERS)
    with system_scope():  # cut to the reach here
        rows = list(posts.select_related("person__user", "organisation").order_by("organisation__code", "pk"))
    found: dict[int, tuple[User, str]] = {}
    for post in rows:
        if reach.covers(post.area) or post.organisation.code in reach.organisations:
            account = post.person.user
            if account is not None:
                found.setdefault(account.pk, (account, f"{post.person.name}（{post.organisation}，{post.title}）"))
    return list(found.values())
