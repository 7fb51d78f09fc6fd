"""Importers of organisations, persons and posts. Posts decide who sees what, so only the office imports them.

A person gets no account here: accounts are made by hand, with an activation code.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shian.kernel.imports.specs import (
    ImportField,
    ImportSpec,
    Reference,
    SetCheck,
    Target,
    area_columns_sql,
    register_importer,
    text,
)
from shian.kernel.ui.masking import Personal
from shian.registers.areas.imports import area_checks, dates_in_order
from shian.registers.people.models import ORGANISATION_KINDS, POST_KINDS

PHONE = r"(?:\+?86[- ]?)?1[3-9]\d{9}|0\d{2,3}[- ]?\d{7,8}(?:[-转]\d{1,6})?|[48]00[- ]?\d{3}[- ]?\d{4}"
_LAST_DAY = "LEAST(s.valid_to - 1, %(effective_on)s::date)"

_SET_PARENT = (
    "UPDATE people_organisation t SET parent_id = o.id FROM {staging} s JOIN {plan} p ON p.row_no = s.row_no "
    "LEFT JOIN people_organisation o ON o.code = s.parent_code "
    "WHERE t.id = p.target_id AND t.parent_id IS DISTINCT FROM o.id"
)

ORGANISATIONS = ImportSpec(
    key="organisations",
    title=pgettext_lazy("organisation", "单位"),
    description=_("政府部门、委员会、指挥部、街乡镇机构和监管所"),
    order=30,
    natural_key=("code",),
    area_field="area_code",
    fields=(
        ImportField("code", _("单位编码"), required=True, max_length=40),
        ImportField("name", _("单位名称"), required=True, max_length=80),
        ImportField("short_name", _("简称"), max_length=30),
        ImportField("kind", _("单位类别"), required=True, choices=ORGANISATION_KINDS),
        ImportField("area_code", _("所在区划"), required=True),
        ImportField("parent_code", _("上级单位编码"), references=Reference("people_organisation", "code", "code")),
        ImportField("department_code", _("部门代码"), max_length=20),
        ImportField("is_campaign_department", _("创建部门"), "boolean", default="false"),
        ImportField("valid_from", _("成立日期"), "date", required=True),
        ImportField("valid_to", _("撤销日期"), "date"),
    ),
    checks=(
        *area_checks("area_code", _LAST_DAY, "%(effective_on)s"),
        dates_in_order("valid_from", "valid_to", strictly=True),
        SetCheck("parent_code", "s.parent_code = s.code", _("上级单位是它自己"), _("请填写上级单位的编码")),
    ),
    target=Target(
        table="people_organisation",
        key=("code",),
        columns={
            "code": "s.code",
            "name": "s.name",
            "short_name": text("short_name"),
            "kind": "s.kind",
            "area_code": "s.area_code",
            "department_code": text("department_code"),
            "is_campaign_department": "s.is_campaign_department",
            "valid_from": "s.valid_from",
            "valid_to": "s.valid_to",
            **area_columns_sql("s.area_code"),
        },
        differs="s.parent_code IS DISTINCT FROM (SELECT o.code FROM people_organisation o WHERE o.id = t.parent_id)",
        after=(_SET_PARENT,),
    ),
)

PERSONS = ImportSpec(
    key="persons",
    title=_("人员"),
    description=_("公职人员；账号另行开通"),
    order=40,
    natural_key=("person_no",),
    fields=(
        ImportField("person_no", _("人员编号"), required=True, max_length=30),
        ImportField("name", _("姓名"), required=True, max_length=30, personal=Personal.NAME),
        ImportField(
            "phone",
            _("手机"),
            pattern=PHONE,
            pattern_hint=_("11 位手机号或带区号的座机号"),
            max_length=20,
            personal=Personal.PHONE,
        ),
    ),
    target=Target(
        table="people_person",
        key=("person_no",),
        columns={"person_no": "s.person_no", "name": "s.name", "phone": text("phone")},
        is_area_scoped=False,
    ),
)

POSTS = ImportSpec(
    key="posts",
    title=_("任职"),
    description=_("谁在哪个单位、为哪个区划任什么职，从何时到何时"),
    order=50,
    natural_key=("person_no", "organisation_code", "kind", "valid_from"),
    area_field="area_code",
    fields=(
        ImportField("person_no", _("人员编号"), required=True, references=Reference("people_person", "person_no")),
        ImportField(
            "organisation_code", _("单位编码"), required=True, references=Reference("people_organisation", "code")
        ),
        ImportField("title", _("职务"), required=True, max_length=40),
        ImportField("kind", _("岗位类别"), required=True, choices=POST_KINDS),
        ImportField("area_code", _("任职区划"), required=True),
        ImportField("valid_from", _("任职日期"), "date", required=True),
        ImportField("valid_to", _("离任日期"), "date"),
    ),
    checks=(
        *area_checks("area_code", _LAST_DAY, "%(effective_on)s"),
        dates_in_order("valid_from", "valid_to", strictly=False),
    ),
    target=Target(
        table="people_post",
        key=("person_id", "organisation_id", "kind", "valid_from"),
        joins="JOIN people_person person ON person.person_no = s.person_no "
        "JOIN people_organisation organisation ON organisation.code = s.organisation_code",
        columns={
            "person_id": "person.id",
            "organisation_id": "organisation.id",
            "title": "s.title",
            "kind": "s.kind",
            "area_code": "s.area_code",
            "valid_from": "s.valid_from",
            "valid_to": "s.valid_to",
            **area_columns_sql("s.area_code"),
        },
    ),
)


def register() -> None:
    """Registers the importers of this app."""
    for spec in (ORGANISATIONS, PERSONS, POSTS):
        register_importer(spec)
