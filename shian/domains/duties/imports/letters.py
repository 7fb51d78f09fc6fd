"""Letters that were signed on paper, as a file."""

from django.utils.translation import gettext_lazy as _

from shian.domains.duties.imports.dated import ROLES
from shian.domains.duties.imports.matches import moment, zone_parameters
from shian.kernel.imports.specs import ImportField, ImportSpec, Reference, SetCheck, Target, register_importer, text
from shian.kernel.scope.rules import Level
from shian.registers.areas.imports import dates_in_order

_OFFICIAL = "JOIN duties_official f ON f.code = s.official_code"
_STATE = (
    "CASE WHEN s.ended_on IS NOT NULL THEN 'invalid' WHEN s.countersigned_on IS NOT NULL THEN 'in_force' "
    "WHEN s.signed_on IS NOT NULL THEN 'signed' ELSE 'due' END"
)
_SUBJECTS = (
    "(SELECT count(*) FROM duties_match m WHERE m.official_id = f.id AND m.valid_from <= s.issued_on "
    "AND (m.valid_to IS NULL OR m.valid_to > s.issued_on))"
)
_REPLACES = (
    "UPDATE duties_letter l SET replaces_id = f.id FROM {plan} p, duties_letter f WHERE p.is_new "
    "AND l.id = p.target_id AND f.official_id = l.official_id AND f.number = l.number - 1"
)
_TWICE = "JOIN {staging} x ON x.official_code = s.official_code AND x.row_no <> s.row_no AND x.ended_on IS NULL"

LETTERS = ImportSpec(
    key="duty_letters",
    title=_("包保承诺书"),
    description=_("已在纸面签订的食品安全责任与任务承诺书；内容以干部现行的包保主体为准"),
    order=235,
    natural_key=("official_code", "number"),
    area_field="area_code",
    roles=ROLES,
    fields=(
        ImportField("official_code", _("干部编号"), required=True, references=Reference("duties_official", "code")),
        ImportField("area_code", _("任职区划"), required=True),
        ImportField("number", _("第几份"), "integer", minimum=1, default="1"),
        ImportField("issued_on", _("生成日期"), "date", required=True),
        ImportField("due_on", _("签订期限"), "date", required=True),
        ImportField("counter_post", _("对签人职务"), required=True, max_length=80),
        ImportField("counter_name", _("对签人"), max_length=30),
        ImportField("signed_on", _("签字日期"), "date"),
        ImportField("countersigned_on", _("对签日期"), "date"),
        ImportField("ended_on", _("失效日期"), "date"),
        ImportField("ended_because", _("失效原因"), max_length=200),
    ),
    checks=(
        SetCheck("area_code", "f.area_code <> s.area_code", _("与干部的任职区划不符：{detail}"),
                 _("请填写干部的任职区划代码"), detail="f.area_code", joins=_OFFICIAL),
        dates_in_order("issued_on", "due_on", strictly=False),
        dates_in_order("signed_on", "countersigned_on", strictly=False),
        SetCheck("signed_on", "s.countersigned_on IS NOT NULL AND s.signed_on IS NULL", _("已对签而没有签字日期"),
                 _("先由干部签字，再对签")),
        dates_in_order("issued_on", "ended_on", strictly=False),
        SetCheck("ended_because", "(s.ended_on IS NULL) <> (s.ended_because IS NULL)", _("失效日期和原因须同时填写"),
                 _("请补齐，或都留空")),
        SetCheck("official_code", f"{_SUBJECTS} = 0", _("该干部在生成之日没有包保主体"), _("请先导入包保对接"),
                 joins=_OFFICIAL),
        SetCheck(
            "official_code", "s.ended_on IS NULL", _("该干部有第 {detail} 份未失效"), _("请先办理原承诺书"),
            detail="l.number", joins=f"{_OFFICIAL} JOIN duties_letter l ON l.official_id = f.id "
            "AND l.number <> s.number AND l.state <> 'invalid'",
        ),
        SetCheck(
            "official_code", "s.ended_on IS NULL", _("与第 {detail} 行是同一干部，都未失效"),
            _("同一时间只有一份，请填写前一份的失效日期"), detail="x.row_no", joins=_TWICE,
        ),
        SetCheck(
            "number", "l.state = 'invalid'", _("第 {detail} 份已失效，不能改动"), _("请另起一份"), detail="l.number",
            joins=f"{_OFFICIAL} JOIN duties_letter l ON l.official_id = f.id AND l.number = s.number",
        ),
    ),
    parameters=zone_parameters,
    target=Target(
        table="duties_letter",
        key=("official_id", "number"),
        joins=_OFFICIAL,
        columns={
            "official_id": "f.id",
            "number": "s.number",
            "state": _STATE,
            "issued_at": moment("s.issued_on"),
            "due_on": "s.due_on",
            "counter_post": "s.counter_post",
            "counter_name": text("counter_name"),
            "signed_at": moment("s.signed_on"),
            "countersigned_at": moment("s.countersigned_on"),
            "ended_at": moment("s.ended_on"),
            "ended_because": text("ended_because"),
        },
        stamps={
            "reason": "'首次签订'", "subjects": _SUBJECTS, "signed_by": "''", "countersigned_by": "''",
            **{level.value: f"f.{level.value}" for level in Level},
        },
        after=(_REPLACES,),
    ),
)  # fmt: skip


def register() -> None:
    """Registers the importer."""
    register_importer(LETTERS)
