"""Running scores of units, counted from rows at every look: nothing is stored, so nothing can be stale (A-16)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count

from shian.domains.campaign.models import Channel, Evaluation, ItemResult, NeedState
from shian.domains.campaign.queries.evaluations import current_evaluations, indicators_by_id
from shian.domains.campaign.queries.unit_matters import (
    DIMENSION_OF,
    Span,
    cases_of,
    needs_of,
    outcome_of_week,
    reports_of,
)
from shian.domains.campaign.queries.units import units_for
from shian.domains.campaign.queries.weeks import reporting_units
from shian.domains.campaign.rules.unit_scores import Part, ScoreRule, Tally, is_placed, parts_of, places, total_of
from shian.kernel.parameters.dated import Dated
from shian.kernel.scope.walls import system_scope
from shian.registers.people.models import Organisation

DEPARTMENTS, COUNTIES = "department", "county"


def score_rule(day: date) -> ScoreRule:
    """The rule in force on the day. Raises ImproperlyConfigured."""
    return SCORE_RULES.at(day)


def _score_rule(told: Mapping[str, Any]) -> ScoreRule:
    """One version. Raises ScoreRuleInvalid for one that does not add up."""
    return ScoreRule(
        told["valid_from"], told["basis"], told["confidence"], Decimal(str(told["total"])), told["periods"],
        int(told["appeal_within"]), int(told["trend"]), Decimal(str(told["placed_from"])),
        {key: Decimal(str(value)) for key, value in told["dimensions"].items()},
        {key: Decimal(str(value)) for key, value in told["ratios"].items()},
    )  # fmt: skip


SCORE_RULES = Dated("unit_scores", _score_rule)


@dataclass(frozen=True)
class ItemShare:
    """An item that counts for a unit: all of it, or the part that one of several leads answers for."""

    result: ItemResult
    share: Decimal

    @property
    def weight(self) -> Decimal:
        return self.result.weight * self.share

    @property
    def ratio(self) -> Decimal:
        return self.result.ratio or Decimal(0)

    @property
    def dimension(self) -> str:
        return "field" if self.result.indicator.primary_channel == Channel.FIELD else "document"


@dataclass
class Standing:
    """One unit: its dimensions, score and place among the units of its kind."""

    unit: Organisation
    group: str
    parts: list[Part] = field(default_factory=list)
    score: Decimal | None = None
    place: int | None = None

    def part(self, key: str) -> Part | None:
        return next((each for each in self.parts if each.key == key), None)

    @property
    def lost(self) -> Decimal:
        return sum((each.lost for each in self.parts), Decimal(0))


@dataclass(frozen=True)
class Field:
    """What the scores of an area and period are counted from. `evaluation` is the newest one up to the day."""

    area_key: str
    span: Span
    rule: ScoreRule
    evaluation: Evaluation | None
    units: Mapping[str, Organisation]

    @cached_property
    def shares(self) -> dict[str, list[ItemShare]]:
        """Unit → the decided items that it answers for."""
        return item_shares(self)


def field_of(area_key: str, span: Span) -> Field:
    """Units, rule and evaluation of an area in a period."""
    evaluation = current_evaluations(area_key).filter(as_of__lte=span.day).first()
    units = {each.code: each for each in reporting_units(area_key, span.day)}
    return Field(area_key, span, score_rule(span.day), evaluation, units)


def group_of(unit: Organisation, area_key: str) -> str:
    """Departments of the campaign's own area are ranked among themselves, counties likewise."""
    return DEPARTMENTS if unit.area == area_key else COUNTIES


def standings(found: Field) -> list[Standing]:
    """Every unit with score and place, the best first; units of which nothing is decided come last.

    A fixed number of statements, whoever asks: the place of one is a matter of the rows of all.
    """
    tallies: dict[str, dict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))
    with system_scope():
        for unit, shares in found.shares.items():
            for each in shares:
                earned = each.weight * each.ratio
                tallies[unit][each.dimension] += Tally(each.weight, earned)
        _add_counts(found, tallies)
    rows = [_standing(unit, found, tallies.get(unit.code, {})) for unit in found.units.values()]
    for group in (DEPARTMENTS, COUNTIES):
        ranked = [row for row in rows if row.group == group and is_placed(found.rule, row.parts)]
        spots = places({row.unit.code: row.score for row in ranked})
        for row in rows:
            row.place = spots.get(row.unit.code, row.place)
    return sorted(rows, key=lambda each: (each.group != DEPARTMENTS, each.place or 9999, each.unit.code))


def _standing(unit: Organisation, found: Field, tallies: Mapping[str, Tally]) -> Standing:
    parts = parts_of(found.rule, tallies)
    return Standing(unit, group_of(unit, found.area_key), parts, total_of(parts))


def item_shares(found: Field) -> dict[str, list[ItemShare]]:
    """Unit → the decided items that it answers for: a department those that it leads, a county all of its own."""
    if found.evaluation is None:
        return {}
    offices = {unit.county: code for code, unit in found.units.items() if unit.area != found.area_key}
    rows = ItemResult.objects.filter(
        evaluation=found.evaluation, area_key__in=[found.area_key, *offices], score__isnull=False, weight__gt=0
    )
    units = units_for(found.evaluation.standard, found.area_key, found.span.day)
    indicators = indicators_by_id(found.evaluation.standard_id)
    shares: dict[str, list[ItemShare]] = defaultdict(list)
    for result in rows.defer("basis").order_by("area_key", "indicator_id"):
        result.indicator = indicators[result.indicator_id]
        if result.area_key == found.area_key:
            leads = list(dict.fromkeys(units.of(code, result.indicator.code).code for code in result.lead_codes))
            for code in leads:
                shares[code].append(ItemShare(result, Decimal(1) / len(leads)))
        else:
            shares[offices[result.area_key]].append(ItemShare(result, Decimal(1)))
    return {code: each for code, each in shares.items() if code in found.units}


def unit_at(found: Field, code: str, county: str) -> str:
    """The unit that answers for a matter of an organisation: itself, or its county's campaign office."""
    if code in found.units:
        return code
    below = (each for each in found.units.values() if each.area != found.area_key)
    return next((each.code for each in below if county and each.county == county), "")


def _add_counts(found: Field, tallies: dict[str, dict[str, Tally]]) -> None:
    """Cases, evidence and weeks: each matter weighs one."""
    ratios = found.rule.ratios

    def add(unit: str, dimension: str, ratio: Decimal, count: int = 1) -> None:
        if unit:
            tallies[unit][dimension] += Tally(Decimal(count), ratio * count)

    cases = (
        cases_of(found.span).order_by().values("unit__code", "unit__county", "type", "outcome").annotate(n=Count("pk"))
    )
    for case in cases:
        unit = unit_at(found, case["unit__code"], case["unit__county"])
        add(unit, DIMENSION_OF[case["type"]], ratios[case["outcome"]], case["n"])
    needs = needs_of(found.area_key).order_by().values("unit__code", "county", "state").annotate(n=Count("pk"))
    for row in needs.exclude(state=NeedState.FILED):
        add(unit_at(found, row["unit__code"] or "", row["county"]), "evidence", ratios[row["state"]], row["n"])
    for report in reports_of(found.span, list(found.units)):
        add(report.unit.code, "weeks", ratios[outcome_of_week(report)])


def running_scores(area_key: str, span: Span) -> tuple[Field, list[Standing]]:
    """What is counted now, and from what."""
    found = field_of(area_key, span)
    return found, standings(found)
