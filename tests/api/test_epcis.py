"""EPCIS 2.0 below /epcis/v2, as a program of the standard meets it."""

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client

from shian.config.home import PROJECT
from shian.engine.trace.actions.capturing import take_capture
from shian.engine.trace.documents import LARGEST, MOST
from shian.engine.trace.epcis import STATUSES
from shian.engine.trace.event_queries import PATTERNS, PLAIN
from shian.engine.trace.models import Capture, Movement, TraceEvent
from shian.engine.trace.rules.event_hash import event_hash, event_id
from shian.engine.trace.tests.records import CONTEXT, CUCUMBER, NOW, batch, certificate, first_station, receipt
from shian.engine.trace.tests.test_capturing import document
from shian.engine.trace.tests.test_event_queries import CASES
from shian.engine.trace.tests.test_query_bounds import ASKED
from shian.kernel.accounts.models import Role, User
from shian.registers.areas.tests.factories import make_city_and_county
from shian.registers.people.tests.factories import reach_user
from tests.api.programs import token_for

pytestmark = pytest.mark.django_db
BASE = "/epcis/v2"
KINDS = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def _city_today(db: None):
    with time_machine.travel(NOW, tick=False):
        make_city_and_county()
        yield


def owner(role: Role = Role.OFFICE) -> User:
    return reach_user(f"u{User.objects.count()}", "131000", role)


class Program:
    """A client of the standard with the token of its owner."""

    def __init__(self, key: str) -> None:
        self.client, self.headers = Client(), {"Authorization": f"Bearer {key}", **KINDS}

    def ask(self, method: str, path: str, body: Any = None, params: Any = None, **headers: str) -> Any:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = named.pop("Content-Type", "application/json")
        return self.client.generic(
            method, BASE + path, b"" if body is None else content, content_type=kind,
            headers={**self.headers, **named}, query_params=params,
        )  # fmt: skip

    def get(self, path: str, params: Any = None, **headers: str) -> Any:
        return self.ask("GET", path, None, params, **headers)

    def events(self, **params: str) -> list[dict[str, Any]]:
        return self.get("/events", params).json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]


@pytest.fixture
def program() -> Program:
    return Program(token_for(owner(), "read:epcis", "write:epcis"))


def captured(program: Program, *events: dict[str, Any], **headers: str) -> Any:
    """Send a document, let the worker take it, and read the job."""
    sent = program.ask("POST", "/capture", document(*events), **headers)
    assert sent.status_code == 202, sent.content
    take_capture(number=Capture.objects.latest("pk").pk, at=NOW)
    return program.get(sent.headers["Location"].removeprefix(BASE)).json()


def is_problem(answer: Any, kind: str, status: int | None = None) -> bool:
    told = answer.json()
    return (
        answer.headers["Content-Type"] == "application/problem+json"
        and answer.status_code == told["status"] == (status or STATUSES[kind])
        and told["type"] == f"epcisException:{kind}Exception"
        and bool(told["title"] and told["detail"])
    )


def test_a_document_is_captured_and_found(program: Program) -> None:
    job = captured(program, certificate(), receipt(), first_station(), batch())

    assert (job["running"], job["success"], job["errors"]) == (False, True, [])
    assert job["captureErrorBehaviour"] == "rollback"
    assert [each["captureID"] for each in program.get("/capture").json()] == [job["captureID"]]
    found = program.events(MATCH_anyEPCClass=CUCUMBER, orderBy="eventTime")
    assert [each["type"] for each in found] == ["ObjectEvent", "ObjectEvent", "TransformationEvent"]
    assert found[1]["eventID"] == event_id(event_hash(receipt(), CONTEXT))
    assert Movement.objects.count() == 4


def test_a_job_waits_for_the_worker(program: Program) -> None:
    sent = program.ask("POST", "/capture", document(receipt()))
    job = program.get(sent.headers["Location"].removeprefix(BASE)).json()

    assert (job["running"], job["success"]) == (True, False)
    assert "finishedAt" not in job
    assert program.events() == []


def test_errors_of_a_document_are_told_by_its_job(program: Program) -> None:
    wrong = receipt(bizStep="selling")
    job = captured(program, receipt(), wrong)
    assert (job["success"], job["errors"][0]["path"]) == (False, "/epcisBody/eventList/1/bizStep")
    assert program.events() == []

    job = captured(program, receipt(), wrong, GS1_Capture_Error_Behaviour="proceed")
    assert (job["success"], len(job["errors"]), len(program.events())) == (True, 1, 1)


def test_one_event_is_taken_at_once_and_once(program: Program) -> None:
    made = program.ask("POST", "/events", receipt(**{"@context": CONTEXT}))
    assert made.status_code == 201
    found = program.get(made.headers["Location"].removeprefix(BASE))
    assert found.json()["eventID"] == event_id(event_hash(receipt(), CONTEXT))

    assert is_problem(program.ask("POST", "/events", receipt(**{"@context": CONTEXT})), "ResourceAlreadyExists")
    refused = program.ask("POST", "/events", receipt(eventTime="2033-01-01T00:00:00Z"))
    assert is_problem(refused, "Validation")
    assert refused.json()["errors"][0]["path"] == "/eventTime"
    assert Capture.objects.count() == TraceEvent.objects.count() == 1
    assert is_problem(program.ask("POST", "/events", [1]), "Validation")


