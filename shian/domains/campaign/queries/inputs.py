"""What an evaluation reads: areas, items with their numbers, verdicts and stated reasons, figures."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from shian.domains.campaign.models import (
    Indicator,
    IndicatorMeasure,
    ScoringVersion,
    Standard,
    StandardState,
    StatedReason,
    Verdict,
)
from shian.domains.campaign.rules import Item, Judgement, Reading
from shian.domains.campaign.rules.bindings import period_at
from shian.domains.campaign.rules.weights import formula_of, near_margin_of
from shian.engine.measures.queries import Figure, figures
from shian.kernel.scope.rules import KEY_WIDTH, Level, key_of_code, level_of_key
from shian.kernel.ui.languages import language_of_record
from shian.registers.areas.queries import areas_valid_at

LEVELS = (Level.CITY, Level.COUNTY, Level.TOWNSHIP)


class NothingInForce(LookupError):
    """No standard or no scoring version covers the date; the text says which."""


class Place(NamedTuple):
    """An area under evaluation."""

    key: str
    level: str


@dataclass(frozen=True)
class Assessed:
    """An indicator as the rules want it, with its weight and its numbers by level."""

    indicator: Indicator
    item: Item
    weight: Decimal
    near_margin: Decimal | None
    measures: Mapping[str, tuple[IndicatorMeasure, ...]]


def standard_at(as_of: date) -> Standard:
    """The edition in force on the date. Raises NothingInForce."""
    rows = Standard.objects.exclude(state=StandardState.DRAFT).filter(in_force_from__lte=as_of)
    for standard in rows.order_by("-in_force_from", "-revision"):
        if standard.superseded_on is None or standard.superseded_on > as_of:
            return standard
    current = Standard.objects.filter(state=StandardState.IN_FORCE).first()
    if current is None:
        raise NothingInForce(_("还没有启用任何一版评价细则。"))
    return current


def scorings_for(standard: Standard, area_key: str) -> QuerySet[ScoringVersion]:
    """Every version that may hold for an area: own points before illustrative ones, a county's before its city's,
    those before the ones of everybody, the newest first."""
    keys = ["", area_key[: KEY_WIDTH[Level.CITY]], area_key[: KEY_WIDTH[Level.COUNTY]]]
    return standard.scorings.filter(area_key__in=keys).order_by(
        "is_illustrative", Length("area_key").desc(), "-effective_from", "-id"
    )


def scoring_at(standard: Standard, area_key: str, as_of: date) -> ScoringVersion:
    """The weights that hold for the area on the date. Raises NothingInForce."""
    for scoring in scorings_for(standard, area_key).filter(effective_from__lte=as_of):
        if scoring.effective_to is None or scoring.effective_to > as_of:
            return scoring
    raise NothingInForce(_("“%(title)s”在 %(day)s 没有计分版本。") % {"title": standard.title, "day": as_of})


def places_under(area_key: str, as_of: date) -> list[Place]:
    """The area itself and every county and township inside it, in code order."""
    rows = areas_valid_at(as_of).filter(level__in=LEVELS, **{level_of_key(area_key).value: area_key})
    return [Place(key, level) for key, level in rows.order_by("key").values_list("key", "level")]


def assessed_items(standard: Standard, scoring: ScoringVersion) -> list[Assessed]:
    """The items of the standard in order, ready for the rules."""
    return [assessed(indicator, scoring) for indicator in standard.indicators.prefetch_related("measures")]


def assessed(indicator: Indicator, scoring: ScoringVersion) -> Assessed:
    """One indicator (its measures fetched) under a scoring version."""
    measures = list(indicator.measures.all())
    return Assessed(
        indicator=indicator,
        item=Item(
            indicator.code,
            indicator.computability,
            frozenset(indicator.levels),
            formula_of(scoring.rules, indicator.code),
        ),
        weight=Decimal(scoring.weights.get(indicator.code, "0")),
        near_margin=near_margin_of(scoring.rules, indicator.code, indicator.veto.get("near_margin")),
        measures={level: tuple(row for row in measures if level in row.levels) for level in LEVELS},
    )


Figures = Mapping[tuple[str, str], Mapping[str, Figure]]


def figures_for(items: Iterable[Assessed], area_key: str, as_of: date, areas: Sequence[str]) -> Figures:
    """(measure, period) → area → figure, for all bound measures: one statement for each period asked for.

    Reasons of missing values are kept in the language of record, whoever evaluates.
    """
    wanted: dict[str, set[str]] = defaultdict(set)
    for row in (row for item in items for rows in item.measures.values() for row in rows if row.measure):
        wanted[row.bound_period].add(row.measure)
    found: dict[tuple[str, str], Mapping[str, Figure]] = {}
    for period, keys in wanted.items():
        with language_of_record():
            answer = figures(
                sorted(keys),
                as_of=as_of,
                area_prefix=area_key,
                period=period_at(period, as_of) or None,
                levels=LEVELS,
                areas=areas,
            )
        found |= {(key, period): by_area for key, by_area in answer.items()}
    return found


def readings_of(rows: Iterable[IndicatorMeasure], area_key: str, found: Figures) -> tuple[Reading, ...]:
    """The readings of an item's measures in one area."""
    return tuple(_reading(row, found.get((row.measure, row.bound_period), {}).get(area_key)) for row in rows)


def _reading(row: IndicatorMeasure, figure: Figure | None) -> Reading:
    reason = row.unknown_reason
    if row.measure and (figure is None or figure.value is None):
        reason = figure.reason if figure else _not_counted()
    return Reading(
        key=row.key,
        title=row.title,
        unit=row.unit,
        operator=row.operator,
        threshold=row.threshold,
        measure=row.measure,
        value=figure.value if figure else None,
        part=figure.part if figure else None,
        whole=figure.whole if figure else None,
        reason=reason,
    )


def _not_counted() -> str:
    with language_of_record():
        return _("本级不统计")


def judgements_at(
    standard: int, as_of: date, area_key: str, codes: Sequence[str] = ()
) -> dict[tuple[str, str], Judgement]:
    """(item, area key) → the newest verdict reviewed by the date, inside the area."""
    rows = Verdict.objects.filter(
        standard_id=standard,
        superseded_at__isnull=True,
        reviewed_on__lte=as_of,
        **{level_of_key(area_key).value: area_key},
    )
    if codes:
        rows = rows.filter(indicator_code__in=codes)
    newest = rows.order_by("indicator_code", "area_code", "-reviewed_on", "-id").distinct("indicator_code", "area_code")
    columns = ("indicator_code", "area_code", "verdict", "ratio", "reviewer", "reviewed_on", "reason")
    return {
        (code, key_of_code(area)): Judgement(verdict, ratio, reviewer, reviewed_on, reason)
        for code, area, verdict, ratio, reviewer, reviewed_on, reason in newest.values_list(*columns)
    }


def stated_reasons_at(
    standard: int, as_of: date, area_key: str, codes: Sequence[str] = ()
) -> dict[tuple[str, str], str]:
    """(item, area key) → the reason that the office stated last by the date, inside the area."""
    rows = StatedReason.objects.filter(
        standard_id=standard, stated_on__lte=as_of, **{level_of_key(area_key).value: area_key}
    )
    if codes:
        rows = rows.filter(indicator_code__in=codes)
    newest = rows.order_by("indicator_code", "area_code", "-id").distinct("indicator_code", "area_code")
    columns = ("indicator_code", "area_code", "reason")
    return {(code, key_of_code(area)): reason for code, area, reason in newest.values_list(*columns)}
