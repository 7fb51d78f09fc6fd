"""The ladder: each rung on its day, once, whoever runs it and whatever days were missed."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from shian.engine.cases.actions import climb_ladders, sealing
from shian.engine.cases.models import Case, CaseEvent
from shian.engine.cases.tests.cast import AT
from shian.kernel.notices.models import Notice
from shian.kernel.scope.walls import system_scope

pytestmark = pytest.mark.django_db
DUE = AT + timedelta(days=7)  # Monday the 13th


def told() -> list[tuple[str, str]]:
    with system_scope():
        return list(Notice.objects.order_by("pk").values_list("recipient__username", "level"))


def climb(days_after: int) -> int:
    return climb_ladders(at=DUE + timedelta(days=days_after))


def test_warned_before_then_one_level_at_a_time(cast) -> None:
    cast.card()
    steps = {day: climb(day) for day in (-4, -3, 0, 1, 2, 3, 4)}

    assert steps == {-4: 0, -3: 1, 0: 0, 1: 1, 2: 0, 3: 1, 4: 0}
    staff = {("1310-agri", "soon"), ("head", "soon")}
    assert set(told()[:2]) == staff
    assert told()[2:] == [("head", "overdue"), ("1310-office", "escalated")]
    assert Case.objects.get().level == 2


def test_after_missed_days_only_the_highest_rung_is_told(cast) -> None:
    cast.card()
    climb(10)

    assert told() == [("1310-office", "escalated")]
    assert [e.data["rung_level"] for e in CaseEvent.objects.filter(step="escalate")] == [2]
    assert climb(11) == 0


def test_a_closed_case_climbs_no_more(cast) -> None:
    card = cast.card()
    Case.objects.filter(pk=card.pk).update(is_open=False, closed_at=AT, turn="", next_rung_on=None)

    assert climb(10) == 0


def test_a_case_keeps_the_ladder_of_the_day_it_was_opened(cast) -> None:
    cast.card(at=AT + timedelta(days=400))  # under the version of 2024: ten working days, one rung
    card = Case.objects.get()

    assert (card.due_on - card.opened_on).days == 14
    climb_ladders(at=AT + timedelta(days=430))
    assert Case.objects.get().level == 1


def test_a_reminder_meanwhile_refuses_nobody_and_no_rung_is_lost(cast) -> None:
    card = cast.card()
    climb(-3)
    cast.answered(card, DUE)  # the page was read before the reminder

    moved = Case.objects.get()
    assert (moved.version, moved.state, moved.climbed) == (3, "answered", 1)
    assert (moved.due_on, moved.next_rung_on) == (DUE.date(), DUE.date() + timedelta(days=1))
    assert [each.step for each in CaseEvent.objects.all()] == ["open", "remind", "answer"]


def test_rung_after_rung_between_the_attempts_to_write_refuses_nobody(cast, monkeypatch: pytest.MonkeyPatch) -> None:
    card, days, written = cast.card(), [-3, 1, 3], sealing._written

    def raced(case: Case, *told: Any) -> bool:
        if days:
            day = days.pop(0)
            with monkeypatch.context() as patch:
                patch.setattr(sealing, "_written", written)
                climb(day)
        return written(case, *told)

    monkeypatch.setattr(sealing, "_written", raced)
    cast.answered(card, DUE)

    moved = Case.objects.get()
    assert (moved.version, moved.state, moved.climbed, moved.level) == (5, "answered", 3, 2)


def test_a_case_claimed_before_its_day_waits_for_it_again(cast) -> None:
    cast.card()
    Case.objects.update(next_rung_on=AT.date())
    climb_ladders(at=AT)

    assert told() == []
    assert Case.objects.get().next_rung_on == (DUE - timedelta(days=3)).date()


def test_the_side_whose_move_it_is_hears_of_it(cast) -> None:
    cast.answered(cast.card())  # it must be verified within 24 hours, by a unit without a leader's account
    climb(-5)

    assert told() == [("1310-office", "overdue")]


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_nobody_twice(cast) -> None:
    for _each in range(6):
        cast.card()
    ready, counts = threading.Barrier(2), []

    def work() -> None:
        ready.wait()
        counts.append(climb(1))
        connection.close()

    threads = [threading.Thread(target=work) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(counts) == 6
    assert CaseEvent.objects.filter(step="escalate").count() == 6
