"""Businesses not visited yet: their official hears at dated points before the quarter ends, the county after it."""

from collections.abc import Collection, Iterable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from shian.domains.duties.queries.reminding import Unvisited, unvisited
from shian.flows.recipients import county_staff, office_staff
from shian.kernel.notices.ladders import Matter, ReminderRule, Rung, Wording
from shian.kernel.scope.walls import system_scope


def matters(today: date) -> Iterable[Matter]:
    """One for each official and point, and for each county with businesses left when a quarter is over."""
    with system_scope():
        found = unvisited(today)
    for each in found:
        page = "duties:mine_detail" if each.user else "duties:coverage_detail"
        told: dict[str, str | int] = {"count": each.count, "last_on": each.last_on.isoformat()}
        yield Matter(each.subject, each.point, told, reverse(page), each)


def recipients(matter: Matter, to: str) -> Collection[int]:
    """The official; else the county's staff, or the office where the county has none."""
    about: Unvisited = matter.about
    return [about.user] if about.user else county_staff(about.county) or office_staff(about.city, about.county)


RULE = ReminderRule(
    key="duties.visits",
    title=_("包保督导待完成"),
    ladder=(Rung("due", 0, "responsible"),),
    matters=matters,
    recipients=recipients,
    wording={
        "due": Wording(gettext_noop("还有 %(count)s 家没有督导"), gettext_noop("这个季度到 %(last_on)s，请抓紧督导。"))
    },
    bundled=gettext_noop("%(count)s 项包保督导待完成"),
    list_url_name="duties:coverage_detail",
)
