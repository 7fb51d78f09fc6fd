"""An operator's posts and records as facts and rows."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.selfcontrol.models import (
    Appointment,
    DailyControl,
    DispatchMeeting,
    Duty,
    OwnProblem,
    RiskList,
    WeeklyCheck,
)
from shian.kernel.ui.masking import Personal
from shian.kernel.ui.pieces import Fact
from shian.kernel.ui.states import DONE, NEUTRAL, OVERDUE
from shian.kernel.ui.tables import Cell, Column, Row

POSTS = (
    Column("name", gettext_lazy("姓名"), personal=Personal.NAME, is_fixed=True),
    Column("duty", gettext_lazy("职责")),
    Column("state", gettext_lazy("状态")),
    Column("hours", gettext_lazy("本年学时"), kind="number", decimals=1),
    Column("document", gettext_lazy("任命文件")),
    Column("appointed_on", gettext_lazy("任命日期"), kind="date"),
    Column("ended_on", gettext_lazy("离任日期"), kind="date"),
)


def post_row(each: Appointment, hours: Mapping[int, Decimal]) -> Row:
    """Somebody's post with the year's hours."""
    state = Cell(_("在任"), state=DONE)
    if each.ended_on is not None:
        state = Cell(_("已离任"), state=NEUTRAL)
    elif each.suspended_on is not None:
        state = Cell(_("暂停上岗"), state=OVERDUE)
    cells = {
        "name": each.staff.person_name, "duty": Duty(each.duty).label, "state": state,
        "hours": hours.get(each.staff_id), "document": each.document_no, "appointed_on": each.appointed_on,
        "ended_on": each.ended_on,
    }  # fmt: skip
    return Row(cells, key=str(each.pk))


def facts_of(
    *, records: Sequence[DailyControl], gaps: int, problems: Sequence[OwnProblem], missing: Sequence[Duty],
    listed: RiskList | None, weeks: Sequence[WeeklyCheck], meetings: Sequence[DispatchMeeting],
) -> list[Fact]:  # fmt: skip
    """What stands out of the last thirty days."""
    lacking = _("、").join(str(each.label) for each in missing)
    signed_week = weeks[0].monday if weeks and weeks[0].signed_at else None
    signed_month = meetings[0].month if meetings and meetings[0].signed_at else None
    return [
        Fact(_("应配而未配"), lacking or _("无"), state=OVERDUE if lacking else DONE),
        Fact(_("近 30 天日管控"), len(records), kind="number", unit=_("天")),
        Fact(_("近 30 天缺报"), gaps, kind="number", unit=_("天")),
        Fact(_("迟报和补录"), sum(each.is_late for each in records), kind="number", unit=_("天")),
        Fact(_("未处置问题"), len(problems), kind="number", unit=_("个")),
        Fact(_("风险管控清单"), _("第 %(version)s 版") % {"version": listed.version} if listed else None),
        Fact(_("最近签字的周排查"), signed_week, kind="week"),
        Fact(_("最近签字的月调度"), f"{signed_month:%Y-%m}" if signed_month else None),
    ]
