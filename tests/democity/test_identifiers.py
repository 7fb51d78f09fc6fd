"""Numbers of the demo city pass the published check-digit rules."""

from __future__ import annotations

import re

import pytest

from tools.democity.identifiers import Numbers, mod_11_10, organisation_code, social_credit_code


@pytest.mark.parametrize("code", ["9144030071526726XG", "91330100799655058B", "91110000802100433B"])
def test_real_credit_codes_are_rebuilt_from_their_parts(code: str) -> None:
    assert social_credit_code(code[:2], code[2:8], code[8:16]) == code
    assert organisation_code(code[8:16]) == code[8:17]


@pytest.mark.parametrize(
    "number", ["13301080111719", "13301860112412", "11464010500015", "11834020305037", "21310820000015"]
)
def test_published_licence_numbers_end_with_their_check_digit(number: str) -> None:
    assert mod_11_10(number[:13]) == number[13]


def test_numbers_never_repeat_inside_a_city() -> None:
    numbers = Numbers(4711, "冀")
    codes = {numbers.credit_code("92", "131022", 2010 + index % 12) for index in range(20_000)}
    assert len(codes) == 20_000
    licences = [numbers.trade_licence("JY", "1", "131022") for _ in range(3)]
    assert licences[0].startswith("JY1131022000001")
    assert len(set(licences)) == 3


def test_small_trade_cards_follow_the_provincial_layout() -> None:
    numbers = Numbers(1, "冀")
    assert re.fullmatch(r"TD3131022100\d{6}", numbers.small_card("TD", "3", "131022", "100"))
    assert re.fullmatch(r"SC104131002\d{5}", numbers.production_licence("104", "131002"))
    assert re.fullmatch(r"冀XK16-204-\d{5}", numbers.industrial_licence("204"))
