"""Operator lists: fifty of 64,098, a search, a county, the last page; for the office and the least-privileged role."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from benchmarks.harness import Line, Timing, timed
from shian.kernel.accounts.models import Role, User
from shian.kernel.scope.rules import columns_of_key
from shian.registers.areas.queries import home_key
from shian.registers.operators.models import Operator
from shian.registers.people.models import Organisation, Person, Post

MOST_STATEMENTS = 9  # session, user, posts, count, rows, area names, cascade, and the two ends of the transaction
WIDER = 1.2


def measure() -> list[Line]:
    """Four promises for each of two users, and the ratio between them."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    with _users() as (office, station):
        county = Operator.objects.order_by("id").values_list("county", flat=True)[0]
        pages = {
            "list 50 operators": ({}, 25),
            "search a name of two characters": ({"q": "永清"}, 50),
            "filter a county": ({"area": county}, 30),
            "jump to the last page": ({"last": "1"}, 40),
        }
        lines = []
        for promise, (query, target) in pages.items():
            wide, narrow = timed(_asked(office, query)), timed(_asked(station, query))
            lines += _lines(promise, target, wide, narrow)
        return lines


def _lines(promise: str, target: int, wide: Timing, narrow: Timing) -> list[Line]:
    ratio = narrow.wall / wide.wall
    statements = max(wide.statements, narrow.statements)
    return [
        Line(
            promise,
            wide.wall * 1000,
            "ms",
            f"≤ {target} ms",
            wide.wall * 1000 <= target,
            f"CPU {wide.cpu * 1000:.1f} ms",
        ),
        Line(f"{promise}: SQL statements", statements, "", f"≤ {MOST_STATEMENTS}", statements <= MOST_STATEMENTS),
        Line(f"{promise}: least-privileged role", ratio, "×", f"≤ {WIDER} ×", ratio <= WIDER),
    ]


def _asked(client: Client, query: dict[str, str]) -> Callable[[], Any]:
    def ask() -> None:
        answer = client.get("/operators/", query)
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
