"""List the 94 assessed items of a city, through the whole stack of one request, as the web role."""

from django.test import Client
from django.urls import reverse

from benchmarks.harness import Line, staff, timed
from shian.kernel.accounts.models import Role

MOST, MOST_STATEMENTS = 0.03, 8


def measure() -> list[Line]:
    client = Client(HTTP_HOST="localhost")
    client.force_login(staff(Role.OFFICE))
    url = reverse("campaign:item_list")

    def work() -> None:
        answer = client.get(url)
        assert answer.status_code == 200, answer.status_code
        assert answer.content.count(b"data-href=") == 94

    timing = timed(work, runs=25, warm=3)
    note = f"CPU {timing.cpu * 1000:.1f} ms, best {timing.best * 1000:.1f} ms"
    return [
        Line("list 94 assessed items", timing.wall * 1000, "ms", "≤ 30 ms", timing.wall <= MOST, note),
        Line("… statements, without the ends of the transaction", timing.statements, "SQL", f"≤ {MOST_STATEMENTS}",
             timing.statements <= MOST_STATEMENTS),
    ]  # fmt: skip
