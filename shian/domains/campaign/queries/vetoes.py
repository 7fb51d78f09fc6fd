"""The veto board: five conditions with value, threshold, margin, look-back window and state."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from shian.domains.campaign.models import Evaluation, Indicator, ItemResult
from shian.engine.measures.rules import Window, window_for


@dataclass(frozen=True)
class VetoLine:
    """One condition of the board."""

    indicator: Indicator
    state: str
    is_near: bool
    value: Decimal | None
    unit: str
    operator: str
    threshold: Decimal | None
    margin: Decimal | None
    window: Window | None
    reason: str
    measure: str


def veto_board(evaluation: Evaluation, area_key: str, user: Any) -> list[VetoLine]:
    """The vetoes of the area in order; empty for an area that they do not concern."""
    rows = (
        ItemResult.objects.visible_to(user)
        .filter(evaluation=evaluation, area_key=area_key, indicator__is_veto=True)
        .exclude(veto_state="")
        .select_related("indicator")
        .order_by("indicator__order")
    )
    return [_line(row, evaluation.as_of) for row in rows]


def _line(row: ItemResult, as_of: date) -> VetoLine:
    measures = row.basis["measures"]
    months = row.indicator.veto.get("lookback_months")
    return VetoLine(
        indicator=row.indicator,
        state=row.veto_state,
        is_near=row.is_near_veto,
        value=row.value,
        unit=row.unit or (measures[0]["unit"] if measures else ""),
        operator=row.operator or (measures[0]["operator"] if measures else ""),
        threshold=row.threshold if row.threshold is not None else _threshold(measures),
        margin=row.margin,
        window=window_for(f"lookback:{months}m", as_of, None) if months else None,
        reason=row.reason,
        measure=measures[0]["measure"] if measures else "",
    )


def _threshold(measures: list[dict[str, Any]]) -> Decimal | None:
    return Decimal(measures[0]["threshold"]) if measures else None
