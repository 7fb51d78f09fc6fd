"""The roster of officials as a file."""

from django.utils.translation import gettext_lazy as _

from shian.domains.duties.imports.dated import ROLES
from shian.domains.duties.models import OfficialLevel
from shian.kernel.imports.specs import (
    ImportField,
    ImportSpec,
    Reference,
    SetCheck,
    Target,
    area_columns_sql,
    area_key_sql,
    register_importer,
    text,
)
from shian.kernel.ui.masking import Personal
from shian.registers.areas.imports import area_checks, dates_in_order

LEVELS = {
    **{str(each.label): each.value for each in OfficialLevel},
    **{each.value: each.value for each in OfficialLevel},
    "市": "city", "县": "county", "区": "county", "乡": "township", "镇": "township", "街道": "township",
    "村": "village", "社区": "village",
}  # fmt: skip
_WIDTHS = "CASE s.level WHEN 'city' THEN '{4}' WHEN 'county' THEN '{6}' WHEN 'township' THEN '{9}' ELSE '{9,12}' END"
_REPLACES = (
    "UPDATE duties_official n SET replaces_id = f.id FROM {staging} s, duties_official f "
    "WHERE s.is_good AND n.code = s.code AND f.code = s.replaces AND n.replaces_id IS DISTINCT FROM f.id"
)

OFFICIALS = ImportSpec(
    key="duty_officials",
    title=_("包保干部"),
    description=_("市、县、乡、村四级包保干部的职务、区划和任期；接替的另起一行，原行填离任日期"),
    order=231,
    natural_key=("code",),
    area_field="area_code",
    roles=ROLES,
    fields=(
        ImportField("code", _("干部编号"), required=True, max_length=40),
        ImportField("name", _("姓名"), required=True, max_length=30, personal=Personal.NAME),
        ImportField("level", _("层级"), required=True, choices=LEVELS),
        ImportField("post", _("职务"), required=True, max_length=60),
        ImportField("unit", _("单位"), max_length=80),
        ImportField("charge", _("分管领域"), max_length=20),
        ImportField("is_head", _("党政主要负责人"), "boolean", default="false"),
        ImportField("office_phone", _("办公电话"), max_length=20),
        ImportField("area_code", _("任职区划"), required=True, aliases=("区划代码",)),
        ImportField("person_no", _("人员编号"), max_length=30, references=Reference("people_person", "person_no")),
        ImportField(
            "replaces", _("接替干部编号"), max_length=40, references=Reference("duties_official", "code", "code")
        ),
        ImportField("valid_from", _("任职日期"), "date", required=True),
        ImportField("valid_to", _("离任日期"), "date"),
    ),
    checks=(
        *area_checks("area_code", "s.valid_from", "%(today)s::date"),
        dates_in_order("valid_from", "valid_to", strictly=False),
        SetCheck(
            "area_code", f"length({area_key_sql('s.area_code')}) <> ALL (({_WIDTHS})::int[])", _("区划与层级不符"),
            _("市级填市的代码，县级填县的代码，乡级填 9 位，村级填 12 位；没有村的园区可填 9 位"),
        ),
        SetCheck(
            "replaces", "TRUE", _("已由 {detail} 接替"), _("一名干部只由一人接替"), detail="n.code",
            joins="JOIN duties_official f ON f.code = s.replaces "
            "JOIN duties_official n ON n.replaces_id = f.id AND n.code <> s.code",
        ),
        SetCheck(
            "valid_to", "s.valid_to IS NOT NULL", _("仍有现行对接 {detail} 户"),
            _("请先由接替人员接手，再填写离任日期"),
            detail="(SELECT count(*) FROM duties_match m JOIN duties_official f ON f.id = m.official_id "
            "WHERE f.code = s.code AND m.valid_to IS NULL)",
            joins="JOIN duties_official g ON g.code = s.code AND EXISTS (SELECT 1 FROM duties_match m "
            "WHERE m.official_id = g.id AND m.valid_to IS NULL)",
        ),
    ),
    target=Target(
        table="duties_official",
        key=("code",),
        joins="LEFT JOIN people_person q ON q.person_no = s.person_no "
        "LEFT JOIN duties_official r ON r.code = s.replaces",
        columns={
            "code": "s.code",
            "name": "s.name",
            "level": "s.level",
            "post": "s.post",
            "unit": text("unit"),
            "charge": text("charge"),
            "is_head": "COALESCE(s.is_head, FALSE)",
            "office_phone": text("office_phone"),
            "area_code": "s.area_code",
            "person_id": "q.id",
            "valid_from": "s.valid_from",
            "valid_to": "s.valid_to",
            **area_columns_sql("s.area_code"),
        },
        differs="s.replaces IS NOT NULL AND t.replaces_id IS DISTINCT FROM r.id",
        after=(_REPLACES,),
    ),
)  # fmt: skip


def register() -> None:
    """Registers the importer."""
    register_importer(OFFICIALS)
