"""Organisations and posts as tables."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shian.kernel.disclosures.records import FullRecord
from shian.kernel.scope.rules import key_of_code
from shian.kernel.ui.masking import Personal
from shian.kernel.ui.pieces import Fact
from shian.kernel.ui.tables import Cell, Column, Row
from shian.registers.areas.tables import area_url
from shian.registers.people.models import Organisation, Post

ORGANISATIONS = (
    Column("name", _("单位名称"), is_fixed=True, is_wide=True),
    Column("code", _("单位编码"), kind="code", sort="code"),
    Column("kind", _("单位类别")),
    Column("area", _("所在区划")),
    Column("department_code", _("部门代码"), kind="code"),
    Column("is_campaign", _("创建部门")),
    Column("posts", _("在任岗位"), kind="number"),
)
POSTS = (
    Column("name", _("姓名"), is_fixed=True),
    Column("title", _("职务")),
    Column("kind", _("岗位类别")),
    Column("phone", _("手机"), personal=Personal.PHONE),
    Column("area", _("任职区划")),
    Column("valid_from", _("任职日期"), kind="date"),
    Column("valid_to", _("离任日期"), kind="date"),
)


def organisation_url(code: str) -> str:
    """The page of the unit with this code."""
    return reverse("people:organisation_detail", args=[code])


def organisation_row(unit: Organisation, names: Mapping[str, str], posts: int) -> Row:
    """A unit in the list."""
    cells = {
        "name": unit.name,
        "code": unit.code,
        "kind": unit.kind,
        "area": Cell(names.get(unit.area, unit.area_code), url=area_url(unit.area)),
        "department_code": unit.department_code,
        "is_campaign": _("是") if unit.is_campaign_department else "",
        "posts": posts,
    }
    return Row(cells, url=organisation_url(unit.code), key=unit.code)


def full_person(user: Any, person_no: str) -> FullRecord:
    """A person with a post in the user's reach, in full; for one who gave a reason."""
    post = Post.objects.select_related("person", "organisation").get_visible(user, person__person_no=person_no)
    facts = [
        Fact(_("姓名"), post.person.name, personal=Personal.NAME, is_revealed=True),
        Fact(_("手机"), post.person.phone, personal=Personal.PHONE, is_revealed=True),
    ]
    return FullRecord(f"people.person:{person_no}", str(post), facts, organisation_url(post.organisation.code))


def post_row(post: Post, names: Mapping[str, str], *, is_full: bool) -> Row:
    """A post with its holder; outside the unit itself the number is masked, and opens with a reason. Names in office
    are public."""
    number = post.person.phone
    asked = "" if is_full or not number else reverse("disclosures:record_open", args=["person", post.person.person_no])
    cells: dict[str, Any] = {
        "name": post.person.name,
        "title": post.title,
        "kind": post.kind,
        "phone": Cell(number, url=asked, title=_("查看完整信息") if asked else "", is_revealed=is_full),
        "area": names.get(key_of_code(post.area_code), post.area_code),
        "valid_from": post.valid_from,
        "valid_to": post.valid_to,
    }
    return Row(cells, key=str(post.pk))
