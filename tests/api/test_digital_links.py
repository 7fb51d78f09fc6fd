"""A code on a package leads to a page, to its events, or to the list of its links."""

import json

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client, override_settings

from shian.engine.trace import links
from shian.engine.trace.tests.records import CUCUMBER, NOW, certificate
from shian.kernel.accounts import visitors
from shian.registers.areas.tests.factories import make_city_and_county
from tests.api.programs import token_for
from tests.api.test_epcis import Program, captured, owner

pytestmark = pytest.mark.django_db
PATH = "/01/06901234567892/10/HGZ20231001A"


@pytest.fixture(autouse=True)
def _known(db: None):
    with time_machine.travel(NOW, tick=False):
        make_city_and_county()
        captured(Program(token_for(owner(), "read:epcis", "write:epcis")), certificate())
        yield


def test_anybody_reads_what_a_code_is_and_not_who_held_it() -> None:
    page = Client().get(PATH)

    assert page.status_code == 200
    text = page.content.decode()
    assert all(each in text for each in ("06901234567892", "HGZ20231001A", CUCUMBER))
    assert "P0421" not in text
    assert 'rel="linkset"' in page.headers["Link"]
    assert Client().get("/01/6901234567892/10/HGZ20231001A?17=261231").status_code == 200
    assert Client().get("/01/06901234567892").status_code == 200


def test_links_lead_on_by_their_kind() -> None:
    for kind in ("gs1:epcis", "https://ref.gs1.org/voc/epcis", "epcis"):
        answer = Client().get(PATH, {"linkType": kind})
        assert answer.status_code == 307
        assert answer.headers["Location"].startswith("http://testserver/epcis/v2/events?MATCH_anyEPCClass=https%3A")
    asked = [Client().get(PATH, {"linkType": "linkset"}), Client().get(PATH, headers={"Accept": links_type()})]
    for answer in asked:
        [told] = json.loads(answer.content)["linkset"]
        assert answer.headers["Content-Type"] == links_type()
        assert told["anchor"] == f"http://testserver{PATH}"
        assert told["https://ref.gs1.org/voc/defaultLink"] == [{"href": f"http://testserver{PATH}"}]


@override_settings(CACHES={"visitors": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}})
def test_whoever_tries_many_codes_has_to_wait_and_whoever_scans_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors, "GUESSES", 2)
    monkeypatch.setattr(visitors, "SCANS", 3)
    caches["visitors"].clear()

    guessed = [Client().get(f"/01/06901234567892/10/GUESS{n}") for n in range(3)]
    asked = [Client().get(PATH).status_code for _each in range(4)]

    assert [each.status_code for each in guessed] == [404, 404, 429]
    assert guessed[2].headers["Retry-After"] == "60"
    assert asked == [200, 200, 200, 429]
    assert Client().get(PATH, REMOTE_ADDR="203.0.113.9").status_code == 200


def links_type() -> str:
    return "application/linkset+json"


@pytest.mark.parametrize(
    "path",
    ["/01/06901234567892/10/OTHER", "/01/06901234567891", "/01/x", "/00/069012340000000016", "/01/a%00b",
     f"{PATH}?linkType=gs1:recipeInfo", "/414/6901234000054"],
)  # fmt: skip
def test_what_is_not_known_is_not_found(path: str) -> None:
    assert Client().get(path).status_code == 404


def test_a_domain_may_have_a_page_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "_PAGES", [])
    links.register_page(lambda found: "/c/x" if found.uri == CUCUMBER else "")

    answer = Client().get(PATH)
    assert (answer.status_code, answer.headers["Location"]) == (307, "/c/x")
    assert Client().get("/01/06901234567892").status_code == 200
