"""The evaluation and the standard for programs."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Path, Query, Schema

from shian.domains.campaign.models import Evaluation, Indicator, ItemResult, Standard
from shian.domains.campaign.permissions import EVALUATION_VIEW
from shian.domains.campaign.queries.answers import weights_note
from shian.domains.campaign.queries.evaluations import Score, Sight, item_result, item_results, score_from, sight_for
from shian.domains.campaign.queries.losses import losses_by_area, losses_by_department
from shian.domains.campaign.queries.shown import TOTAL, shown_scores
from shian.domains.campaign.queries.standards import indicators_of, section_titles, standards
from shian.domains.campaign.queries.units import Units, units_for
from shian.domains.campaign.queries.vetoes import VetoLine, veto_board
from shian.kernel.api.paging import PageOut, PageQuery, page_of, page_of_few
from shian.kernel.api.registry import register_router
from shian.kernel.api.routing import ApiRouter
from shian.kernel.api.values import Code, Number
from shian.kernel.scope.rules import code_of_key

evaluation_router, standard_router = ApiRouter("evaluation"), ApiRouter("standards")
_COPIED = ("state", "value", "unit", "operator", "threshold", "margin", "met", "ratio", "weight", "score", "lost")


class PointsOut(Schema):
    """Points of one section, or of all (`section` 0). Unknown items are possible but undecided."""

    section: int
    title: str
    items: int
    unknown_items: int
    possible: Decimal
    earned: Decimal
    lost: Decimal
    undecided: Decimal


class EvaluationOut(Schema):
    """The result of an area. Read `weights_note` with every score: weights may be illustrative."""

    area: str
    as_of: date
    standard: str
    scoring: str
    is_illustrative: bool
    weights_note: str
    converted: Decimal | None
    scale: Decimal
    states: dict[str, int]
    points: list[PointsOut]
    digest: str


class ItemOut(Schema):
    """One evaluation item of one area, in one of five states; score and lost are null while it is unknown."""

    code: str
    title: str
    section: int
    state: str
    met: bool | None
    value: Decimal | None
    unit: str
    operator: str
    threshold: Decimal | None
    margin: Decimal | None
    ratio: Decimal | None
    weight: Decimal
    score: Decimal | None
    lost: Decimal | None
    reason: str
    stated_reason: str
    lead: list[str]
    responsible: list[str]


class ItemBasisOut(ItemOut):
    """With what the result rests on: each measure with value, part, whole and threshold, and the verdict."""

    basis: dict[str, Any]


class UnitLossOut(Schema):
    """A lead unit's share of the lost points; `unit` is null for items whose source names no lead."""

    unit: str | None
    name: str | None
    lost: Decimal
    undecided: Decimal
    items: list[str]
    unknown_items: list[str]


class AreaLossOut(Schema):
    area: str
    possible: Decimal
    earned: Decimal
    lost: Decimal
    undecided: Decimal


class VetoOut(Schema):
    """One veto: its value against the threshold, and the days that are looked back on."""

    code: str
    title: str
    state: str
    is_near: bool
    value: Decimal | None
    unit: str
    operator: str
    threshold: Decimal | None
    margin: Decimal | None
    window: str | None
    measure: str
    reason: str


class StandardOut(Schema):
    id: int
    key: str
    revision: int
    title: str
    state: str
    effective_from: date
    in_force_from: date | None
    superseded_on: date | None
    source_digest: str
    status_note: str
    loaded_at: datetime


class IndicatorOut(Schema):
    """An item of the standard. A lead that is only inferred is no lead."""

    code: str
    title: str
    gist: str
    section: int
    section_title: str
    point: str
    methods: list[str]
    primary_channel: str
    levels: list[str]
    lead: list[str]
    responsible: list[str]
    is_veto: bool
    measures: list[str]


class SightQuery(Schema):
    """Which evaluation: the owner's own area and the newest date when left out."""

    area: str = Field("", max_length=12)
    as_of: date | None = None


class ItemQuery(SightQuery):
    section: int | None = Field(None, ge=1, le=99)
    state: Literal["", "computed", "verdict", "external", "unknown", "not_applicable"] = ""


@evaluation_router.read("", policy=EVALUATION_VIEW, response=EvaluationOut)
def evaluation(request: HttpRequest, chosen: Query[SightQuery]) -> dict[str, Any]:
    """Score, states and sections of an area."""
    sight = _sight(request, chosen)
    found = sight.found
    rows = found.scores.filter(area_key=sight.area_key).order_by("section_number")
    scores = {row.section_number: score_from(row, found.scoring) for row in rows}
    if TOTAL not in scores:
        raise Http404(sight.area_key)
    return {
        "area": code_of_key(sight.area_key),
        "as_of": found.as_of,
        "standard": found.standard.title,
        "scoring": found.scoring.title,
        "is_illustrative": found.scoring.is_illustrative,
        "weights_note": weights_note(found),
        "converted": scores[TOTAL].converted,
        "scale": found.scoring.total,
        "states": scores[TOTAL].states,
        "points": _points(found, scores),
        "digest": found.result_digest,
    }


def _points(found: Evaluation, scores: dict[int, Score]) -> list[dict[str, Any]]:
    shown, titles = shown_scores(scores), section_titles(found.standard_id)
    return [
        {
            "section": number,
            "title": titles.get(number, ""),
            "items": score.items,
            "unknown_items": score.states["unknown"],
            **{name: getattr(shown[number], name) for name in ("possible", "earned", "lost", "undecided")},
        }
        for number, score in scores.items()
    ]


