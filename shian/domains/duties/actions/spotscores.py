"""Scores of a spot check: kept when all is looked at, corrected when a finding is withdrawn, made for files."""

from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from shian.domains.duties.models import DutyVisit, SpotCheck, SpotItem, SpotScore, SpotState, Truth
from shian.domains.duties.queries.problems import UNTRUE
from shian.domains.duties.queries.spotchecks import scores_now
from shian.domains.duties.rules.spotchecks import places
from shian.engine.cases.models import Case
from shian.kernel.notary.actions import seal
from shian.kernel.scope.rules import columns_of_key
from shian.kernel.scope.walls import system_scope

NINE = time(9)


def keep_scores(check: SpotCheck) -> int:
    """Write what every area comes to, in the place of what stood there."""
    with system_scope():
        found = scores_now(check)
    check.scores.all().delete()
    rows = []
    for width in {len(area) for area in found}:
        placed = places({area: score for area, (_found, score) in found.items() if len(area) == width})
        rows += [
            SpotScore(
                check_of=check, area_key=area, in_force=told.in_force, visited=told.visited, checked=told.checked,
                untrue=told.untrue, quality=told.quality, score=score, place=placed[area], **columns_of_key(area),
            )
            for area, (told, score) in found.items() if len(area) == width
        ]  # fmt: skip
    return len(SpotScore.objects.bulk_create(rows))


def rescore(check: SpotCheck, at: datetime) -> None:
    """A finding has changed after the scores were kept: those that read otherwise now are corrected, all places told
    anew. The caller has locked the check."""
    before = dict(check.scores.values_list("area_key", "score"))
    corrected = dict(check.scores.exclude(corrected_at=None).values_list("area_key", "corrected_at"))
    keep_scores(check)
    for each in check.scores.all():
        when = at if each.score != before.get(each.area_key) else corrected.get(each.area_key)
        SpotScore.objects.filter(pk=each.pk).update(corrected_at=when)


def publish_imported(*, by: str, at: datetime) -> int:
    """Checks that a file brought with all they found: scored, and published on the day that the file tells; scored anew
    when a later file changed them. Flags of visits follow what items say, also after an import was taken back. How many
    were published."""
    with system_scope(), transaction.atomic():
        _flag_visits()
        _link_matters()
        told = SpotCheck.objects.select_for_update().filter(published_on__isnull=False).order_by("pk")
        whole = [each for each in told if each.items.exists()]
        for each in whole:
            if each.state == SpotState.PUBLISHED:
                rescore(each, at)
        ready = [each for each in whole if each.state == SpotState.SAMPLED]
        for each in ready:
            keep_scores(each)
            each.state, each.published_at = SpotState.PUBLISHED, _morning(each.published_on)
            each.save(update_fields=["state", "published_at"])
            seal(action="duties.spotcheck_published", by=by, subject=each.subject, data=scores_told(each), at=at)
    return len(ready)


def _flag_visits() -> None:
    untrue = SpotItem.objects.filter(truth=Truth.UNTRUE).values("visit")
    DutyVisit.objects.filter(pk__in=untrue, is_untrue=False).update(is_untrue=True)
    DutyVisit.objects.filter(is_untrue=True).exclude(pk__in=untrue).update(is_untrue=False)


def _link_matters() -> None:
    """Items and cases that came in files find each other by the numbers of visit and check."""
    waiting = SpotItem.objects.filter(truth=Truth.UNTRUE, matter=None).select_related("visit__operator", "check_of")
    for each in waiting:
        told = {"data__visit": each.visit.number, "data__spotcheck": each.check_of.number}
        matter = Case.objects.filter(type=UNTRUE, operator_code=each.visit.operator.code, **told).first()
        if matter is not None:
            SpotItem.objects.filter(pk=each.pk).update(matter=matter)


def _morning(day: date | None) -> datetime:
    assert day is not None  # asked for by the query
    return timezone.make_aware(datetime.combine(day, NINE))


def scores_told(check: SpotCheck) -> dict[str, Any]:
    return {"scores": {key: str(score) for key, score in check.scores.values_list("area_key", "score")}}
