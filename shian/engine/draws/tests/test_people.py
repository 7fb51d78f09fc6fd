"""People drawn with the sample: frozen, sealed, published and drawn again; who cannot go is named."""

import copy
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from shian.engine.draws import actions
from shian.engine.draws.actions import DrawRefused
from shian.engine.draws.frames import PersonLine
from shian.engine.draws.models import Draw, DrawMember, DrawPerson, DrawPick
from shian.engine.draws.queries import parameters_of, record_of, teams_of
from shian.engine.draws.rules.record import Part, first_difference, verify_record
from shian.engine.draws.rules.recusal import Person, TeamRules
from shian.engine.draws.tests.factories import (
    AT,
    LATER,
    confirmed,
    crew,
    drafted,
    drawn,
    lines,
    number_entries,
    office,
    seeded,
)
from shian.kernel.accounts.models import Role
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.walls import NOBODY, SYSTEM, Bounds, bounded_by
from shian.registers.areas.tests.factories import make_city_and_county
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db
SCRIPT = Path(__file__).resolve().parents[4] / "tools" / "verify_teams.py"


@pytest.fixture(autouse=True)
def areas() -> None:
    make_city_and_county()


def picks(draw: Draw, stratum: str, *, is_reserve: bool = False) -> list[str]:
    rows = DrawPick.objects.filter(draw=draw, cell__stratum=stratum, is_reserve=is_reserve).order_by("number")
    return [pick.row.key for pick in rows]


def with_people(**changes: Any) -> dict[str, Any]:
    return {"people": crew(6), "team": TeamRules(certified="0.5"), **changes}


def test_every_place_of_the_sample_gets_two_people_of_whom_one_is_certified() -> None:
    draw = drawn(**with_people())

    teams = teams_of(draw)
    certified = {f"u{number}" for number in (0, 2, 4)}
    assert set(teams) == {*picks(draw, "餐饮"), *picks(draw, "生产")}
    assert all(len(team) == 2 and certified & {*team} for team in teams.values())
    loads = [DrawMember.objects.filter(person=person).count() for person in DrawPerson.objects.all()]
    assert (sum(loads), max(loads)) == (20, 4)


def test_a_person_tied_to_a_place_or_there_last_time_does_not_go() -> None:
    places = frozenset(line.row.key for line in lines())
    people = [
        *crew(4), PersonLine(Person("tied", declared=places)), PersonLine(Person("again", last=places)),
    ]  # fmt: skip
    draw = drawn(people=people, team=TeamRules())

    assert not DrawMember.objects.filter(pick__draw=draw, person__key__in=["tied", "again"]).exists()


def test_a_replacement_sends_the_team_but_for_who_is_barred() -> None:
    reserve = picks(drawn(), "餐饮", is_reserve=True)[0]  # the same key draws the same again
    plain = drawn(**with_people())
    gone = picks(plain, "餐饮")[0]
    stays, leaves = teams_of(plain)[gone]
    people = [
        PersonLine(Person(line.person.key, certified_to=line.person.certified_to, declared=frozenset({reserve})))
        if line.person.key == leaves else line
        for line in crew(6)
    ]  # fmt: skip
    draw = confirmed(**with_people(people=people))
    assert teams_of(draw)[gone] == (stays, leaves)

    actions.replace_pick(draw=draw, key=gone, reason="停业", by=office(), at=LATER)

    team = teams_of(draw)[reserve]
    assert gone not in teams_of(draw)
    assert stays in team
    assert leaves not in team
    assert len(team) == 2
    number_entries(LATER)
    assert [str(each) for each in verify_record(record_of(draw)) if not each.holds] == []


def test_a_place_that_cannot_have_a_team_stops_the_freezing_and_names_who_lacks_what() -> None:
    people = [PersonLine(Person("a", "131002"), "张三"), PersonLine(Person("b", "131002"), "李四"), *crew(1)]
    draw = drafted(people=people, team=TeamRules(own_width=6))

    with pytest.raises(DrawRefused, match=r"还缺 1 人：张三（本辖区）、李四（本辖区）") as refused:
        actions.freeze_draw(draw=draw, by=office(), at=AT)
    assert refused.value.field == "people"


def test_too_little_time_of_all_is_found_when_it_is_drawn() -> None:
    draw = seeded(people=crew(4), team=TeamRules(limit=4))

    with pytest.raises(DrawRefused, match=r"员工\d（已到任务上限）"):
        actions.run_draw(draw=draw, by=office(), at=LATER)
    assert not DrawPick.objects.exists()


@pytest.mark.parametrize(("people", "told"), [([], "请提供"), ([*crew(2), *crew(1)], "u0 出现两次")])
def test_people_that_cannot_be_drawn_from_are_refused(people: list[PersonLine], told: str) -> None:
    with pytest.raises(DrawRefused, match=told):
        drafted(people=people, team=TeamRules())


def test_editing_keeps_the_people_changes_them_or_lets_them_go() -> None:
    draw = drafted(**with_people())
    draft = actions.Draft(
        draw.title, "131000", "list", AT.date(), parameters_of(draw), draw.method, sources=draw.sources,
        known_at=draw.known_at, team=TeamRules(size=3),
    )  # fmt: skip

    actions.edit_draw(draw=draw, draft=draft, by=office(), at=AT)
    assert (DrawPerson.objects.count(), Draw.objects.get().team_rules["size"]) == (6, 3)
    actions.edit_draw(draw=draw, draft=actions.Draft(**{**vars(draft), "team": None}), by=office(), at=AT)
    assert (DrawPerson.objects.count(), Draw.objects.get().team_rules, Draw.objects.get().people_count) == (0, {}, 0)


