"""Case types as sources of measures, made from their declarations: `cases.<type>`.

A close-out rate is a count of what is closed among all: part where is_closed, whole without a condition. Both are told
as of a day: a case counts from the day that it was opened, and as open until the day that it was closed.
"""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shian.engine.cases.declarations import CaseType, when_declared
from shian.engine.cases.models import Case
from shian.engine.cases.queries import LISTED
from shian.engine.cases.tables import CASES, case_row
from shian.engine.measures.declarations import Source, SourceField, register_source
from shian.kernel.ui.tables import Row
from shian.registers.areas.queries import area_names

CLOSED_ON = f"(t.closed_at AT TIME ZONE '{timezone.get_default_timezone_name()}')::date"
IS_CLOSED = f"COALESCE({CLOSED_ON} <= {{as_of}}, FALSE)"
FIELDS = {
    "number": SourceField(_("编号"), "t.number"),
    "state": SourceField(_("状态"), "t.state"),
    "is_open": SourceField(_("未办结"), f"(NOT {IS_CLOSED})"),
    "is_closed": SourceField(_("已办结"), IS_CLOSED),
    "is_overdue": SourceField(_("逾期未办结"), f"(NOT {IS_CLOSED} AND COALESCE(t.due_on < {{as_of}}, FALSE))"),
    "is_late": SourceField(_("逾期办结"), f"({IS_CLOSED} AND COALESCE({CLOSED_ON} > t.due_on, FALSE))"),
    "is_urgent": SourceField(_("加急"), "t.is_urgent"),
    "is_merged": SourceField(_("已并案"), "(t.merged_into_id IS NOT NULL)"),
    "source": SourceField(_("来源"), "t.source"),
    "unit": SourceField(_("承办单位"), "t.unit_id"),
    "issuer": SourceField(_("交办单位"), "t.issuer_id"),
    "verifier": SourceField(_("核实单位"), "t.verifier_id"),
    "item_code": SourceField(_("评价内容"), "t.item_code"),
    "operator_code": SourceField(_("主体编号"), "t.operator_code"),
    "opened_on": SourceField(_("提出日期"), "t.opened_on"),
    "due_on": SourceField(_("期限"), "t.due_on"),
    "closed_on": SourceField(_("办结日期"), CLOSED_ON),
    "days": SourceField(_("办理天数"), f"({CLOSED_ON} - t.opened_on)"),
    "level": SourceField(_("升级级别"), "t.level"),
    "reopened": SourceField(_("重开次数"), "t.reopened"),
}


def register() -> None:
    """Offer every declared type, now and later."""
    when_declared(lambda declared: register_source(source_from(declared)))


def source_from(declared: CaseType) -> Source:
    """A case type as measures read it: what every case has, and the type's own fields."""
    own = {each.name: SourceField(each.title, each.sql) for each in declared.fields}
    return Source(
        key=f"cases.{declared.key}",
        title=declared.title,
        register="",
        model=Case,
        fields={**FIELDS, **own},
        columns=CASES,
        row_of=lambda case: case_row(case, timezone.localdate()),
        draw=_drawn,
        valid_from="opened_on",
        occurs_on="opened_on",
        condition="t.type = %s",
        values=(declared.key,),
        related=LISTED,
        words={**{each.key: each.title for each in declared.states}, **dict(declared.sources)},
    )


def _drawn(cases: Sequence[Any], user: Any) -> list[Row]:
    today = timezone.localdate()
    names = area_names(today) if cases else {}
    return [case_row(each, today, names) for each in cases]
