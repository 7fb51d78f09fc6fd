"""What is meant to break a repository gets its error over HTTP, soon, and leaves nothing behind."""

import json
import time
from typing import Any

import pytest

from shian.engine.trace.actions.capturing import take_capture
from shian.engine.trace.models import Capture, CaptureBlob, CaptureState, Identifier, TraceEvent
from shian.engine.trace.tests.records import NOW, receipt
from shian.engine.trace.tests.test_capturing import BODIES, HOSTILE, document
from tests.api.test_epcis import Program, _city_today, captured, is_problem, program

__all__ = ["_city_today", "program"]  # fixtures

pytestmark = pytest.mark.django_db
MOST = 1.0  # seconds of the processor
# What the issue names, and what it is called in HOSTILE.
NAMED = {
    "10 MB string": "a text of 10 MB", "deep nesting": "deep nesting", "1e9 quantity": "a thousand million",
    "wrong units": "degrees of weight", "future times": "a time to come", "forged hash": "a forged hash",
}  # fmt: skip


def sent(program: Program, path: str, body: bytes, **headers: str) -> tuple[Any, float]:
    """The answer, and the seconds of the processor that it cost."""
    began = time.process_time()
    answer = program.ask("POST", path, body, **headers)
    return answer, time.process_time() - began


def left_behind(*tables: Any) -> list[Any]:
    return [row for table in tables for row in table.objects.all()[:1]]


def test_each_kind_that_is_named_is_among_them() -> None:
    assert set(NAMED.values()) <= set(HOSTILE)


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_event_is_refused_at_once(program: Program, case: str) -> None:
    more, reason = HOSTILE[case]
    answer, cost = sent(program, "/events", json.dumps(receipt(**more)).encode())

    assert is_problem(answer, "Validation")
    assert answer.json()["errors"][0]["reason"] == reason
    assert cost < MOST
    assert len(answer.content) < 20_000
    assert left_behind(TraceEvent, Capture, CaptureBlob) == []


@pytest.mark.parametrize("case", HOSTILE)
def test_a_document_with_a_hostile_event_fails_as_a_whole(program: Program, case: str) -> None:
    more, _reason = HOSTILE[case]
    began = time.process_time()
    job = captured(program, receipt(), receipt(**more))

    assert time.process_time() - began < 2 * MOST  # writing it, sending it, taking it and reading its errors
    assert (job["success"], job["running"]) == (False, False)
    assert {each["path"].split("/")[3] for each in job["errors"]} == {"1"}
    assert Capture.objects.get().state == CaptureState.FAILED
    assert left_behind(TraceEvent, CaptureBlob, Identifier) == []


@pytest.mark.parametrize("case", NAMED)
def test_what_is_good_beside_it_is_taken_where_that_is_asked(program: Program, case: str) -> None:
    job = captured(
        program, receipt(), receipt(**HOSTILE[NAMED[case]][0]), GS1_Capture_Error_Behaviour="proceed"
    )  # fmt: skip

    assert (job["success"], TraceEvent.objects.count()) == (True, 1)
    assert {each["path"].split("/")[3] for each in job["errors"]} == {"1"}


@pytest.mark.parametrize("case", BODIES)
def test_a_body_that_is_no_document_is_refused_at_once(program: Program, case: str) -> None:
    answer, cost = sent(program, "/capture", BODIES[case][0])

    assert is_problem(answer, "Validation")
    assert cost < MOST
    assert not Capture.objects.exists()


def test_many_events_of_a_hostile_kind_are_refused_soon(program: Program) -> None:
    """A document of 2,000 events that are all wrong tells a thousand faults and no more."""
    body = document(*(receipt(eventTime="2033-01-01T00:00:00Z", **{"lf:n": n}) for n in range(2_000)))
    assert sent(program, "/capture", body)[1] < MOST
    began = time.process_time()
    capture = take_capture(number=Capture.objects.get().pk, at=NOW)

    assert time.process_time() - began < MOST
    assert (capture.taken, len(capture.faults)) == (0, 1_000)
