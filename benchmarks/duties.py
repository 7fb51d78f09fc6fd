"""The promises of duties: a city of 64,098 operators is tiered by rule in seconds, and 5 % of it gets other officials,
with their letters, in five.

Inside one transaction of the demo's database that is rolled back: nothing stays.
"""

from datetime import timedelta
from time import perf_counter
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.harness import Line
from shian.domains.duties.actions.matches import approve_plan, propose_plan
from shian.domains.duties.actions.tiers import confirm_tiers, propose_tiers
from shian.domains.duties.models import Letter, Match, Official, PlanKind, Tier
from shian.domains.duties.queries.lists import reconciliation_of
from shian.kernel.scope.walls import system_scope

CITY = "1310"
TIERING, MATCHING, PAGE = 10.0, 5.0, 0.5
SHARE = 0.05


class _RolledBack(Exception):
    """Nothing stays."""


def measure() -> list[Line]:
    """Reconciling the city, handing 5 % of it over, tiering it anew; each once, as it happens once."""
    lines: list[Line] = []
    try:
        with system_scope(), transaction.atomic():
            lines = [_reconciling(), *_matching(), *_tiering()]
            raise _RolledBack
    except _RolledBack:
        return lines


def _tiering() -> list[Line]:
    """Every tier forgotten, proposed by rule and confirmed."""
    now = timezone.now()
    with transaction.atomic():
        point = transaction.savepoint()
        with connection.cursor() as cursor:
            ended = "valid_to = GREATEST(valid_from, CURRENT_DATE)"
            cursor.execute(f"UPDATE duties_match SET {ended}, ended_at = now() WHERE valid_to IS NULL")
            cursor.execute(f"UPDATE duties_tier SET {ended} WHERE valid_to IS NULL")
        begun = perf_counter()
        count = propose_tiers(area_key=CITY, by="bench", at=now)
        proposed = perf_counter() - begun
        confirm_tiers(rows=list(Tier.objects.filter(state="proposed")), by="other", at=now)
        taken = perf_counter() - begun
        transaction.savepoint_rollback(point)
    note = f"{count:,} operators; proposing alone {proposed:.1f} s"
    return [Line("tier a city by rule and confirm", taken, "s", f"≤ {TIERING:g} s", taken <= TIERING, note)]


def _matching() -> list[Line]:
    """Officials with 5 % of the operators leave: planned, approved, letters issued."""
    now = timezone.now()
    leaving = _leaving(round(Match.objects.filter(valid_to=None).count() * SHARE))
    Official.objects.filter(pk__in=leaving).update(valid_to=timezone.localdate(now))
    begun = perf_counter()
    plan = propose_plan(
        kind=PlanKind.HANDOVER, area_key=CITY, reason="干部调整", by="bench", at=now, leaving=leaving
    )  # fmt: skip
    renewed = approve_plan(plan=plan, by="other", at=now + timedelta(seconds=1))
    taken = perf_counter() - begun
    due = Letter.objects.filter(state="due").count()
    note = (
        f"{plan.counts['lines']:,} operators of {len(leaving)} officials, {len(renewed.invalid):,} letters, {due:,} due"
    )
    return [Line("match 5 % of a city anew", taken, "s", f"≤ {MATCHING:g} s", taken <= MATCHING, note)]


def _leaving(wanted: int) -> list[int]:
    """Village officials here and there who have so many operators together."""
    rows: Any = Match.objects.filter(valid_to=None, level="village").order_by("official")
    held = list(rows.values_list("official", flat=True))
    return sorted(set(held))[:: max(1, len(held) // wanted)]


def _reconciling() -> Line:
    begun = perf_counter()
    found = reconciliation_of(CITY, timezone.localdate())
    taken = perf_counter() - begun
    note = f"{found.registered:,} registered, {found.tiered:,} with a tier, {found.left_out:,} left out"
    return Line("reconcile a city", taken, "s", f"≤ {PAGE:g} s", taken <= PAGE, note)
