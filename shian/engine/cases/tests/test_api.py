"""Cases for programs: the same rules as on pages, one effect for one key, and of two the second is told."""

import base64

import pytest

from shian.engine.cases.models import Case, CaseEvent, CaseFile
from shian.engine.cases.tests.test_imports import PICTURE
from shian.registers.areas.tests.factories import AreaFactory
from tests.api.programs import program_of

pytestmark = pytest.mark.django_db
CARD = {"type": "tried", "title": "冷库温度记录缺失", "area": "131022", "issuer": "1310-OFFICE", "unit": "1310-AGRI",
        "source": "check"}  # fmt: skip
FILE = {"name": "现场.png", "kind": "after", "content": base64.b64encode(PICTURE).decode()}


@pytest.fixture(autouse=True)
def areas(cast):
    for code, name, kind in (
        ("131000", "廊坊市", "地级市"),
        ("131022", "固安县", "县"),
        ("131002", "安次区", "市辖区"),
    ):
        AreaFactory(code=code, name=name, kind=kind)


def test_a_program_opens_a_case_and_takes_it_to_its_end(cast) -> None:
    office, officer = program_of(cast.office), program_of(cast.officer)
    made = office.post("/cases", CARD)
    assert made.status_code == 201, made.json()
    case = made.json()
    assert made["Location"] == f"/api/v1/cases/{case['id']}"
    assert (case["state"], case["turn"], case["version"], case["steps"]) == ("issued", "unit", 1, ["show", "fix"])

    seen = officer.get(f"/cases/{case['id']}").json()
    assert seen["steps"] == ["assign", "answer"]
    step = {"step": "answer", "seen": 1, "note": "已补记", "values": {"measures": "培训"}, "files": [FILE]}
    answered = officer.post(f"/cases/{case['id']}/steps", step)
    assert answered.status_code == 201, answered.json()
    stored = CaseFile.objects.get().stored
    assert answered.json()["files"] == [{"name": "现场.png", "kind": "after", "sha256": stored.sha256}]
    assert office.post(f"/cases/{case['id']}/steps", {"step": "close", "seen": 2}).status_code == 201
    told = office.get(f"/cases/{case['id']}").json()
    assert (told["is_open"], told["values"], [each["step"] for each in told["events"]]) == (
        False, {"measures": "培训"}, ["open", "answer", "close"]
    )  # fmt: skip


def test_one_key_takes_a_step_once(cast) -> None:
    card, officer = cast.card(), program_of(cast.officer)
    body = {"step": "answer", "seen": 1, "note": "已补记", "values": {"measures": "培训"}}
    first = officer.post(f"/cases/{card.pk}/steps", body, key="the-same-key")
    again = officer.post(f"/cases/{card.pk}/steps", body, key="the-same-key")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
    assert CaseEvent.objects.filter(case=card, step="answer").count() == 1


def test_who_was_second_is_told_what_came_between(cast) -> None:
    card, officer = cast.card(), program_of(cast.officer)
    cast.answered(card)
    late = officer.post(f"/cases/{card.pk}/steps", {"step": "assign", "seen": 1, "note": "x"})

    assert late.status_code == 409
    told = late.json()
    assert told["type"].endswith("#conflict")
    assert (told["version"], [each["step"] for each in told["events"]]) == (2, ["answer"])
    assert Case.objects.get().version == 2


@pytest.mark.parametrize(
    ("step", "status", "pointers"),
    [
        ({"step": "answer"}, 422, {"/note", "/measures"}),
        ({"step": "fly"}, 422, {"/step"}),
        ({"step": "answer", "note": "x", "values": {"colour": "red"}}, 422, {"/values/colour"}),
        ({"step": "answer", "files": [{**FILE, "kind": "never"}]}, 422, {"/files/0/kind"}),
        ({"step": "answer", "files": [{**FILE, "content": "?"}]}, 422, {"/files/0/content"}),
        ({"step": "assign", "owner": "nobody"}, 422, {"/owner"}),
        ({"step": "close"}, 409, None),
    ],
)
def test_what_a_page_refuses_a_program_cannot_do(cast, step, status, pointers) -> None:
    card = cast.card()
    answer = program_of(cast.officer).post(f"/cases/{card.pk}/steps", {"seen": 1, **step})

    assert answer.status_code == status
    assert pointers is None or {each["pointer"] for each in answer.json()["errors"]} == pointers
    assert Case.objects.get().version == 1


@pytest.mark.parametrize(
    ("more", "status"),
    [({"type": "none"}, 422), ({"issuer": "none"}, 422), ({"source": "none"}, 422), ({"issuer": "1310-EDU"}, 404),
     ({"area": "131002"}, 201), ({"values": {"colour": 1}}, 422), ({"parent": 99}, 404)],
)  # fmt: skip
def test_a_new_case_is_held_to_reach_and_declaration(cast, more, status) -> None:
    assert program_of(cast.office).post("/cases", {**CARD, **more}).status_code == status


def test_only_who_may_create_creates(cast) -> None:
    assert program_of(cast.officer).post("/cases", {**CARD, "issuer": "1310-AGRI"}).status_code == 403


def test_lists_hold_what_the_filters_leave_of_what_is_seen(cast) -> None:
    own, other = cast.card(), cast.card(unit=cast.other, area_key="131002")
    officer, outsider = program_of(cast.officer), program_of(cast.outsider)

    def ids(program, **query):
        return [each["id"] for each in program.get("/cases", query).json()["items"]]

    assert ids(officer) == [own.pk]
    assert ids(outsider) == [other.pk]
    office = program_of(cast.office)
    assert ids(office, limit=1) == [own.pk]
    assert ids(office, area="131002") == [other.pk]
    assert ids(office, whose="mine") == []
    assert ids(office, q=own.number) == [own.pk]
    assert outsider.get(f"/cases/{own.pk}").status_code == 404


def test_pages_follow_each_other(cast) -> None:
    cards = [cast.card() for _each in range(3)]
    office = program_of(cast.office)
    first = office.get("/cases", {"limit": 2}).json()
    second = office.client.get(first["next"], headers=office.headers).json()

    assert [each["id"] for each in first["items"] + second["items"]] == [each.pk for each in cards]
    assert second["next"] is None


def test_types_tell_states_and_steps(cast) -> None:
    types = {each["key"]: each for each in program_of(cast.officer).get("/cases/types").json()["items"]}

    close = next(each for each in types["tried"]["steps"] if each["key"] == "close")
    assert (close["by"], close["needs"], close["target"]) == ("verifier", ["held"], "closed")
    assert types["tried"]["fields"] == {"measures": "整改措施"}
