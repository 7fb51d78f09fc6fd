"""Clocks of a case: set going, stopped, and what the case shows of them. Every function writes in the caller's deed."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from shian.engine.cases.declarations import CaseType, ClockRule
from shian.engine.cases.models import Case, CaseClock
from shian.engine.cases.parameters import Parameters, parameters_at
from shian.engine.cases.rules import Length, Span, ends, next_rung
from shian.kernel.workdays.queries import calendar
from shian.kernel.workdays.rules import ClockStopped, Pause


def parameters_of(case: Case) -> Parameters:
    """The version that the case was opened under."""
    return parameters_at(case.type, case.opened_on)


def run_clocks(declared: CaseType, case: Case, step: str, *, at: datetime, due_on: date | None = None) -> bool:
    """Stop and start what the step stops and starts; whether any clock changed."""
    stopped = stopped_by(declared, step)
    if stopped:
        CaseClock.objects.filter(case=case, key__in=stopped, stopped_at__isnull=True).update(stopped_at=at)
    for clock in started_by(declared, case, step, at=at, due_on=due_on):
        clock.save(force_insert=True)
    return bool(stopped)


def stopped_by(declared: CaseType, step: str) -> set[str]:
    """The clocks that the step ends; one that it starts anew ends too."""
    return {each.key for each in declared.clocks if step in each.stops or step in each.starts}


def started_by(
    declared: CaseType, case: Case, step: str, *, at: datetime, due_on: date | None = None
) -> list[CaseClock]:
    """The clocks that the step starts, not yet saved: those with a length in force, or with a given last day."""
    rules = [each for each in declared.clocks if step in each.starts]
    lengths = parameters_of(case).clocks if rules else {}
    found = []
    for rule in rules:
        length = None if rule.is_given else lengths.get(rule.key)
        if length or (rule.is_given and due_on):
            found.append(_started(case, rule, length, at, due_on))
    return found


def _started(case: Case, rule: ClockRule, length: Length | None, at: datetime, due_on: date | None) -> CaseClock:
    clock = CaseClock(case=case, key=rule.key, started_at=at)
    if length:
        clock.amount, clock.unit, clock.counts_start = length.amount, length.unit, length.counts_start
        clock.due_on, clock.due_at = ends(calendar(), span_of(clock))
    else:
        clock.due_on = due_on
    return clock


def span_of(clock: CaseClock) -> Span:
    """The clock as the rules read it, in local time. Only for a clock with a length."""
    pauses = [Pause(date.fromisoformat(first), date.fromisoformat(last)) for first, last in clock.pauses]
    pauses += [Pause(clock.paused_on)] if clock.paused_on else []
    length = Length(clock.amount or 0, clock.unit, clock.counts_start)
    return Span(timezone.localtime(clock.started_at), length, clock.extension, tuple(pauses))


def count_anew(clock: CaseClock) -> None:
    """Write where the clock ends now, after more days or a pause; a given last day moves by the days themselves."""
    if clock.amount is not None:
        try:
            clock.due_on, clock.due_at = ends(calendar(), span_of(clock))
        except ClockStopped:
            clock.due_on = clock.due_at = None
    clock.save(update_fields=["extension", "pauses", "paused_on", "due_on", "due_at"])


def extend(clock: CaseClock, days: int) -> None:
    """So many more units of the clock; a given last day moves by working days."""
    if clock.amount is not None:
        clock.extension += days
    elif clock.due_on:
        clock.due_on = calendar().add_workdays(clock.due_on, days)
    count_anew(clock)


def pause(clock: CaseClock, day: date) -> None:
    """Stand still from that day on."""
    clock.paused_on = day
    count_anew(clock)


def go_on(clock: CaseClock, day: date) -> None:
    """Run again from that day on; the days before it since the pause do not count."""
    first, last = clock.paused_on or day, day - timedelta(days=1)
    clock.paused_on = None
    if first <= last:
        clock.pauses = [*clock.pauses, [first.isoformat(), last.isoformat()]]
        if clock.amount is None and clock.due_on:
            clock.due_on = calendar().add_workdays(clock.due_on, calendar().workdays_between(first, day))
    count_anew(clock)


def running(case: Case) -> list[CaseClock]:
    """The clocks that have not stopped, in order."""
    return in_order(CaseClock.objects.filter(case=case, stopped_at__isnull=True))


def in_order(clocks: Iterable[CaseClock]) -> list[CaseClock]:
    """The earliest end first; those that stand still last."""
    return sorted(clocks, key=lambda each: (each.due_on is None or bool(each.paused_on), each.due_on or date.max))


def due_of(case: Case, clocks: Iterable[CaseClock]) -> dict[str, Any]:
    """What the case repeats of its running clocks (in order): the earliest end, and the next rung. A new end is climbed
    to anew."""
    first = next((each for each in clocks if each.due_on and not each.paused_on), None)
    due_on, due_at = (first.due_on, first.due_at) if first else (None, None)
    climbed, level = (case.climbed, case.level) if due_on == case.due_on else (0, 0)
    rung_on = None
    if due_on:
        rung_on, _rung = next_rung(parameters_of(case).ladder, due_on, calendar(), climbed=climbed)
    return {"due_on": due_on, "due_at": due_at, "climbed": climbed, "level": level, "next_rung_on": rung_on}
