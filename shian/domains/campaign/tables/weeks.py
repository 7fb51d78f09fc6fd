"""How weeks, reports and their lines look in tables."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shian.domains.campaign.models import ReportState, Week, WeekLine, WeekReport
from shian.domains.campaign.queries.weeks import WeekCount, is_late
from shian.kernel.ui.states import DONE, DUE, NEUTRAL, OVERDUE, WAITING
from shian.kernel.ui.tables import Cell, Column, Row

WEEKS = (
    Column("monday", gettext_lazy("周"), kind="week", is_fixed=True),
    Column("state", gettext_lazy("状态")),
    Column("filed", gettext_lazy("填报率"), kind="rate"),
    Column("late", gettext_lazy("未报"), kind="number", unit=pgettext_lazy("organisation", "家")),
    Column("confirmed", gettext_lazy("已确认"), kind="number", unit=pgettext_lazy("organisation", "家")),
    Column("cut_off_at", gettext_lazy("截止时间"), kind="moment"),
)
SUMMARY = (
    Column("unit", gettext_lazy("单位"), is_wide=True, is_fixed=True),
    Column("state", gettext_lazy("状态")),
    Column("lines", gettext_lazy("事项"), kind="number", unit=gettext_lazy("条")),
    Column("done", gettext_lazy("本周完成"), is_wide=True),
    Column("problem", gettext_lazy("存在问题"), is_wide=True),
    Column("help_needed", gettext_lazy("需协调事项"), is_wide=True),
    Column("planned", gettext_lazy("下周计划"), is_wide=True, is_default=False),
    Column("filed_at", gettext_lazy("填报时间"), kind="moment"),
)
LINES = (
    Column("number", gettext_lazy("序号"), kind="number"),
    Column("item_code", gettext_lazy("评价内容"), kind="code"),
    Column("done", gettext_lazy("本周完成"), is_wide=True, is_fixed=True),
    Column("planned", gettext_lazy("下周计划"), is_wide=True),
    Column("problem", gettext_lazy("存在问题"), is_wide=True),
    Column("help_needed", gettext_lazy("需协调事项"), is_wide=True),
)
SHORT = 80


def week_state(week: Week, now: datetime) -> tuple[str, str]:
    """The word and the colour of a week."""
    if week.locked_at:
        return _("已锁定"), DONE
    return (_("已截止"), DUE) if now > week.cut_off_at else (_("填报中"), WAITING)


def week_row(week: Week, count: WeekCount, now: datetime) -> Row:
    """A week in the list."""
    label, tone = week_state(week, now)
    late = count.units - count.filed if now > week.cut_off_at else None
    return Row(
        {
            "monday": week.monday,
            "state": Cell(label, state=tone),
            "filed": (count.filed, count.units),
            "late": Cell(late, state=OVERDUE) if late else late,
            "confirmed": count.confirmed,
            "cut_off_at": week.cut_off_at,
        },
        url=reverse("campaign:week_detail", args=[week.pk]),
        key=str(week.pk),
    )


def report_state(report: WeekReport, now: datetime) -> tuple[str, str]:
    """The word and the colour of a report: red once it is missing, amber while it is awaited."""
    if report.state == ReportState.OPEN:
        return (_("未报"), OVERDUE) if is_late(report, now) else (_("待填报"), WAITING)
    return report.get_state_display(), DONE if report.state == ReportState.CONFIRMED else NEUTRAL


def summary_row(report: WeekReport, lines: Sequence[WeekLine], now: datetime) -> Row:
    """A unit in the city's summary; a unit that has not filed has its row too."""
    label, tone = report_state(report, now)
    cells = {name: Cell(_joined(lines, name)) for name in ("done", "problem", "help_needed", "planned")}
    return Row(
        {
            "unit": report.unit.name,
            "state": Cell(label, state=tone),
            "lines": len(lines) or None,
            "filed_at": report.filed_at,
            **cells,
        },
        url=reverse("campaign:report_detail", args=[report.pk]),
        key=str(report.pk),
        state=tone if tone == OVERDUE else "",
    )


def _joined(lines: Sequence[WeekLine], name: str) -> str:
    told = "；".join(text for line in lines if (text := getattr(line, name)))
    return told if len(told) <= SHORT else f"{told[:SHORT]}…"


def line_row(line: WeekLine) -> Row:
    """A line of a report."""
    names = ("number", "item_code", "done", "planned", "problem", "help_needed")
    return Row({name: getattr(line, name) for name in names}, key=str(line.pk))
