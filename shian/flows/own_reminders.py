"""People of businesses hear of days, weeks and months that are due or overdue: each once, and never at night.

The day is told in the evening (`remind_hour`) while its record is missing; director and principal hear what is overdue.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from shian.domains.selfcontrol.permissions import CHECKERS, MANAGERS, OFFICERS, PRINCIPALS
from shian.domains.selfcontrol.queries.numbers import CONTROLS
from shian.domains.selfcontrol.queries.reminding import (
    Owed,
    Reminded,
    owed_days,
    owed_months,
    owed_weeks,
    reminded,
    told,
)
from shian.kernel.notices.ladders import Matter, ReminderRule, Rung, Wording
from shian.kernel.notices.rules import is_quiet
from shian.kernel.scope.walls import system_scope
from shian.kernel.ui.states import Text

Search = Callable[[list[Reminded], date], Iterator[Owed]]
DUTIES = {"officer": OFFICERS, "checkers": CHECKERS, "principal": PRINCIPALS, "managers": MANAGERS}


def _matters(search: Search, name: str) -> Callable[[date], Iterable[Matter]]:
    def found(today: date) -> Iterable[Matter]:
        now, numbers = timezone.localtime(), CONTROLS.at(today)
        if is_quiet(now.time(), numbers.quiet):
            return
        with system_scope():
            owed = list(search(reminded(today), today))
        for each in owed:
            if name == "day" and each.due_on == today and now.hour < numbers.remind_hour:
                continue
            operator = each.business.operator
            link = reverse("operator:desk_detail", args=[operator.code])
            params: dict[str, str | int] = {"name": operator.name, "period": each.period.isoformat()}
            yield Matter(f"selfcontrol.{name}:{operator.code}/{each.period}", each.due_on, params, link, each.business)

    return found


def recipients(matter: Matter, to: str) -> Collection[int]:
    """Who has the duty; anybody of the business where nobody has."""
    return told(matter.about, DUTIES[to])


def _rule(key: str, title: Text, search: Search, to: str, due: Wording, overdue: Wording, bundled: str) -> ReminderRule:
    return ReminderRule(
        key=f"selfcontrol.{key}s", title=title, matters=_matters(search, key), recipients=recipients,
        ladder=(Rung("due", 0, to), Rung("overdue", 1, "managers")), wording={"due": due, "overdue": overdue},
        bundled=bundled, list_url_name="operator:home",
    )  # fmt: skip


DAY_DUE = Wording(
    gettext_noop("%(name)s：今日还没有检查记录"),
    gettext_noop("请在 24 时前完成 %(period)s 的食品安全检查，没有网络也能记录。"),
)
DAY_OVERDUE = Wording(
    gettext_noop("%(name)s：%(period)s 缺检查记录"), gettext_noop("请督促补录并说明；停业的请事先申报。")
)
WEEK_DUE = Wording(gettext_noop("%(name)s：周排查报告今天到期"), gettext_noop("%(period)s 起的一周，请填写并签字。"))
WEEK_OVERDUE = Wording(
    gettext_noop("%(name)s：周排查报告逾期"), gettext_noop("%(period)s 起的一周还没有签字，请尽快办理。")
)
MONTH_DUE = Wording(
    gettext_noop("%(name)s：月调度纪要今天到期"), gettext_noop("%(period)s 起的一月，请召开会议并签字。")
)
MONTH_OVERDUE = Wording(
    gettext_noop("%(name)s：月调度纪要逾期"), gettext_noop("%(period)s 起的一月还没有签字，请尽快办理。")
)
RULES = (
    _rule(
        "day", _("日管控待记录"), owed_days, "officer", DAY_DUE, DAY_OVERDUE, gettext_noop("%(count)s 天没有检查记录")
    ),
    _rule(
        "week", _("周排查待签字"), owed_weeks, "checkers", WEEK_DUE, WEEK_OVERDUE,
        gettext_noop("%(count)s 份周排查报告待签字"),
    ),
    _rule(
        "month", _("月调度待签字"), owed_months, "principal", MONTH_DUE, MONTH_OVERDUE,
        gettext_noop("%(count)s 份月调度纪要待签字"),
    ),
)  # fmt: skip