def test_pages_lead_to_the_next(program: Program) -> None:
    captured(program, *(receipt(eventTime=f"2023-10-01T00:00:{second:02}Z") for second in range(7)))
    times, path, params = [], "/events", {"perPage": "3", "orderBy": "eventTime"}
    while True:
        answer = program.get(path, params)
        times += [each["eventTime"] for each in answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]]
        link = answer.headers.get("Link")
        if not link:
            break
        assert answer.headers["GS1-Next-Page-Token-Expires"] > "2023-10-06"
        assert link.endswith('; rel="next"')
        path, params = link[link.index(BASE) + len(BASE) : link.index(">")], None

    assert times == [f"2023-10-01T00:00:{second:02}Z" for second in range(7)]
    token = program.get("/events", {"perPage": "3"}).headers["Link"].rpartition("nextPageToken=")[2].partition(">")[0]
    for params in ({"perPage": "2", "nextPageToken": token}, {"nextPageToken": "x"}):
        assert is_problem(program.get("/events", params), "QueryParameter")


def test_words_in_use_and_their_events(program: Program) -> None:
    captured(program, certificate(), receipt(), batch())

    assert program.get("/bizSteps").json()["member"] == ["commissioning", "receiving"]
    assert program.get("/eventTypes").json()["member"] == ["ObjectEvent", "TransformationEvent"]
    assert program.get("/dispositions").json()["member"] == ["active"]
    for path, count in (
        ("/bizSteps/receiving", 1), ("/eventTypes/ObjectEvent", 2), ("/dispositions/active", 1),
        (f"/epcs/{quote(CUCUMBER, safe='')}", 3), ("/epcs/urn:epc:id:sgtin:6901234.056789.7", 0),
        (f"/bizLocations/{quote(certificate()['bizLocation']['id'], safe='')}", 1), ("/readPoints/urn:x:y", 0),
    ):  # fmt: skip
        events = program.get(f"{path}/events").json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
        assert (path, len(events)) == (path, count)


def test_identifiers_come_in_the_form_that_is_asked(program: Program) -> None:
    captured(program, receipt())
    urn = "urn:epc:class:lgtin:6901234.056789.HGZ20231001A"

    def lot(form: str) -> str:
        answer = program.get("/events", GS1_EPC_Format=form).json()
        return answer["epcisBody"]["queryResults"]["resultsBody"]["eventList"][0]["quantityList"][0]["epcClass"]

    assert lot("Always_EPC_URN") == urn
    assert lot("Always_GS1_Digital_Link") == lot("No_Preference") == lot("Never_Translates") == CUCUMBER
    assert is_problem(program.get("/events", GS1_EPC_Format="Sometimes"), "NotAcceptable")


def test_what_is_possible_is_told_by_options(program: Program) -> None:
    answer = program.ask("OPTIONS", "/capture")

    assert answer.status_code == 204
    assert answer.headers["Allow"] == "OPTIONS, GET, POST"
    assert answer.headers["GS1-EPCIS-Capture-Limit"] == str(MOST)
    assert answer.headers["GS1-EPCIS-Capture-File-Size-Limit"] == str(LARGEST)
    assert answer.headers["GS1-EPCIS-Version"] == "2.0.0"
    assert program.ask("PUT", "/capture").status_code == 405


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/epcs"), ("GET", "/bizLocations"), ("GET", "/readPoints"),
     ("GET", "/events?HASATTR_x=y"), ("GET", "/events?EQATTR_x_y=z"), ("GET", "/eventTypes/ObjectEvent"),
     ("GET", "/bizSteps/shipping"), ("GET", "/dispositions/active"), ("GET", "/readPoints/urn:x:y"),
     ("GET", "/bizLocations/https%3A%2F%2Fx.example%2F1"), ("GET", "/epcs/urn:epc:id:sgtin:6901234.056789.7"),
     ("DELETE", "/nextPageToken/abc:def")],
)  # fmt: skip
def test_what_is_not_offered_says_so_by_name(program: Program, method: str, path: str) -> None:
    answer = program.ask(method, path)

    assert is_problem(answer, "Implementation", 501)
    parameter = path.partition("?")[2].partition("=")[0]
    assert (parameter or path.split("/")[1]) in answer.json()["detail"]


