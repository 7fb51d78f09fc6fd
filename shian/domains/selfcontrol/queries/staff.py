"""Who answers for food safety in a business, who is missing, and what each has learnt."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Count, Q, QuerySet, Sum
from django.db.models.expressions import RawSQL

from shian.domains.selfcontrol.models import Appointment, Attendance, Duty, Exam, SafetyStaff
from shian.domains.selfcontrol.queries.numbers import STAFFING
from shian.domains.selfcontrol.rules.staffing import Rules, Shape, any_holds, any_sql
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.rules import KEY_WIDTH, LEVELS, level_of_key
from shian.registers.operators.models import Operator

TABLE = '"operators_operator"'


def in_post(day: date) -> Q:
    """Appointments that hold on the day."""
    return (
        Q(appointed_on__lte=day)
        & (Q(ended_on__isnull=True) | Q(ended_on__gt=day))
        & (Q(suspended_on__isnull=True) | Q(suspended_on__gt=day))
    )


def shape_of(operator: Operator) -> Shape:
    """What the rules of the packs ask of the operator."""
    is_head = Operator.objects.filter(chain_code=operator.code).exists()
    return Shape(operator.kind, operator.format, operator.size, operator.employees, is_head)


def owed_duties(operator: Operator, day: date) -> list[Duty]:
    """Which posts the operator must fill on the day."""
    rules, shape = STAFFING.at(day), shape_of(operator)
    asked = ((Duty.DIRECTOR, rules.director), (Duty.OFFICER, rules.officer))
    return [duty for duty, each in asked if any_holds(each, shape)]


def missing_duties(operator: Operator, day: date) -> list[Duty]:
    """Which of them nobody holds."""
    held = set(Appointment.objects.filter(in_post(day), operator=operator).values_list("duty", flat=True))
    return [duty for duty in owed_duties(operator, day) if duty not in held]


def appointments_of(operator: Operator, user: Any) -> list[Appointment]:
    """Everybody who holds or held a post there, the present ones first."""
    rows = Appointment.objects.visible_to(user).filter(operator=operator).select_related("staff")
    return sorted(rows, key=lambda each: (each.ended_on is not None, -each.appointed_on.toordinal(), each.pk))


def posts_on(operator: Operator, day: date) -> list[tuple[str, str, date]]:
    """Who was in post on the day: the duty in words, the name, since when. Cut by the reader's walls only: the caller
    has checked that the operator is visible."""
    rows = Appointment.objects.filter(in_post(day), operator=operator).select_related("staff")
    found = rows.order_by("duty", "appointed_on", "pk")
    return [(str(Duty(each.duty).label), each.staff.person_name, each.appointed_on) for each in found]


def own_appointment(user: Any, pk: int) -> Appointment:
    """One of the user's businesses' appointments. Raises Http404, OutOfReach."""
    found: Appointment = Appointment.objects.select_related("staff", "operator").get_visible(user, pk=pk)
    return found


def hours_by_staff(staff: Collection[int], year: int) -> dict[int, Decimal]:
    """Key of a person → hours of training in the year, in this business and in any other. One query."""
    numbers = dict(SafetyStaff.objects.filter(pk__in=staff).values_list("pk", "person_no"))
    rows = Attendance.objects.filter(staff__person_no__in=set(numbers.values()), session__held_on__year=year)
    added = dict(rows.order_by().values_list("staff__person_no").annotate(n=Sum("session__hours")))
    return {pk: added.get(number, Decimal(0)) for pk, number in numbers.items()}


def exams_of(operator: Operator, user: Any) -> list[Exam]:
    """Tests of the operator's people, newest first."""
    rows = Exam.objects.visible_to(user).filter(operator=operator).select_related("staff")
    return list(rows.order_by("-examined_on", "-pk"))


def open_on(day: date) -> Q:
    """Operators in business on the day."""
    return Q(opened_on__lte=day) & (Q(closed_on__isnull=True) | Q(closed_on__gt=day))


def owes(rules: Rules) -> RawSQL:
    """A condition on operators: one of the rules holds."""
    return RawSQL(any_sql(rules, TABLE, TABLE), [], output_field=BooleanField())  # noqa: S611 (texts of packs, quoted)


def holding(duty: Duty, day: date) -> Q:
    """A condition on operators: somebody holds the post."""
    return Q(pk__in=Appointment.objects.filter(in_post(day), duty=duty).values("operator"))


def missing(user: Any, duty: Duty, day: date) -> ScopedQuerySet[Operator]:
    """Operators of the user's areas that need the post filled and have nobody."""
    rules = STAFFING.at(day)
    asked = rules.director if duty == Duty.DIRECTOR else rules.officer
    rows = Operator.objects.visible_to(user).filter(open_on(day)).filter(owes(asked)).exclude(holding(duty, day))
    return rows.defer("search")


@dataclass(frozen=True)
class Coverage:
    """An area: operators that owe a post, and those that have it filled."""

    area: str
    officers_due: int
    officers: int
    directors_due: int
    directors: int


def coverage(user: Any, area: str, day: date) -> list[Coverage]:
    """The areas one level below `area`, by key. One query. Without children (a township) the area itself."""
    rules = STAFFING.at(day)
    level = level_of_key(area)
    below = LEVELS[min(LEVELS.index(level) + 1, LEVELS.index("township"))]
    rows: QuerySet[Any] = Operator.objects.visible_to(user).filter(open_on(day), **{level.value: area})
    officer, director = Q(owes(rules.officer)), Q(owes(rules.director))
    counted = (
        rows.order_by()
        .values(below.value)
        .annotate(
            od=Count("pk", filter=officer),
            o=Count("pk", filter=officer & holding(Duty.OFFICER, day)),
            dd=Count("pk", filter=director),
            d=Count("pk", filter=director & holding(Duty.DIRECTOR, day)),
        )
    )
    found = counted.values_list(below.value, "od", "o", "dd", "d")
    return [Coverage(*each) for each in sorted(found) if len(each[0]) == KEY_WIDTH[below]]
