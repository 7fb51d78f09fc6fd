"""What the declared loops demand: proof, and somebody else who verifies."""

from datetime import date

import pytest

from shian.domains.campaign.definitions.cases import CASE_TYPES
from shian.domains.campaign.rules.proposals import is_public
from shian.engine.cases.declarations import CaseType, Need
from shian.engine.cases.parameters import parameters_at

BY_KEY = {each.key: each for each in CASE_TYPES}


@pytest.mark.parametrize("declared", CASE_TYPES, ids=lambda each: each.key)
def test_every_clock_without_a_given_day_has_its_length_in_the_pack(declared: CaseType) -> None:
    lengths = parameters_at(declared.key, date(2021, 1, 1)).clocks

    assert {each.key for each in declared.clocks if not each.is_given} <= set(lengths)


@pytest.mark.parametrize(
    ("key", "closing", "replying", "apart_units"),
    [("problem", "close", "submit", True), ("card", "close", "reply", True), ("task", "confirm", "submit", False)],
)
def test_closing_needs_evidence_and_another_person(key: str, closing: str, replying: str, apart_units: bool) -> None:
    step = BY_KEY[key].step(closing)

    assert Need.HELD in step.needs
    assert replying in step.apart_from
    assert step.apart_units is apart_units
    assert Need.EVIDENCE in BY_KEY[key].step(replying).needs


@pytest.mark.parametrize(
    ("state", "consent", "public"),
    [("replied", "是", True), ("closed", "是", True), ("closed", "否", False), ("closed", "", False),
     ("approved", "是", False)],
)  # fmt: skip
def test_a_reply_is_public_only_when_it_went_out_and_with_consent(state: str, consent: str, public: bool) -> None:
    assert is_public(state, consent) is public
