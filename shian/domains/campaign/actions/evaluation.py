"""Evaluating an area, and rescoring one item of an evaluation."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from shian.domains.campaign.events import EvaluationMade, ItemRescored
from shian.domains.campaign.models import AreaScore, Evaluation, Indicator, ItemResult, ItemState
from shian.domains.campaign.queries import inputs
from shian.domains.campaign.queries.inputs import Assessed, Place
from shian.domains.campaign.rules import Judgement, Reading, assess
from shian.domains.campaign.rules.results import (
    Scored,
    Tally,
    evaluation_digest,
    replaced_digest,
    scored,
)
from shian.kernel.events.bus import publish
from shian.kernel.notary.actions import seal, seal_batch
from shian.kernel.scope.rules import code_of_key, columns_of_key, key_of_code

SCORED_COLUMNS = (
    "state", "value", "unit", "operator", "threshold", "margin", "met", "ratio", "weight", "score", "lost", "formula",
    "reason", "stated_reason", "veto_state", "is_near_veto", "basis",
)  # fmt: skip
AREA_COLUMNS = ("province", "city", "county", "township", "village")
RESULT_COLUMNS = (
    "evaluation_id", "indicator_id", "section_number", "lead_codes", "area_key", "level", *AREA_COLUMNS,
    *SCORED_COLUMNS, "digest",
)  # fmt: skip
_scored_values = attrgetter(*SCORED_COLUMNS)


@dataclass(frozen=True)
class Line:
    """One result on its way into the table."""

    place: Place
    indicator: Indicator
    scored: Scored
    digest: str


@transaction.atomic
def evaluate_area(*, area: str, as_of: date, by: str, at: datetime) -> Evaluation:
    """Evaluate the area and every area below it, all items at the levels they concern.

    The result replaces the area's current evaluation of that date only if it differs; else that one is returned.
    Raises NothingInForce, LookupError for an area that does not exist on the date.
    """
    key = key_of_code(area)
    standard = inputs.standard_at(as_of)
    scoring = inputs.scoring_at(standard, as_of)
    places = inputs.places_under(key, as_of)
    if not places or places[0].key != key:
        raise LookupError(f"{as_of} 没有区划 {code_of_key(key)}。")
    lines = list(_lines(key, as_of, places, inputs.assessed_items(standard, scoring)))
    digest = evaluation_digest(line.digest for line in lines)
    current = Evaluation.objects.select_for_update().filter(area_key=key, as_of=as_of, is_current=True).first()
    if current and current.result_digest == digest and current.scoring_id == scoring.pk:
        return current
    if current:
        Evaluation.objects.filter(pk=current.pk).update(is_current=False)
    evaluation = Evaluation.objects.create(
        standard=standard,
        scoring=scoring,
        area_key=key,
        as_of=as_of,
        result_digest=digest,
        created_at=at,
        created_by=by,
        **columns_of_key(key),
    )
    _insert(evaluation, lines)
    _seal(evaluation, lines, by=by, at=at)
    publish(EvaluationMade(evaluation.pk, key, as_of, by, at))
    return evaluation


def _lines(key: str, as_of: date, places: list[Place], items: list[Assessed]) -> Iterator[Line]:
    standard = items[0].indicator.standard_id if items else 0
    found = inputs.figures_for(items, key, as_of, [place.key for place in places])
    judgements = inputs.judgements_at(standard, as_of, key)
    reasons = inputs.stated_reasons_at(standard, as_of, key)
    for place in places:
        for each in items:
            pair = (each.item.code, place.key)
            readings = inputs.readings_of(each.measures[place.level], place.key, found)
            yield _line(place, each, readings, judgements.get(pair), reasons.get(pair, ""))


def _line(
    place: Place, each: Assessed, readings: tuple[Reading, ...], judgement: Judgement | None, reason: str
) -> Line:
    outcome = assess(each.item, place.level, readings, judgement)
    row = scored(
        outcome,
        weight=each.weight,
        formula=each.item.formula,
        stated_reason=reason,
        is_veto=each.indicator.is_veto,
        near_margin=each.near_margin,
    )
    return Line(place, each.indicator, row, row.digest(each.item.code, place.key))


def _insert(evaluation: Evaluation, lines: list[Line]) -> None:
    columns_at = {line.place.key: tuple(columns_of_key(line.place.key).values()) for line in lines}
    named = ", ".join(f'"{name}"' for name in RESULT_COLUMNS)
    with connection.cursor() as cursor, cursor.copy(f"COPY {_table(ItemResult)} ({named}) FROM STDIN") as copy:
        for line in lines:
            copy.write_row((
                evaluation.pk, line.indicator.pk, line.indicator.section_number, line.indicator.stated_leads,
                line.place.key, line.place.level, *columns_at[line.place.key], *_scored_values(line.scored),
                line.digest,
            ))  # fmt: skip
    AreaScore.objects.bulk_create(_scores(evaluation, lines), batch_size=2000)


def _scores(evaluation: Evaluation, lines: list[Line]) -> Iterator[AreaScore]:
    tallies: dict[tuple[Place, int], Tally] = {}
    for line in lines:
        own = Tally.of(line.scored)
        for section in (0, line.indicator.section_number):
            spot = (line.place, section)
            tallies[spot] = tallies.get(spot, Tally()) + own
    for (place, section), tally in tallies.items():
        yield AreaScore(
            evaluation=evaluation,
            area_key=place.key,
            level=place.level,
            section_number=section,
            earned=tally.earned,
            possible=tally.possible,
            decided=tally.decided,
            as_of=evaluation.as_of,
            **tally.by_name,
            **columns_of_key(place.key),
        )


def _seal(evaluation: Evaluation, lines: list[Line], *, by: str, at: datetime) -> None:
    seal_batch(
        action="campaign.area_evaluated",
        by=by,
        subject=f"campaign.evaluation:{evaluation.pk}",
        data={
            "area": code_of_key(evaluation.area_key),
            "as_of": evaluation.as_of,
            "standard": evaluation.standard_id,
            "scoring": evaluation.scoring_id,
            "digest": evaluation.result_digest,
        },
        digests=(bytes.fromhex(line.digest) for line in lines),
        at=at,
    )


@transaction.atomic
def rescore_item(
    *, evaluation: Evaluation, code: str, area: str, by: str, at: datetime, is_figures_read: bool = True
) -> ItemResult:
    """Evaluate one item of one area again and correct the sums above it: section, area total, digest; nothing else.

    With `is_figures_read=False` the figures of the evaluation stand (a verdict changed, no register). The answer equals
    a full evaluation of the same rows. Raises ItemResult.DoesNotExist for an item or area that is not in it.
    """
    return rescore_inside(
        evaluation, code, key_of_code(area), action="campaign.item_rescored", said={}, by=by, at=at,
        is_figures_read=is_figures_read,
    )  # fmt: skip


def rescore_inside(
    evaluation: Evaluation,
    code: str,
    key: str,
    *,
    action: str,
    said: Mapping[str, Any],
    by: str,
    at: datetime,
    is_figures_read: bool,
) -> ItemResult:
    """Rescore in the caller's transaction and seal once, under the caller's action with what it `said`."""
    locked = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    result = (
        ItemResult.objects.select_related("indicator", "evaluation__scoring")
        .prefetch_related("indicator__measures")
        .get(evaluation=locked, area_key=key, indicator__code=code)
    )
    each = inputs.assessed(result.indicator, result.evaluation.scoring)
    pair, place = (code, key), Place(key, result.level)
    judgements = inputs.judgements_at(locked.standard_id, locked.as_of, key, [code])
    readings = _readings(each, result, locked.as_of, is_figures_read)
    line = _line(place, each, readings, judgements.get(pair), "")
    if line.scored.state == ItemState.UNKNOWN:
        reasons = inputs.stated_reasons_at(locked.standard_id, locked.as_of, key, [code])
        line = _line(place, each, readings, judgements.get(pair), reasons.get(pair, ""))
    is_changed = line.digest != result.digest
    if is_changed:
        _replace(locked, result, line)
        publish(ItemRescored(locked.pk, code, key, line.scored.state, by, at))
    if action and (is_changed or said):
        told = {"evaluation": locked.pk, "state": line.scored.state, "score": line.scored.score, "digest": line.digest}
        subject = f"campaign.item:{code}/{code_of_key(key)}"
        seal(action=action, by=by, subject=subject, data={**said, **told}, at=at)
    return result


def _readings(each: Assessed, result: ItemResult, as_of: date, is_figures_read: bool) -> tuple[Reading, ...]:
    rows = each.measures[result.level] if result.level in each.item.levels else ()
    if not is_figures_read and len(result.basis["measures"]) == len(rows):
        return tuple(Reading.from_json(line) for line in result.basis["measures"])
    found = inputs.figures_for([each], result.area_key, as_of, [result.area_key]) if rows else {}
    return inputs.readings_of(rows, result.area_key, found)


def _replace(evaluation: Evaluation, result: ItemResult, line: Line) -> None:
    """Write the row and move the two sums above it by the difference, exactly."""
    change = Tally.of(line.scored) + -Tally.of(result)
    evaluation.result_digest = replaced_digest(evaluation.result_digest, result.digest, line.digest)
    for name, value in asdict(line.scored).items():
        setattr(result, name, value)
    result.basis = json.loads(line.scored.basis)
    result.digest = line.digest
    result.save(update_fields=[*SCORED_COLUMNS, "digest"])
    AreaScore.objects.filter(
        evaluation=evaluation, area_key=result.area_key, section_number__in=[0, result.section_number]
    ).update(
        earned=F("earned") + change.earned,
        possible=F("possible") + change.possible,
        decided=F("decided") + change.decided,
        **{name: F(name) + count for name, count in change.by_name.items()},
    )
    Evaluation.objects.filter(pk=evaluation.pk).update(result_digest=evaluation.result_digest)


def _loaded(text: str) -> Any:

    return json.loads(text)


def _table(model: Any) -> str:
    return f'"{model._meta.db_table}"'
