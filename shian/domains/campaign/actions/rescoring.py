"""Scoring anew what reads changed rows: the results that answer otherwise and the sums above them, nothing else."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from shian.domains.campaign.actions.evaluation import Line, evaluated_lines, written
from shian.domains.campaign.events import ItemRescored
from shian.domains.campaign.models import AreaScore, Evaluation, ItemResult
from shian.domains.campaign.queries import inputs
from shian.domains.campaign.queries.sources import items_reading
from shian.domains.campaign.rules.results import SCORED, Tally, replaced_digest
from shian.kernel.events.bus import publish
from shian.kernel.jobs.queue import defer
from shian.kernel.notary.actions import seal
from shian.kernel.scope.rules import code_of_key

RESCORE = "campaign.rescore"
Spot = tuple[str, int]  # an area and a section; 0 is all of them


@transaction.atomic
def ask_rescoring(*, source: str, by: str) -> bool:
    """Defer one job that scores anew what reads the source; False while it waits already, or nothing reads it."""
    rows = Evaluation.objects.filter(is_current=True).values_list("standard_id", flat=True)
    if not any(items_reading(standard, [source]) for standard in rows.distinct()):
        return False
    return defer(RESCORE, lock=f"campaign-rescore-{source}", source=source, by=by)


def rescore_all(*, source: str, by: str, at: datetime) -> int:
    """Every current evaluation; how many results answer otherwise now."""
    rows = Evaluation.objects.filter(is_current=True).order_by("-as_of", "area_key")
    return sum(len(rescore_sources(evaluation=each, sources=[source], by=by, at=at)) for each in rows)


@transaction.atomic
def rescore_sources(
    *, evaluation: Evaluation, sources: Collection[str], by: str, at: datetime
) -> list[tuple[str, str]]:
    """Evaluate the items that read these sources again, in every area, and write what differs: (item, area) of each.

    The answer equals a full evaluation of the same rows, as long as areas and weights are those of the evaluation; a
    full one is asked for besides where they may have changed.
    """
    locked = Evaluation.objects.select_for_update().select_related("scoring", "standard").get(pk=evaluation.pk)
    wanted = set(items_reading(locked.standard_id, sources))
    if not wanted or not locked.is_current:
        return []
    indicators = locked.standard.indicators.filter(pk__in=wanted).prefetch_related("measures")
    items = [inputs.assessed(each, locked.scoring) for each in indicators]
    stored = {
        (area, indicator): (pk, digest)
        for pk, area, indicator, digest in ItemResult.objects.filter(evaluation=locked, indicator__in=wanted)
        .values_list("pk", "area_key", "indicator_id", "digest")
    }  # fmt: skip
    places = [
        each
        for each in inputs.places_under(locked.area_key, locked.as_of)
        if (each.key, items[0].indicator.pk) in stored
    ]
    lines = [
        line for line in evaluated_lines(locked.area_key, locked.as_of, places, items)
        if stored[line.place.key, line.indicator.pk][1] != line.digest
    ]  # fmt: skip
    if lines:
        _write(locked, lines, [stored[line.place.key, line.indicator.pk][0] for line in lines])
        _tell(locked, lines, sources, by, at)
    return [(line.indicator.code, line.place.key) for line in lines]


def _write(evaluation: Evaluation, lines: Sequence[Line], keys: Sequence[int]) -> None:
    """The rows, the two sums above each, the digest: by differences, exactly."""
    rows = ItemResult.objects.in_bulk(list(keys))
    changes: dict[Spot, Tally] = {}
    digest = evaluation.result_digest
    for line, key in zip(lines, keys, strict=True):
        row = rows[key]
        change = Tally.over([line.scored]) + -Tally.over([row])
        for section in (0, row.section_number):
            changes[row.area_key, section] = changes.get((row.area_key, section), Tally()) + change
        digest = replaced_digest(digest, row.digest, line.digest)
        written(row, line)
    ItemResult.objects.bulk_update(rows.values(), [*SCORED, "digest"], batch_size=500)
    for (area, section), change in changes.items():
        AreaScore.objects.filter(evaluation=evaluation, area_key=area, section_number=section).update(
            earned=F("earned") + change.earned,
            possible=F("possible") + change.possible,
            decided=F("decided") + change.decided,
            **{name: F(name) + count for name, count in change.by_name.items()},
        )
    evaluation.result_digest = digest
    evaluation.save(update_fields=["result_digest"])


def _tell(evaluation: Evaluation, lines: Sequence[Line], sources: Collection[str], by: str, at: datetime) -> None:
    """One seal for all of it, with where each result stands now; and an event for each."""
    told: list[list[Any]] = [
        [line.indicator.code, code_of_key(line.place.key), line.scored.state, line.scored.score, line.digest]
        for line in lines
    ]
    data = {"sources": sorted(sources), "results": told, "digest": evaluation.result_digest}
    subject = f"campaign.evaluation:{evaluation.pk}"
    seal(action="campaign.sources_rescored", by=by, subject=subject, data=data, at=at)
    for line in lines:
        publish(
            ItemRescored(
                evaluation.pk, line.indicator.code, line.place.key, line.scored.state, False,
                line.indicator.is_veto, by, at,
            )
        )  # fmt: skip
