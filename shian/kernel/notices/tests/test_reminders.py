"""Each rung of each matter comes once, on its day, whatever the workers do."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.utils import translation

from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry
from shian.kernel.notices.actions import run_rule, run_rules
from shian.kernel.notices.actions.reminders import AT_ONCE, ask_rule
from shian.kernel.notices.ladders import _rules, register_rule
from shian.kernel.notices.models import Notice, ReachedRung
from shian.kernel.notices.tests.cast import DUE_ON, matter, moment, rule_over, user
from shian.kernel.workdays.queries import calendar

pytestmark = pytest.mark.django_db


def levels(reader) -> list[str]:
    return list(Notice.objects.filter(recipient=reader).order_by("id").values_list("level", flat=True))


def test_an_overdue_item_reaches_each_level_on_the_set_day_once() -> None:
    alice, chief = user("alice"), user("chief", Role.OFFICE)
    rule = rule_over([matter()], owner=[alice], chief=[chief])
    day, seen = date(2026, 3, 2), {}
    while day < date(2026, 3, 31):
        for hour in (7, 12, 18):
            run_rule(rule=rule, at=moment(day.isoformat(), hour))
        seen[day.isoformat()] = levels(alice) + levels(chief)
        day += timedelta(days=1)

    assert seen["2026-03-05"] == []
    assert seen["2026-03-06"] == ["soon"]
    assert seen["2026-03-10"] == ["soon"]
    assert seen["2026-03-11"] == ["soon", "due"]
    assert seen["2026-03-12"] == ["soon", "due", "overdue"]
    assert seen["2026-03-17"] == ["soon", "due", "overdue"]
    assert seen["2026-03-18"] == ["soon", "due", "overdue", "escalated"]
    assert seen["2026-03-30"] == ["soon", "due", "overdue", "escalated"]
    assert levels(chief) == ["escalated"]


def test_after_missed_days_only_the_present_level_comes() -> None:
    alice = user("alice")
    rule = rule_over([matter()], owner=[alice])

    assert run_rule(rule=rule, at=moment("2026-03-13")) == 1
    assert levels(alice) == ["overdue"]
    assert sorted(ReachedRung.objects.filter(is_silent=True).values_list("rung", flat=True)) == ["due", "soon"]
    assert run_rule(rule=rule, at=moment("2026-03-14")) == 0


def test_many_matters_at_once_are_one_notice() -> None:
    alice = user("alice")
    rule = rule_over([matter(number) for number in range(AT_ONCE + 20)], owner=[alice])

    assert run_rule(rule=rule, at=moment("2026-03-12")) == 1
    notice = Notice.objects.get()
    assert (notice.title, notice.level, notice.link) == ("25 件事项", "overdue", "/notices/")
    assert ReachedRung.objects.count() == 75
    assert run_rule(rule=rule, at=moment("2026-03-12", 18)) == 0


def test_another_due_day_begins_the_ladder_anew() -> None:
    alice = user("alice")
    run_rule(rule=rule_over([matter()], owner=[alice]), at=moment("2026-03-12"))
    run_rule(rule=rule_over([matter(due_on=date(2026, 3, 31))], owner=[alice]), at=moment("2026-03-26"))

    assert levels(alice) == ["overdue", "soon"]


def test_a_closed_matter_goes_no_higher() -> None:
    alice, open_matters = user("alice"), [matter()]
    rule = rule_over(open_matters, owner=[alice])
    run_rule(rule=rule, at=moment("2026-03-11"))
    open_matters.clear()

    assert run_rule(rule=rule, at=moment("2026-03-20")) == 0
    assert levels(alice) == ["due"]


def test_a_rung_without_recipients_goes_to_the_administrators() -> None:
    root = user("root", Role.ADMIN)
    run_rule(rule=rule_over([matter()]), at=moment("2026-03-11"))

    assert levels(root) == ["due"]


def test_the_same_person_behind_two_names_is_told_once_each_rung() -> None:
    alice = user("alice")

    assert run_rule(rule=rule_over([matter(), matter()], owner=[alice, alice]), at=moment("2026-03-11")) == 1


def test_the_text_is_the_rungs_own_and_names_the_due_day() -> None:
    alice = user("alice")
    run_rule(rule=rule_over([matter()], owner=[alice]), at=moment("2026-03-11"))
    notice = Notice.objects.get()

    assert (notice.title, notice.body, notice.link) == ("事项1将到期", "期限 2026-03-11。", "/matters/1/")
    assert notice.due_on == DUE_ON


def test_a_text_is_read_in_the_language_of_the_reader() -> None:
    notice = Notice(title_id="%(state_term)s", params={"state_term": "已完成"})

    assert notice.title == "已完成"
    with translation.override("en"):
        assert notice.title == "Done"


def test_a_run_seals_what_it_sent_and_nothing_when_nothing_was() -> None:
    alice = user("alice")
    rule = rule_over([matter()], owner=[alice])
    run_rule(rule=rule, at=moment("2026-03-01"))
    assert not Entry.objects.filter(action="notices.sent").exists()

    run_rule(rule=rule, at=moment("2026-03-11"))
    entry = Entry.objects.get(action="notices.sent")
    assert (entry.actor, entry.subject) == ("worker", "notices.rule:tests.matters")
    assert entry.data == {"count": 1, "about": ["tests.matter:1 due"]}


@pytest.fixture
def only_these_rules(monkeypatch):
    for key in list(_rules):
        monkeypatch.delitem(_rules, key)
    yield
    _rules.clear()


def test_a_failing_rule_keeps_no_other_and_is_raised(only_these_rules, monkeypatch) -> None:
    alice = user("alice")

    def broken(today):
        raise LookupError("the table has gone")

    good = rule_over([matter()], owner=[alice])
    register_rule(type(good)(**{**vars(good), "key": "tests.broken", "matters": broken}))
    register_rule(good)

    with pytest.raises(LookupError, match="gone"):
        run_rules(prompt=False, at=moment("2026-03-11"))
    assert levels(alice) == ["due"]
    assert run_rules(prompt=True, at=moment("2026-03-12")) == {}


def test_a_rule_is_asked_for_once_while_it_waits() -> None:
    assert ask_rule(key="tests.matters") is True
    assert ask_rule(key="tests.matters") is False


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_level_once() -> None:
    alice = user("alice")
    rule = rule_over([matter(number) for number in range(AT_ONCE)], owner=[alice])
    start, sent, errors = threading.Barrier(4), [], []

    def work() -> None:
        try:
            start.wait(timeout=10)
            sent.append(run_rule(rule=rule, at=moment("2026-03-12")))
        except BaseException as error:  # noqa: BLE001 - a thread tells its test what went wrong
            errors.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert errors == []
    assert sorted(sent) == [0, 0, 0, AT_ONCE]
    assert Notice.objects.count() == AT_ONCE


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_rolled_back_leaves_the_rung_to_the_next() -> None:
    alice = user("alice")
    rule = rule_over([matter()], owner=[alice])
    with transaction.atomic():
        assert run_rule(rule=rule, at=moment("2026-03-12")) == 1
        transaction.set_rollback(True)

    assert run_rule(rule=rule, at=moment("2026-03-12", 10)) == 1
    assert levels(alice) == ["overdue"]


def test_the_run_costs_the_same_queries_for_any_number_of_matters(django_assert_max_num_queries) -> None:
    alice = user("alice")
    rule = rule_over([matter(number) for number in range(2000)], owner=[alice])
    calendar().year(2026)

    with django_assert_max_num_queries(12):
        run_rule(rule=rule, at=moment("2026-03-12"))
