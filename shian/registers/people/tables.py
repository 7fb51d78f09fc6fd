"""Organisations and posts as tables, and the masks of personal data that every page inside the administration uses.

Masks follow national practice (PIPL Art. 6, minimisation): `王*明`, `138****1234`.
"""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shian.kernel.scope.rules import key_of_code
from shian.kernel.ui.tables import Cell, Column, Row
from shian.registers.areas.tables import area_url
from shian.registers.people.models import Organisation, Post

COMPOUND_SURNAMES = frozenset(
    {"欧阳", "上官", "司马", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯", "诸葛", "尉迟", "公羊", "赫连", "澹台"}
    | {"皇甫", "宗政", "濮阳", "太叔", "申屠", "公孙", "慕容", "仲孙", "钟离", "长孙", "宇文", "司徒", "鲜于", "司空"}
    | {"令狐", "端木"}
)
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
    Column("phone", _("手机")),
    Column("area", _("任职区划")),
    Column("valid_from", _("任职日期"), kind="date"),
    Column("valid_to", _("离任日期"), kind="date"),
)


def masked_name(name: str) -> str:
    """王明 → 王*, 王小明 → 王*明, 欧阳小明 → 欧阳*明: first and last are kept, a compound surname stays whole."""
    surname = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1
    given = name[surname:]
    if not given:
        return f"{name[:1]}*" if name else ""
    return name[:surname] + "*" * max(len(given) - 1, 1) + (given[-1] if len(given) > 1 else "")


def public_name(name: str) -> str:
    """王明 → 王**, 欧阳小明 → 欧阳**: what the public reads of a person, always two asterisks."""
    surname = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1
    return f"{name[:surname]}**" if name else ""


def masked_phone(phone: str) -> str:
    """13812341234 → 138****1234; shorter numbers keep their last two digits."""
    if len(phone) >= 11:
        return f"{phone[:3]}****{phone[-4:]}"
    return "*" * max(len(phone) - 2, 0) + phone[-2:]


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


def post_row(post: Post, names: Mapping[str, str], *, is_full: bool) -> Row:
    """A post with its holder; the number is masked outside the unit itself. Names in office are public."""
    phone = post.person.phone if is_full else masked_phone(post.person.phone)
    cells: dict[str, Any] = {
        "name": post.person.name,
        "title": post.title,
        "kind": post.kind,
        "phone": phone,
        "area": names.get(key_of_code(post.area_code), post.area_code),
        "valid_from": post.valid_from,
        "valid_to": post.valid_to,
    }
    return Row(cells, key=str(post.pk))
