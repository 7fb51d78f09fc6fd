"""Units and the holders of their posts for programs."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Path, Query, Schema

from shian.kernel.accounts.permissions import any_user
from shian.kernel.api.paging import PageOut, PageQuery, page_of
from shian.kernel.api.registry import register_router
from shian.kernel.api.routing import ApiRouter
from shian.kernel.api.values import Code
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.masking import Personal, masked
from shian.registers.areas.api import day, in_area
from shian.registers.people.models import Organisation, Post
from shian.registers.people.queries import organisations_valid_at, valid_at

router = ApiRouter("organisations")


class OrganisationOut(Schema):
    code: str
    name: str
    short_name: str
    kind: str
    area: str
    parent: str | None
    department_code: str
    is_campaign_department: bool
    valid_from: date
    valid_to: date | None


class PostOut(Schema):
    """A post and its holder. Names in office are public; a number is whole only for the unit itself."""

    name: str
    title: str
    kind: str
    phone: str
    area: str
    valid_from: date
    valid_to: date | None


class OrganisationQuery(Schema):
    as_of: date | None = Field(None, description="Today when left out.")
    area: str = Field("", max_length=12)
    kind: str = Field("", max_length=10)
    q: str = Field("", max_length=60, description="Part of the name, or the code.")


class DayQuery(Schema):
    as_of: date | None = Field(None, description="Today when left out.")


@router.read("", policy=any_user, response=PageOut[OrganisationOut])
def organisations(request: HttpRequest, page: Query[PageQuery], chosen: Query[OrganisationQuery]) -> dict[str, Any]:
    """Units in force on the date, by code."""
    rows = organisations_valid_at(day(chosen.as_of)).visible_to(request.user).select_related("parent")
    rows = in_area(rows, request.user, chosen.area)
    if chosen.kind:
        rows = rows.filter(kind=chosen.kind)
    if text := chosen.q.strip():
        rows = rows.filter(Q(name__icontains=text) | Q(short_name__icontains=text) | Q(code=text))
    return page_of(request, page, rows, ("code",), _drawn)


@router.read("/{code}", policy=any_user, response=OrganisationOut)
def organisation(request: HttpRequest, code: Path[Code]) -> dict[str, Any]:
    """One unit."""
    return _drawn(_unit(request, code))


@router.read("/{code}/posts", policy=any_user, response=PageOut[PostOut])
def organisation_posts(
    request: HttpRequest, page: Query[PageQuery], chosen: Query[DayQuery], code: Path[Code]
) -> dict[str, Any]:
    """Who holds the posts of a unit on the date."""
    unit = _unit(request, code)
    is_own = unit.code in reach_of(request.user).organisations
    rows = Post.objects.filter(valid_at(day(chosen.as_of)), organisation=unit).select_related("person")

    def draw(post: Post) -> dict[str, Any]:
        phone = post.person.phone if is_own else masked(Personal.PHONE, post.person.phone)
        names = ("title", "kind", "valid_from", "valid_to")
        copied = {name: getattr(post, name) for name in names}
        return {"name": post.person.name, "phone": phone, "area": post.area_code, **copied}

    return page_of(request, page, rows, ("id",), draw)


def _unit(request: HttpRequest, code: str) -> Organisation:
    found: Organisation = Organisation.objects.select_related("parent").get_visible(request.user, code=code)
    return found


def _drawn(unit: Organisation) -> dict[str, Any]:
    names = ("code", "name", "short_name", "kind", "department_code", "is_campaign_department")
    copied = {name: getattr(unit, name) for name in (*names, "valid_from", "valid_to")}
    return {**copied, "area": unit.area_code, "parent": unit.parent.code if unit.parent else None}


register_router(_("机构与人员"), router)
