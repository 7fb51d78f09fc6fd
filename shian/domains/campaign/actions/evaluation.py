"""Evaluating an area, and rescoring one item of an evaluation."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Exists, F
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.events import EvaluationMade, ItemRescored
from shian.domains.campaign.models import AreaScore, Evaluation, Indicator, ItemResult, ItemState
from shian.domains.campaign.permissions import EVALUATION_RUN, VERDICT_ENTER
from shian.domains.campaign.queries import inputs
from shian.domains.campaign.queries.evaluations import current_evaluations
from shian.domains.campaign.queries.inputs import Assessed, Place
from shian.domains.campaign.rules import Judgement, Reading, assess
from shian.domains.campaign.rules.results import (
    COUNTED,
    SCORED,
    STATES,
    VETO_STATES,
    Scored,
    Tally,
    evaluation_digest,
    replaced_digest,
    scored,
)
from shian.kernel.accounts.permissions import acting
from shian.kernel.events.bus import publish
from shian.kernel.notary.actions import seal, seal_batch
from shian.kernel.scope.rules import code_of_key, columns_of_key, key_of_code

AREA_COLUMNS = ("province", "city", "county", "township", "village")
RESULT_COLUMNS = (
    "evaluation_id", "indicator_id", "section_number", "lead_codes", "area_key", "level", *AREA_COLUMNS,
    *SCORED, "digest",
)  # fmt: skip
_COUNTS = [
    *(f"count(*) FILTER (WHERE state = '{state}')" for state in STATES),
    *(f"count(*) FILTER (WHERE veto_state = '{state}')" for state in VETO_STATES),
]
SUMS = f"""
INSERT INTO campaign_areascore (evaluation_id, area_key, level, {", ".join(AREA_COLUMNS)}, section_number, as_of,
                                earned, possible, decided, {", ".join(COUNTED)})
SELECT evaluation_id, area_key, level, {", ".join(AREA_COLUMNS)}, COALESCE(section_number, 0), %s,
       COALESCE(sum(score), 0), sum(weight), COALESCE(sum(weight) FILTER (WHERE score IS NOT NULL), 0),
       {", ".join(_COUNTS)}
