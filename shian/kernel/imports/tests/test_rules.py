"""How cells and headings are understood."""

from datetime import date, datetime

import pytest

from shian.kernel.imports.rules import (
    Unreadable,
    clean_text,
    common_area,
    heading_keys,
    lost_digits,
    parse_boolean,
    parse_date,
    parse_integer,
    parse_number,
    parse_year,
    plain_cell,
    text_of,
    without_apostrophe,
)


@pytest.mark.parametrize(
    "text",
    [
        "2022-11-24",
        "2022/11/24",
        "2022.11.24",
        "2022年11月24日",
        "20221124",
        "２０２２－１１－２４",
        "2022-11-24 00:00:00",
        "44889",
        "44889.0",
    ],
)
def test_dates_are_read_in_every_usual_form(text: str) -> None:
    assert parse_date(text) == "2022-11-24"


@pytest.mark.parametrize("text", ["2022-02-30", "2022-11", "昨天", "1822-01-01", "2022-13-01", "12", "9999999"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        parse_date(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.50", "1234.5"),
        ("１２３", "123"),
        ("-0.0", "0"),
        ("007", "7"),
        (".5", "0.5"),
        ("1.5e3", "1500"),
        ("12，345", "12345"),
        ("100", "100"),
    ],
)
def test_numbers_become_canonical(text: str, number: str) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["12万", "abc", "1,2", "nan", "inf", "98%", "--1"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        parse_number(text)


def test_whole_numbers_refuse_fractions() -> None:
    assert parse_integer("12.0") == "12"
    with pytest.raises(Unreadable):
        parse_integer("12.5")


def test_years_and_booleans_read_as_people_write_them() -> None:
    assert (parse_year("2022年"), parse_year("2022.0")) == ("2022", "2022")
    assert (parse_boolean("是"), parse_boolean("√"), parse_boolean("否"), parse_boolean("×")) == (
        "true",
        "true",
        "false",
        "false",
    )
    with pytest.raises(Unreadable):
        parse_boolean("也许")


def test_text_loses_odd_blanks_and_wide_digits_but_keeps_chinese_punctuation() -> None:
    assert clean_text("　１２３号（ＡＢ）\n甲\u200b ") == "123号（AB） 甲"


def test_cells_read_as_a_person_sees_them() -> None:
    cells = [131002.0, 1.5, True, datetime.fromisoformat("2022-01-02"), date(2022, 1, 2), None, " x "]

    assert [text_of(cell) for cell in cells] == ["131002", "1.5", "是", "2022-01-02", "2022-01-02", "", "x"]


def test_a_number_of_more_than_fifteen_digits_has_lost_some() -> None:
    assert lost_digits(911310020000001231.0)
    assert not lost_digits("911310020000001231")
    assert not lost_digits(13800001234.0)


def test_headings_compare_without_blanks_width_case_and_units() -> None:
    assert heading_keys("金 额（万元）*")[1] == heading_keys("金额")[1]
    assert heading_keys("ＣＯＤＥ")[0] == heading_keys("code")[0]


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "@x", "-x"])
def test_text_that_looks_like_a_formula_survives_the_way_out_and_back(text: str) -> None:
    assert plain_cell(text) == f"'{text}"
    assert without_apostrophe(plain_cell(text)) == text


def test_negative_numbers_are_no_formula() -> None:
    assert plain_cell("-1.5") == "-1.5"


@pytest.mark.parametrize(
    ("keys", "common"),
    [
        (["131022100", "131022201"], "131022"),
        (["131022", "131023"], "1310"),
        (["1310", "1311"], "13"),
        (["131022100"], "131022100"),
        (["13", "44"], ""),
        ([], ""),
    ],
)
def test_the_common_area_is_cut_at_levels(keys: list[str], common: str) -> None:
    assert common_area(keys) == common
