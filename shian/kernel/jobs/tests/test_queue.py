"""The door to the queue."""

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
