"""Named reads of visits: an official's own businesses, what is due, what was found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from shian.domains.duties.models import DutyVisit, Match, Official, TrainingAttendance, TrainingState
from shian.domains.duties.queries.coverage import due_matches, in_force
from shian.domains.duties.queries.visit_numbers import numbers_at
from shian.domains.duties.rules.visits import (
    Quarter,
    VisitNumbers,
    may_be_remote,
    period_of,
    sheet_for,
    trained_since,
)
from shian.engine.forms.assignments import Assignment
from shian.kernel.scope.rules import LEVELS, Level, level_of_key
from shian.kernel.scope.walls import system_scope

RELATED = ("operator", "official")
PREFIX = "duty:"
YES, NO = "yes", "no"
# Of a match, what becomes part of a visit or decides about it.
OF_A_VISIT = (
    *("tier", "city", "county", "official__code", "official__person"),
    *(f"operator__{each}" for each in ("code", "name", "kind", "small_kind", "format", "lat", "lon")),
    *(f"operator__{each.value}" for each in LEVELS),
)
GROUND = """
SELECT (SELECT id FROM duties_dutyvisit WHERE submission_id = %(sheet)s),
    EXISTS (SELECT FROM duties_quarterfigure WHERE quarter = %(quarter)s AND area_key = ANY(%(areas)s) AND tier = ''),
    EXISTS (SELECT FROM duties_trainingattendance a JOIN duties_training t ON t.id = a.training_id
        WHERE t.state = 'recorded' AND t.held_on BETWEEN %(since)s AND %(day)s AND a.official_id IN (
            SELECT id FROM duties_official WHERE id = %(official)s OR person_id = %(person)s))