FROM campaign_itemresult r WHERE evaluation_id = %s
GROUP BY evaluation_id, area_key, level, {", ".join(AREA_COLUMNS)}, GROUPING SETS ((section_number), ())
"""


class DayToCome(ValueError):
    """A date in the future: registers hold nothing of it, and its evaluation would stand before every real one."""


class Line(NamedTuple):
    """One result on its way into the table."""

    place: Place
    indicator: Indicator
    scored: Scored
    digest: str


@transaction.atomic
def evaluate_area(*, area: str, as_of: date, by: Any, at: datetime) -> Evaluation:
    """Evaluate the area and every area below it, all items at the levels they concern.

    The result replaces the area's current evaluation of that date only if it differs; else that one is returned.
    Raises DayToCome for a date after the day of `at`, NothingInForce, LookupError for an area that does not exist on
    the date; PermissionDenied, OutOfReach.
    """
    key = key_of_code(area)
    name = acting(EVALUATION_RUN, by, key)
    if as_of > timezone.localdate(at):
        raise DayToCome(_("%(day)s 还没有到，只能评价今天和今天以前的日期。") % {"day": as_of})
    standard = inputs.standard_at(as_of)
    scoring = inputs.scoring_at(standard, key, as_of)
    places = inputs.places_under(key, as_of)
    if not places or places[0].key != key:
        raise LookupError(_("%(day)s 没有区划 %(code)s。") % {"day": as_of, "code": code_of_key(key)})
    # Locked before anything is read: a verdict entered meanwhile waits, and finds its evaluation replaced.
    current = Evaluation.objects.select_for_update().filter(area_key=key, as_of=as_of, is_current=True).first()
    lines = list(evaluated_lines(key, as_of, places, inputs.assessed_items(standard, scoring)))
    digest = evaluation_digest(line.digest for line in lines)
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
        created_by=name,
        **columns_of_key(key),
    )
    _insert(evaluation, lines)
    _seal(evaluation, lines, by=name, at=at)
    publish(EvaluationMade(evaluation.pk, key, as_of, name, at))
    return evaluation


def evaluated_lines(key: str, as_of: date, places: list[Place], items: list[Assessed]) -> Iterator[Line]:
    """The results of these items in these areas, not yet stored."""
    standard = items[0].indicator.standard_id if items else 0
    found = inputs.figures_for(items, key, as_of, [place.key for place in places])
    judgements = inputs.judgements_at(standard, as_of, key)
    reasons = inputs.stated_reasons_at(standard, as_of, key)
    bare: dict[tuple[str, str], Scored] = {}  # nothing measured, judged or stated: the same in every area of a level
    asked = {
        level: [(each, each.item.code, each.measures[level]) for each in items]
        for level in {place.level for place in places}
    }
    for place in places:
        key, level = place
        for each, code, rows in asked[level]:
            spot = code, key
            judgement, reason = judgements.get(spot), reasons.get(spot, "")
            if rows or judgement or reason:
                row = _scored(each, level, inputs.readings_of(rows, key, found), judgement, reason)
            elif (code, level) in bare:
                row = bare[code, level]
            else:
                row = bare[code, level] = _scored(each, level, (), None, "")
            yield Line(place, each.indicator, row, row.digest(code, key))


def _scored(
    each: Assessed, level: str, readings: tuple[Reading, ...], judgement: Judgement | None, reason: str
) -> Scored:
    return scored(
        assess(each.item, level, readings, judgement),
        weight=each.weight,
        formula=each.item.formula,
        stated_reason=reason,
        is_veto=each.indicator.is_veto,
        near_margin=each.near_margin,
    )


def _insert(evaluation: Evaluation, lines: list[Line]) -> None:
    """COPY the rows, then sum them in the database."""
    places = {line.place for line in lines}
    place_text = {place: "\t".join([place.key, place.level, *columns_of_key(place.key).values()]) for place in places}
    indicators = {line.indicator.order: line.indicator for line in lines}
    item_text = {order: _item_text(evaluation, indicator) for order, indicator in indicators.items()}
    rows = [
        f"{item_text[indicator.order]}\t{place_text[place]}\t{row.content}\t{digest}\n"
        for place, indicator, row, digest in lines
    ]
    named = ", ".join(f'"{name}"' for name in RESULT_COLUMNS)
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {_table(ItemResult)} ({named}) FROM STDIN") as copy:
            copy.write("".join(rows))
        cursor.execute(SUMS, [evaluation.as_of, evaluation.pk])


def _item_text(evaluation: Evaluation, indicator: Indicator) -> str:
    """The first columns of a row as COPY reads them; department codes need no escaping."""
    leads = ",".join(indicator.stated_leads)
    return f"{evaluation.pk}\t{indicator.pk}\t{indicator.section_number}\t{{{leads}}}"


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
    *, evaluation: Evaluation, code: str, area: str, by: Any, at: datetime, is_figures_read: bool = True
) -> ItemResult:
    """Evaluate one item of one area again and correct the sums above it: section, area total, digest; nothing else.

    With `is_figures_read=False` the figures of the evaluation stand (a verdict changed, no register). The answer equals
    a full evaluation of the same rows. Raises ItemResult.DoesNotExist for an item or area that is not in it;
    PermissionDenied, OutOfReach.
    """
    key = key_of_code(area)
    name = acting(VERDICT_ENTER, by, key)
    return rescore_inside(
        evaluation, code, key, action="campaign.item_rescored", said={}, by=name, at=at,
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
    others = Exists(current_evaluations(key).exclude(pk=evaluation.pk))
    locked = Evaluation.objects.select_for_update().annotate(is_shared=others).get(pk=evaluation.pk)
    result = (
        ItemResult.objects.select_related("indicator", "evaluation__scoring")
        .prefetch_related("indicator__measures")
        .get(evaluation=locked, area_key=key, indicator__code=code)
    )
    each = inputs.assessed(result.indicator, result.evaluation.scoring)
    pair, place = (code, key), Place(key, result.level)
    judgements = inputs.judgements_at(locked.standard_id, locked.as_of, key, [code])
    readings = _readings(each, result, locked.as_of, is_figures_read)
    row = _scored(each, result.level, readings, judgements.get(pair), "")
    if row.state == ItemState.UNKNOWN:
        reasons = inputs.stated_reasons_at(locked.standard_id, locked.as_of, key, [code])
        row = _scored(each, result.level, readings, judgements.get(pair), reasons.get(pair, ""))
    line = Line(place, result.indicator, row, row.digest(code, key))
    is_changed = line.digest != result.digest
    if is_changed:
        _replace(locked, result, line)
        is_shared = locked.is_shared or not locked.is_current
        publish(ItemRescored(locked.pk, code, key, line.scored.state, is_shared, result.indicator.is_veto, by, at))
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
    change = Tally.over([line.scored]) + -Tally.over([result])
    evaluation.result_digest = replaced_digest(evaluation.result_digest, result.digest, line.digest)
    written(result, line)
    result.save(update_fields=[*SCORED, "digest"])
    AreaScore.objects.filter(
        evaluation=evaluation, area_key=result.area_key, section_number__in=[0, result.section_number]
    ).update(
        earned=F("earned") + change.earned,
        possible=F("possible") + change.possible,
        decided=F("decided") + change.decided,
        **{name: F(name) + count for name, count in change.by_name.items()},
    )
    Evaluation.objects.filter(pk=evaluation.pk).update(result_digest=evaluation.result_digest)


def written(result: ItemResult, line: Line) -> None:
    """Put what was found into the row; it is not saved yet."""
    for name in SCORED:
        setattr(result, name, getattr(line.scored, name))
    result.basis, result.reasons = json.loads(line.scored.basis), json.loads(line.scored.reasons)
    result.digest = line.digest


def _table(model: Any) -> str:
    return f'"{model._meta.db_table}"'
