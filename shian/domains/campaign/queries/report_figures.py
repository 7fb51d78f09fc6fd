"""Figures and words of the self-assessment report that come from an evaluation; read without a user, for documents."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from shian.domains.campaign.models import Evaluation, ItemResult, ItemState, Section, VetoState
from shian.domains.campaign.queries.evaluations import Score, kept_evaluation, score_from
from shian.domains.campaign.queries.losses import Loss, losses_by_department
from shian.domains.campaign.queries.units import Units, units_for
from shian.kernel.scope.rules import key_of_code

PASSED, PARTIAL, FAILED, UNKNOWN, NOT_APPLICABLE = "passed", "partial", "failed", "unknown", "not_applicable"


@dataclass(frozen=True)
class Findings:
    """Everything the report says about one area of one evaluation."""

    evaluation: Evaluation
    results: list[ItemResult]
    sections: dict[int, str]
    scores: dict[int, Score]
    units: Units

    @property
    def total(self) -> Score:
        return self.scores[0]

    @property
    def outcomes(self) -> Counter[str]:
        """Items by passed, partial, failed, unknown, not applicable; vetoes included."""
        return Counter(outcome_of(result) for result in self.results)

    @property
    def vetoes(self) -> list[ItemResult]:
        return [result for result in self.results if result.veto_state]

    @property
    def losses(self) -> list[Loss]:
        return losses_by_department(self.results, self.units)

    def lead_of(self, result: ItemResult) -> list[str]:
        return self.units.names(result.lead_codes, result.indicator.code)


def outcome_of(result: ItemResult) -> str:
    """One word for a result: met, met in part, not met, or one of the two states without a score."""
    if result.state in {ItemState.UNKNOWN, ItemState.NOT_APPLICABLE}:
        return UNKNOWN if result.state == ItemState.UNKNOWN else NOT_APPLICABLE
    if result.met:
        return PASSED
    return PARTIAL if result.ratio else FAILED


def findings_of(area: str, as_of: date) -> Findings:
    """The kept evaluation of the area and date. Raises NotEvaluated."""
    evaluation = kept_evaluation(area, as_of)
    key = key_of_code(area)
    rows = evaluation.results.filter(area_key=key).select_related("indicator").order_by("indicator__order")
    return Findings(
        evaluation=evaluation,
        results=list(rows),
        sections=dict(Section.objects.filter(standard=evaluation.standard_id).values_list("number", "title")),
        scores={
            row.section_number: score_from(row, evaluation.scoring) for row in evaluation.scores.filter(area_key=key)
        },
        units=units_for(evaluation.standard, key, as_of),
    )


@dataclass(frozen=True)
class Gap:
    """An item that can still earn points."""

    result: ItemResult
    points: Decimal


def points_to_gain(result: ItemResult) -> Decimal:
    """Lost points, or the weight of an undecided item; zero for all others."""
    return result.lost or (result.weight if result.state == ItemState.UNKNOWN else Decimal(0))


def gaps_of(found: Findings) -> list[Gap]:
    """Lost points and undecided items, most points to gain first."""
    gaps = [Gap(result, points_to_gain(result)) for result in found.results]
    return sorted((gap for gap in gaps if gap.points > 0), key=lambda gap: (-gap.points, gap.result.indicator.order))


def veto_word(result: ItemResult) -> str:
    """The state of a veto as a report prints it."""
    if result.veto_state == VetoState.CLEAR:
        return _("未触发（临近）") if result.is_near_veto else str(VetoState.CLEAR.label)
    return str(VetoState(result.veto_state).label)
