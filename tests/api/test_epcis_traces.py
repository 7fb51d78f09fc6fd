"""A trace in one answer, in pages, and as a stream."""

import json
from typing import Any
from urllib.parse import quote

import pytest
import time_machine

from shian.engine.trace.models import Party
from shian.engine.trace.tests.records import CUCUMBER, MEALS, NOW, batch, certificate, first_station, receipt
from shian.engine.trace.views import traces
from shian.kernel.accounts.models import Role
from shian.kernel.scope.rules import columns_of_key
from shian.registers.areas.tests.factories import make_city_and_county
from shian.registers.people.tests.factories import reach_user
from tests.api.programs import token_for
from tests.api.test_epcis import Program, captured, is_problem, owner

pytestmark = pytest.mark.django_db
SHOP = "https://trace.example.org/party/R0001"


@pytest.fixture
def program(db: None):
    with time_machine.travel(NOW, tick=False):
        make_city_and_county()
        made = Program(token_for(owner(), "read:epcis", "write:epcis"))
        place = {"id": "https://trace.example.org/party/S0652"}
        sold = receipt(
            bizStep="shipping", eventTime="2023-10-03T00:00:00Z",
            quantityList=[{"epcClass": MEALS, "quantity": 10, "uom": "EA"}],
            sourceList=[{"type": "possessing_party", "source": place["id"]}],
            destinationList=[{"type": "possessing_party", "destination": SHOP}],
        )  # fmt: skip
        captured(made, certificate(), receipt(), first_station(), batch(bizLocation=place), sold)
        yield made


def traced(program: Program, lot: str, **params: str) -> Any:
    return program.get(f"/traces/{quote(lot, safe='')}", params)


def test_a_lot_is_traced_both_ways(program: Program) -> None:
    forward = traced(program, "urn:epc:class:lgtin:6901234.056789.HGZ20231001A").json()

    assert (forward["lot"], forward["complete"], forward["possible"], forward["beyondReach"]) == (CUCUMBER, True, 0, 0)
    assert forward["confirmed"] == len(forward["rows"]) == 6
    assert {(each["party"].rpartition("/")[2], each["ring"]) for each in forward["rows"] if each["lot"] == MEALS} == {
        ("S0652", "confirmed"), ("R0001", "confirmed"),
    }  # fmt: skip
    backward = traced(program, MEALS, direction="backward").json()
    assert CUCUMBER in {each["lot"] for each in backward["rows"]}
    assert traced(program, CUCUMBER, depth="0").json()["depth"] == 0
    assert traced(program, MEALS, direction="backward", since="2023-10-03T00:00:00Z").json()["confirmed"] == 2


def test_pages_and_stream_hold_the_same_rows(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = traced(program, CUCUMBER).json()["rows"]
    stream = b"".join(traced(program, CUCUMBER, format="ndjson").streaming_content).splitlines()
    head, *lines, end = map(json.loads, stream)
    assert (lines, head["confirmed"], end) == (whole, len(whole), {"end": True, "rows": len(whole), "beyondReach": 0})

    monkeypatch.setattr(traces, "MOST", 4)
    first = traced(program, CUCUMBER)
    assert (first.json()["complete"], len(first.json()["rows"])) == (False, 4)
    assert 'rel="next"' in first.headers["Link"]
    second = traced(program, CUCUMBER, nextPageToken=first.json()["nextPageToken"]).json()
    assert first.json()["rows"] + second["rows"] == whole
    assert second["complete"]


def test_rows_beyond_reach_are_counted_only(program: Program) -> None:
    Party.objects.filter(pk=Party.objects.latest("pk").pk).update(**columns_of_key("131003"))
    near = Program(token_for(reach_user("near", "131003", Role.COUNTY), "read:epcis"))
    far = Program(token_for(reach_user("far", "131002", Role.COUNTY), "read:epcis"))
    lot = next(lot for lot in (CUCUMBER, MEALS) if traced(near, lot).status_code == 200)

    told = traced(near, lot).json()
    assert told["confirmed"] == len(told["rows"]) + told["beyondReach"]
    assert told["rows"]
    assert told["beyondReach"]
    assert is_problem(traced(far, lot), "NoSuchResource")


@pytest.mark.parametrize(
    "params", [{"direction": "up"}, {"depth": "x"}, {"ring": "all"}, {"format": "xml"}, {"until": "now"},
               {"nextPageToken": "x"}, {"colour": "red"}, {"depth": "²"}],
)  # fmt: skip
def test_what_is_no_trace_is_refused(program: Program, params: dict[str, str]) -> None:
    assert is_problem(traced(program, CUCUMBER, **params), "QueryParameter")


def test_what_is_not_known_is_not_found(program: Program) -> None:
    assert is_problem(traced(program, "https://id.gs1.org/01/06901234567892/10/OTHER"), "NoSuchResource")
    assert is_problem(traced(program, "no uri"), "NoSuchResource")
