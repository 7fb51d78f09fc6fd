"""Each record that a business owes is told once when due, once when overdue, and never at night."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shian.domains.selfcontrol.actions.controls import declare_closure, record_day
from shian.domains.selfcontrol.actions.lists import approve_list, write_list
from shian.domains.selfcontrol.queries.controls import items_of_day
from shian.domains.selfcontrol.queries.lists import first_items
from shian.domains.selfcontrol.tests.scene import NOW, TODAY, Scene
from shian.flows.own_reminders import RULES
from shian.kernel.notices.actions import run_rule
from shian.kernel.notices.models import Notice

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
DAYS, WEEKS, MONTHS = RULES


@pytest.fixture
def scene(time_machine):
    """R-1 with a list since a Wednesday at ten; R-2 has neither list nor people."""
    time_machine.move_to(NOW, tick=False)
    made = Scene()
    write_list(operator=made.own, items=first_items(made.own, TODAY), reason="", by=made.principal, at=NOW)
    approve_list(operator=made.own, by=made.principal, at=NOW)
    return made


@pytest.fixture
def told(time_machine):
    """Runs a rule twice at a local moment; who was told by now, and of what level."""

    def run(rule, day: date, hour: int, minute: int = 0):
        at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)
        time_machine.move_to(at, tick=False)
        for _ in range(2):
            run_rule(rule=rule, at=at)
        rows = Notice.objects.filter(rule=rule.key).order_by("pk")
        return [(each.recipient.display_name, each.level) for each in rows.select_related("recipient")]

    return run


def test_the_day_is_told_in_the_evening_once_and_overdue_to_who_answers(scene, told):
    due = [("孙三", "due")]
    assert told(DAYS, TODAY, 16, 59) == []
    assert told(DAYS, TODAY, 22) == []
    assert told(DAYS, TODAY, 17) == due
    assert told(DAYS, TODAY, 18) == due
    overdue = told(DAYS, TODAY + timedelta(days=1), 8)
    assert sorted(overdue[1:]) == [("赵一", "overdue"), ("钱二", "overdue")]
    assert told(DAYS, TODAY + timedelta(days=1), 9) == overdue


def test_a_recorded_or_closed_day_is_not_told(scene, told):
    answers = {each.key: "pass" for each in items_of_day(scene.own, TODAY)}
    record_day(operator=scene.own, day=TODAY, answers=answers, notes={}, measures={}, by=scene.officer, at=NOW)
    tomorrow = TODAY + timedelta(days=1)
    declare_closure(operator=scene.own, from_on=tomorrow, to_on=tomorrow, reason="装修", by=scene.officer, at=NOW)

    assert told(DAYS, TODAY, 18) == []
    assert told(DAYS, tomorrow, 18) == []


def test_week_and_month_are_told_on_their_last_day(scene, told):
    sunday = TODAY + timedelta(days=4)
    assert told(WEEKS, sunday - timedelta(days=1), 9) == []
    assert sorted(told(WEEKS, sunday, 9)) == [("孙三", "due"), ("钱二", "due")]
    assert len(told(WEEKS, sunday + timedelta(days=1), 9)) == 4
    assert told(MONTHS, date(2026, 12, 4), 9) == []
    assert told(MONTHS, date(2026, 12, 5), 6) == []
    assert told(MONTHS, date(2026, 12, 5), 9) == [("赵一", "due")]
