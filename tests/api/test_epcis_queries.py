"""Queries under a name and subscriptions to them, as programs of the standard use them."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from shian.engine.trace.actions import subscribing
from shian.engine.trace.actions.subscribing import run_subscriptions, signature
from shian.engine.trace.models import Delivery, NamedQuery, Subscription
from shian.engine.trace.tests.records import NOW, batch, certificate, receipt
from shian.kernel.accounts.models import User
from shian.kernel.files.outbound import Answer
from shian.kernel.notary.models import Entry
from shian.registers.areas.tests.factories import make_city_and_county
from tests.api.programs import token_for
from tests.api.test_epcis import BASE, Program, captured, is_problem, owner

pytestmark = pytest.mark.django_db
STALLS = {"name": "stalls", "query": {"EQ_bizStep": ["receiving", "shipping"], "perPage": 2}}
SOON = NOW + timedelta(minutes=2)


@pytest.fixture(autouse=True)
def _city_today(db: None):
    with time_machine.travel(NOW, tick=False):
        make_city_and_county()
        yield


@pytest.fixture
def program() -> Program:
    return Program(token_for(owner(), "read:epcis", "write:epcis"))


class Subscriber:
    """What was posted to it, and with what it answers."""

    def __init__(self) -> None:
        self.status, self.got = 200, list[tuple[str, dict[str, str], bytes]]()

    def post(self, url: str, body: bytes, *, headers: dict[str, str], inner_hosts: Any) -> Answer:
        self.got.append((url, headers, body))
        return Answer(self.status, "")

    def events(self) -> list[str]:
        """The step of each event that it got."""
        bodies = [json.loads(body)["epcisBody"]["queryResults"] for _url, _headers, body in self.got]
        return [event["bizStep"] for each in bodies for event in each["resultsBody"]["eventList"]]


@pytest.fixture
def subscriber(monkeypatch: pytest.MonkeyPatch) -> Subscriber:
    made = Subscriber()
    monkeypatch.setattr(subscribing, "post", made.post)
    return made


def subscribed(program: Program, **more: Any) -> Any:
    told = {"dest": "https://told.example.org/hook", "signatureToken": "s3", "stream": True, **more}
    return program.ask("POST", "/queries/stalls/subscriptions", told)


def test_a_query_is_kept_run_and_forgotten(program: Program) -> None:
    captured(program, certificate(), *(receipt(eventTime=f"2023-10-01T00:00:0{each}Z") for each in range(3)))
    made = program.ask("POST", "/queries", STALLS)

    assert (made.status_code, made.headers["Location"]) == (201, f"{BASE}/queries/stalls")
    assert program.get("/queries/stalls").json()["query"] == {"EQ_bizStep": "receiving|shipping", "perPage": "2"}
    assert [each["name"] for each in program.get("/queries").json()] == ["stalls"]
    page = program.get("/queries/stalls/events")
    results = page.json()["epcisBody"]["queryResults"]
    assert (results["queryName"], len(results["resultsBody"]["eventList"])) == ("stalls", 2)
    following = page.headers["Link"].partition(BASE)[2].partition(">")[0]
    assert len(program.get(following).json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]) == 1
    assert is_problem(program.ask("POST", "/queries", STALLS), "ResourceAlreadyExists")
    assert program.ask("DELETE", "/queries/stalls").status_code == 204
    assert is_problem(program.get("/queries/stalls/events"), "NoSuchName")
    kept = Entry.objects.filter(action__startswith="trace.query").order_by("id")
    assert [each.action for each in kept] == ["trace.query_kept", "trace.query_dropped"]


def test_a_query_knows_its_fields_by_its_own_prefixes(program: Program) -> None:
    captured(program, certificate())
    query = {"@context": {"own": "https://ns.example.org/lf/"}, "EQ_ILMD_own:originCode": 131003,
             "EXISTS_ILMD_own:harvestDate": True}  # fmt: skip
    program.ask("POST", "/queries", {"name": "grown", "query": query})

    results = program.get("/queries/grown/events").json()["epcisBody"]["queryResults"]
    assert len(results["resultsBody"]["eventList"]) == 1


@pytest.mark.parametrize(
    "body",
    [[], {}, {"name": "a"}, {"name": "a/b", "query": {}}, {"name": "x" * 201, "query": {}},
     {"name": "a", "query": {"EQ_bizStep": {"a": 1}}}, {"name": "a", "query": {"EQ_bizStep": "a|b"}}],
)  # fmt: skip
def test_what_is_no_query_is_refused(program: Program, body: Any) -> None:
    assert is_problem(program.ask("POST", "/queries", body), "QueryValidation")
    assert not NamedQuery.objects.exists()


def test_a_query_of_bad_parameters_is_refused(program: Program) -> None:
    assert is_problem(program.ask("POST", "/queries", {"name": "a", "query": {"EQ_colour": "x"}}), "QueryParameter")
    assert is_problem(program.ask("POST", "/queries", {"name": "a", "query": {"HASATTR_x": "x"}}), "Implementation")


def test_queries_and_subscriptions_are_their_owners(program: Program) -> None:
    program.ask("POST", "/queries", STALLS | {"query": {}})
    address = subscribed(program).headers["Location"].removeprefix(BASE)
    other = Program(token_for(owner(), "read:epcis", "write:epcis"))

    assert other.get("/queries").json() == []
    for method, path in (("GET", "/queries/stalls"), ("DELETE", "/queries/stalls"), ("GET", address),
                         ("DELETE", address), ("GET", "/queries/stalls/subscriptions")):  # fmt: skip
        assert is_problem(other.ask(method, path), "NoSuchName")
    assert program.get(address).json()["stream"] is True
    blind = Program(token_for(User.objects.get(username=NamedQuery.objects.get().by), "read:epcis"))
    assert is_problem(blind.ask("DELETE", "/queries/stalls"), "Security")


def test_new_events_are_sent_once_and_signed(program: Program, subscriber: Subscriber) -> None:
    captured(program, receipt())
    program.ask("POST", "/queries", {"name": "stalls", "query": {"EQ_bizStep": "receiving"}})
    assert subscribed(program).status_code == 201
    captured(program, certificate(), receipt(eventTime="2023-10-01T14:00:00Z"))

    assert run_subscriptions(at=SOON) == 1
    url, headers, body = subscriber.got[0]
    assert url == "https://told.example.org/hook"
    assert headers["GS1-Signature"] == signature(body, "s3")
    assert subscriber.events() == ["receiving"]
    found = Delivery.objects.get()
    assert (found.state, found.attempts, bytes(found.content)) == ("sent", 1, b"")
    assert headers["webhook-id"] == str(found.uid)
    assert run_subscriptions(at=SOON + timedelta(minutes=5)) == 0
    assert Entry.objects.filter(action="trace.delivery_ended").count() == 1


def test_a_subscriber_may_begin_in_the_past(program: Program, subscriber: Subscriber) -> None:
    captured(program, receipt())
    program.ask("POST", "/queries", STALLS | {"query": {}})
    subscribed(program, initialRecordTime="2023-10-05T00:00:00Z")
    run_subscriptions(at=SOON)

    assert subscriber.events() == ["receiving"]


def test_what_does_not_arrive_is_sent_again(program: Program, subscriber: Subscriber) -> None:
    program.ask("POST", "/queries", STALLS | {"query": {}})
    address = subscribed(program).headers["Location"].removeprefix(BASE)
    captured(program, batch())
    subscriber.status = 503
    assert run_subscriptions(at=SOON) == 0
    [told] = program.get(address).json()["deliveries"]
    assert (told["state"], told["attempts"], told["error"]) == ("waiting", 1, "HTTP 503")

    subscriber.status = 202
    assert run_subscriptions(at=SOON) == 0  # not yet
    assert run_subscriptions(at=SOON + timedelta(hours=1)) == 1
    assert [headers["webhook-id"] for _url, headers, _body in subscriber.got] == [told["id"]] * 2
    for hour in range(2, 40):
        subscriber.status = 500
        captured(program, receipt(eventTime=f"2023-10-02T00:{hour:02}:00Z")) if hour == 2 else None
        run_subscriptions(at=SOON + timedelta(hours=hour * 24))
    assert Delivery.objects.latest("pk").state == "failed"


def test_a_schedule_reports_also_that_nothing_is_new(program: Program, subscriber: Subscriber) -> None:
    program.ask("POST", "/queries", STALLS | {"query": {}})
    made = subscribed(program, stream=False, schedule={"hour": "8,20"}, reportIfEmpty=True).json()

    assert made["nextAt"].startswith("2023-10-05T20:00:00")
    assert run_subscriptions(at=SOON) == 0
    assert run_subscriptions(at=NOW + timedelta(hours=5)) == 1
    assert (len(subscriber.got), subscriber.events()) == (1, [])


def test_who_may_no_longer_read_gets_nothing(program: Program, subscriber: Subscriber) -> None:
    program.ask("POST", "/queries", STALLS | {"query": {}})
    subscribed(program)
    captured(program, receipt())
    User.objects.filter(username=Subscription.objects.get().by).update(is_active=False)
    run_subscriptions(at=SOON)

    assert subscriber.got == []


def test_the_own_network_is_not_reached(program: Program) -> None:
    program.ask("POST", "/queries", STALLS | {"query": {}})
    address = subscribed(program, dest="https://127.0.0.1/hook").headers["Location"].removeprefix(BASE)
    captured(program, receipt())
    assert run_subscriptions(at=SOON) == 0

    assert "127.0.0.1" in program.get(address).json()["deliveries"][0]["error"]


@pytest.mark.parametrize(
    "more",
    [{"dest": "http://told.example.org/"}, {"dest": "ftp://x"}, {"dest": 5}, {"stream": False},
     {"schedule": {"hour": "8"}}, {"stream": False, "schedule": {"hour": "25"}}, {"signatureToken": "x" * 201},
     {"stream": False, "schedule": {"dayOfMonth": "31", "month": "2"}}, {"stream": False, "schedule": {"week": "1"}}],
)  # fmt: skip
def test_what_is_no_subscription_is_refused(program: Program, more: dict[str, Any]) -> None:
    program.ask("POST", "/queries", STALLS | {"query": {}})

    assert is_problem(subscribed(program, **more), "SubscriptionControls")


def test_a_query_that_is_cut_cannot_be_subscribed(program: Program) -> None:
    program.ask("POST", "/queries", STALLS)
    assert is_problem(subscribed(program), "SubscriptionControls")


def test_a_subscription_ends(program: Program, subscriber: Subscriber) -> None:
    program.ask("POST", "/queries", STALLS | {"query": {}})
    address = subscribed(program).headers["Location"].removeprefix(BASE)
    captured(program, receipt())

    assert program.ask("DELETE", address).status_code == 204
    assert (run_subscriptions(at=SOON), subscriber.got) == (0, [])
    assert is_problem(program.get(address), "NoSuchResource")
