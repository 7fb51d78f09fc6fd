"""Cases under kill -9: web, workers and database die at random while programs take steps over HTTP and try again.

None is lost, none is done twice, no clock is missed. SHIAN_KILLED_STEPS sets how many steps a run takes.
"""

import http.client
import json
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shian.config.database import Database
from tests.runtime.conftest import environment_of, eventually, migrated_home
from tests.runtime.nursery import Child, Nursery, nursery, start_web

STEPS = int(os.environ.get("SHIAN_KILLED_STEPS", "60"))
CASES, CLIENTS, IDLE = 6, 3, 40
DUE = (datetime.now(tz=UTC).date() + timedelta(days=40)).isoformat()
BETWEEN = (max(12, STEPS // 120), max(20, STEPS // 40))  # steps between two kills
SETUP = """
import json, sys, time
from datetime import date, datetime, timedelta
from django.db import Error, connection, transaction
from django.utils import timezone
from shian.kernel.scope.walls import work_as_system
work_as_system()
from shian.engine.cases.actions import Opening, climb_ladders, open_case
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case, CaseClock, CaseEvent
TASK = case_type("task")
"""
# Units with one account each, tokens, cases to be moved, and cases that only grow late: told as JSON.
PREPARE = """
from tests.api.programs import token_for
from shian.kernel.accounts.models import Role
from shian.registers.people.models import Organisation
from shian.registers.people.tests.factories import reach_user
cases, clients, idle, tokens = map(int, sys.argv[1:])
office, bureau = reach_user("office", "131000", Role.OFFICE), reach_user("bureau", "131022", Role.DEPARTMENT)
issuer, unit = Organisation.objects.get(code="131000-office"), Organisation.objects.get(code="131022-bureau")
today = timezone.localdate()
def opened(number, due):
    opening = Opening(title=f"{number}", area_key="131022", issuer=issuer, unit=unit, due_on=due)
    return open_case(declared=TASK, opening=opening, by="prepare", at=timezone.now()).pk
told = {"cases": [opened(n, today + timedelta(days=20)) for n in range(cases)]}
told["idle"] = [opened(n, today + timedelta(days=n % 30)) for n in range(idle)]
told["tokens"] = {user.username: [token_for(user) for _ in range(tokens)] for user in (office, bureau)}
print(json.dumps(told))
"""
# As the worker's job, with a clock on which a day takes half a second; says each second how many cases climbed.
CLIMB = """
began = float(sys.argv[1])
while True:
    at = timezone.now() + timedelta(days=(time.time() - began) * 2)
    try:
        climb_ladders(at=at)
    except Error:
        connection.close()
        time.sleep(0.1)
    time.sleep(0.05)
"""
# What must hold of the rows, whatever was killed. Told as JSON: the notes of all steps, and the faults found.
JUDGE = """
from collections import Counter
from shian.engine.cases.actions.clocks import due_of, in_order, parameters_of
from shian.engine.cases.rules import rung_days
from shian.kernel.notary.models import Entry
from shian.kernel.notices.models import Notice
from shian.kernel.workdays.queries import calendar
LAST = timezone.now() + timedelta(days=5000)
climb_ladders(at=LAST)
faults, notes, ladder = [], [], 0
sealed = set(Entry.objects.filter(action__startswith="cases.").values_list("uid", flat=True))
with transaction.atomic():
    for case in Case.objects.order_by("pk"):
        events = list(CaseEvent.objects.filter(case=case).order_by("number"))
        if [e.number for e in events] != list(range(1, case.version + 1)):
            faults.append(f"{case.pk}: the numbers of its events have a gap")
        if events[-1].state != case.state:
            faults.append(f"{case.pk}: the last event says {events[-1].state}, the case {case.state}")
        faults += [f"{case.pk}: event {e.number} has no seal" for e in events if e.seal not in sealed]
        notes += [e.note for e in events if e.note]
        clocks = in_order(CaseClock.objects.filter(case=case, stopped_at__isnull=True))
        expected = {"verify"} if case.state == "submitted" else {"work"}
        if {c.key for c in clocks} != expected:
            faults.append(f"{case.pk}: in {case.state} run {[c.key for c in clocks]}")
        due = due_of(case, clocks)
        if (due["due_on"], due["next_rung_on"]) != (case.due_on, case.next_rung_on):
            faults.append(f"{case.pk}: repeats {case.due_on} {case.next_rung_on}, its clocks say {due}")
        rungs = rung_days(parameters_of(case).ladder, case.due_on, calendar())
        if case.climbed != len(rungs) or case.level != max(r.level for _d, r in rungs):
            faults.append(f"{case.pk}: climbed {case.climbed} of {len(rungs)}, level {case.level}")
        told, allowed = Counter(), Counter((r.level, r.to.value) for r in parameters_of(case).ladder)
        for event in events:
            if event.step in {"open", "submit", "return"}:
                told.clear()  # clocks begin and end here, and with them the ladder
            elif "rung_level" in event.data:
                rung = (event.data["due_on"], event.data["rung_level"], event.data["to"])
                told[rung] += 1
                if told[rung] > allowed[rung[1:]]:
                    faults.append(f"{case.pk}: event {event.number} tells {rung} again")
                ladder += 1
notices = Notice.objects.filter(rule="cases.ladder").count()
if notices != ladder:
    faults.append(f"{ladder} rungs were climbed, {notices} notices sent")
if len(sealed) != CaseEvent.objects.count():
    faults.append(f"{len(sealed)} seals for {CaseEvent.objects.count()} events")
print(json.dumps({"faults": faults, "notes": notes, "rungs": ladder}))
"""


@dataclass
class City:
    """A migrated database, a web server and workers on it; what may be killed and how it comes back."""

    database: Database
    loaded: Nursery
    port: int
    began: float = field(default_factory=time.time)
    running: dict[str, Child] = field(default_factory=dict)
    kills: dict[str, int] = field(default_factory=lambda: {"web": 0, "worker": 0, "database": 0})

    def ran(self, code: str, *words: object) -> Any:
        return json.loads(self.loaded.ran(SETUP + code, *words))

    def start(self, name: str) -> None:
        if name == "web":
            self.running[name] = start_web(self.loaded, self.port, "shian.config.wsgi:application")
        else:
            self.running[name] = self.loaded.start(SETUP + CLIMB, self.began)

    def end(self, name: str) -> None:
        """kill -9 of the process and its children."""
        self.running.pop(name).kill()

    def kill(self, what: str) -> None:
        """Kill and bring back: one of the two workers, the web server, or the postmaster with all it serves."""
        self.kills[what] += 1
        if what == "database":
            cluster = self.database.cluster
            assert cluster
            postmaster = cluster.postmaster()
            assert postmaster
            os.kill(postmaster, signal.SIGKILL)
            eventually(lambda: cluster.postmaster() is None)
            cluster.start()
            return
        name = random.choice(["worker", "worker 2"]) if what == "worker" else what
        self.end(name)
        self.start(name)


@dataclass
class Client(threading.Thread):
    """Takes its cases through step after step; a step without an answer is sent again with the same key."""

    city: City
    cases: list[int]
    tokens: dict[str, list[str]]
    wanted: int
    done: list[str] = field(default_factory=list)
    again: int = 0

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        versions = dict.fromkeys(self.cases, 1)
        rounds = {case: _round() for case in self.cases}
        while len(self.done) < self.wanted:
            case = self.cases[len(self.done) % len(self.cases)]
            who, step = next(rounds[case])
            note = f"{case}-{len(self.done)}"
            body = {**step, "seen": versions[case], "note": note}
            versions[case] = self.sent(who, case, note, body)["number"]
            self.done.append(note)

    def sent(self, who: str, case: int, key: str, body: dict[str, Any]) -> dict[str, Any]:
        """The event of the step, once there is an answer."""
        token = self.tokens[who][len(self.done) // 150]
        while True:
            try:
                status, told = self.posted(f"/api/v1/cases/{case}/steps", token, f"step-{key}", body)
                if status == 201:
                    return told
                assert status >= 500 or (status == 409 and "events" not in told), told
            except (OSError, http.client.HTTPException):
                pass
            self.again += 1
            time.sleep(0.1)

    def posted(self, path: str, token: str, key: str, body: dict[str, Any]) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key, "Content-Type": "application/json"}
        connection = http.client.HTTPConnection("127.0.0.1", self.city.port, timeout=20)
        try:
            connection.request("POST", path, json.dumps(body), headers)
            answer = connection.getresponse()
            content = answer.read()
            return answer.status, json.loads(content or b"{}") if answer.status < 500 else {}
        finally:
            connection.close()


def _round() -> Iterator[tuple[str, dict[str, Any]]]:
    """Who takes which step, for ever: sign for it, report twice, hand in with a file, be sent back."""
    yield "bureau", {"step": "accept"}
    while True:
        for share in (30, 80):
            yield "bureau", {"step": "progress", "values": {"progress": share}}
        yield "bureau", {"step": "submit", "files": [{"name": "x.pdf", "content": "JVBERi0xLjQK"}]}
        yield "office", {"step": "return", "due_on": DUE}


@pytest.fixture
def city(port: int) -> Iterator[City]:
    with (
        migrated_home() as (home, database),
        nursery(environment_of(home, database), "shian.config.wsgi") as loaded,
    ):
        made = City(database, loaded, port)
        yield made
        for name in list(made.running):
            made.end(name)


def at_random(city: City, clients: list[Client], until: float) -> None:
    """Kill one after the other in random order, each time when some more steps were taken since the last kill."""
    dice, bag = random.Random(7), list[str]()

    def taken() -> int:
        return sum(len(client.done) for client in clients)

    def goes_on() -> bool:
        return any(client.is_alive() for client in clients) and time.monotonic() < until

    while goes_on():
        wanted = taken() + dice.randrange(*BETWEEN)
        while goes_on() and taken() < wanted:
            time.sleep(0.02)
        bag = bag or dice.sample(list(city.kills), k=3)
        if goes_on():
            city.kill(bag.pop())


@pytest.mark.slow
def test_nothing_is_lost_doubled_or_missed(city: City) -> None:
    told = city.ran(PREPARE, CASES, CLIENTS, IDLE, STEPS // CLIENTS // 150 + 1)
    for name in ("web", "worker", "worker 2"):
        city.start(name)
    clients = [
        Client(city, told["cases"][place::CLIENTS], told["tokens"], STEPS // CLIENTS) for place in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    end = time.monotonic() + 240 + STEPS  # a bound on hanging, not a promise
    at_random(city, clients, end)
    assert not any(client.is_alive() for client in clients), f"{[len(client.done) for client in clients]} in time"
    for name in ("worker", "worker 2"):
        city.end(name)

    judged = city.ran(JUDGE)
    acknowledged = [note for client in clients for note in client.done]
    again = sum(client.again for client in clients)
    figures = f"{len(acknowledged)} steps, kills {city.kills}, {again} sent again, {judged['rungs']} rungs"
    print(figures)
    assert judged["faults"] == [], figures
    assert sorted(judged["notes"]) == sorted(acknowledged), figures
    assert all(city.kills.values()), figures
