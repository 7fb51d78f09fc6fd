"""Tables of commendation and accountability."""

from datetime import date

from django.utils.translation import gettext_lazy

from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.cases.tables import case_url, standing_label, tone_of
from shian.kernel.ui.masking import Personal
from shian.kernel.ui.tables import Cell, Column, Row

COMMENDATIONS = (
    Column("number", gettext_lazy("编号"), kind="code", is_fixed=True),
    Column("kind", gettext_lazy("种类"), is_fixed=True),
    Column("unit", gettext_lazy("对象单位"), is_wide=True),
    Column("person", gettext_lazy("对象姓名"), personal=Personal.NAME),
    Column("grounds", gettext_lazy("起因"), is_wide=True),
    Column("decision_no", gettext_lazy("决定文号")),
    Column("decided_on", gettext_lazy("决定日期"), kind="date"),
    Column("consequence", gettext_lazy("处理结果"), is_wide=True),
    Column("state", gettext_lazy("状态")),
)


def commendation_row(case: Case, cause_url: str, today: date, *, is_opened: bool) -> Row:
    """One entry; its cause is one click away, its person masked for everybody."""
    declared, told = case_type(case.type), case.data
    decided = told.get("decided_on")
    cells = {
        "number": case.number,
        "kind": told.get("kind"),
        "unit": told.get("target_unit"),
        "person": told.get("target_person"),
        "grounds": Cell(told.get("grounds"), url=cause_url),
        "decision_no": told.get("decision_no"),
        "decided_on": date.fromisoformat(str(decided)) if decided else None,
        "consequence": told.get("consequence"),
        "state": Cell(standing_label(declared, case, today), state=tone_of(declared, case, today)),
    }
    return Row(cells, url=case_url(case) if is_opened else "", key=str(case.pk))
