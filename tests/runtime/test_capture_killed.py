"""A capture under kill -9: all of a document or nothing, and nothing twice, wherever the worker dies."""

import json
import os
import subprocess
import sys

import pytest

from shian.config.home import PROJECT
from tests.extent import IS_WHOLE
from tests.runtime.conftest import TOLD_BY_OTHERS, migrated_home

KILLS = int(os.environ.get("SHIAN_KILLED_CAPTURES", "12" if IS_WHOLE else "6"))
# One program that sends documents, lets children take them and kills each at a random moment of its work.
CODE = """
import json, os, random, signal, sys, time, django
from shian.config.loading import undisturbed
with undisturbed():
    django.setup()
from django.db import connection
from django.utils import timezone
from shian.engine.trace.actions.capturing import send_document, take_capture
from shian.engine.trace.documents import Document
from shian.engine.trace.models import Capture, EventKey, Movement, TraceEvent
from shian.engine.trace.tests.records import CONTEXT, receipt
from shian.kernel.accounts.models import Role, User
from shian.kernel.notary.models import Entry
from shian.kernel.scope.reach import Reach
from shian.kernel.scope.walls import work_as_system
work_as_system()
user = User(username="market", role=Role.OFFICE)
user._reach = Reach(keys=("131000",))
EVENTS = 400
def sent(number):
    events = [receipt(eventTime=f"2023-10-01T{number:02}:{n // 60:02}:{n % 60:02}Z") for n in range(EVENTS)]
    document = Document({"@context": CONTEXT}, events)
    return send_document(document=document, digest="", keeps_good=False, by=user, at=timezone.now()).pk
def child(captures):
    connection.close()
    number = os.fork()
    if number:
        return number
    for each in captures:
        take_capture(number=each, at=timezone.now())
    os._exit(0)
def judged(captures):
    faults = []
    for capture in Capture.objects.filter(pk__in=captures):
        events = TraceEvent.objects.filter(capture=capture.pk).values_list("id", flat=True)
        drawn = Movement.objects.filter(event__in=list(events)).count()
        keys = EventKey.objects.filter(event__in=list(events)).count()
        seals = Entry.objects.filter(subject=f"trace.capture:{capture.uid}", action="trace.taken").count()
        wanted = (EVENTS, EVENTS, EVENTS, 1) if capture.state == "done" else (0, 0, 0, 0)
        if (len(events), drawn, keys, seals) != wanted:
            faults.append(f"{capture.state}: {len(events)} events, {drawn} movements, {keys} keys, {seals} seals")
    if EventKey.objects.count() != TraceEvent.objects.count():
        faults.append("keys without events")
    return faults
dice, faults, kills, first = random.Random(11), [], 0, sent(0)
began = time.monotonic()
os.waitpid(child([first]), 0)
whole = time.monotonic() - began
captures = [first]
while kills < int(sys.argv[1]) and len(captures) < 24:
    captures.append(sent(len(captures)))
    waiting = True
    while waiting and kills < int(sys.argv[1]):
        worker = child(captures)
        time.sleep(dice.uniform(0, whole * 1.1))
        os.kill(worker, signal.SIGKILL)
        kills += os.WIFSIGNALED(os.waitpid(worker, 0)[1])
        faults += judged(captures)
        waiting = Capture.objects.filter(state="waiting").exists()
os.waitpid(child(captures), 0)
faults += judged(captures)
states = list(Capture.objects.order_by("pk").values_list("state", flat=True))
print(json.dumps({"faults": faults, "kills": kills, "states": states}))
"""


@pytest.mark.slow
def test_a_document_is_taken_whole_or_not_at_all() -> None:
    with migrated_home() as (home, database):
        kept = {name: value for name, value in os.environ.items() if name not in TOLD_BY_OTHERS}
        told = {"SHIAN_HOME": str(home.folder), "DJANGO_SETTINGS_MODULE": "shian.config.settings"}
        done = subprocess.run(
            [sys.executable, "-c", CODE, str(KILLS)], cwd=PROJECT, env={**kept, **database.environment(), **told},
            text=True, capture_output=True, check=False, timeout=300,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    judged = json.loads(done.stdout)
    assert judged["faults"] == []
    assert judged["kills"] == KILLS
    assert set(judged["states"]) == {"done"}
