"""The log survives what kills its writers: real processes, a server that really writes to disk, kill -9."""

import itertools
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from shian.config.database import Database
from shian.config.home import Home
from tests.extent import IS_WHOLE
from tests.runtime.conftest import environment_of, eventually, migrated_home
from tests.runtime.nursery import Child, Nursery, nursery

SETUP = """
import time
from django.utils import timezone
"""
# Seals one entry a transaction and says its id when the COMMIT was acknowledged; goes on after the server was gone. Its
# short breath leaves the processors to those that are killed, and keeps the log that is audited short.
APPEND = (
    SETUP
    + """
from django.db import Error, connection, transaction
from shian.kernel.notary.actions import seal
while True:
    try:
        with transaction.atomic():
            entry = seal(action="test.done", by="alice", subject="test.thing:1", data={}, at=timezone.now())
        print(entry.pk, flush=True)
        time.sleep(0.002)
    except Error:
        connection.close()
        time.sleep(0.1)
"""
)
# As the worker's thread, without its pause.
SEQUENCE = (
    SETUP
    + """
from django.db import Error, connection
from shian.kernel.notary.actions import sequence
while True:
    try:
        sequence(at=timezone.now(), limit=40)
    except Error:
        connection.close()
        time.sleep(0.1)
    time.sleep(0.005)
"""
)
AUDIT = (
    SETUP
    + """
from shian.kernel.notary.actions import sequence
from shian.kernel.notary.audit import audit
from shian.kernel.notary.models import Checkpoint
from shian.kernel.notary.queries import consistency_of
from shian.kernel.notary.tree import verify_consistency
while sequence(at=timezone.now()):
    pass
told = audit()
assert told.holds, told.problems
heads = list(Checkpoint.objects.order_by("size"))
for old, new in zip(heads, heads[1:]):
    verify_consistency(old.size, new.size, bytes(old.root), bytes(new.root), consistency_of(old.size, new.size))
print(told.entries, len(heads))
"""
)


@dataclass
class Log:
    """A migrated database with processes at work on it."""

    home: Home
    database: Database
    nursery: Nursery
    running: list[Child] = field(default_factory=list)
    listeners: list[threading.Thread] = field(default_factory=list)
    acknowledged: set[int] = field(default_factory=set)

    def start(self, code: str) -> Child:
        said, says = os.pipe()
        made = self.nursery.start(code, stdout=says)
        os.close(says)
        self.running.append(made)
        listener = threading.Thread(target=self._listen, args=(said,), daemon=True)
        listener.start()
        self.listeners.append(listener)
        return made

    def _listen(self, said: int) -> None:
        with os.fdopen(said, encoding="ascii") as lines:
            for line in lines:
                self.acknowledged.add(int(line))

    def end(self) -> None:
        for each in self.running:
            each.kill()
        for listener in self.listeners:
            listener.join()
        self.running.clear()
        self.listeners.clear()

    def audited(self) -> tuple[int, int]:
        """How many entries hold under how many heads, each consistent with the next."""
        entries, heads = self.nursery.ran(AUDIT).split()
        return int(entries), int(heads)

    def ask(self, statement: str) -> Any:
        assert self.database.cluster
        with psycopg.connect(self.database.cluster.conninfo("shian_web", "shian"), autocommit=True) as web:
            return web.execute(statement).fetchone()  # type: ignore[call-overload]

    def wait_for(self, more: int) -> None:
        """Until that many further entries were acknowledged."""
        wanted = len(self.acknowledged) + more
        eventually(lambda: len(self.acknowledged) >= wanted, seconds=90)

    def wait_for_heads(self, more: int) -> None:
        """Until that many further checkpoints were signed."""
        wanted = self.heads() + more
        eventually(lambda: self.heads() >= wanted, seconds=90)

    def heads(self) -> int:
        return int(self.ask("SELECT count(*) FROM notary_checkpoint")[0])


@pytest.fixture(scope="module")
def migrated() -> Iterator[tuple[Home, Database, Nursery]]:
    with migrated_home() as (home, database), nursery(environment_of(home, database)) as loaded:
        yield home, database, loaded


@pytest.fixture
def log(migrated: tuple[Home, Database, Nursery]) -> Iterator[Log]:
    made = Log(*migrated)
    yield made
    made.end()


def all_are_in_the_log(log: Log) -> None:
    """Every acknowledged entry has a leaf, numbers have no gap, every signature and every pair of heads holds."""
    log.end()
    entries, heads = log.audited()
    assert entries >= len(log.acknowledged) > 0
    assert heads > 1
    assert log.ask("SELECT count(*), max(number) + 1 FROM notary_leaf") == (entries, entries)
    numbers = ",".join(map(str, log.acknowledged))
    (found,) = log.ask(f"SELECT count(*) FROM notary_leaf WHERE entry_id IN ({numbers})")
    assert found == len(log.acknowledged)


def test_sequencers_at_once_and_killed_never_fork_the_log(log: Log) -> None:
    for _ in range(2):
        log.start(APPEND)
    sequencers = [log.start(SEQUENCE) for _ in range(3)]
    log.wait_for_heads(5)

    for turn in itertools.islice(itertools.cycle(range(3)), 6 if IS_WHOLE else 3):
        log.wait_for_heads(2)
        sequencers[turn].kill()
        sequencers[turn] = log.start(SEQUENCE)
    log.wait_for_heads(10)

    all_are_in_the_log(log)


def test_a_killed_server_loses_nothing_that_was_acknowledged(log: Log) -> None:
    for code in (APPEND, APPEND, SEQUENCE, SEQUENCE):
        log.start(code)
    cluster = log.database.cluster
    assert cluster

    for _ in range(2):
        log.wait_for(30)
        log.wait_for_heads(3)
        postmaster = cluster.postmaster()
        assert postmaster
        os.kill(postmaster, signal.SIGKILL)
        eventually(lambda: cluster.postmaster() is None)
        cluster.start()
    log.wait_for(30)

    all_are_in_the_log(log)


def test_a_crash_between_commit_and_the_note_of_it_is_no_second_history(log: Log, tmp_path: Path) -> None:
    """The last signed checkpoint is written to the home after the COMMIT; an older note there is honest."""
    log.start(APPEND)
    log.wait_for(3)
    log.end()
    log.audited()
    last = log.home.folder / "notary" / "last"
    older = last.read_text(encoding="utf-8")
    log.start(APPEND)
    log.wait_for(3)
    log.end()
    log.audited()
    last.write_text(older, encoding="utf-8")

    all_are_in_the_log(log)
