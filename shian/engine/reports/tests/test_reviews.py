"""The days of a place's self-assessment come from its pack, and only for a report of those days."""

from datetime import date

import pytest

from shian.engine.reports.queries import area_words
from shian.engine.reports.reviews import self_review, self_reviews
from shian.registers.areas.queries import area_at

PACK = """
area: "131000"
self_reviews:
  - {from: 2022-10-16, to: 2022-11-24}
  - {from: 2025-03-01, to: 2025-04-30}
  - {area: "131022", from: 2025-02-01, to: 2025-02-20}
"""


@pytest.fixture
def pack(packs, settings):
    folder = packs / "cities" / settings.SHIAN_CITY
    folder.mkdir(parents=True)
    (folder / "city.yaml").write_text(PACK, encoding="utf-8")


@pytest.mark.parametrize(
    ("area", "as_of", "days"),
    [
        ("131000", date(2022, 11, 24), (date(2022, 10, 16), date(2022, 11, 24))),
        ("131000", date(2022, 11, 1), (date(2022, 10, 16), date(2022, 11, 1))),
        ("131000", date(2025, 4, 30), (date(2025, 3, 1), date(2025, 4, 30))),
        ("131022", date(2025, 2, 20), (date(2025, 2, 1), date(2025, 2, 20))),
        ("131000", date(2022, 10, 15), None),
        ("131000", date(2022, 11, 25), None),
        ("131000", date(2026, 11, 21), None),
        ("131022", date(2022, 11, 24), None),
    ],
)
def test_a_report_names_the_days_of_the_assessment_that_ran_on_its_day(pack, area, as_of, days):
    found = self_review(area, as_of)

    assert (found and (found.start, found.end)) == days


def test_a_place_without_a_pack_has_none(packs):
    assert self_review("131000", date(2022, 11, 24)) is None


def test_a_declared_assessment_is_read_once_per_pack(pack, packs, settings):
    path = packs / "cities" / settings.SHIAN_CITY / "city.yaml"

    assert self_reviews(path) is self_reviews(path)


def test_the_words_of_a_template_leave_the_days_out_for_another_day(brief, pack):
    then, later = date(2022, 11, 24), date(2026, 11, 21)

    words = [area_words(area_at("131000", day), day) for day in (then, later)]

    assert [each["review_from"] for each in words] == [date(2022, 10, 16), None]
    assert [each["review_to"] for each in words] == [then, None]
