"""An evaluation as one mapping: what the command line prints and the report's context reads."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.campaign.models import Evaluation, ItemResult, ItemState, Section
from shian.domains.campaign.queries.evaluations import Score, kept_evaluation, report_blockers, score_from
from shian.domains.campaign.queries.shown import TOTAL, ShownScore, shown_scores
from shian.domains.campaign.queries.units import Units, units_for
from shian.domains.campaign.rules.readings import plain_text
from shian.domains.campaign.rules.rounding import rounded
from shian.kernel.scope.rules import code_of_key, key_of_code
from shian.registers.areas.queries import area_at

NO_LEAD = gettext_lazy("无牵头单位")


def evaluation(*, area: str, as_of: date) -> dict[str, Any]:
    """The kept result of this area and date as a mapping; nothing is computed anew. Raises NotEvaluated."""
    return evaluation_as_json(kept_evaluation(area, as_of), key_of_code(area))


def evaluation_as_json(evaluation: Evaluation, area_key: str = "") -> dict[str, Any]:
    """Score, states, sections, vetoes and all items of an area (left out: the evaluation's own), for programs."""
    key, as_of = area_key or evaluation.area_key, evaluation.as_of
    found = area_at(code_of_key(key), as_of)
    rows = evaluation.scores.filter(area_key=key)
    scores = {row.section_number: score_from(row, evaluation.scoring) for row in rows}
    shown = shown_scores(scores)
    units = units_for(evaluation.standard, key, as_of)
    results = evaluation.results.filter(area_key=key).select_related("indicator").order_by("indicator__order")
    items = [item_as_json(result, units) for result in results]
    return {
        "area": code_of_key(key),
        "area_name": found.name if found else code_of_key(key),
        "as_of": as_of.isoformat(),
        "standard": evaluation.standard.title,
        "scoring": evaluation.scoring.title,
        "weights_note": weights_note(evaluation),
        "score": _score(scores[TOTAL]),
        "states": scores[TOTAL].states,
        "total": _line(_("合计"), scores[TOTAL], shown[TOTAL]),
        "sections": _sections(evaluation, scores, shown),
        "vetoes": [item for item in items if item["veto_state"]],
        "items": items,
        "open_items": [item.code for item in report_blockers(evaluation, key)],
        "digest": evaluation.result_digest,
    }


def weights_note(evaluation: Evaluation) -> str:
    """What every place that shows a score says about its weights."""
    scoring = evaluation.scoring
    if scoring.is_illustrative:
        title = scoring.title if "示例权重" in scoring.title else _("示例权重（%(title)s）") % {"title": scoring.title}
        return _("%(title)s：不是细则规定的分值，由本市录入正式权重后替换。") % {"title": title}
    return _("计分依据：%(title)s。") % {"title": scoring.title}


def item_as_json(result: ItemResult, units: Units) -> dict[str, Any]:
    """One item of one area, numbers as text."""
    indicator = result.indicator
    numbers = ("value", "threshold", "margin", "ratio", "weight", "score", "lost")
    return {
        "code": indicator.code,
        "title": indicator.title,
        "section": result.section_number,
        "state": result.state,
        "state_label": str(ItemState(result.state).label),
        "met": result.met,
        "unit": result.unit,
        "operator": result.operator,
        "formula": result.formula,
        "reason": result.reason,
        "stated_reason": result.stated_reason,
        "veto_state": result.veto_state,
        "is_near_veto": result.is_near_veto,
        "lead": units.names(result.lead_codes, indicator.code) or [str(NO_LEAD)],
        "responsible": units.names(indicator.responsible_codes, indicator.code),
        "basis": result.basis,
        **{name: _number(getattr(result, name)) for name in numbers},
    }


def _sections(evaluation: Evaluation, scores: dict[int, Score], shown: dict[int, ShownScore]) -> list[dict[str, Any]]:
    rows = Section.objects.filter(standard=evaluation.standard_id).order_by("number")
    return [_line(row.title, scores[row.number], shown[row.number]) for row in rows if row.number in scores]


def _line(title: str, score: Score, shown: ShownScore) -> dict[str, Any]:
    return {
        "title": title,
        "items": score.items,
        "full": str(shown.possible),
        "score": str(shown.earned),
        "lost": str(shown.lost),
        "unknown": str(shown.undecided),
        "unknown_items": score.states[ItemState.UNKNOWN],
    }


def _score(score: Score) -> dict[str, Any]:
    return {
        "earned": _points(score.earned),
        "possible": _points(score.possible),
        "decided": _points(score.decided),
        "lost": _points(score.lost),
        "undecided": _points(score.undecided),
        "converted": _points(score.converted),
        "total": _points(score.total),
    }


def _points(number: Decimal | None) -> str | None:
    return None if number is None else str(rounded(number))


def _number(number: Decimal | None) -> str | None:
    return None if number is None else plain_text(number)
