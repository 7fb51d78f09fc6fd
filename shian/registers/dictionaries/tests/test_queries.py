"""What the packs bring."""

from datetime import date

import pytest

from shian.registers.dictionaries.queries import all_dictionaries, dictionary, terms_of
from shian.registers.dictionaries.rules import terms_in_force

pytestmark = pytest.mark.django_db
KEYS = ["food_classes", "formats", "operator_kinds", "product_scopes", "registers", "stages", "farm_inputs"]


def test_every_file_with_entries_is_a_dictionary():
    assert set(all_dictionaries()) == set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_codes_and_names_are_unique_on_every_day_and_have_english_names(key):
    terms = terms_in_force(dictionary(key).terms, date(2022, 11, 24), "1310")

    assert len({term.code for term in terms}) == len({term.name for term in terms}) == len(terms)
    assert all(term.name_en for term in terms)


def test_what_an_entry_belongs_to_is_read_from_those_there_are():
    assert "餐饮服务" in dictionary("formats").details["kind"]
    assert set(dictionary("formats").details) == {"kind", "stage"}


def test_a_dictionary_that_no_pack_brings_has_no_terms():
    assert terms_of("colours") == []
