"""What the importers of dated rows of an operator ask alike."""

from django.utils.translation import gettext_lazy as _

from shian.kernel.accounts.models import Role
from shian.kernel.imports.specs import ImportField, Reference, SetCheck
from shian.kernel.scope.rules import Level
from shian.registers.areas.imports import dates_in_order

ROLES = (Role.OFFICE, Role.COUNTY)
OPERATOR = "JOIN operators_operator o ON o.code = s.operator_code"
OPERATOR_FIELDS = (
    ImportField(
        "operator_code", _("主体编号"), required=True, max_length=40, references=Reference("operators_operator", "code")
    ),
    ImportField("area_code", _("所在区划"), required=True, hint=_("与主体登记的区划一致"), aliases=("区划代码",)),
)
DAYS = (
    ImportField("valid_from", _("起始日期"), "date", required=True),
    ImportField("valid_to", _("终止日期"), "date"),
)
AREA_COLUMNS = {level.value: f"o.{level.value}" for level in Level}
_RANGE = "daterange({0}.valid_from, CASE WHEN {0}.valid_to < {0}.valid_from THEN {0}.valid_from ELSE {0}.valid_to END)"


def dated_checks(table: str, only: str = "TRUE") -> tuple[SetCheck, ...]:
    """The operator's own division, days in order and not to come, and nothing else of the operator on the same days:
    neither in the file nor in the table (`only`: which rows `t` of it count)."""
    twice = (
        "JOIN {staging} x ON x.operator_code = s.operator_code AND x.row_no <> s.row_no "
        f"AND {_RANGE.format('x')} && {_RANGE.format('s')}"
    )
    there = (
        f"{OPERATOR} JOIN {table} t ON t.operator_id = o.id AND t.valid_from <> s.valid_from AND {only} "
        f"AND daterange(t.valid_from, t.valid_to) && {_RANGE.format('s')}"
    )
    return (
        SetCheck(
            "area_code", "o.area_code <> s.area_code", _("与主体登记的区划不符：{detail}"),
            _("请填写主体登记的区划代码"), detail="o.area_code", joins=OPERATOR,
        ),
        dates_in_order("valid_from", "valid_to", strictly=False),
        SetCheck("valid_from", "s.valid_from > %(today)s::date", _("日期在今天以后"), _("请核对日期")),
        SetCheck(
            "operator_code", "TRUE", _("与第 {detail} 行同一主体、日期重叠"), _("同一天只能有一行，请核对日期"),
            detail="x.row_no", joins=twice,
        ),
        SetCheck(
            "operator_code", "TRUE", _("该主体从 {detail} 起已有记录，日期重叠"), _("请先导入原记录的截止日期"),
            detail="t.valid_from", joins=there,
        ),
    )  # fmt: skip
