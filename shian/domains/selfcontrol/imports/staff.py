"""Directors and officers of operators as a file: person and appointment on one line."""

from django.utils.translation import gettext_lazy as _

from shian.domains.selfcontrol.imports.records import CHECKS, JOIN, OPERATOR, PLACE, ROLES, added, not_ahead
from shian.domains.selfcontrol.models import Duty
from shian.kernel.imports.specs import Counts, ImportField, ImportSpec, SetCheck, Staged, register_importer, text
from shian.kernel.ui.masking import Personal
from shian.registers.areas.imports import dates_in_order

DUTIES = {"食品安全总监": Duty.DIRECTOR.value, "食品安全员": Duty.OFFICER.value}
_OWN = f"{JOIN} JOIN selfcontrol_safetystaff p ON p.operator_id = o.id AND p.person_no = s.person_no"
_BARRED = (
    "JOIN selfcontrol_safetystaff b ON b.person_no = s.person_no AND b.barred_from <= s.appointed_on "
    "AND (b.barred_to IS NULL OR b.barred_to > s.appointed_on)"
)
_OPEN = f"{_OWN} JOIN selfcontrol_appointment a ON a.staff_id = p.id AND a.duty = s.duty AND a.ended_on IS NULL"


def _apply(staged: Staged) -> Counts:
    """Persons first, each once in a business; then their posts."""
    added(
        staged,
        "selfcontrol_safetystaff",
        {
            "operator_id": "o.id",
            "person_no": "s.person_no",
            "person_name": "s.person_name",
            "phone": text("phone"),
        },
        JOIN,
    )
    return added(
        staged,
        "selfcontrol_appointment",
        {
            "operator_id": "o.id",
            "staff_id": "p.id",
            "duty": "s.duty",
            "document_no": text("document_no"),
            "appointed_on": "s.appointed_on",
            "trained_on": "s.trained_on",
            "assessed_on": "s.assessed_on",
            "ended_on": "s.ended_on",
            **PLACE,
        },
        _OWN,
    )


STAFF = ImportSpec(
    key="safety_staff",
    title=_("食品安全总监和食品安全员"),
    description=_("各主体任命的食品安全管理人员；已登记的任命不因重复导入而改变"),
    order=300,
    natural_key=("operator_code", "person_no", "duty", "appointed_on"),
    area_field="area_code",
    roles=ROLES,
    fields=(
        *OPERATOR,
        ImportField("person_no", _("人员编号"), required=True, max_length=40),
        ImportField("person_name", _("姓名"), required=True, max_length=30, personal=Personal.NAME),
        ImportField("phone", _("手机"), pattern=r"1\d{10}", pattern_hint=_("11 位手机号"), personal=Personal.PHONE),
        ImportField("duty", _("职责"), required=True, choices=DUTIES),
        ImportField("document_no", _("任命文件"), max_length=60),
        ImportField("appointed_on", _("任命日期"), "date", required=True),
        ImportField("trained_on", _("岗前培训日期"), "date"),
        ImportField("assessed_on", _("上岗考核日期"), "date"),
        ImportField("ended_on", _("离任日期"), "date"),
    ),
    checks=(
        *CHECKS,
        not_ahead("appointed_on"),
        dates_in_order("appointed_on", "ended_on", strictly=False),
        SetCheck("person_no", "TRUE", _("此人在禁业期内"), _("食品安全法第一百三十五条：不得担任"), joins=_BARRED),
        SetCheck(
            "person_no", "s.ended_on IS NULL AND a.appointed_on <> s.appointed_on", _("此人自 {detail} 起担任这一职务"),
            _("请先登记其离任"), detail="a.appointed_on", joins=_OPEN,
        ),
    ),
    apply=_apply,
)  # fmt: skip


def register() -> None:
    """Registers the importer of staff."""
    register_importer(STAFF)
