"""A deadline in words, the same on every page: days left or late, and that an unknown year was guessed."""

from datetime import date

from django.utils.translation import gettext as _

from shian.kernel.ui.pieces import Clock
from shian.kernel.ui.states import DUE, OVERDUE, WAITING
from shian.kernel.workdays.rules import Calendar, Deadline, Stage, Unit


def clock_of(calendar: Calendar, deadline: Deadline, today: date, unit: Unit = Unit.WORKDAY) -> Clock:
    """The clock of a record page. Amber from 70 % of the period on, red after its last day."""
    stage = calendar.stage(deadline, today, unit)
    state = OVERDUE if stage is Stage.RED else WAITING if stage is Stage.GREEN else DUE
    label = _left(calendar, deadline, today, unit) + provisional_note(deadline.provisional_years)
    return Clock(label, deadline.on, state)


def _left(calendar: Calendar, deadline: Deadline, today: date, unit: Unit) -> str:
    if today == deadline.on:
        return _("今日到期")
    by_work = unit == Unit.WORKDAY
    days = calendar.workdays_between(today, deadline.on) if by_work else (deadline.on - today).days
    told = {"days": max(1, abs(days))}
    if today > deadline.on:
        return (_("逾期 %(days)s 个工作日") if by_work else _("逾期 %(days)s 天")) % told
    return (_("剩 %(days)s 个工作日") if by_work else _("剩 %(days)s 天")) % told


def provisional_note(years: tuple[int, ...]) -> str:
    """What stands behind a date that was counted over years without a notice; "" when all are known."""
    if not years:
        return ""
    named = _("、").join(map(str, years))
    return _("（%(years)s年放假安排未导入，按周一至周五推算）") % {"years": named}
