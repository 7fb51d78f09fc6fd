"""Named reads of organisations and posts."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from shian.kernel.accounts.models import Role, User
from shian.kernel.accounts.queries import HeldPost
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.reach import EVERYWHERE, Reach, reach_of
from shian.kernel.scope.rules import KEY_WIDTH, Level, key_of_code
from shian.kernel.scope.walls import system_scope
from shian.kernel.ui.states import Text
from shian.registers.areas.queries import area_names
from shian.registers.people.models import Organisation, Post

STATION, BUREAU = "监管所", "SAMR"


def valid_at(as_of: date) -> Q:
    """Organisations or posts whose validity covers the date."""
    return Q(valid_from__lte=as_of) & (Q(valid_to__isnull=True) | Q(valid_to__gt=as_of))


def reach_by_posts(user: Any) -> Reach:
    """The areas and organisations of the posts that the user holds today; who runs the system or audits its log reaches
    everything. What others have to do is not a department's business, though its registers cover the whole area."""
    if user.role in {Role.ADMIN, Role.AUDITOR}:
        return EVERYWHERE
    today = timezone.localdate()
    rows = Post.objects.filter(valid_at(today), person__user=user).values_list("area_code", "organisation__code")
    with system_scope():  # this is what says how far the user reaches
        found = list(rows)
    return Reach(
        keys=tuple(sorted({key_of_code(code) for code, _ in found})),
        organisations=tuple(sorted({organisation for _, organisation in found})),
        by_unit=user.role == Role.DEPARTMENT,
    )


def organisations_valid_at(as_of: date) -> ScopedQuerySet[Organisation]:
    """Units that exist on the date."""
    return Organisation.objects.filter(valid_at(as_of))


def unit_in_charge(area: str) -> Organisation | None:
    """Who regulates food there today: the station of the township, else the market bureau of the county, else of the
    city. One query."""
    today = timezone.localdate()
    city, county, township = (area[: KEY_WIDTH[each]] for each in (Level.CITY, Level.COUNTY, Level.TOWNSHIP))
    here = Q(city=city) & Q(county__in={"", county}) & Q(township__in={"", township})
    kinds = Q(kind=STATION, township=township) if len(township) == KEY_WIDTH[Level.TOWNSHIP] else Q(pk__in=[])
    rows = organisations_valid_at(today).filter(here & (kinds | Q(department_code=BUREAU, township="")))
    return rows.order_by("-township", "-county", "code").first()


def organisation_names(codes: Collection[str]) -> dict[str, str]:
    """Code → name of these units: the names of units are no secret."""
    return dict(Organisation.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}


def posts_of(user: Any, as_of: date) -> QuerySet[Post]:
    """The user's own posts on the date, with their organisations."""
    return Post.objects.filter(valid_at(as_of), person__user=user).select_related("organisation")


def held_posts_of(user: User, viewer: Any) -> list[HeldPost]:
    """The posts held today, as an account's page names them; a unit is linked where the viewer sees it."""
    today, reach = timezone.localdate(), reach_of(viewer)
    names = area_names(today)
    with system_scope():  # an account's page is for its owner and for who gives access, not for a reach
        held = list(posts_of(user, today).order_by("area_code", "pk"))
    return [
        HeldPost(
            title=post.title,
            organisation=post.organisation.name,
            area=names.get(key_of_code(post.area_code), post.area_code),
            url=reverse("people:organisation_detail", args=[post.organisation.code])
            if reach.covers(post.organisation.area)
            else "",
        )
        for post in held
    ]


def actor_names(usernames: Collection[str], viewer: Any) -> dict[str, Text]:
    """User name → "name（unit, post）" of the newest post, for accounts whose post lies in the viewer's reach (and the
    viewer's own); of others only the role is told, and accounts without a post are known by their role. One query."""
    post = "person__posts__"
    rows = User.objects.filter(username__in=usernames).order_by("username", f"-{post}valid_from", f"-{post}pk")
    found = rows.values_list(
        "username", "display_name", "role", f"{post}area_code", f"{post}organisation__name", f"{post}title"
    )
    names: dict[str, Text] = {}
    with system_scope():  # a post out of reach is read here, and then told as a role only
        told_of = list(found)
    for username, display_name, role, area_code, unit, title in told_of:
        if username in names:
            continue
        if area_code is None:
            names[username] = _without_post(username, display_name, role)
        elif username == viewer.get_username() or reach_of(viewer).covers(key_of_code(area_code)):
            told = {"name": display_name or username, "unit": unit, "post": title}
            names[username] = gettext("%(name)s（%(unit)s，%(post)s）") % told
        else:
            names[username] = Role(role).label
    return names


def _without_post(username: str, display_name: str, role: str) -> Text:
    if display_name in {"", username}:
        return Role(role).label
    return gettext("%(name)s（%(role)s）") % {"name": display_name, "role": Role(role).label}
