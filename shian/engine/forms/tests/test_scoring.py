"""The score: adding, key items, what does not apply, deductions, marks; and totals that were tampered with."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shian.engine.forms.definition import Definition
from shian.engine.forms.expressions import Around, evaluate, parse
from shian.engine.forms.scoring import TotalDiffers, Verdict, check_totals, score
from shian.engine.forms.tests.sheets import sheet
from shian.engine.forms.tests.test_expressions import NOW
from shian.engine.forms.xform import EARNED, FAILED, SCORE, WHOLE, scoring_rows

FORM = sheet()
FULL: dict[str, Any] = {"licence": "pass", "records": "pass", "expired": 0, "hygiene": ["none"]}
ANSWERS = st.fixed_dictionaries(
    {
        "licence": st.sampled_from(["pass", "part", "fail", "na", None]),
        "records": st.sampled_from(["pass", "part", "fail", "na", None]),
        "expired": st.one_of(st.none(), st.integers(0, 20)),
        "hygiene": st.sampled_from([None, ["none"], ["dust"], ["flies"], ["dust", "flies"]]),
    }
)


def found(**answers: Any) -> tuple[str, Verdict]:
    told = score(FORM, {**FULL, **answers})
    return f"{told.earned}/{told.whole}={told.percent}", told.verdict


@pytest.mark.parametrize(
    ("answers", "total", "verdict"),
    [
        ({}, "100/100=100.00", Verdict.EXCELLENT),
        ({"records": "part", "expired": 1}, "80.0/100=80.00", Verdict.PASSED),
        ({"records": "part", "hygiene": ["flies"]}, "80.0/100=80.00", Verdict.PASSED),
        ({"records": "part", "hygiene": ["dust", "flies"]}, "78.0/100=78.00", Verdict.FAILED),
        ({"hygiene": ["dust", "flies"], "expired": 0}, "93/100=93.00", Verdict.EXCELLENT),
        ({"licence": "na"}, "60/60=100.00", Verdict.EXCELLENT),
        ({"licence": "na", "records": "fail"}, "30/60=50.00", Verdict.FAILED),
        ({"expired": 9}, "85/100=85.00", Verdict.PASSED),
        ({"licence": "part"}, "80.0/100=80.00", Verdict.PASSED),
        ({"licence": "fail"}, "60/100=60.00", Verdict.FAILED),
        ({"licence": "fail", "records": "pass", "expired": 0}, "60/100=60.00", Verdict.FAILED),
    ],
)
def test_the_total_comes_by_adding(answers: dict[str, Any], total: str, verdict: Verdict) -> None:
    assert found(**answers) == (total, verdict)


def test_a_failed_key_item_fails_the_point_whatever_its_score() -> None:
    light = sheet([
        {"type": "select_one verdict", "name": "a", "label": "a", "points": 1, "key_item": "yes"},
        {"type": "select_one verdict", "name": "b", "label": "b", "points": 99},
    ])  # fmt: skip

    told = score(light, {"a": "fail", "b": "pass"})

    assert (told.percent, told.verdict, told.failed_keys) == (Decimal("99.00"), Verdict.FAILED, ["a"])


def test_where_nothing_applies_there_is_no_score() -> None:
    only = sheet([{"type": "select_one verdict", "name": "a", "label": "a", "points": 1, "key_item": "yes"}])

    told = score(only, {"a": "na"})

    assert (told.percent, told.verdict, told.failed_keys) == (None, Verdict.NONE, [])


@given(ANSWERS)
def test_points_stay_between_nothing_and_the_whole(answers: dict[str, Any]) -> None:
    told = score(FORM, answers)

    assert all(0 <= each.earned <= each.points for each in told.items)
    assert told.earned == sum(each.earned for each in told.items)
    assert told.whole == sum(each.points for each in told.items)
    assert told.percent is None or 0 <= told.percent <= 100
    assert (told.percent is None) is (told.whole == 0)
    if told.failed_keys:
        assert told.verdict == Verdict.FAILED


@given(ANSWERS, st.sampled_from(["licence", "records"]))
def test_what_does_not_apply_counts_as_if_it_were_not_in_the_form(answers: dict[str, Any], name: str) -> None:
    with_it = score(FORM, {**answers, name: "na"})
    without = score(FORM, {**answers, name: None})

    assert (with_it.earned, with_it.whole, with_it.verdict) == (without.earned, without.whole, without.verdict)


@given(ANSWERS, st.sampled_from(["licence", "records"]))
def test_a_better_answer_never_lowers_the_score(answers: dict[str, Any], name: str) -> None:
    ladder = [score(FORM, {**answers, name: each}).percent or 0 for each in ("fail", "part", "pass")]

    assert ladder == sorted(ladder)


def on_the_phone(form: Definition, answers: dict[str, Any]) -> dict[str, Any]:
    """What the XForm's own calculations give for the answers."""
    rows = {row["name"]: row["calculation"] for row in scoring_rows(form) if row["type"] == "calculate"}

    def value_of(name: str) -> Any:
        return evaluate(parse(rows[name]), around) if name in rows else answers.get(name)

    around = Around(value_of, NOW)
    return {name: value_of(name) for name in (EARNED, WHOLE, SCORE, FAILED)}


@given(ANSWERS)
def test_phone_and_server_agree(answers: dict[str, Any]) -> None:
    told, phone = score(FORM, answers), on_the_phone(FORM, answers)

    assert (phone[EARNED], phone[WHOLE], phone[FAILED]) == (told.earned, told.whole, len(told.failed_keys))
    check_totals(told, {"earned": str(phone[EARNED]), "whole": str(phone[WHOLE]), "score": str(phone[SCORE])})


@given(ANSWERS, st.decimals(-200, 200, places=2))
def test_any_other_total_is_refused(answers: dict[str, Any], claimed: Decimal) -> None:
    told = score(FORM, answers)
    if told.percent == claimed:
        check_totals(told, {"score": str(claimed)})
        return
    with pytest.raises(TotalDiffers) as refusal:
        check_totals(told, {"score": str(claimed)})
    assert refusal.value.name == "score"


@pytest.mark.parametrize("claimed", ["x", "", "NaN", "1e999999999", "79.99"])
def test_a_total_that_is_no_number_is_refused(claimed: str) -> None:
    with pytest.raises(TotalDiffers):
        check_totals(score(FORM, FULL), {"score": claimed})
