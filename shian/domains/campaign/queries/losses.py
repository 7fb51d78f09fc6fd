"""Where points are lost: by lead department (an inferred lead is none) and by area."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from shian.domains.campaign.models import AreaScore, Evaluation, ItemResult, ItemState
from shian.domains.campaign.queries.evaluations import Score, score_from
from shian.domains.campaign.queries.units import Unit, Units
from shian.domains.campaign.rules.rounding import shown_parts


@dataclass
class Loss:
    """A unit's share of the lost points: an item with several leads is split evenly, so that shares add up.

    `shown_lost` and `shown_undecided` are rounded to two decimals so that they add up to the rounded totals.
    """

    unit: Unit | None  # None: no stated lead
    lost: Decimal = Decimal(0)
    undecided: Decimal = Decimal(0)
    shown_lost: Decimal = Decimal(0)
    shown_undecided: Decimal = Decimal(0)
    items: list[str] = field(default_factory=list)
    unknown_items: list[str] = field(default_factory=list)


def losses_by_department(results: Iterable[ItemResult], units: Units) -> list[Loss]:
    """Most lost first. The loss without a unit holds the items whose source states no lead."""
    found: dict[str, Loss] = {}
    rows = list(results)
    for result in rows:
        for unit, share in _shares(result, units):
            loss = found.setdefault(unit.department if unit else "", Loss(unit))
            if result.lost:
                loss.lost += result.lost * share
                loss.items.append(result.indicator.code)
            if result.state == ItemState.UNKNOWN:
                loss.undecided += result.weight * share
                loss.unknown_items.append(result.indicator.code)
    ranked = [loss for loss in found.values() if loss.items or loss.unknown_items]
    ranked.sort(key=lambda loss: (-loss.lost, -loss.undecided, loss.unit.department if loss.unit else ""))
    total = loss_totals(rows)
    lost = shown_parts([loss.lost for loss in ranked], total.lost)
    undecided = shown_parts([loss.undecided for loss in ranked], total.undecided)
    for loss, shown_lost, shown_undecided in zip(ranked, lost, undecided, strict=True):
        loss.shown_lost, loss.shown_undecided = shown_lost, shown_undecided
    return ranked


@dataclass(frozen=True)
class LossTotals:
    """What all units lose together, exactly."""

    lost: Decimal
    undecided: Decimal


def loss_totals(results: Iterable[ItemResult]) -> LossTotals:
    """The sums over items, which no division has touched."""
    rows = list(results)
    open_rows = [row for row in rows if row.state == ItemState.UNKNOWN]
    return LossTotals(
        sum((row.lost for row in rows if row.lost), Decimal(0)), sum((row.weight for row in open_rows), Decimal(0))
    )


def _shares(result: ItemResult, units: Units) -> list[tuple[Unit | None, Decimal]]:
    leads = list(dict.fromkeys(units.of(code, result.indicator.code) for code in result.lead_codes))
    return [(unit, Decimal(1) / len(leads)) for unit in leads] if leads else [(None, Decimal(1))]


@dataclass(frozen=True)
class AreaLoss:
    """An area's own total in an evaluation."""

    area_key: str
    level: str
    score: Score


def losses_by_area(evaluation: Evaluation, area_key: str, user: Any) -> list[AreaLoss]:
    """The areas one level down, most lost of the applicable points first."""
    level, parent = {4: ("county", "city"), 6: ("township", "county")}.get(len(area_key), ("", "county"))
    rows = AreaScore.objects.visible_to(user).filter(
        evaluation=evaluation, section_number=0, level=level, **{parent: area_key}
    )
    found = [AreaLoss(row.area_key, row.level, score_from(row, evaluation.scoring)) for row in rows]
    return sorted(found, key=lambda each: (-_share(each.score), each.area_key))


def _share(score: Score) -> Decimal:
    return score.lost / score.possible if score.possible else Decimal(0)
