"""What the database itself refuses, and the view that measures read."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from shian.domains.campaign.actions import enter_scoring
from shian.domains.campaign.models import (
    AreaScore,
    Department,
    IndicatorMeasure,
    ItemResult,
    ScoringVersion,
    Section,
    Standard,
    StandardNode,
    Verdict,
)
from shian.domains.campaign.queries import inputs
from shian.domains.campaign.rules.weights import ScoringInvalid
from shian.domains.campaign.tests.factories import AT
from shian.kernel.scope.rules import columns_of_key

pytestmark = pytest.mark.django_db
PACK = {
    "version": "own-1", "title": "本市权重", "total": 120, "sections": {1: 30, 2: 15, 3: 25, 4: 20, 5: 30, 6: 0},
    "illustrative": False, "effective_from": "2022-06-01", "items": {"4.24.1": 10, "4.25.1": 4, "4.26.1": 6},
    "rules": [{"match": {"items": ["4.24.1"]}, "formula": "floor", "floor": 80, "ceiling": 100, "version": "floor-1"}],
}  # fmt: skip


def refused(work):
    with pytest.raises(IntegrityError), transaction.atomic():
        work()


def test_departments_sections_and_nodes_hold_the_standard(city):
    standard = Standard.objects.get()

    assert Department.objects.filter(standard=standard, is_group=True).count() == 4
    assert [row.title for row in Section.objects.filter(standard=standard)][-1] == "否决项"
    nodes = StandardNode.objects.filter(city="1310")
    assert nodes.filter(kind="indicator").count() == 94
    assert nodes.get(kind="declared", key="points").number == 36


def test_only_one_standard_is_in_force(city):
    standard = Standard.objects.get()
    standard.pk, standard.revision = None, 2

    refused(standard.save)


def test_a_measure_is_bound_or_says_why_not(city):
    refused(lambda: IndicatorMeasure.objects.filter(measure="").update(unknown_reason=""))


def test_a_verdicts_ratio_fits_its_word(city):
    verdict = Verdict(standard=Standard.objects.get(), indicator_code="1.1.1", area_code="131000", verdict="达标",
                      ratio=Decimal("0.5"), reviewer="一组", reviewed_on=date(2022, 11, 1), entered_at=AT,
                      entered_by="rev", **columns_of_key("1310"))  # fmt: skip

    refused(verdict.save)


def test_a_score_fits_the_state_and_unknown_says_why(evaluate):
    rows = ItemResult.objects.filter(evaluation=evaluate(), state="unknown")

    refused(lambda: rows.update(score=1))
    refused(lambda: rows.update(reasons=[]))


def test_sums_stay_within_bounds(evaluate):
    rows = AreaScore.objects.filter(evaluation=evaluate(), section_number=0)

    refused(lambda: rows.update(earned=1000))


def test_what_was_evaluated_protects_its_standard_and_weights(evaluate):
    evaluation = evaluate()

    for row in (evaluation.standard, evaluation.scoring):
        with pytest.raises(ProtectedError), transaction.atomic():
            row.delete()


def test_a_citys_own_weights_replace_the_illustrative_ones_from_their_day(evaluate, registers):
    registers["survey_results.satisfaction", "1310"] = "85"
    before = evaluate(as_of=date(2022, 5, 31))
    own = enter_scoring(standard=Standard.objects.get(), pack=PACK, digest="d" * 64, by="office", at=AT)

    after = evaluate(as_of=date(2022, 6, 1))

    assert (before.scoring.is_illustrative, after.scoring) == (True, own)
    row = ItemResult.objects.get(evaluation=after, area_key="1310", indicator__code="4.24.1")
    assert (row.weight, row.ratio, row.score, row.formula) == (10, Decimal("0.25"), Decimal("2.5"), "floor@floor-1")


@pytest.mark.parametrize(
    "change", [{"items": {"4.24.1": 25}}, {"rules": [{"match": {"default": True}, "formula": "magic"}]}]
)
def test_contradictory_weights_are_refused(city, change):
    with pytest.raises(ScoringInvalid):
        enter_scoring(standard=Standard.objects.get(), pack={**PACK, **change}, digest="e", by="office", at=AT)

    assert ScoringVersion.objects.count() == 1


def test_weights_that_end_are_no_longer_used(city):
    scoring = ScoringVersion.objects.get()
    scoring.effective_to = date(2022, 1, 1)
    scoring.save()

    with pytest.raises(inputs.NothingInForce, match="没有计分版本"):
        inputs.scoring_at(scoring.standard, "1310", date(2022, 11, 24))
