"""Records that businesses with accounts owe: days, weeks, months; set-based, for reminders."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from shian.domains.selfcontrol.models import (
    Closure,
    DailyControl,
    DispatchMeeting,
    Duty,
    OperatorAccount,
    RiskList,
    WeeklyCheck,
)
from shian.domains.selfcontrol.queries.accounts import in_force
from shian.domains.selfcontrol.queries.numbers import CONTROLS
from shian.domains.selfcontrol.queries.staff import open_on
from shian.domains.selfcontrol.rules.controls import (
    ControlNumbers,
    monday_of,
    month_due,
    month_of,
    next_month,
    week_due,
)
from shian.registers.operators.models import Operator

BACK = 14  # days gone by that are still reminded of: past the longest holidays


@dataclass(frozen=True)
class Reminded:
    """A business that is reminded: since when somebody may sign in for it with a list in force; who, by duty."""

    operator: Operator
    since: date
    people: dict[str, list[int]]


@dataclass(frozen=True)
class Owed:
    """A record that is missing. `period`: the day, Monday or first of the month that it is about."""

    business: Reminded
    period: date
    due_on: date


def reminded(today: date) -> list[Reminded]:
    """Open businesses that owe records, have a list in force and somebody to tell. The caller sets the scope."""
    numbers = CONTROLS.at(today)
    people: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    begun: dict[int, date] = {}
    accounts = OperatorAccount.objects.filter(in_force(today), user__is_active=True).order_by("pk")
    for operator, duty, user, since in accounts.values_list("operator", "duty", "user", "valid_from"):
        people[operator][duty].append(user)
        begun[operator] = min(since, begun.get(operator, since))
    listed = RiskList.objects.filter(operator__in=people, valid_from__lte=today).order_by("-valid_from")
    dated = listed.values_list("operator", "valid_from")  # the oldest version comes last and stays
    first = {operator: since for operator, since in dated if since}
    rows = Operator.objects.filter(open_on(today), pk__in=first, kind__in=numbers.kinds).defer("search")
    return [Reminded(each, max(begun[each.pk], first[each.pk]), people[each.pk]) for each in rows.order_by("pk")]


def owed_days(found: list[Reminded], today: date) -> Iterator[Owed]:
    """Days of the last two weeks without a record that were not declared closed; today among them."""
    first = today - timedelta(days=BACK)
    keys = [each.operator.pk for each in found]
    recorded = set(
        DailyControl.objects.filter(operator__in=keys, day__range=(first, today)).values_list("operator", "day")
    )
    closed = _closures(keys, first, today)
    for each in found:
        for day in _days(max(first, each.since), today):
            is_closed = any(begin <= day <= end for begin, end in closed[each.operator.pk])
            if (each.operator.pk, day) not in recorded and not is_closed:
                yield Owed(each, day, day)


def owed_weeks(found: list[Reminded], today: date) -> Iterator[Owed]:
    """This week's and last week's report, unless it is signed."""
    mondays = [monday_of(today) - timedelta(days=7), monday_of(today)]
    keys = [each.operator.pk for each in found]
    rows = WeeklyCheck.objects.filter(operator__in=keys, monday__in=mondays, signed_at__isnull=False)
    signed = set(rows.values_list("operator", "monday"))
    numbers = CONTROLS.at(today)
    yield from _owed(found, mondays, signed, numbers, is_week=True)


def owed_months(found: list[Reminded], today: date) -> Iterator[Owed]:
    """Last month's minutes, unless they are signed."""
    month = month_of(month_of(today) - timedelta(days=1))
    keys = [each.operator.pk for each in found]
    rows = DispatchMeeting.objects.filter(operator__in=keys, month=month, signed_at__isnull=False)
    signed = set(rows.values_list("operator", "month"))
    yield from _owed(found, [month], signed, CONTROLS.at(today), is_week=False)


def _owed(
    found: list[Reminded], periods: list[date], signed: set[tuple[int, date]], numbers: ControlNumbers, *, is_week: bool
) -> Iterator[Owed]:
    """Periods on whose last day the business had a list and an account; those closed throughout are left out."""
    closed = _closures([each.operator.pk for each in found], min(periods), max(periods) + timedelta(days=31))
    for each in found:
        for period in periods:
            last = (period + timedelta(days=6)) if is_week else next_month(period) - timedelta(days=1)
            is_closed = any(begin <= period and last <= end for begin, end in closed[each.operator.pk])
            if (each.operator.pk, period) not in signed and each.since <= last and not is_closed:
                yield Owed(each, period, week_due(period, numbers) if is_week else month_due(period, numbers))


def _closures(keys: list[int], first: date, last: date) -> dict[int, list[tuple[date, date]]]:
    rows = Closure.objects.filter(Q(from_on__lte=last, to_on__gte=first), operator__in=keys, withdrawn_at__isnull=True)
    closed: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for operator, begin, end in rows.values_list("operator", "from_on", "to_on"):
        closed[operator].append((begin, end))
    return closed


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def told(business: Reminded, duties: tuple[Duty, ...]) -> list[int]:
    """Users (keys) of these duties; whoever there is where nobody has one of them."""
    own = [user for duty in duties for user in business.people.get(str(duty), [])]
    return list(dict.fromkeys(own or [user for users in business.people.values() for user in users]))