def test_requests_that_are_refused(program: Program) -> None:
    assert is_problem(program.get("/events", {"EQ_colour": "red"}), "QueryParameter")
    assert is_problem(program.get("/events", {"eventType": "x"}), "QueryParameter")
    captured(program, receipt(), batch())
    assert is_problem(program.get("/events", {"maxEventCount": "1"}), "QueryTooLarge")
    assert is_problem(program.get("/events/urn:uuid:1"), "NoSuchResource")
    assert is_problem(program.get("/capture/00000000-0000-0000-0000-000000000000"), "NoSuchResource")
    assert is_problem(program.ask("POST", "/capture", b"<x/>", Content_Type="text/xml"), "UnsupportedMediaType")
    assert is_problem(program.ask("POST", "/capture", b"{"), "Validation")
    assert is_problem(program.ask("POST", "/capture", {"type": "x"}), "Validation")
    assert is_problem(program.ask("POST", "/capture", document(*[{}] * (MOST + 1))), "CaptureLimitExceeded")
    assert is_problem(program.ask("POST", "/capture", b" " * (LARGEST + 1)), "CaptureLimitExceeded")
    assert is_problem(program.get("/events", GS1_EPCIS_Version="1.2"), "NotAcceptable")
    assert is_problem(program.get("/events", Accept="application/xml"), "NotAcceptable")
    assert is_problem(program.ask("POST", "/capture", {}, GS1_Capture_Error_Behaviour="maybe"), "Validation")


def test_who_may_not_is_refused() -> None:
    assert Client().get(f"{BASE}/events").status_code == 401
    blind = Program(token_for(owner(), "read:operators"))
    assert is_problem(blind.get("/events"), "Security")
    reader = Program(token_for(owner(), "read:epcis"))
    assert reader.get("/events").status_code == 200
    assert is_problem(reader.ask("POST", "/capture", document(receipt())), "Security")
    assessor = Program(token_for(owner(Role.ASSESSOR), "read:epcis"))
    assert is_problem(assessor.get("/events"), "Security")


PAGING = {"orderBy", "orderDirection", "eventCountLimit", "maxEventCount", "perPage", "nextPageToken"}


def claimed(guide: str) -> set[str]:
    """Parameters without an end of their own that the guide's table says are offered."""
    rows = guide.partition("## Parameters")[2].splitlines()
    cells = [row.split("|")[1] for row in rows if row.startswith("| `") and not row.split("|")[2].startswith(" no")]
    return {
        name for cell in cells for name in re.findall(r"`(\w+)`", cell)
        if name in PAGING or name == "eventType" or name.startswith(("EQ_", "GE_", "LT_", "WD_", "MATCH_", "EXISTS_"))
    }  # fmt: skip


def test_the_guide_lists_every_parameter() -> None:
    """Each that it claims is asked by name in a test; those that end in a type, a unit or a field in
    engine/trace/tests/test_query_bounds.py."""
    guide = (PROJECT / "docs" / "epcis.md").read_text(encoding="utf-8")

    assert [name for name in PLAIN if f"`{name}`" not in guide] == []
    assert claimed(guide) - {*PAGING, *ASKED, *(name for case, _wanted in CASES for name in case)} == set()
    assert sum(guide.count(f"_<{each}>`") for each in ("type", "uom", "field")) >= len(PATTERNS)


@pytest.mark.parametrize(
    "path",
    ["/events?EQ_bizStep=%00", "/events?q=%00", "/events?EQ_a%00=1", "/events?MATCH_epc=urn:x:%00", "/events/%00",
     "/events?nextPageToken=%00", "/epcs/a%00b/events", "/bizSteps/%00/events", "/capture?q=%00"],
)  # fmt: skip
def test_a_nul_is_refused(program: Program, path: str) -> None:
    answer = program.client.get(BASE + path, headers=program.headers)

    assert answer.status_code in ({200} if path.startswith("/capture") else {400, 404})


NO_TEXT = ["a\0b", "\ud800", "\\\0"]


@pytest.mark.parametrize("told", [*({"lf:x": each} for each in NO_TEXT), {"lf:\0": "x"}, {"eventID": "urn:x:\ud800"}])
def test_what_is_no_text_is_refused(program: Program, told: dict[str, str]) -> None:
    assert is_problem(program.ask("POST", "/events", receipt(**told)), "Validation")
    assert is_problem(program.ask("POST", "/capture", document(receipt(), **told)), "Validation")


def test_a_header_is_bounded_and_has_numbers_only(program: Program) -> None:
    assert is_problem(program.ask("POST", "/capture", document(**{"lf:x": "x" * 100_000})), "Validation")
    endless = document(**{"lf:x": 0.5}).replace(b"0.5", b"1e999")
    assert is_problem(program.ask("POST", "/capture", endless), "Validation")
    assert captured(program, receipt(**{"lf:x": "\\u0000 😀"}))["success"]


def test_fields_of_extensions_are_asked_with_any_prefix(program: Program) -> None:
    captured(program, certificate(), receipt())
    asked = {"EQ_ILMD_own:originCode": "131003"}

    def count(**headers: str) -> int:
        answer = program.get("/events", asked, **headers).json()
        return len(answer["epcisBody"]["queryResults"]["resultsBody"]["eventList"])

    assert count(GS1_Extensions="x=https://x.example/, own=https://ns.example.org/lf/") == 1
    assert count() == 0
    assert is_problem(program.get("/events", asked, GS1_Extensions="own"), "QueryParameter")
