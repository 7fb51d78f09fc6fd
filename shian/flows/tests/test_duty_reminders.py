"""Officials hear at dated points of what is left, each point once; counties once the quarter is over."""

from datetime import datetime

import pytest

from shian.domains.duties.tests.factories import make_areas
from shian.domains.duties.tests.visiting import NOW, ZONE, Village, sheet
from shian.flows.duty_reminders import RULE
from shian.kernel.notices.actions import run_rule
from shian.kernel.notices.models import Notice

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str]]:
    return list(Notice.objects.order_by("pk").values_list("recipient__username", "link"))


def test_each_point_is_told_once_and_the_county_hears_after_the_quarter(time_machine):
    time_machine.move_to(NOW, tick=False)
    make_areas()
    village = Village()
    first, _second = village.business(), village.business()

    def run(month: int, day: int, year: int = 2022) -> None:
        at = datetime(year, month, day, 9, 0, tzinfo=ZONE)
        time_machine.move_to(at, tick=False)
        for _ in range(2):
            run_rule(rule=RULE, at=at)

    run(11, 30)
    assert told() == []
    run(12, 1)
    run(12, 5)
    assert told() == [("cadre", "/duties/mine/")]
    sheet(first, village.user, at=datetime(2022, 12, 20, 9, 0, tzinfo=ZONE))
    run(12, 28)
    assert len(told()) == 2
    run(1, 2, 2023)
    assert told()[2:] == [("county", "/duties/coverage/")]
    run(1, 20, 2023)
    assert len(told()) == 3