"""


def own_officials(user: Any, day: date) -> QuerySet[Official]:
    """The offices that the user holds on the day."""
    rows = Official.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)
    return rows.filter(person__user=user.pk) if getattr(user, "pk", None) else rows.none()


def own_matches(user: Any) -> QuerySet[Match]:
    """Every match that the user has or had as an official."""
    rows = Match.objects.select_related(*RELATED)
    return rows.filter(official__person__user=user.pk) if getattr(user, "pk", None) else rows.none()


def businesses_of(user: Any, day: date) -> list[Match]:
    """The businesses that the user answers for on the day, by name."""
    return list(own_matches(user).filter(in_force(day)).order_by("operator__name_pinyin", "pk"))


def due_of(user: Any, day: date) -> list[Match]:
    """Those of them that are not visited yet in their period."""
    return list(due_matches(own_matches(user), day).order_by("operator__township", "operator__name_pinyin", "pk"))


def last_visits(matches: Sequence[Match], day: date) -> dict[int, DutyVisit]:
    """Operator → its last visit up to the day that was not found untrue. One statement."""
    rows = DutyVisit.objects.filter(
        operator__in=[each.operator_id for each in matches], visited_on__lte=day, is_untrue=False
    )  # fmt: skip
    return {each.operator_id: each for each in rows.order_by("operator", "-visited_on", "-pk").distinct("operator")}


def due_day(match: Match, day: date, numbers: VisitNumbers) -> date:
    """The last day of the period in which the business is visited once."""
    return period_of(day, numbers.per_year[match.tier])[1]


def trained_on(officials: Sequence[Official], day: date) -> dict[int, date]:
    """Official → day of the last training that counts on the day, also one that the person had in a former office;
    those without are left out. One statement."""
    since = trained_since(day, numbers_at(day))
    persons = {each.person_id for each in officials if each.person_id}
    rows = TrainingAttendance.objects.filter(
        Q(official__in=[each.pk for each in officials]) | Q(official__person__in=persons),
        training__state=TrainingState.RECORDED, training__held_on__range=(since, day),
    ).values_list("official", "official__person", "training__held_on")  # fmt: skip
    by_official: dict[int, date] = {}
    by_person: dict[int, date] = {}
    for official, person, held_on in rows:
        assert held_on is not None  # a training that was recorded has its day
        by_official[official] = max(held_on, by_official.get(official, held_on))
        if person:
            by_person[person] = max(held_on, by_person.get(person, held_on))
    found = {each.pk: [by_official.get(each.pk), by_person.get(each.person_id or 0)] for each in officials}
    return {pk: max(days) for pk, told in found.items() if (days := [day for day in told if day])}


def untrained(rows: QuerySet[Official], day: date) -> QuerySet[Official]:
    """Of these officials, those of the day without a training that counts on it, in this or a former office."""
    since = trained_since(day, numbers_at(day))
    counted = TrainingAttendance.objects.filter(
        training__state=TrainingState.RECORDED, training__held_on__range=(since, day)
    )
    own = Exists(counted.filter(official=OuterRef("pk")))
    former = Exists(counted.filter(official__person=OuterRef("person")))
    current = Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    return rows.filter(current & ~own & (Q(person__isnull=True) | ~former))


def sheet_of(match: Match, numbers: VisitNumbers) -> str:
    """The key of the sheet that the business gets."""
    operator = match.operator
    return sheet_for(operator.kind, operator.small_kind, operator.format, numbers)


def is_remote_allowed(match: Match, numbers: VisitNumbers) -> bool:
    return may_be_remote(match.tier, sheet_of(match, numbers), match.operator.format, numbers)


def assignment_key(match: Match) -> str:
    """How phones name a business to be visited."""
    return f"{PREFIX}{match.pk}"


def assignments_for(user: Any, day: date) -> Iterable[Assignment]:
    """The user's businesses, for phones, each with what is known beforehand; those visited already in their period may
    be visited again."""
    mine = businesses_of(user, day)
    if not mine:
        return []
    numbers, due = numbers_at(day), {each.pk for each in due_of(user, day)}
    trained = trained_on([each.official for each in mine], day)
    return [
        _assignment(each, numbers, is_trained=each.official_id in trained or not numbers.needs_training,
                    due_on=due_day(each, day, numbers) if each.pk in due else None)
        for each in mine
    ]  # fmt: skip


def _assignment(match: Match, numbers: VisitNumbers, *, is_trained: bool, due_on: date | None) -> Assignment:
    operator, may_remote = match.operator, is_remote_allowed(match, numbers)
    told = [match.get_tier_display(), *([] if may_remote else [_("须到现场")]),
            *([] if is_trained else [_("须有人陪同")])]  # fmt: skip
    return Assignment(
        key=assignment_key(match), title=operator.name, form=sheet_of(match, numbers), place=operator.address,
        note=" · ".join(map(str, told)), due_on=due_on, is_optional=due_on is None,
        lon=float(operator.lon) if operator.lon is not None else None,
        lat=float(operator.lat) if operator.lat is not None else None,
        answers={
            "operator": operator.code, "level": match.level, "is_trained": YES if is_trained else NO,
            "may_remote": YES if may_remote else NO,
        },
    )  # fmt: skip


def match_meant(user: Any, assignment: str, operator: str, day: date) -> Match | None:
    """The match that a sheet of the user's fulfils: by the key that the page told, else by the operator's code (a phone
    of ODK, or another business chosen in the sheet); the one in force on the day, else the last one before: what was
    seen stays seen after a handover."""
    rows = own_matches(user).only(*OF_A_VISIT)
    number = assignment.removeprefix(PREFIX)
    if assignment.startswith(PREFIX):
        found = rows.filter(pk=int(number)).first() if number.isdecimal() else None
        if found is None or operator in {"", found.operator.code}:
            return found
    return rows.filter(operator__code=operator, valid_from__lte=day).order_by("-valid_from").first()


@dataclass(frozen=True)
class Ground:
    """What is known when a sheet comes in: the visit that it has become already, whether the figures of its quarter are
    frozen where the operator is, and whether the official has had a training that counts."""

    visit: int | None
    is_closed: bool
    is_trained: bool


def ground_of(sheet: int, match: Match, day: date) -> Ground:
    """Of a sheet (its primary key) that was filled in on the day. One statement."""
    values: dict[str, Any] = {
        "sheet": sheet, "quarter": Quarter.of(day).key, "day": day, "areas": [match.city, match.county],
        "since": trained_since(day, numbers_at(day)), "official": match.official_id, "person": match.official.person_id,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(GROUND, values)
        return Ground(*cursor.fetchone())


@dataclass(frozen=True)
class VisitChoice:
    """What the filters of a list leave."""

    quarter: str = ""
    area: str = ""
    tier: str = ""
    nearness: str = ""
    official: int | None = None
    is_late: bool = False
    has_faults: bool = False
    is_untrue: bool = False
    text: str = ""


def visits_chosen(choice: VisitChoice, user: Any) -> QuerySet[DutyVisit]:
    """The visible visits that the choice leaves."""
    rows = DutyVisit.objects.visible_to(user).select_related(*RELATED)
    conditions = Q()
    if choice.quarter:
        quarter = Quarter.read(choice.quarter)
        conditions &= Q(visited_on__range=(quarter.first, quarter.last))
    for name in ("tier", "nearness", "official"):
        if value := getattr(choice, name):
            conditions &= Q(**{name: value})
    if choice.area:
        conditions &= Q(**{Level(level_of_key(choice.area)).value: choice.area})
    if choice.is_late:
        conditions &= Q(is_late=True)
    if choice.has_faults:
        conditions &= Q(faults__gt=0)
    if choice.is_untrue:
        conditions &= Q(is_untrue=True)
    if choice.text:
        conditions &= Q(operator__name__icontains=choice.text) | Q(number__iexact=choice.text)
    return rows.filter(conditions)


def count_of(rows: QuerySet[DutyVisit]) -> int:
    """How many visits a choice leaves. What `visible_to` leaves lies inside the database's wall: that is not asked of
    each of 400,000 once more."""
    with system_scope():
        return rows.count()


def visit_for(user: Any, pk: int) -> DutyVisit:
    """Raises Http404; OutOfReach, which is logged, for one that the user may not see."""
    rows = DutyVisit.objects.select_related(*RELATED, "submission__version__form", "operator_signature",
                                            "official_signature")  # fmt: skip
    found: DutyVisit = rows.get_visible(user, pk=pk)
    return found


def may_see_visit(user: Any, key: str) -> bool:
    """Whether the visit of that uid exists for the user."""
    return DutyVisit.objects.has_visible(user, uid=key)
