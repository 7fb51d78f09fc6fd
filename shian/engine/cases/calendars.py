"""The iCalendar feed (RFC 5545) of a user's open cases: one all-day entry for each due day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.cases.queries import awaiting

if TYPE_CHECKING:
    from icalendar import Alarm, Event

MOST = 1000


def calendar_of(user: Any, at: datetime) -> bytes:
    """The feed, in the user's language. A case without a due day has no place in a calendar."""
    from icalendar import Calendar  # by who writes a feed only: it takes long to load

    with override(user.language or settings.LANGUAGE_CODE):
        feed = Calendar()
        feed.add("prodid", "-//Shian//cases//ZH")
        feed.add("version", "2.0")
        feed.add("x-wr-calname", _("食安待办"))
        feed.add("refresh-interval;value=duration", "PT1H")
        rows = awaiting(user).filter(due_on__isnull=False).select_related("unit").order_by("due_on", "pk")[:MOST]
        for case in rows:
            feed.add_component(_entry(case, at))
        return bytes(feed.to_ical())


def _entry(case: Case, at: datetime) -> Event:
    from icalendar import Event

    declared, event = case_type(case.type), Event()
    event.add("uid", f"case-{case.pk}@shian")
    event.add("dtstamp", timezone.localtime(at))
    event.add("sequence", case.version)
    event.add("summary", _("%(type)s：%(title)s") % {"type": declared.title, "title": case.title})
    if case.due_at:
        event.add("dtstart", timezone.localtime(case.due_at))
    elif case.due_on:
        event.add("dtstart", case.due_on)
        event.add("dtend", case.due_on + timedelta(days=1))
    event.add("description", f"{case.number} · {declared.by_state[case.state].title}")
    event.add_component(_alarm())
    return event


def _alarm() -> Alarm:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _("期限提醒"))
    alarm.add("trigger", timedelta(hours=-15))  # nine in the morning of the day before
    return alarm
