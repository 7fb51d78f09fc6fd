"""A declaration that contradicts itself is refused with words for its author; parameters are dated."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured

from shian.engine.cases.declarations import CaseTypeInvalid, ClockRule, Need, State, Transition, register_case_type
from shian.engine.cases.parameters import parameters_at
from shian.engine.cases.tests.cast import CARD


def with_step(**more):
    return replace(
        CARD, transitions=(*CARD.transitions, Transition("extra", "另一步", **{"sources": ("issued",), **more}))
    )


@pytest.mark.parametrize(
    ("declared", "fault"),
    [
        (replace(CARD, states=()), "first state"),
        (with_step(target="nowhere"), "no state nowhere"),
        (with_step(sources=("nowhere",)), "no state nowhere"),
        (with_step(apart_from=("nothing",)), "no step nothing"),
        (with_step(proofs=("smell",)), "no kind of evidence smell"),
        (with_step(asks=("colour",)), "no field colour"),
        (with_step(demands=("measures",)), "does not ask for"),
        (with_step(needs=frozenset({Need.DUE})), "starts no clock"),
        (replace(CARD, clocks=(ClockRule("reply", "回复", stops=("nothing",)),)), "no step nothing"),
        (replace(CARD, states=(*CARD.states, State("lost", "无路"))), "no step reaches lost"),
        (replace(with_step(target="stuck"), states=(*CARD.states, State("stuck", "卡住"))), "stuck cannot be left"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_contradiction_is_named(declared, fault) -> None:
    with pytest.raises(CaseTypeInvalid, match=fault):
        register_case_type(declared)


def test_parameters_are_those_of_the_day(packs) -> None:
    assert parameters_at("tried", date(2023, 12, 31)).clocks["reply"].amount == 5
    assert parameters_at("tried", date(2024, 1, 1)).clocks["reply"].amount == 10
    with pytest.raises(ImproperlyConfigured, match="no version"):
        parameters_at("tried", date(2020, 1, 1))


@pytest.mark.parametrize("text", ["versions: [{valid_from: 2021-01-01}]", "versions: ["], ids=["incomplete", "no yaml"])
def test_a_wrong_file_is_named(packs, text) -> None:
    (packs / "parameters" / "cases" / "wrong.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(ImproperlyConfigured, match=r"wrong\.yaml"):
        parameters_at("wrong", date(2023, 1, 1))
