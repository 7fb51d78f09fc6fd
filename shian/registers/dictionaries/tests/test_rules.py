"""Which words hold when and where."""

from datetime import date

import pytest

from shian.registers.dictionaries.rules import ALWAYS, Term, replaced_in, terms_in_force, terms_seen_from

RENAMED = date(2023, 1, 1)
OLD = Term("12", "食杂店", ALWAYS, None, "")
ENDED_HERE = Term("12", "食杂店", ALWAYS, RENAMED, "1310")
NEW = Term("12", "社区店", RENAMED, None, "1310")
COUNTY = Term("90", "赶集摊", date(2022, 1, 1), None, "131022")
TERMS = (OLD, ENDED_HERE, NEW, COUNTY)


@pytest.mark.parametrize(
    ("day", "area", "names"),
    [
        (date(2022, 12, 31), "131022", ["食杂店", "赶集摊"]),
        (date(2023, 1, 1), "131022", ["社区店", "赶集摊"]),
        (date(2023, 1, 1), "131023", ["社区店"]),
        (date(2021, 12, 31), "131022", ["食杂店"]),
        (date(2023, 1, 1), "130300", ["食杂店"]),
        (date(2023, 1, 1), "", ["食杂店"]),
    ],
)
def test_a_word_holds_between_its_days_in_its_place(day, area, names):
    assert [term.name for term in terms_in_force(TERMS, day, area)] == names


def test_a_city_takes_the_place_of_a_word_for_itself_only():
    assert replaced_in(OLD, TERMS) == ["1310"]
    assert replaced_in(ENDED_HERE, TERMS) == []


def test_a_reader_meets_the_words_of_places_inside_too():
    assert [term.name for term in terms_seen_from(TERMS, RENAMED, "1310")] == ["社区店", "赶集摊"]
    assert [term.name for term in terms_seen_from(TERMS, RENAMED, "131023")] == ["社区店"]
