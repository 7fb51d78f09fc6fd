"""Training sessions, who came, and random tests of earlier times as files."""

from django.utils.translation import gettext_lazy as _

from shian.domains.selfcontrol.imports.records import CHECKS, JOIN, OPERATOR, PLACE, ROLES, added, not_ahead
from shian.domains.selfcontrol.models.training import SessionKind
from shian.kernel.imports.specs import (
    Counts,
    ImportField,
    ImportSpec,
    Reference,
    SetCheck,
    Staged,
    Target,
    area_columns_sql,
    register_importer,
    text,
)
from shian.registers.areas.imports import area_checks

KINDS = {
    "集中培训": SessionKind.COURSE.value,
    "送法进企业": SessionKind.LAW.value,
    "线上课程": SessionKind.ONLINE.value,
}
_STAFF = "selfcontrol_safetystaff w ON w.operator_id = o.id AND w.person_no = s.person_no"
SESSIONS = ImportSpec(
    key="training_sessions",
    title=_("企业人员培训"),
    description=_("面向主体负责人和食品安全管理人员的培训；到场人员另行导入"),
    order=330,
    natural_key=("code",),
    area_field="area_code",
    roles=ROLES,
    fields=(
        ImportField("code", _("培训编号"), required=True, max_length=40),
        ImportField("title", _("培训名称"), required=True, max_length=80),
        ImportField("topic", _("主题"), max_length=80),
        ImportField("kind", _("形式"), required=True, choices=KINDS),
        ImportField("organiser", _("组织单位"), required=True, max_length=80),
        ImportField("area_code", _("区划代码"), required=True),
        ImportField("held_on", _("培训日期"), "date", required=True),
        ImportField("hours", _("学时"), "number", required=True, minimum=0, maximum=100),
    ),
    checks=(*area_checks("area_code", "s.held_on", "%(today)s::date"), not_ahead("held_on"),
            SetCheck("hours", "s.hours = 0", _("学时应大于 0"), _("请核对学时"))),
    target=Target(
        table="selfcontrol_trainingsession",
        key=("code",),
        columns={
            "code": "s.code", "title": "s.title", "topic": text("topic"), "kind": "s.kind",
            "organiser": "s.organiser", "area_code": "s.area_code", "held_on": "s.held_on", "hours": "s.hours",
            **area_columns_sql("s.area_code"),
        },
    ),
)  # fmt: skip


def _attended(staged: Staged) -> Counts:
    columns = {"session_id": "k.id", "operator_id": "o.id", "staff_id": "w.id", "people": "s.people", **PLACE}
    joins = f"{JOIN} JOIN selfcontrol_trainingsession k ON k.code = s.session LEFT JOIN {_STAFF}"
    return added(staged, "selfcontrol_attendance", columns, joins)


ATTENDANCES = ImportSpec(
    key="training_attendances",
    title=_("企业人员培训签到"),
    description=_("每人一行；没有名单的每个主体一行，填人数"),
    order=331,
    natural_key=("session", "operator_code", "person_no"),
    area_field="area_code",
    roles=ROLES,
    fields=(
        ImportField("session", _("培训编号"), required=True,
                    references=Reference("selfcontrol_trainingsession", "code")),
        *OPERATOR,
        ImportField("person_no", _("人员编号"), max_length=40),
        ImportField("people", _("人数"), "integer", minimum=1, maximum=9999, default="1"),
    ),
    checks=(
        *CHECKS,
        SetCheck("person_no", "s.person_no IS NOT NULL AND w.id IS NULL", _("本主体没有这个人员编号"),
                 _("请先导入食品安全管理人员"), joins=f"{JOIN} LEFT JOIN {_STAFF}"),
        SetCheck("people", "s.person_no IS NOT NULL AND s.people > 1", _("实名签到一人一行"), _("请分行填写")),
    ),
    apply=_attended,
)  # fmt: skip
EXAMS = ImportSpec(
    key="exam_results",
    title=_("监督抽考成绩"),
    description=_("以前组织的监督抽考；系统内的抽考不从这里导入"),
    order=335,
    natural_key=("number",),
    area_field="area_code",
    roles=ROLES,
    fields=(
        ImportField("number", _("抽考编号"), required=True, max_length=40),
        *OPERATOR,
        ImportField("person_no", _("人员编号"), required=True, max_length=40),
        ImportField("examined_on", _("抽考日期"), "date", required=True),
        ImportField("score", _("得分"), "number", required=True, minimum=0, maximum=100),
        ImportField("passed", _("合格"), "boolean", required=True),
    ),
    checks=(
        *CHECKS,
        not_ahead("examined_on"),
        SetCheck("person_no", "w.id IS NULL", _("本主体没有这个人员编号"), _("请先导入食品安全管理人员"),
                 joins=f"{JOIN} LEFT JOIN {_STAFF}"),
        SetCheck("number", "e.seed <> ''", _("这是系统内的抽考"), _("成绩以系统为准"),
                 joins="JOIN selfcontrol_exam e ON e.number = s.number"),
    ),
    target=Target(
        table="selfcontrol_exam",
        key=("number",),
        joins=f"{JOIN} JOIN {_STAFF}",
        columns={
            "number": "s.number", "operator_id": "o.id", "staff_id": "w.id", "examined_on": "s.examined_on",
            "score": "s.score", "passed": "s.passed", "edition": "''", "seed": "''", "questions": "'[]'::jsonb",
            "answers": "'{}'::jsonb", **PLACE,
        },
        stamps={"called_by": "%(by)s"},
        is_area_scoped=False,
    ),
)  # fmt: skip


def register() -> None:
    """Registers the importers of training and tests."""
    for spec in (SESSIONS, ATTENDANCES, EXAMS):
        register_importer(spec)