def test_the_database_keeps_the_people_and_their_places() -> None:
    draw = drawn(**with_people())

    for change in (
        lambda: DrawPerson.objects.filter(draw=draw).delete(),
        lambda: DrawPerson.objects.create(draw=draw, key="new", facts=[]),
        lambda: DrawPerson.objects.filter(draw=draw).update(facts=[]),
        lambda: DrawMember.objects.all().delete(),
        lambda: Draw.objects.filter(pk=draw.pk).update(team_rules={}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.fixture
def record() -> dict[str, Any]:
    draw = confirmed(**with_people())
    actions.replace_pick(draw=draw, key=picks(draw, "餐饮")[0], reason="停业", by=office(), at=LATER)
    number_entries(LATER)
    told: dict[str, Any] = json.loads(json.dumps(record_of(draw), ensure_ascii=False))
    return told


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], object], Part]] = {
    "a person less": (lambda r: r["people"]["rows"].pop(), Part.FRAME),
    "a certificate more": (lambda r: r["people"]["rows"][1].__setitem__(4, "2027-01-01"), Part.FRAME),
    "rules": (lambda r: r["team_rules"].update(size=1), Part.FRAME),
    "no people": (lambda r: r.pop("people"), Part.FRAME),
    "another team": (lambda r: r["teams"][0].__setitem__(1, ["u0", "u5"] * 1), Part.TEAMS),
    "a team less": (lambda r: r["teams"].pop(), Part.TEAMS),
    "another team of a stand-in": (lambda r: r["replacements"][0]["team"].reverse(), Part.REPLACEMENTS),
}


def by_script(record: dict[str, Any], folder: Path) -> subprocess.CompletedProcess[str]:
    path = folder / "record.json"
    path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    return subprocess.run([sys.executable, "-I", str(SCRIPT), str(path)], capture_output=True, text=True, check=False)


def test_a_record_with_people_holds_here_and_in_both_scripts(record: dict[str, Any], tmp_path: Path) -> None:
    assert [str(each) for each in verify_record(record)] == [f"{part}: holds" for part in Part]
    assert by_script(record, tmp_path).stdout == "Verified: 10 teams of 6 people, 1 replacements.\n"
    draws = subprocess.run(
        [sys.executable, "-I", str(SCRIPT.with_name("verify_draw.py")), str(tmp_path / "record.json")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (draws.stderr, draws.returncode) == ("", 0)


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_is_changed_of_people_is_found_here_and_by_the_script(
    name: str, record: dict[str, Any], tmp_path: Path
) -> None:
    change, part = CHANGES[name]
    changed = copy.deepcopy(record)
    change(changed)

    found = first_difference(verify_record(changed))

    assert found is not None
    assert found.part == part
    assert by_script(changed, tmp_path).returncode == 1


def test_the_second_script_stays_short_and_takes_no_library() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    used = set(re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE))

    assert len(text.splitlines()) <= 125
    assert used <= set(sys.stdlib_module_names)


def test_the_record_names_nobody(record: dict[str, Any]) -> None:
    assert "员工" not in json.dumps(record, ensure_ascii=False)


def test_pages_show_the_rules_the_people_and_their_places(client: Client) -> None:
    draw = drawn(people=[*crew(5), PersonLine(Person("late"), "迟到")], team=TeamRules(certified="0.5"))
    client.force_login(office())

    page = client.get(reverse("draws:draw_detail", args=[draw.pk])).content.decode()
    assert "谁去检查" in page
    people = client.get(reverse("draws:person_list", args=[draw.pk])).content.decode()
    assert "迟到" in people
    listed = client.get(reverse("draws:pick_list", args=[draw.pk])).content.decode()
    assert re.search(r"员工\d、员工\d", listed)
    plain = drawn()
    assert client.get(reverse("draws:person_list", args=[plain.pk])).status_code == 404


def test_the_wall_shows_people_to_those_who_prepare_visits_there() -> None:
    drawn(**with_people())
    strangers = [reach_user("carol", "131000", Role.STATION), reach_user("dave", "131002", Role.COUNTY)]

    def counted(bounds: Bounds) -> list[int]:
        with bounded_by(lambda: bounds):
            return [DrawPerson.objects.count(), DrawMember.objects.count()]

    assert counted(NOBODY) == [0, 0]
    assert counted(SYSTEM) == counted(Bounds(user=office().pk, reach=reach_of(office()))) == [6, 20]
    for user in strangers:
        assert counted(Bounds(user=user.pk, reach=reach_of(user))) == [0, 0]


def test_everybody_draws_the_published_teams_again(client: Client, record: dict[str, Any]) -> None:
    draw = Draw.objects.latest("pk")
    actions.publish_draw(draw=draw, by=office(), at=LATER)

    with bounded_by(lambda: NOBODY):
        told = client.get(reverse("draws:record_file", args=[draw.uid])).json()

    assert told["teams"] == record["teams"]
    assert first_difference(verify_record(told)) is None
