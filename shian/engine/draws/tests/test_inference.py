"""What the results of a sample tell of strata, areas and the whole, and on which page."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shian.engine.draws.frames import FrameKind, register_frame
from shian.engine.draws.models import Draw
from shian.engine.draws.queries import inferences_of, sample_of
from shian.engine.draws.rules.estimates import Part, mean, rate, visits_to_halve
from shian.engine.draws.rules.inference import Result, inferences
from shian.engine.draws.rules.sampling import FrameRow
from shian.engine.draws.tests.factories import confirmed, drawn, office
from shian.registers.areas.tests.factories import make_city_and_county

FRAME = [
    *(FrameRow(f"a{n}", "餐饮", area="131002") for n in range(40)),
    *(FrameRow(f"b{n}", "餐饮", area="131003") for n in range(20)),
    *(FrameRow(f"c{n}", "生产", area="131003") for n in range(10)),
    FrameRow("x", "生产", area="131002", excluded="停业"),
]
RESULTS = [
    *(Result(f"a{n}", n != 0, 90.0 - n) for n in range(8)),
    *(Result(f"b{n}", n > 1, 80.0 - n) for n in range(4)),
]


def test_strata_areas_and_the_whole_are_told_with_what_they_cover() -> None:
    told = inferences(FRAME, RESULTS)

    restaurants = Part("餐饮", 60, [each.passed for each in RESULTS], [each.score or 0 for each in RESULTS])
    by_name = {each.name: each for each in told.strata}
    assert by_name["餐饮"].rate == rate([restaurants])
    assert by_name["餐饮"].mean == mean([restaurants])
    assert (by_name["餐饮"].visited, by_name["餐饮"].passed) == (12, 9)
    assert by_name["餐饮"].halving == visits_to_halve(60, 12) == 30
    assert (by_name["生产"].rate, by_name["生产"].population, by_name["生产"].covered) == (None, 10, 0)
    assert (told.whole.population, told.whole.covered, told.whole.visited) == (70, 60, 12)
    assert [(each.name, each.population, each.covered) for each in told.areas] == [
        ("131002", 40, 40), ("131003", 30, 20),
    ]  # fmt: skip


def test_grades_are_parts_of_their_own_where_they_were_drawn_apart() -> None:
    frame = [FrameRow(f"{grade}{n}", "餐饮", grade) for grade, size in (("A", 90), ("D", 10)) for n in range(size)]
    results = [*(Result(f"A{n}", passed=True) for n in range(9)), *(Result(f"D{n}", passed=False) for n in range(10))]

    apart, together = inferences(frame, results, has_grades=True).whole, inferences(frame, results).whole

    assert apart.rate is not None
    assert together.rate is not None
    assert apart.rate.value == pytest.approx(0.9)
    assert together.rate.value == pytest.approx(9 / 19)
    assert apart.mean is None  # nobody gave a score


def test_results_of_others_are_named_and_count_nowhere() -> None:
    told = inferences(FRAME, [*RESULTS, Result("stranger", passed=True), Result("x", passed=True)])

    assert told.strange == ["stranger", "x"]
    assert told.whole == inferences(FRAME, RESULTS).whole


def test_without_results_there_is_nothing_to_tell() -> None:
    told = inferences(FRAME, [])

    assert (told.whole.rate, told.whole.visited, told.whole.halving) == (None, 0, 0)
    assert inferences([], []).whole.population == 0


@pytest.fixture
def found(db: None, monkeypatch: pytest.MonkeyPatch) -> Draw:
    """A confirmed draw of a kind whose app knows what was found: all passed but the first."""
    make_city_and_county()
    monkeypatch.setattr("shian.engine.draws.frames._kinds", {})

    def results(draw: Any, reader: Any) -> Iterable[Result]:
        return [Result(each.key, number > 0, 80 + number) for number, each in enumerate(sample_of(draw))]

    register_frame(FrameKind("visits.points", "点位", results=results))
    return confirmed(frame_kind="visits.points", owner="visits.round:7")


def test_a_draw_tells_what_its_results_say(found: Draw) -> None:
    told = inferences_of(found, office())

    assert told is not None
    assert (told.whole.visited, told.whole.population, told.whole.passed) == (10, 49, 9)
    assert {each.name for each in told.strata} == {"餐饮", "生产"}


def test_the_page_shows_rates_with_their_intervals(found: Draw, client: Client) -> None:
    client.force_login(office())
    page = client.get(reverse("draws:estimate_list", args=[found.pk])).content.decode()

    whole = inferences_of(found, office()).whole  # type: ignore[union-attr]
    assert whole.rate is not None
    assert f"{100 * whole.rate.value:.1f}%" in page
    assert f"{100 * whole.rate.low:.1f}%" in page
    assert (
        reverse("draws:estimate_list", args=[found.pk])
        in client.get(reverse("draws:draw_detail", args=[found.pk])).content.decode()
    )


def test_there_is_no_page_without_results_or_before_the_sample_stands(found: Draw, client: Client) -> None:
    client.force_login(office())
    for draw in (drawn(frame_kind="visits.points", owner="visits.round:8"), confirmed()):
        assert client.get(reverse("draws:estimate_list", args=[draw.pk])).status_code == 404
        assert inferences_of(draw, office()) is None
