"""What assessors looked at, for the office of their area."""

from typing import Any

from django.db.models import Q, QuerySet

from shian.kernel.accounts.models import Role, User
from shian.kernel.accounts.permissions import check
from shian.kernel.disclosures.models import Disclosure, Kind
from shian.kernel.scope.reach import reach_of
from shian.portals.assess.permissions import LOOK_READ
from shian.registers.people.models import Post


def assessors_for(user: Any) -> list[User]:
    """Accounts of assessors who hold a post inside the user's reach, ended ones too. Raises PermissionDenied."""
    check(LOOK_READ, user)
    rows = User.objects.filter(role=Role.ASSESSOR)
    if not reach_of(user).everything:
        posts = Post.objects.filter(reach_of(user).area_filter(), person__user__role=Role.ASSESSOR)
        rows = rows.filter(pk__in=list(posts.values_list("person__user", flat=True)))
    return list(rows.order_by("username"))


def may_see_look(user: Any, key: str) -> bool:
    """Whether the user may open the seal of a look: "<account>/<page>", an assessor of the user's area."""
    account, _, _page = key.partition("/")
    return LOOK_READ(user).allowed and account in {each.username for each in assessors_for(user)}


def looks_for(user: Any, *, actor: str = "", text: str = "") -> QuerySet[Disclosure]:
    """Their looks: of one account, of pages whose title or address holds the text. Raises PermissionDenied.

    The list is guarded: read it inside `system_scope()`; the cut to the user's reach is made here.
    """
    names = [each.username for each in assessors_for(user)]
    rows = Disclosure.objects.filter(kind=Kind.LOOK, actor__in=[actor] if actor in names else [] if actor else names)
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(details__path__icontains=text))
    return rows
