"""The sheet of a spot check, scores and places."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from shian.domains.duties.rules.spotchecks import (
    Findings,
    SpotNumbers,
    places,
    read_spot_numbers,
    sheet_score,
    spot_score,
    whole_quarters,
)
from shian.domains.duties.rules.visits import Quarter

PACK = Path(__file__).parents[4] / "packs" / "parameters" / "duty_spotchecks.yaml"
TOLD: dict[str, Any] = yaml.safe_load(PACK.read_text(encoding="utf-8"))["versions"][0]
NUMBERS: SpotNumbers = read_spot_numbers(TOLD)
KEYS = [each.key for each in NUMBERS.items]


@pytest.mark.parametrize(
    ("answers", "score"),
    [
        (dict.fromkeys(KEYS, "yes"), "100.00"),
        (dict.fromkeys(KEYS, "no"), "0.00"),
        (dict.fromkeys(KEYS, "na"), "100.00"),
        ({**dict.fromkeys(KEYS, "yes"), "came": "no"}, "75.00"),
        ({**dict.fromkeys(KEYS, "yes"), "came": "na", "signed": "no"}, "73.33"),
    ],
)
def test_a_sheet_weighs_what_applies(answers: dict[str, str], score: str) -> None:
    assert sheet_score(answers, NUMBERS.items) == Decimal(score)


@pytest.mark.parametrize("answers", [{}, {**dict.fromkeys(KEYS, "yes"), "came": "maybe"}])
def test_every_item_of_a_sheet_has_an_answer(answers: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="answer"):
        sheet_score(answers, NUMBERS.items)


@pytest.mark.parametrize(
    ("found", "score"),
    [
        (Findings(100, 100, 10, 0, Decimal(100)), "100.00"),
        (Findings(100, 90, 10, 1, Decimal(80)), "88.00"),
        (Findings(100, 100, 10, 10, None), "40.00"),
        (Findings(100, 0, 0, 0, None), "0.00"),
        (Findings(0, 0, 2, 0, Decimal(100)), "100.00"),
    ],
)
def test_a_score_is_made_of_completion_truth_and_sheets(found: Findings, score: str) -> None:
    assert spot_score(found, NUMBERS) == Decimal(score)


def test_equal_scores_share_a_place() -> None:
    told = {"a": Decimal(90), "b": Decimal(95), "c": Decimal(90), "d": Decimal(80)}

    assert places(told) == {"b": 1, "a": 2, "c": 2, "d": 4}


def test_a_check_covers_whole_quarters() -> None:
    assert whole_quarters(date(2022, 7, 1), date(2022, 12, 31)) == [Quarter(2022, 3), Quarter(2022, 4)]
    for since, until in ((date(2022, 7, 2), date(2022, 9, 30)), (date(2022, 7, 1), date(2022, 10, 1))):
        with pytest.raises(ValueError, match="2022"):
            whole_quarters(since, until)


@pytest.mark.parametrize(
    "wrong",
    [{"share": "0"}, {"least": 0}, {"weights": {"completion": 40, "truth": 40, "quality": 10}}, {"items": []},
     {"items": [TOLD["items"][0], TOLD["items"][0]]}],
)  # fmt: skip
def test_numbers_that_contradict_themselves_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"share|weights|items"):
        read_spot_numbers({**TOLD, **wrong})


def test_weights_are_those_of_the_version() -> None:
    strict = replace(NUMBERS, completion=Decimal(0), truth=Decimal(100), quality=Decimal(0))

    assert spot_score(Findings(100, 0, 10, 5, Decimal(100)), strict) == Decimal("50.00")