@evaluation_router.read("/items", policy=EVALUATION_VIEW, response=PageOut[ItemOut])
def items(request: HttpRequest, page: Query[PageQuery], chosen: Query[ItemQuery]) -> dict[str, Any]:
    """The items of an area, in the order of the standard."""
    sight = _sight(request, chosen)
    units = _units(sight)
    results = [
        each
        for each in item_results(sight.found, sight.area_key, request.user)
        if chosen.section in {None, each.section_number} and chosen.state in {"", each.state}
    ]
    return page_of_few(request, page, results, lambda each: each.indicator.order, lambda each: _item(each, units))


@evaluation_router.read("/items/{code}", policy=EVALUATION_VIEW, response=ItemBasisOut)
def item(request: HttpRequest, chosen: Query[SightQuery], code: Path[Code]) -> dict[str, Any]:
    """One item of an area with its basis."""
    sight = _sight(request, chosen)
    found = item_result(sight.found, code, sight.area_key, request.user)
    return {**_item(found, _units(sight)), "basis": found.basis}


@evaluation_router.read("/losses/units", policy=EVALUATION_VIEW, response=list[UnitLossOut])
def losses_of_units(request: HttpRequest, chosen: Query[SightQuery]) -> list[dict[str, Any]]:
    """Lost points by lead unit, most first. An item with several leads is split evenly."""
    sight = _sight(request, chosen)
    results = item_results(sight.found, sight.area_key, request.user)
    return [
        {
            "unit": each.unit.department if each.unit else None,
            "name": each.unit.name if each.unit else None,
            "lost": each.shown_lost,
            "undecided": each.shown_undecided,
            "items": each.items,
            "unknown_items": each.unknown_items,
        }
        for each in losses_by_department(results, _units(sight))
    ]


@evaluation_router.read("/losses/areas", policy=EVALUATION_VIEW, response=list[AreaLossOut])
def losses_of_areas(request: HttpRequest, chosen: Query[SightQuery]) -> list[dict[str, Any]]:
    """Scores of the areas one level below, those that lost the greatest share first."""
    sight = _sight(request, chosen)
    names = ("possible", "earned", "lost", "undecided")
    return [
        {"area": code_of_key(each.area_key), **{name: getattr(each.score, name) for name in names}}
        for each in losses_by_area(sight.found, sight.area_key, request.user)
    ]


@evaluation_router.read("/vetoes", policy=EVALUATION_VIEW, response=list[VetoOut])
def vetoes(request: HttpRequest, chosen: Query[SightQuery]) -> list[dict[str, Any]]:
    """The veto conditions of an area; empty below the city, which they do not concern."""
    sight = _sight(request, chosen)
    return [_veto(line) for line in veto_board(sight.found, sight.area_key, request.user)]


@standard_router.read("", policy=EVALUATION_VIEW, response=PageOut[StandardOut])
def standard_list(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """Editions of the standard, in the order in which they were loaded. A standard is public."""
    return page_of(request, page, standards(), ("id",), _standard)


@standard_router.read("/{int:number}", policy=EVALUATION_VIEW, response=StandardOut)
def standard(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """One edition."""
    return _standard(_edition(number))


@standard_router.read("/{int:number}/indicators", policy=EVALUATION_VIEW, response=PageOut[IndicatorOut])
def indicators(request: HttpRequest, page: Query[PageQuery], number: Path[Number]) -> dict[str, Any]:
    """The items of an edition, in order."""
    return page_of(request, page, indicators_of(_edition(number)), ("order",), _indicator)


def _sight(request: HttpRequest, chosen: SightQuery) -> Sight:
    """The evaluation asked for. Raises Http404, also before the first run; OutOfReach."""
    try:
        return sight_for(request.user, chosen.area, chosen.as_of)
    except ValueError:
        raise Http404(chosen.area) from None


def _units(sight: Sight) -> Units:
    return units_for(sight.found.standard, sight.area_key, sight.found.as_of)


def _edition(number: int) -> Standard:
    found = standards().filter(pk=number).first()
    if found is None:
        raise Http404(number)
    return found


def _item(result: ItemResult, units: Units) -> dict[str, Any]:
    indicator = result.indicator
    return {
        "code": indicator.code,
        "title": indicator.title,
        "section": result.section_number,
        "reason": result.reason,
        "stated_reason": result.stated_reason,
        "lead": units.names(result.lead_codes, indicator.code),
        "responsible": units.names(indicator.responsible_codes, indicator.code),
        **{name: getattr(result, name) for name in _COPIED},
    }


def _veto(line: VetoLine) -> dict[str, Any]:
    names = ("state", "is_near", "value", "unit", "operator", "threshold", "margin", "measure", "reason")
    return {
        "code": line.indicator.code,
        "title": line.indicator.title,
        "window": line.window.text if line.window else None,
        **{name: getattr(line, name) for name in names},
    }


def _standard(found: Standard) -> dict[str, Any]:
    names = ("key", "revision", "title", "state", "effective_from", "in_force_from", "superseded_on", "source_digest")
    return {"id": found.pk, **{name: getattr(found, name) for name in (*names, "status_note", "loaded_at")}}


def _indicator(found: Indicator) -> dict[str, Any]:
    names = ("code", "title", "gist", "methods", "primary_channel", "levels", "is_veto")
    return {
        **{name: getattr(found, name) for name in names},
        "section": found.section_number,
        "section_title": found.point.section.title,
        "point": found.point.title,
        "lead": found.stated_leads,
        "responsible": found.responsible_codes,
        "measures": [each.measure for each in found.measures.all() if each.measure],
    }


register_router(_("创建评价"), evaluation_router)
register_router(_("评价细则"), standard_router)
