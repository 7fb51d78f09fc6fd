"""Covert visits over the doors that pages do not show: the interface for programs, calendars, the code at the door, the
search, the entries of the log. Until the release each answers to whoever is checked as if there were no visit."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shian.domains.census.actions import issue_missing_codes, signing_key
from shian.domains.census.rules.codes import signed_token
from shian.domains.fieldchecks.actions.visits import release_visit
from shian.domains.fieldchecks.models import FieldVisit
from shian.domains.fieldchecks.tests.factories import make_areas, make_formats, make_operator, make_point
from shian.domains.fieldchecks.tests.visits import NOW, Crew, sheet
from shian.engine.cases.actions import make_feed
from shian.engine.cases.models import Case
from shian.engine.measures.declarations import all_measures
from shian.kernel.accounts.models import User
from shian.kernel.notary.models import Entry
from tests.api.programs import program_of

pytestmark = pytest.mark.django_db
NAME, CODE, AREA = "夜市小馆", "OP9", "131022"
WATCHED = ("county", "station")
DIFFERS = re.compile(r"\b[A-Za-z0-9]{64}\b|/account/login/\S*")  # tokens against forged requests
CODES = {"operators": CODE, "areas": AREA}
ASKED = {
    "/dataValueSets": "?dataSet=field_visits&period=2022&orgUnit=131022&children=true",
    "/operators/points": "?bbox=116,39,117,40",
}
Door = Callable[[], Any]


@pytest.fixture
def crew(settings: Any, tmp_path: Any, time_machine: Any) -> Crew:
    settings.SHIAN_HOME = tmp_path
    time_machine.move_to(NOW, tick=False)
    make_areas()
    make_formats()
    return Crew()


def reads() -> list[str]:
    """Every address of the interface that is read, as far as its arguments can be given."""
    told = json.loads((configured.SHIAN_PACKS.parent / "docs" / "openapi.json").read_text(encoding="utf-8"))
    found: list[str] = []
    for path, verbs in told["paths"].items():
        if "get" in verbs:
            found += _given(path.removeprefix("/api/v1"))
    return found


def _given(path: str) -> Iterator[str]:
    kind = path.split("/")[1]
    if "{" not in path:
        yield path + ASKED.get(path, "")
    elif kind in CODES:
        yield path.replace("{code}", CODES[kind])
    elif kind == "figures" and path.endswith(("value", "rows")):
        yield from (path.replace("{key}", key) for key in all_measures() if key.startswith("field_"))
    elif kind == "ledgers" and "{number}" not in path:
        yield path.replace("{key}", "check_formats")


def doors(crew: Crew, name: str, door_code: str) -> dict[str, Door]:
    """What the user reads by a program, a calendar, at the door and by searching."""
    user, client = getattr(crew, name), Client()
    client.force_login(user)
    program = program_of(user)
    calendar = reverse("cases:calendar_download", args=[make_feed(user=user, at=NOW)])
    found: dict[str, Door] = {f"{name} api {path}": lambda path=path: told(program.get(path)) for path in reads()}
    found[f"{name} calendar"] = lambda: told(Client().get(calendar))
    found[f"{name} scan"] = lambda: told(client.get(door_code))
    for text in (NAME, CODE, "夜市"):
        found[f"{name} search {text}"] = lambda text=text: told(
            client.get(reverse("census:operator_list"), {"q": text})
        )
    return found


def told(answer: Any) -> tuple[int, str, str]:
    """Status, where it leads, what it says, without what differs from one reading to the next."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = "a file" if body.startswith(b"PK") else DIFFERS.sub("", body.decode("utf-8", "replace"))
    if "json" in answer.headers.get("Content-Type", ""):
        text = json.dumps(json.loads(text), ensure_ascii=False)
    return answer.status_code, answer.headers.get("Location", ""), text


def test_every_other_door_is_as_if_there_were_no_visit_until_it_is_released(crew: Crew) -> None:
    operator = make_operator(CODE, name=NAME)
    point = make_point("C1", "covert", operator=operator, name=NAME)
    issue_missing_codes(by="worker", at=timezone.now())
    at_door = f"/c/{signed_token(operator.codes.latest('pk').serial, signing_key())}"
    every = {key: door for name in WATCHED for key, door in doors(crew, name, at_door).items()}
    every["operator"] = lambda: told(Client().get(at_door))
    every["operator, by a program"] = lambda: told(Client().get(at_door, headers={"Accept": "application/json"}))
    assert len(every) > 100
    before = {key: door() for key, door in every.items()}
    assert {status for status, _where, _text in before.values()} <= {200, 302, 403, 404}
    assert sum(status == 200 for status, _where, _text in before.values()) > 100
    sealed = set(Entry.objects.values_list("pk", flat=True))

    visit = crew.sent_to(point, lead=crew.visitor, second=None)[0]
    sheet(visit, crew.visitor, failed={"2": "fail"})
    visit = FieldVisit.objects.get(pk=visit.pk)

    assert visit.state == "scored"
    assert [key for key, door in every.items() if door() != before[key]] == []
    fresh = Entry.objects.exclude(pk__in=sealed)
    assert fresh.filter(subject=visit.subject).exists()
    betrayed = [visit.number, NAME, CODE, crew.visitor.username, str(visit.uid)]
    for name in WATCHED:
        for entry, text in seals_read(getattr(crew, name), fresh):
            assert not [each for each in betrayed if each in text], (name, entry.action)

    release_visit(visit=visit, by=crew.lead, at=NOW)
    problem = Case.objects.get(type="field_problem")
    for name in WATCHED:
        program = program_of(getattr(crew, name))
        assert problem.number in told(program.get("/cases"))[2]
        assert NAME in told(program.get(f"/cases/{problem.pk}"))[2]
        figure = "/figures/field_visits.covert/value"
        assert told(program.get(figure)) != before[f"{name} api {figure}"]
    assert every["operator"]() == before["operator"], "a citizen reads of it in the announcement, not at the door"


def seals_read(user: User, entries: Iterable[Entry]) -> Iterator[tuple[Entry, str]]:
    """What the user reads of each sealed entry, as a page and by a program."""
    client, program = Client(), program_of(user)
    client.force_login(user)
    for entry in entries:
        page = told(client.get(reverse("notary:entry_detail", args=[entry.uid])))
        yield entry, page[2] + told(program.get(f"/log/entries/{entry.uid}"))[2]
