"""Named reads of organisations and posts."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from shian.kernel.accounts.models import Role
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.reach import EVERYWHERE, Reach
from shian.kernel.scope.rules import key_of_code
from shian.registers.people.models import Organisation, Post


def valid_at(as_of: date) -> Q:
    """Organisations or posts whose validity covers the date."""
    return Q(valid_from__lte=as_of) & (Q(valid_to__isnull=True) | Q(valid_to__gt=as_of))


def reach_by_posts(user: Any) -> Reach:
    """The areas and organisations of the posts that the user holds today; administrators reach everything."""
    if user.role == Role.ADMIN or user.is_superuser:
        return EVERYWHERE
    today = timezone.localdate()
    rows = Post.objects.filter(valid_at(today), person__user=user).values_list("area_code", "organisation__code")
    found = list(rows)
    return Reach(
        keys=tuple(sorted({key_of_code(code) for code, _ in found})),
        organisations=tuple(sorted({organisation for _, organisation in found})),
    )


def organisations_valid_at(as_of: date) -> ScopedQuerySet[Organisation]:
    """Units that exist on the date."""
    return Organisation.objects.filter(valid_at(as_of))


def posts_of(user: Any, as_of: date) -> QuerySet[Post]:
    """The user's own posts on the date, with their organisations."""
    return Post.objects.filter(valid_at(as_of), person__user=user).select_related("organisation")


def liaison_officers(organisation_codes: list[str], as_of: date) -> QuerySet[Post]:
    """Liaison posts of these units on the date."""
    return Post.objects.filter(
        valid_at(as_of), kind="联络员", organisation__code__in=organisation_codes
    ).select_related("person", "organisation")
