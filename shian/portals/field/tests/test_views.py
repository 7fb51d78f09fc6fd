"""The shell without anything personal, what a browser keeps, who is signed in, what is assigned."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shian.engine.forms import assignments, datasets
from shian.engine.forms.assignments import Assignment, register_assignments
from shian.engine.forms.datasets import Dataset, Entity, register_dataset, register_offer
from shian.engine.forms.tests.sheets import ITEMS
from shian.engine.forms.tests.test_editions import signed_in
from shian.engine.forms.tests.test_protocol import issued
from shian.kernel.accounts.models import Role, User
from shian.kernel.ui import build
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db
OPERATOR = {"type": "select_one_from_file operators.csv", "name": "operator", "label": "检查对象", "required": "yes"}


@pytest.fixture
def bob() -> User:
    return reach_user("bob", "131022", Role.STATION)


@pytest.fixture
def registered() -> Iterator[None]:
    """What a domain registers is taken back."""
    before = dict(datasets._datasets), list(datasets._offers), dict(assignments._providers)
    yield
    for here, former in ((datasets._datasets, before[0]), (assignments._providers, before[2])):
        here.clear()
        here.update(former)  # type: ignore[attr-defined]
    datasets._offers[:] = before[1]


@pytest.fixture
def built(tmp_path: Any, settings: Any) -> None:
    """A build of two entries and an island that loads a part on demand."""
    told = {
        "frontend/main.ts": {"file": "assets/main-1.js", "css": ["assets/main-1.css"],
                             "dynamicImports": ["frontend/islands/map/index.ts", "frontend/islands/field/index.ts"]},
        "frontend/islands/map/index.ts": {"file": "assets/map-1.js"},
        "frontend/islands/field/index.ts": {"file": "assets/field-1.js", "imports": ["frontend/main.ts"],
                                            "dynamicImports": ["frontend/islands/field/fill.ts"]},
        "frontend/islands/field/fill.ts": {"file": "assets/fill-1.js"},
        "frontend/workers/field.ts": {"file": "assets/worker-1.js"},
    }  # fmt: skip
    (tmp_path / ".vite").mkdir()
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "worker-1.js").write_text("serve()")
    (tmp_path / ".vite" / "manifest.json").write_text(json.dumps(told))
    settings.SHIAN_VITE_MANIFEST = tmp_path / ".vite" / "manifest.json"


def test_the_shell_is_the_same_for_everybody_and_names_nobody(bob: User) -> None:
    mine = signed_in(bob).get(reverse("field:home"))
    nobodys = Client().get(reverse("field:shell_detail"))

    assert (mine.status_code, nobodys.status_code) == (200, 200)
    assert mine.text == nobodys.text
    assert "csrf" not in mine.text
    assert mine["X-Shian-Build"] == nobodys["X-Shian-Build"]
    assert Client().get(reverse("field:home")).status_code == 302


@pytest.mark.usefixtures("built")
def test_the_worker_keeps_what_the_page_loads_and_no_other_island() -> None:
    answer = Client().get(reverse("field:worker_download"))
    told = json.loads(answer.text.splitlines()[0].removeprefix("self.SHELL = "))

    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert answer.text.endswith("serve()")
    names = [each.rpartition("/")[2] for each in told["files"]]
    assert names == ["main-1.js", "main-1.css", "field-1.js", "fill-1.js", "mark.svg", "icon-192.png", "icon-512.png"]
    assert told["build"] == Client().get(reverse("field:shell_detail"))["X-Shian-Build"]


@pytest.mark.usefixtures("built")
def test_another_worker_is_another_build(settings: Any) -> None:
    before = Client().get(reverse("field:shell_detail"))["X-Shian-Build"]
    (build.manifest_path().parent.parent / "assets" / "worker-1.js").write_text("serve(2)")

    assert Client().get(reverse("field:shell_detail"))["X-Shian-Build"] != before


def test_without_a_build_there_is_no_worker(settings: Any, tmp_path: Any) -> None:
    settings.SHIAN_VITE_MANIFEST = tmp_path / "none.json"

    assert Client().get(reverse("field:worker_download")).status_code == 404


def test_the_manifest_names_the_page_in_the_readers_language() -> None:
    answer = Client().get(reverse("field:manifest_download"))

    assert answer["Content-Type"] == "application/manifest+json"
    told = answer.json()
    assert (told["start_url"], told["scope"], told["lang"]) == ("/field/", "/field/", "zh-hans")
    assert {each["sizes"] for each in told["icons"]} == {"192x192", "512x512"}


def test_the_session_tells_who_is_signed_in_and_gives_a_token_for_posts(bob: User) -> None:
    nobody = Client().get(reverse("field:session_read"))
    mine = signed_in(bob).get(reverse("field:session_read"))
    assessor = signed_in(reach_user("eve", "131000", Role.ASSESSOR)).get(reverse("field:session_read"))

    assert (nobody.json()["user"], "token" in nobody.json()) == (None, False)
    assert (mine.json()["user"], mine.json()["can_fill"]) == (bob.pk, True)
    assert len(mine.json()["token"]) > 30
    assert "no-store" in mine["Cache-Control"]
    assert assessor.json()["can_fill"] is False


@pytest.mark.usefixtures("registered")
def test_assignments_come_with_their_forms_and_the_users_own_rows_of_lists(bob: User) -> None:
    office = reach_user("alice", "131000", Role.OFFICE)
    version = issued(office, [OPERATOR, *ITEMS])
    free = issued(office, ITEMS, form_id="open_T9", form_title="自由表")
    register_dataset(Dataset("operators", lambda user: [Entity(f"{user.username}-1", "甲店")], lambda _user, _key: ""))
    register_offer(lambda _user, _day: {"open_T9"})
    register_assignments("test", lambda user, _day: [_assigned(user)])

    told = signed_in(bob).get(reverse("field:assignment_read")).json()

    assert told["assignments"] == [
        {"key": "v:1", "title": "甲店检查", "form": "open_T1", "place": "和平路", "note": "", "due_on": "2026-11-23",
         "lon": 116.7, "lat": 39.5, "answers": {"operator": "bob-1"}, "is_optional": False}
    ]  # fmt: skip
    assert {each["key"]: (each["id"], each["is_free"], each["lists"]) for each in told["forms"]} == {
        "open_T1": (version.pk, False, ["operators"]), "open_T9": (free.pk, True, []),
    }  # fmt: skip
    assert told["forms"][0]["digest"] in {version.digest, free.digest}
    assert told["lists"] == {"operators": [["bob-1", "甲店"]]}


def _assigned(user: User) -> Assignment:
    given = {"operator": f"{user.username}-1"}
    return Assignment(
        "v:1", "甲店检查", "open_T1", "和平路", due_on=date(2026, 11, 23), lon=116.7, lat=39.5, answers=given
    )


def test_who_may_not_fill_in_gets_no_work() -> None:
    rita = reach_user("rita", "131000", Role.REVIEWER)

    assert signed_in(rita).get(reverse("field:assignment_read")).status_code == 403
