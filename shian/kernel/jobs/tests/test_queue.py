"""The door to the queue."""

import json

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from shian.kernel.jobs.queue import defer

pytestmark = pytest.mark.django_db


def test_a_second_job_of_the_same_lock_is_not_enqueued_while_the_first_waits() -> None:
    assert defer("jobs.retry_stalled", lock="a", timestamp=1) is True
    assert defer("jobs.retry_stalled", lock="a", timestamp=2) is False
    assert defer("jobs.retry_stalled", lock="b", timestamp=3) is True

    assert ProcrastinateJob.objects.filter(queueing_lock="a").count() == 1


def test_the_refused_job_leaves_the_callers_transaction_usable() -> None:
    defer("jobs.retry_stalled", lock="a", timestamp=1)
    defer("jobs.retry_stalled", lock="a", timestamp=2)

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_jobs_of_a_line_run_one_after_another_and_let_others_pass() -> None:
    for number in (1, 2):
        defer("jobs.retry_stalled", lock=f"line-{number}", line="slow", timestamp=number)
    defer("jobs.retry_stalled", lock="quick", timestamp=3)

    assert [fetched(), fetched(), fetched()] == [3, 1, None], "the second of the line waits for the end of the first"
    ended(1)
    assert fetched() == 2


def fetched() -> int | None:
    """The job that a worker gets next, by its argument."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        worker = cursor.fetchone()[0]
        cursor.execute("SELECT args FROM procrastinate_fetch_job_v2(NULL, %s)", [worker])
        args = cursor.fetchone()[0]
    found = json.loads(args) if isinstance(args, str) else args
    return found and int(found["timestamp"])


def ended(timestamp: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT procrastinate_finish_job_v1(id, 'succeeded', false) FROM procrastinate_jobs "
            "WHERE (args ->> 'timestamp')::int = %s", [timestamp],
        )  # fmt: skip
