"""Operator lists and the map: fifty of 64,098, a search, a county, the last page, clusters of the whole city.

Each is asked by the office and by a station, through the whole stack of one request, as the web role. The map has no
line in the table of promises: its page is held to the slowest list, its clusters to the 100 ms of every page.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks.harness import Line, Timing, timed_in_turn
from shian.kernel.accounts.models import Role, User
from shian.kernel.api.actions import create_token
from shian.kernel.scope.rules import columns_of_key
from shian.registers.areas.queries import home_key
from shian.registers.operators.models import Operator
from shian.registers.people.models import Organisation, Person, Post

MOST_STATEMENTS = 8  # session, user, posts, count, rows, area names, formats, cascade; see harness.statements_of
WHOLE_CITY = {"bbox": "115.5,38.3,117.6,40.2", "zoom": "8"}
WIDER = 1.2


def measure() -> list[Line]:
    """Four promises for each of two users, and the ratio between them."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    with _users() as (office, station):
        county = Operator.objects.order_by("id").values_list("county", flat=True)[0]
        pages = {
            "list 50 operators": ("operator_list", {}, 25),
            "search a name of two characters": ("operator_list", {"q": "永清"}, 50),
            "filter a county": ("operator_list", {"area": county}, 30),
            "jump to the last page": ("operator_list", {"last": "1"}, 40),
            "show the operators on the map": ("operator_map", {}, 40),
            "… clusters of the whole city": ("operator_points", WHOLE_CITY, 100),
        }
        lines = []
        for promise, (page, query, target) in pages.items():
            url = reverse(f"census:{page}")
            wide, narrow, ratio = timed_in_turn(_asked(office, url, query), _asked(station, url, query))
            lines += _lines(promise, target, wide, narrow, ratio)
        return [*lines, *_for_programs(office)]


def _for_programs(office: Client) -> list[Line]:
    """The same fifty rows for a program with a token of the same user, beside the page."""
    owner = User.objects.get(username="bench-office")
    _token, key = create_token(owner=owner, name="bench", scopes=("read:operators",), days=30, at=timezone.now())
    program, headers = Client(), {"Authorization": f"Bearer {key}"}

    def ask() -> None:
        answer = program.get("/api/v1/operators", {"limit": "50"}, headers=headers)
        assert len(answer.json()["items"]) == 50, answer.status_code

    page = _asked(office, reverse("census:operator_list"), {})
    answered, _page, ratio = timed_in_turn(ask, page)
    promise = "list 50 operators for a program"
    note = f"CPU {answered.cpu * 1000:.1f} ms, best {answered.best * 1000:.1f} ms; the page takes {ratio:.2f} ×"
    return [
        Line(promise, answered.wall * 1000, "ms", "≤ 25 ms", answered.wall * 1000 <= 25, note),
        Line(f"{promise}: statements", answered.statements, "SQL", "≤ 8", answered.statements <= MOST_STATEMENTS),
    ]


def _lines(promise: str, target: int, wide: Timing, narrow: Timing, ratio: float) -> list[Line]:
    statements = max(wide.statements, narrow.statements)
    return [
        Line(
            promise,
            wide.wall * 1000,
            "ms",
            f"≤ {target} ms",
            wide.wall * 1000 <= target,
            f"CPU {wide.cpu * 1000:.1f} ms, best {wide.best * 1000:.1f} ms",
        ),
        Line(f"{promise}: statements", statements, "SQL", f"≤ {MOST_STATEMENTS}", statements <= MOST_STATEMENTS),
        Line(f"{promise}: least-privileged role", ratio, "×", f"≤ {WIDER} ×", ratio <= WIDER),
    ]


def _asked(client: Client, url: str, query: dict[str, str]) -> Callable[[], Any]:
    def ask() -> None:
        answer = client.get(url, query)
        assert answer.status_code == 200, answer.status_code

    return ask


@contextmanager
def _users() -> Iterator[tuple[Client, Client]]:
    """Two users made for the measurement and rolled back after it."""
    today = timezone.localdate()
    root = User(username="bench-root", role=Role.ADMIN, is_superuser=True, is_active=True)
    city = home_key(root, today)
    town = Operator.objects.exclude(township="").order_by("id").values_list("township", flat=True)[0]
    with transaction.atomic():
        yield _signed_in("bench-office", Role.OFFICE, city), _signed_in("bench-station", Role.STATION, town)
        transaction.set_rollback(True)


def _signed_in(name: str, role: Role, key: str) -> Client:
    user = User.objects.create_user(username=name, role=role)
    person = Person.objects.create(person_no=name, name=name, user=user)
    unit = Organisation.objects.order_by("id").first()
    assert unit is not None
    Post.objects.create(
        person=person,
        organisation=unit,
        title="—",
        kind="监管人员",
        area_code=key.ljust(6, "0"),
        valid_from=unit.valid_from,
        **columns_of_key(key),
    )
    client = Client()
    client.force_login(user)
    return client
