"""The veto board: five conditions with value, threshold, margin, look-back window and state.

`veto_board` reads a stored evaluation; `veto_watch` counts from the registers at every look, as of any day (A-29).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from shian.domains.campaign.models import (
    Evaluation,
    Indicator,
    IndicatorMeasure,
    ItemResult,
    ScoringVersion,
    VetoCrossing,
    WatchState,
)
from shian.domains.campaign.models.reasons import reason_text
from shian.domains.campaign.queries import inputs
from shian.domains.campaign.queries.inputs import Assessed
from shian.domains.campaign.rules import assess
from shian.domains.campaign.rules.results import Scored, scored
from shian.domains.campaign.rules.vetoes import VetoFinding, WatchRule, watch_rule, watch_state
from shian.engine.measures.declarations import measure
from shian.engine.measures.queries import figures
from shian.engine.measures.rules import Window, window_for
from shian.kernel.scope.rules import Level, columns_of_key, level_of_key


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


@dataclass(frozen=True)
class Counted:
    """A figure of the monitor with the days that it looks at; its rows are one click away."""

    measure: str
    window: Window | None
    value: Decimal | None
    months: int | None = None


@dataclass(frozen=True)
class WatchLine:
    """One condition as it stands on a day. `near_at`: the value from which the early warning is given; `warning`: what
    else gives it, with the number that is enough; `also`: the same count in a shorter look-back."""

    indicator: Indicator
    state: WatchState
    main: Counted | None
    unit: str
    operator: str
    threshold: Decimal | None
    margin: Decimal | None
    near_at: Decimal | None
    also: Counted | None
    warning: Counted | None
    enough: Decimal | None
    reason: str

    @property
    def value(self) -> Decimal | None:
        return self.main.value if self.main else None

    @property
    def is_near(self) -> bool:
        return self.state == WatchState.NEAR


@dataclass(frozen=True)
class Watch:
    """The conditions of an area on a day, and the scoring version whose dated numbers they were held against."""

    area_key: str
    day: date
    scoring: ScoringVersion
    lines: Sequence[WatchLine]


def veto_watch(area_key: str, day: date) -> Watch:
    """Every veto that concerns the area, in order, counted now from the registers and the newest verdicts.

    A fixed number of statements. Raises NothingInForce.
    """
    standard = inputs.standard_at(day)
    scoring = inputs.scoring_at(standard, area_key, day)
    level = level_of_key(area_key)
    rows = standard.indicators.filter(is_veto=True).prefetch_related("measures").order_by("order")
    items = [each for row in rows if level in (each := inputs.assessed(row, scoring)).item.levels]
    rules = {each.indicator.code: watch_rule(scoring.rules, each.indicator.code) for each in items}
    found = inputs.figures_for(items, area_key, day, [area_key])
    judgements = inputs.judgements_at(standard.pk, day, area_key, [each.indicator.code for each in items])
    asked = _asked(items, rules, day)
    beside = _figures(asked, area_key, day)
    lines = []
    for each in items:
        code = each.indicator.code
        readings = inputs.readings_of(each.measures[level], area_key, found)
        outcome = assess(each.item, level, readings, judgements.get((code, area_key)))
        row = scored(outcome, weight=Decimal(0), formula=each.item.formula, is_veto=True, near_margin=each.near_margin)
        if row.veto_state:
            counted = {side: beside.get(spot) for side, spot in asked[code].items()}
            lines.append(_watched(each, row, rules[code], counted, each.measures[level], day))
    return Watch(area_key, day, scoring, lines)


Spot = tuple[str, int]  # a measure and its months of look-back; 0: the measure's own period


def _asked(items: Sequence[Assessed], rules: Mapping[str, WatchRule], day: date) -> dict[str, dict[str, Spot]]:
    """Item → what is counted beside its number: the shorter look-back, and what gives the early warning."""
    found: dict[str, dict[str, Spot]] = {}
    for each in items:
        rule = rules[each.indicator.code]
        main = next((row.measure for rows in each.measures.values() for row in rows if row.measure), "")
        sides: dict[str, Spot] = {}
        if rule.also and main:
            sides["also"] = (main, rule.also)
        if rule.warning:
            sides["warning"] = (rule.warning, 0)
        found[each.indicator.code] = sides
    return found


def _figures(asked: Mapping[str, Mapping[str, Spot]], area_key: str, day: date) -> dict[Spot, Counted]:
    """One statement for each length of look-back."""
    wanted: dict[int, set[str]] = {}
    for sides in asked.values():
        for key, months in sides.values():
            wanted.setdefault(months, set()).add(key)
    found: dict[Spot, Counted] = {}
    for months, keys in wanted.items():
        window = window_for(f"lookback:{months}m", day, None) if months else None
        answer = figures(
            sorted(keys), as_of=day, area_prefix=area_key, period=window.text if window else None,
            levels=[Level(level_of_key(area_key))], areas=[area_key],
        )  # fmt: skip
        for key in keys:
            figure = answer[key].get(area_key)
            own = window or window_for(measure(key).period, day, None)
            found[key, months] = Counted(key, own, figure.value if figure else None, months or None)
    return found


def _watched(
    each: Assessed, row: Scored, rule: WatchRule, counted: Mapping[str, Counted | None],
    declared: Sequence[IndicatorMeasure], day: date,
) -> WatchLine:  # fmt: skip
    first, warning = (declared[0] if declared else None), counted.get("warning")
    window = window_for(f"lookback:{rule.lookback}m", day, None) if rule.lookback else None
    state = watch_state(
        VetoFinding(row.veto_state, row.is_near_veto), warning.value if warning else None, rule.enough
    )  # fmt: skip
    threshold = row.threshold if row.threshold is not None else (first.threshold if first else None)
    is_floor = first is not None and first.operator == ">=" and each.near_margin
    return WatchLine(
        indicator=each.indicator,
        state=WatchState(state),
        main=Counted(first.measure, window, row.value, rule.lookback) if first and first.measure else None,
        unit=row.unit or (first.unit if first else ""),
        operator=row.operator or (first.operator if first else ""),
        threshold=threshold,
        margin=row.margin,
        near_at=threshold + each.near_margin if is_floor and threshold is not None and each.near_margin else None,
        also=counted.get("also"),
        warning=warning,
        enough=rule.enough,
        reason=reason_text(json.loads(row.reasons)),
    )


def crossings_of(area_key: str, user: Any, limit: int = 20) -> list[VetoCrossing]:
    """When the conditions of an area changed their state, newest first."""
    rows = VetoCrossing.objects.visible_to(user).filter(**columns_of_key(area_key))
    return list(rows.order_by("-at", "-pk")[:limit])


def last_states(area_key: str) -> dict[str, str]:
    """Item → the state that the monitor saw last."""
    rows = VetoCrossing.objects.filter(**columns_of_key(area_key)).order_by("item_code", "-at", "-pk")
    return dict(rows.distinct("item_code").values_list("item_code", "after"))
