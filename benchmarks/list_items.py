"""List the 94 assessed items of a city, through the whole stack of one request."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.urls import reverse

from benchmarks.harness import Line, counted, timed


def measure() -> list[Line]:
    user = get_user_model().objects.filter(role="office", is_active=True, person__isnull=False).first()
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    url = reverse("campaign:item_list")

    def work() -> None:
        assert client.get(url).status_code == 200

    timing = timed(work, runs=15, warm=3)
    with transaction.atomic(), counted() as queries:
        work()
    statements = len([query for query in queries.captured_queries if "SAVEPOINT" not in query["sql"]])
    return [
        Line("list 94 assessed items", timing.wall * 1000, "ms", "≤ 30 ms", timing.wall <= 0.03,
             f"CPU {timing.cpu * 1000:.1f} ms"),
        Line("… statements", statements, "SQL", "≤ 8", statements <= 8),
    ]  # fmt: skip
