"""RFC 3797: its own example, forms of sources, and what the RFC leaves open."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shian.engine.draws.rules.randomness import (
    RUN,
    BadSource,
    Source,
    SourceKind,
    canonical_number,
    canonical_text,
    digest,
    key_for,
    key_of,
    select,
    shuffled,
)

NUMBERS, TEXT = SourceKind.NUMBERS, SourceKind.TEXT
# RFC 3797 §6: the sources, the key, the digests and the eleven places of a pool of 25.
RFC_SOURCES = [
    Source("debt", NUMBERS, ("9319",)),
    Source("lottery", NUMBERS, ("2", "5", "12", "8", "10")),
    Source("lotto", NUMBERS, ("9", "18", "26", "34", "41", "45")),
]
RFC_KEY = "9319./2.5.8.10.12./9.18.26.34.41.45./"
RFC_DIGESTS = """
990DD0A5692A029A98B5E01AA28F3459 3691E55CB63FCC37914430B2F70B5EC6 FE814EDF564C190AC1D25753979990FA
1863CCACEB568C31D7DDBDF1D4E91387 F4AB33DF4889F0AF29C513905BE1D758 13EAEB529F61ACFB9A29D0BA3A60DE4A
992DB77C382CA2BDB9727001F3CDCCD9 63AB4258ECA922976811C7F55C383CE7 DFBC5AC97CED01B3A6E348E3CC63F40D
31CB111C4A4EBE9287CEAE16FE51B909
"""


def test_the_example_of_the_rfc_comes_out() -> None:
    assert key_of(RFC_SOURCES) == RFC_KEY
    assert [digest(RFC_KEY, turn).hex().upper() for turn in range(10)] == RFC_DIGESTS.split()
    assert select(range(1, 26), 11, RFC_KEY) == [17, 7, 2, 16, 25, 23, 8, 24, 19, 13, 22]


def test_a_key_of_text_decimals_and_numbers_draws_as_other_programs_do() -> None:
    sources = [
        Source("name", TEXT, ("Maznak",)),
        Source("rate", NUMBERS, ("0.1",)),
        Source("n", NUMBERS, ("4", "9", "6")),
    ]

    assert key_of(sources) == "MAZNAK/0.1/4.6.9./"
    assert select("ABCDEFGHIJ", 2, key_of(sources)) == ["J", "H"]


@pytest.mark.parametrize(
    ("values", "key"),
    [
        (("5", "3"), "3.5./"),
        (("10", "9", "100"), "9.10.100./"),  # by size, not as text
        (("1.5", "1.25", "3"), "1.251.53./"),  # only whole numbers end in a period: so the RFC has it
        (("7", "7", "2"), "2.7.7./"),
        (("3341.62",), "3341.62/"),
        (("3,341.62",), None),
        (("-1",), None),
        (("1e3",), None),
        (("٣",), None),
        (("",), None),
        ((), None),
    ],
)
def test_numbers_of_a_source_have_one_form(values: tuple[str, ...], key: str | None) -> None:
    if key is None:
        with pytest.raises(BadSource):
            key_of([Source("", NUMBERS, values)])
    else:
        assert key_of([Source("", NUMBERS, values)]) == key


@pytest.mark.parametrize(
    ("text", "form"),
    [("009319", "9319."), ("0", "0."), ("000", "0."), ("1.50", "1.5"), ("1.00", "1."), (".5", "0.5"), ("00.5", "0.5"),
     ("10.", "10."), ("100", "100.")],
)  # fmt: skip
def test_a_number_has_no_idle_zeros(text: str, form: str) -> None:
    assert canonical_number(text) == form


@pytest.mark.parametrize(
    ("text", "form"), [("w 4-1", "W41"), (" a1\tB2\n", "A1B2"), ("deadBEEF", "DEADBEEF"), ("沪指", None), ("--", None)]
)
def test_text_keeps_letters_and_digits(text: str, form: str | None) -> None:
    if form is None:
        with pytest.raises(BadSource):
            canonical_text(text)
    else:
        assert canonical_text(text) == form


def test_a_draw_without_sources_has_no_key() -> None:
    with pytest.raises(BadSource):
        key_of([])


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=30), st.integers())
def test_neither_the_order_nor_zeros_in_front_change_the_key(numbers: list[int], order: int) -> None:
    mixed = [f"{number:012}" for number in numbers]
    Random(order).shuffle(mixed)

    assert key_of([Source("", NUMBERS, tuple(mixed))]) == key_of([Source("", NUMBERS, tuple(map(str, numbers)))])


@given(st.integers(0, 200), st.integers(0, 250), st.text("ABC0123456789./", min_size=1))
def test_a_selection_takes_each_row_once_and_longer_ones_begin_alike(size: int, count: int, key: str) -> None:
    taken = select(range(size), count, key)

    assert len(taken) == len(set(taken)) == min(size, count)
    assert shuffled(range(size), key)[: len(taken)] == taken
    assert sorted(shuffled(range(size), key)) == list(range(size))


def test_every_place_is_taken_about_as_often() -> None:
    """Pearson's statistic over 20 places and 8,000 keys: 43.8 is its 99.9 % quantile for 19 degrees of freedom."""
    counts = [0] * 20
    for number in range(8_000):
        counts[select(range(20), 1, f"{number}./")[0]] += 1

    assert sum((count - 400) ** 2 / 400 for count in counts) < 43.8


def test_turns_beyond_two_octets_go_on_under_the_next_key() -> None:
    pool = range(RUN + 40)
    taken = shuffled(pool, RFC_KEY)
    left = sorted(set(pool) - set(taken[:RUN]))

    assert taken[RUN:] == shuffled(left, f"{RFC_KEY}1./")
    assert digest(RFC_KEY, RUN) == digest(f"{RFC_KEY}1./", 0) != digest(RFC_KEY, 0)


def test_strata_draw_under_keys_of_their_own() -> None:
    assert key_for(RFC_KEY, "餐饮") != key_for(RFC_KEY, "生产")
    assert key_for("1./", "a") == "1./CA978112CA1BBDCAFAC231B39A23DC4DA786EFF8147C4E72B9807785AFEE48BB/"
