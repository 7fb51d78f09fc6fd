"""Which evaluation a reader looks at, its scores and its items."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from shian.domains.campaign.models import (
    AreaScore,
    Evaluation,
    Indicator,
    ItemResult,
    ItemState,
    ScoringVersion,
    Verdict,
)
from shian.domains.campaign.rules.results import converted_total
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import KEY_WIDTH, Level, key_of_code

TOWNSHIP_WIDTH = KEY_WIDTH[Level.TOWNSHIP]


LISTED = (
    "evaluation_id", "indicator_id", "area_key", "section_number", "state", "value", "unit", "operator", "threshold",
    "margin", "met", "ratio", "weight", "score", "lost", "reasons", "stated_reason", "veto_state", "is_near_veto",
    "lead_codes",
)  # fmt: skip


class NotEvaluated(LookupError):
    """The area has not been evaluated for the date; the text says how to do it."""


@dataclass(frozen=True)
class Sight:
    """What a page shows: one area inside one evaluation. `evaluation` is None before the first run."""

    area_key: str
    evaluation: Evaluation | None

    @property
    def found(self) -> Evaluation:
        """The evaluation, or Http404: only the overview says politely that there is none."""
        if self.evaluation is None:
            raise Http404("Not evaluated.")
        return self.evaluation


def prefixes(key: str) -> list[str]:
    """The area's key and those of the areas above it, city first."""
    widths = (KEY_WIDTH[Level.CITY], KEY_WIDTH[Level.COUNTY], KEY_WIDTH[Level.TOWNSHIP])
    return [key[:width] for width in widths if len(key) >= width]


def current_evaluations(area_key: str) -> QuerySet[Evaluation]:
    """Current evaluations that contain the area, newest date first, the wider area first.

    The header of an evaluation is no secret; scores and items are read through `visible_to`.
    """
    return _current().filter(area_key__in=prefixes(area_key)).order_by("-as_of", "area_key")


def _current() -> QuerySet[Evaluation]:
    return Evaluation.objects.filter(is_current=True).select_related("standard", "scoring")


def sight_for(user: Any, area: str = "", as_of: date | None = None, *, is_until: bool = False) -> Sight:
    """The area asked for (else the user's own) in its evaluation of the date (else the newest).

    is_until: where that day has none, the newest evaluation before it.

    Raises OutOfReach for an area beyond the user's reach.
    """
    reach = reach_of(user)
    key = key_of_code(area) if area else _own_area(reach.keys)
    if area and not reach.covers(key):
        raise OutOfReach(f"campaign.evaluation:{area}")
    rows = current_evaluations(key) if key or not reach.everything else _current().order_by("-as_of", "area_key")
    day = {"as_of__lte" if is_until else "as_of": as_of} if as_of else {}
    found = rows.filter(**day).first()
    return Sight(key or (found.area_key if found else ""), found)


def _own_area(keys: Sequence[str]) -> str:
    """The widest area of a reach; a village's user looks at the township."""
    return min((key[:TOWNSHIP_WIDTH] for key in keys), key=lambda key: (len(key), key), default="")


def kept_evaluation(area: str, as_of: date) -> Evaluation:
    """The current evaluation of the date that contains the area: its own, else its city's. Raises NotEvaluated."""
    found = current_evaluations(key_of_code(area)).filter(as_of=as_of).order_by("-area_key").first()
    if found is None:
        raise NotEvaluated(_("%(area)s 在 %(day)s 还没有评价结果，请先运行评价。") % {"area": area, "day": as_of})
    return found


def item_results(evaluation: Evaluation, area_key: str, user: Any) -> list[ItemResult]:
    """The items of one area in the order of the standard, cut to the user's reach, without their basis."""
    rows = ItemResult.objects.visible_to(user).filter(evaluation=evaluation, area_key=area_key)
    found = {result.indicator_id: result for result in rows.only(*LISTED)}
    results = []
    for key, indicator in indicators_by_id(evaluation.standard_id).items():
        if result := found.get(key):
            result.indicator = indicator
            results.append(result)
    return results


@lru_cache(maxsize=8)
def indicators_by_id(standard_id: int) -> dict[int, Indicator]:
    """The items of an edition in their order; a loaded edition never changes."""
    return {row.pk: row for row in Indicator.objects.filter(standard_id=standard_id).order_by("order")}


def item_result(evaluation: Evaluation, code: str, area_key: str, user: Any) -> ItemResult:
    """One item of one area with its basis. Raises Http404, OutOfReach."""
    rows = ItemResult.objects.select_related("indicator__point__section", "indicator__standard", "evaluation__scoring")
    return rows.get_visible(user, evaluation=evaluation, area_key=area_key, indicator__code=code)


def child_results(evaluation: Evaluation, indicator: Indicator, area_key: str, user: Any) -> QuerySet[ItemResult]:
    """The same item one level down: best first, unknown last."""
    level = {4: "county", 6: "township"}.get(len(area_key), "")
    parent = {4: "city", 6: "county"}.get(len(area_key), "county")
    rows = ItemResult.objects.visible_to(user).filter(
        evaluation=evaluation, indicator=indicator, level=level, **{parent: area_key}
    )
    return rows.defer("basis").order_by("area_key")


def verdicts_of(evaluation: Evaluation, code: str, area: str, user: Any) -> QuerySet[Verdict]:
    """Every verdict on the item for the area up to the evaluation's date, corrected ones included, newest first."""
    rows = Verdict.objects.visible_to(user).filter(
        standard=evaluation.standard_id, indicator_code=code, area_code=area, reviewed_on__lte=evaluation.as_of
    )
    return rows.order_by("-reviewed_on", "-id")


@dataclass(frozen=True)
class Score:
    """An area's score, all of it or one section. Points of unknown items are possible but undecided."""

    section_number: int
    earned: Decimal
    possible: Decimal
    decided: Decimal
    states: dict[str, int]
    total: Decimal

    @property
    def lost(self) -> Decimal:
        return self.decided - self.earned

    @property
    def undecided(self) -> Decimal:
        return self.possible - self.decided

    @property
    def converted(self) -> Decimal | None:
        """Earned of possible, on the standard's scale."""
        return converted_total(self.earned, self.possible, self.total)

    @property
    def items(self) -> int:
        return sum(self.states.values())


def score_from(row: AreaScore, scoring: ScoringVersion) -> Score:
    """A stored sum as a Score on the scale of the scoring version."""
    states = {state: getattr(row, state) for state in ItemState.values}
    return Score(row.section_number, row.earned, row.possible, row.decided, states, scoring.total)


@dataclass(frozen=True)
class OpenItem:
    """An item that has neither score nor stated reason: the report waits for it."""

    code: str
    title: str
    reason: str


def report_blockers(evaluation: Evaluation, area_key: str = "") -> list[OpenItem]:
    """Items of the area (the evaluation's own when left out) with neither score nor stated reason, by name."""
    rows = ItemResult.objects.filter(
        evaluation=evaluation, area_key=area_key or evaluation.area_key, state=ItemState.UNKNOWN, stated_reason=""
    )
    rows = rows.select_related("indicator").only("reasons", "indicator__code", "indicator__title")
    return [OpenItem(row.indicator.code, row.indicator.title, row.reason) for row in rows.order_by("indicator__order")]


def may_see_evaluation(user: Any, key: str) -> bool:
    """Whether the user may open the seals of the evaluation with this key: they tell of every area in it."""
    return key.isdecimal() and Evaluation.objects.visible_to(user).filter(pk=int(key)).exists()
