"""Trainings of officials as files: the sessions, and who was there (C-14)."""

from django.utils.translation import gettext_lazy as _

from shian.domains.duties.imports.dated import ROLES
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
from shian.registers.areas.imports import area_checks

LEVELS = {"市级": "city", "县级": "county", "乡级": "township", "村级": "village"}
_SESSION = "JOIN duties_training tr ON tr.number = s.number"
_OFFICIAL = "JOIN duties_official f ON f.code = s.official_code"
TRAININGS = ImportSpec(
    key="duty_trainings",
    title=_("包保培训"),
    description=_("已经举办的包保干部培训，一场一行；参加人员另有一份文件"),
    order=237,
    natural_key=("number",),
    area_field="area_code",
    roles=ROLES,
    fields=(
        ImportField("number", _("培训编号"), required=True, max_length=40),
        ImportField("topic", _("培训主题"), required=True, max_length=120),
        ImportField("area_code", _("区划代码"), required=True),
        ImportField("level", _("培训对象"), choices=LEVELS, hint=_("留空为各级干部")),
        ImportField("held_on", _("举办日期"), "date", required=True),
        ImportField("place", _("地点"), max_length=120),
        ImportField("trainer", _("授课单位"), max_length=80),
    ),
    checks=(
        *area_checks("area_code", "s.held_on", "%(today)s::date"),
        SetCheck("held_on", "s.held_on > %(today)s::date", _("日期在今天以后"), _("只补录已经举办的培训")),
    ),
    target=Target(
        table="duties_training",
        key=("number",),
        columns={
            "number": "s.number",
            "topic": "s.topic",
            "area_code": "s.area_code",
            "level": text("level"),
            "place": text("place"),
            "trainer": text("trainer"),
            "handout": "''",
            "planned_on": "s.held_on",
            "held_on": "s.held_on",
            "state": "'recorded'",
            **area_columns_sql("s.area_code"),
        },
        stamps={"planned_at": "now()", "planned_by": "%(by)s"},
    ),
)  # fmt: skip
ATTENDANCES = ImportSpec(
    key="duty_attendances",
    title=_("包保培训参加人员"),
    description=_("哪名包保干部参加了哪场培训，有测试的填得分"),
    order=238,
    natural_key=("number", "official_code"),
    roles=ROLES,
    fields=(
        ImportField("number", _("培训编号"), required=True, max_length=40,
                    references=Reference("duties_training", "number")),
        ImportField("official_code", _("干部编号"), required=True, max_length=40,
                    references=Reference("duties_official", "code")),
        ImportField("score", _("测试得分"), "number", minimum=0, maximum=100),
    ),
    checks=(
        SetCheck(
            "official_code", "f.valid_from > tr.held_on OR f.valid_to <= tr.held_on", _("培训当日不在任：{detail}"),
            _("请核对干部编号或者培训日期"), detail="f.valid_from || '—' || COALESCE(f.valid_to::text, '')",
            joins=f"{_SESSION} {_OFFICIAL}",
        ),
    ),
    target=Target(
        table="duties_trainingattendance",
        key=("training_id", "official_id"),
        joins=f"{_SESSION} {_OFFICIAL}",
        columns={"training_id": "tr.id", "official_id": "f.id", "way": "'onsite'", "score": "s.score"},
    ),
)  # fmt: skip


def register() -> None:
    """Registers both."""
    register_importer(TRAININGS)
    register_importer(ATTENDANCES)
