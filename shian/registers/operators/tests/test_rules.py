import pytest

from shian.registers.operators.rules import (
    has_right_organisation_code,
    is_licence_no,
    is_uscc,
    name_tokens,
    passes_mod_11_10,
    search_query,
)

REAL_USCC = ["9144030071526726XG", "91330100799655058B", "91110000802100433B"]
SYNTHETIC_USCC = ["91131002MA7ABCD39W", "92131003MA7ABCD398", "12131000MA7ABCD395", "911310020000001231"]


@pytest.mark.parametrize("code", REAL_USCC + SYNTHETIC_USCC)
def test_right_credit_codes_pass(code: str) -> None:
    assert is_uscc(code)


@pytest.mark.parametrize(
    "code", ["91131002MA7ABCD39X", "91131002MA7ABCD39", "91131002MA7ABCD39I", "", "91131002ma7abcd39w"]
)
def test_wrong_credit_codes_fail(code: str) -> None:
    assert not is_uscc(code)


@pytest.mark.parametrize("code", REAL_USCC)
def test_inner_organisation_code_of_real_codes_passes(code: str) -> None:
    assert has_right_organisation_code(code)


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("JY", "JY13301080111719"),
        ("JY", "JY13301860112412"),
        ("JY", "JY11310020000012"),
        ("JY", "JY21310030000013"),
        ("JY", "JY31310240000010"),
        ("YB", "YB21310820000015"),
        ("SC", "SC11464010500015"),
        ("SC", "SC11834020305037"),
        ("SC", "SC10413100200016"),
        ("SC", "SC20113108100018"),
        ("TD", "TD1131002001000001"),
        ("无", ""),
    ],
)
def test_right_licence_numbers_pass(kind: str, number: str) -> None:
    assert is_licence_no(kind, number)


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("SC", "SC12345678901234"),
        ("JY", "JY13301080111718"),
        ("JY", "SC11464010500015"),
        ("SC", "SC1146401050001"),
        ("TD", "TD113100200100001"),
    ],
)
def test_wrong_licence_numbers_fail(kind: str, number: str) -> None:
    assert not is_licence_no(kind, number)


def test_mod_11_10_follows_the_worked_trace() -> None:
    assert passes_mod_11_10("11310020000012")
    assert not passes_mod_11_10("11310020000013")


def test_two_characters_and_initials_are_tokens() -> None:
    tokens = name_tokens("廊坊好面馆", "LFHMG")

    assert {"'好面'", "'lf'", "'坊'"} <= set(tokens.split())


def test_query_asks_for_every_pair() -> None:
    assert search_query("好面馆") == "'好面' & '面馆'"
    assert search_query("面") == "'面'"
    assert search_query("' | 'x") == "'x'"
