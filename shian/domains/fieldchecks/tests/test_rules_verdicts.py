"""Scores of formats, modes and the city; what a visit lacks."""

from datetime import date
from decimal import Decimal

import pytest

from shian.domains.fieldchecks.queries.standards import rules_at
from shian.domains.fieldchecks.rules.verdicts import (
    FieldRulesInvalid,
    PointScore,
    by_format,
    field_score,
    mode_score,
    read_rules,
    revisit_day,
)
from shian.domains.fieldchecks.rules.visits import Lack, Standing, lacking

RULES = rules_at(date(2022, 11, 24))


def points(*scores: str, mode: str = "overt", code: str = "M19") -> list[PointScore]:
    return [PointScore(mode, code, Decimal(each), Decimal(each) >= 80) for each in scores]


def test_a_format_passes_by_the_share_of_its_points_and_by_their_mean_both_by_equality() -> None:
    nine_of_ten = points(*["86.67"] * 8, "86.64", "70")  # the mean is 85 exactly
    (score,) = by_format(nine_of_ten)
    assert (score.visited, score.passed, score.mean) == (10, 9, Decimal("85.00"))
    assert score.is_passed(RULES)

    assert not by_format(points(*["86.67"] * 8, "86.63", "70"))[0].is_passed(RULES)  # a hundredth below
    assert not by_format(points(*["99"] * 8, "70", "70"))[0].is_passed(RULES)  # eight of ten


def test_formats_weigh_as_the_dictionary_says_and_overt_beside_covert() -> None:
    scores = by_format([*points("90"), *points("80", code="M20"), *points("70", mode="covert", code="A03")])
    weights = {("overt", "M19"): Decimal(6), ("overt", "M20"): Decimal(10)}
    overt = mode_score([each for each in scores if each.mode == "overt"], weights)
    covert = mode_score([each for each in scores if each.mode == "covert"], weights)

    assert (overt, covert) == (Decimal("83.75"), Decimal("70.00"))  # (6*90 + 10*80) / 16
    assert field_score({"overt": overt, "covert": covert}, RULES) == Decimal("78.25")  # 0.6 and 0.4
    assert field_score({"overt": overt, "covert": None}, RULES) == overt
    assert field_score({"overt": None, "covert": None}, RULES) is None
    assert mode_score([], weights) is None


@pytest.mark.parametrize(("severity", "day"), [("严重", "2022-12-31"), ("较重", "2023-01-30"), ("?", "2023-03-01")])
def test_the_graver_a_problem_the_sooner_it_is_looked_at_again(severity: str, day: str) -> None:
    assert revisit_day(date(2022, 12, 1), severity, RULES) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "wrong", [{"weights": {"overt": 0.6, "covert": 0.5}}, {"weights": {"overt": 1}}, {"passed_share": 0},
              {"order_days": [15, 7]}, {"marks": {"passed": 90, "excellent": 80}}],
)  # fmt: skip
def test_a_pack_that_contradicts_itself_is_refused(wrong: dict[str, object]) -> None:
    told = {"valid_from": date(2021, 1, 1), "basis": "x", "confidence": "L", "passed_share": 0.9, "mean": 85,
            "marks": {"passed": 80, "excellent": 90},
            "weights": {"overt": 0.6, "covert": 0.4}, "order_days": [7, 15], "revisit_days": {"一般": 90}}  # fmt: skip
    read_rules(told)
    with pytest.raises(FieldRulesInvalid):
        read_rules({**told, **wrong})


def test_an_overt_visit_lacks_what_a_covert_one_never_has() -> None:
    nothing = Standing(is_covert=False, is_scored=False, has_place=False)
    assert lacking(nothing) == list(Lack)
    assert lacking(Standing(is_covert=True, is_scored=True, has_place=True)) == []
    whole = Standing(False, True, True, True, True, True)
    assert lacking(whole) == []
    assert lacking(Standing(False, True, True, True, True, False)) == [Lack.TEAM_SIGNATURE]
