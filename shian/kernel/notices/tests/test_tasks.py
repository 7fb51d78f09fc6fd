"""The worker's clock: nobody is reminded at night, a late worker makes up for it, two never send one letter twice."""

import threading
from datetime import datetime

import pytest
from django.core import mail as outbox
from django.db import connection

from shian.kernel.notices import tasks
from shian.kernel.notices.actions import Draft, deliver_mails, queue_digests, send_notices
from shian.kernel.notices.ladders import Wording
from shian.kernel.notices.models import Mail
from shian.kernel.notices.tests.cast import moment, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """What the tasks call, in order."""
    calls: list[str] = []
    monkeypatch.setattr(tasks, "run_rules", lambda *, prompt, at: calls.append("prompt" if prompt else "daily"))
    monkeypatch.setattr(tasks, "queue_digests", lambda *, at: calls.append("digests"))
    monkeypatch.setattr(tasks, "deliver_mails", lambda *, at: calls.append("mails"))
    return calls


@pytest.mark.parametrize(
    ("hour", "calls"), [(3, []), (6, []), (7, ["daily"]), (8, ["daily", "digests"]), (23, ["daily", "digests"])]
)
def test_the_days_reminders_wait_for_the_morning_and_come_late_rather_than_never(
    asked: list[str], monkeypatch, hour: int, calls: list[str]
) -> None:
    at: datetime = moment("2026-03-11", hour)
    monkeypatch.setattr(tasks.timezone, "now", lambda: at)

    tasks.remind(0)
    assert asked == calls


def test_prompt_rules_and_letters_have_their_own_clock(asked: list[str]) -> None:
    tasks.remind_promptly(0)
    tasks.deliver(0)

    assert asked == ["prompt", "mails"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_queue_one_digest_and_send_it_once() -> None:
    at, readers = moment("2026-03-11"), [user(f"r{n}", email=f"r{n}@example.org") for n in range(6)]
    draft = Draft([each.pk for each in readers], "tests", "tests.matter:1", "due", Wording("甲"))
    send_notices(drafts=[draft], by="worker", at=at)
    start, done, errors = threading.Barrier(3), [], []

    def work() -> None:
        try:
            start.wait(timeout=10)
            done.append((queue_digests(at=at), deliver_mails(at=at)))
        except BaseException as error:  # noqa: BLE001 - a thread tells its test what went wrong
            errors.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _worker in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    deliver_mails(at=at)

    assert errors == []
    assert sum(queued for queued, _sent in done) == Mail.objects.count() == 6
    assert sorted(letter.to[0] for letter in outbox.outbox) == [f"r{n}@example.org" for n in range(6)]
