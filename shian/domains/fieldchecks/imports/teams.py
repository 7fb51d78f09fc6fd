"""Inspection teams and their members as files."""

from django.utils.translation import gettext_lazy as _

from shian.kernel.accounts.models import Role
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

ROLES = (Role.OFFICE, Role.COUNTY)

TEAMS = ImportSpec(
    key="field_teams",
    title=_("检查队伍"),
    description=_("各县（市、区）的检查队伍：组建、培训、上岗和轮换的日期；队员另行导入"),
    order=228,
    natural_key=("code",),
    area_field="area_code",
    roles=ROLES,
    fields=(
        ImportField("code", _("队伍编号"), required=True, max_length=40),
        ImportField("name", _("队伍名称"), required=True, max_length=60),
        ImportField("area_code", _("区划代码"), required=True),
        ImportField("region", _("片区"), max_length=30),
        ImportField(
            "organisation", _("组建单位编码"), required=True, references=Reference("people_organisation", "code")
        ),
        ImportField("formed_on", _("组建日期"), "date", required=True),
        ImportField("trained_on", _("培训日期"), "date"),
        ImportField("active_on", _("上岗日期"), "date"),
        ImportField("rotated_on", _("轮换日期"), "date"),
    ),
    checks=(
        *area_checks("area_code", "s.formed_on", "%(today)s::date"),
        dates_in_order("formed_on", "trained_on", strictly=False),
        dates_in_order("trained_on", "active_on", strictly=False),
        dates_in_order("formed_on", "rotated_on", strictly=False),
        SetCheck(
            "active_on", "s.active_on IS NOT NULL AND s.trained_on IS NULL", _("上岗的队伍没有培训日期"),
            _("先培训，后上岗"),
        ),
    ),
    target=Target(
        table="fieldchecks_fieldteam",
        key=("code",),
        columns={
            "code": "s.code",
            "name": "s.name",
            "area_code": "s.area_code",
            "region": text("region"),
            "organisation_id": "s.organisation",
            "formed_on": "s.formed_on",
            "trained_on": "s.trained_on",
            "active_on": "s.active_on",
            "rotated_on": "s.rotated_on",
            **area_columns_sql("s.area_code"),
        },
    ),
)  # fmt: skip

_TEAM_AREA = "(SELECT x.area_code FROM fieldchecks_fieldteam x WHERE x.code = s.team)"
_OTHER_TEAM = (
    "JOIN people_person p ON p.person_no = s.person_no JOIN fieldchecks_teammember m ON m.person_id = p.id "
    "AND m.left_on IS NULL JOIN fieldchecks_fieldteam o ON o.id = m.team_id AND o.code <> s.team"
)
_TWICE = (
    "JOIN (SELECT person_no, array_agg(row_no ORDER BY row_no) AS rows FROM {staging} WHERE left_on IS NULL "
    "GROUP BY person_no HAVING count(*) > 1) d ON d.person_no = s.person_no"
)

MEMBERS = ImportSpec(
    key="team_members",
    title=_("检查队员"),
    description=_("队员、所在单位和执法证；一人同一时间只在一支队伍"),
    order=229,
    natural_key=("team", "person_no", "joined_on"),
    area_field="area_code",
    roles=ROLES,
    fields=(
        ImportField("team", _("队伍编号"), required=True, references=Reference("fieldchecks_fieldteam", "code")),
        ImportField("area_code", _("区划代码"), required=True),
        ImportField(
            "person_no", _("人员编号"), required=True, references=Reference("people_person", "person_no"),
        ),
        ImportField("unit", _("所在单位"), max_length=80),
        ImportField("certificate_no", _("执法证号"), max_length=40, personal=Personal.IDENTITY),
        ImportField("certificate_valid_to", _("执法证有效期至"), "date"),
        ImportField("joined_on", _("加入日期"), "date", required=True),
        ImportField("left_on", _("离队日期"), "date"),
    ),
    checks=(
        SetCheck("area_code", f"s.area_code <> {_TEAM_AREA}", _("与队伍所属区划不符：{detail}"),
                 _("请填写队伍的区划代码"), detail=_TEAM_AREA),
        dates_in_order("joined_on", "left_on", strictly=False),
        SetCheck(
            "certificate_valid_to", "(s.certificate_no IS NULL) <> (s.certificate_valid_to IS NULL)",
            _("执法证号和有效期须同时填写"), _("请补齐，或都留空"),
        ),
        SetCheck("person_no", "s.left_on IS NULL", _("与第 {detail} 行是同一人"), _("一人同一时间只在一支队伍"),
                 detail="array_to_string(array_remove(d.rows, s.row_no), '、')", joins=_TWICE),
        SetCheck("person_no", "s.left_on IS NULL", _("此人已在队伍 {detail}"), _("请先填写其离队日期"),
                 detail="o.code", joins=_OTHER_TEAM),
    ),
    target=Target(
        table="fieldchecks_teammember",
        key=("team_id", "person_id", "joined_on"),
        joins="JOIN fieldchecks_fieldteam k ON k.code = s.team JOIN people_person q ON q.person_no = s.person_no",
        columns={
            "team_id": "k.id",
            "person_id": "q.id",
            "unit": text("unit"),
            "certificate_no": text("certificate_no"),
            "certificate_valid_to": "s.certificate_valid_to",
            "joined_on": "s.joined_on",
            "left_on": "s.left_on",
        },
        is_area_scoped=False,
    ),
)  # fmt: skip


def register() -> None:
    """Registers the importers of teams."""
    register_importer(TEAMS)
    register_importer(MEMBERS)
