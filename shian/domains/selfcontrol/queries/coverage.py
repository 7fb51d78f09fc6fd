"""How many of an area's operators recorded a day, examined themselves, were trained: set-based, a statement each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, Sum, Window

from shian.domains.selfcontrol.models import Attendance, Closure, DailyControl, DayResult, SelfExam, TrainingSession
from shian.domains.selfcontrol.queries.numbers import CONTROLS, SELFEXAMS
from shian.domains.selfcontrol.queries.staff import open_on, owes
from shian.domains.selfcontrol.rules.staffing import ExamClass
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.rules import LEVELS, level_of_key
from shian.registers.operators.models import Operator

# A join, for the database to choose its way: a condition in a count is asked of each operator.
RECORDED = """
SELECT o.area, count(*), count(c.operator_id) FILTER (WHERE r.operator_id IS NULL), count(r.operator_id)
FROM ({owing}) o(id, area) LEFT JOIN selfcontrol_dailycontrol r ON r.operator_id = o.id AND r.day = %s
LEFT JOIN (SELECT DISTINCT operator_id FROM selfcontrol_closure
    WHERE withdrawn_at IS NULL AND from_on <= %s AND to_on >= %s) c ON c.operator_id = o.id
GROUP BY 1 ORDER BY 1
"""
SHOWN = 200


@dataclass(frozen=True)
class DayCoverage:
    """An area on a day: operators that owe a record, those closed that day, with a record; of the records, those with
    problems, late and back-filled."""

    area: str
    due: int
    closed: int
    recorded: int
    problems: int = 0
    late: int = 0
    backfilled: int = 0

    @property
    def gaps(self) -> int:
        return max(0, self.due - self.closed - self.recorded)


def below(area: str) -> str:
    """The column of the areas one level below; of townships the column itself."""
    return LEVELS[min(LEVELS.index(level_of_key(area)) + 1, LEVELS.index("township"))].value


def owing_days(user: Any, area: str, day: date) -> ScopedQuerySet[Operator]:
    """Operators of the area that owe a record on the day, closed ones among them."""
    rows = Operator.objects.visible_to(user).filter(open_on(day), kind__in=CONTROLS.at(day).kinds)
    return rows.filter(**{level_of_key(area).value: area})


def day_coverage(user: Any, area: str, day: date) -> list[DayCoverage]:
    """The areas below `area` with operators that owe a record, by key. Two statements."""
    column = below(area)
    kept = DailyControl.objects.visible_to(user).filter(day=day, **{level_of_key(area).value: area})
    told = kept.order_by().values(column).annotate(
        p=Count("day", filter=Q(result=DayResult.PROBLEM)), late=Count("day", filter=Q(is_late=True)),
        back=Count("day", filter=Q(is_backfilled=True)),
    )  # fmt: skip
    quality = {each[column]: (each["p"], each["late"], each["back"]) for each in told}
    owing, values = owing_days(user, area, day).order_by().values_list("pk", column).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(RECORDED.format(owing=owing), (*values, day, day, day))
        found = cursor.fetchall()
    return [
        DayCoverage(key, due, closed, recorded, *quality.get(key, (0, 0, 0)))
        for key, due, closed, recorded in found if key
    ]  # fmt: skip


def without_record(user: Any, area: str, day: date) -> ScopedQuerySet[Operator]:
    """Operators of the area whose day is a gap."""
    return owing_days(user, area, day).filter(~_recorded(day)).exclude(_closed(day)).defer("search")


def _recorded(day: date) -> Exists:
    """A condition on operators: the day is recorded. Of few operators the database asks one by one, of many all."""
    return Exists(DailyControl.objects.filter(operator=OuterRef("pk"), day=day))


def _closed(day: date) -> Q:
    rows = Closure.objects.filter(withdrawn_at__isnull=True, from_on__lte=day, to_on__gte=day)
    return Q(pk__in=rows.values("operator"))


@dataclass(frozen=True)
class ClassRate:
    """A class of operators in a year: how many there are in the register, reported, in time, problems, put right."""

    told: ExamClass
    operators: int
    reported: int
    in_time: int
    problems: int
    rectified: int


def class_rates(user: Any, area: str, year: int, day: date) -> list[ClassRate]:
    """Each class with its total from the register. Two statements a class."""
    found = []
    for each in SELFEXAMS.at(day).classes:
        rows = Operator.objects.visible_to(user).filter(open_on(day), **{level_of_key(area).value: area})
        owing = rows.filter(owes(each.rules))
        chosen = list(owing.values_list("pk", flat=True))
        reports = SelfExam.objects.filter(duty_class=each.key, year=year, operator__in=chosen)
        told = reports.aggregate(
            n=Count("pk"), t=Count("pk", filter=Q(reported_on__lte=each.due_on(year))), p=Sum("problems", default=0),
            r=Sum("rectified", default=0),
        )  # fmt: skip
        found.append(ClassRate(each, len(chosen), told["n"], told["t"], told["p"], told["r"]))
    return found


def unreported(user: Any, area: str, told: ExamClass, year: int, day: date) -> ScopedQuerySet[Operator]:
    """Operators of a class without a report on the year."""
    rows = Operator.objects.visible_to(user).filter(open_on(day), **{level_of_key(area).value: area})
    reports = SelfExam.objects.filter(duty_class=told.key, year=year)
    return rows.filter(owes(told.rules)).exclude(pk__in=reports.values("operator")).defer("search")


@dataclass(frozen=True)
class Reach:
    """Who came to a session: distinct operators, attendances (people)."""

    session: TrainingSession
    operators: int
    attendances: int


def sessions_for(user: Any, year: int) -> list[Reach]:
    """The year's sessions of the user's areas and above them, newest first. Two statements."""
    rows = list(TrainingSession.objects.filter(held_on__year=year).order_by("-held_on", "code"))
    counted = (
        Attendance.objects.visible_to(user).filter(session__in=rows).order_by().values("session")
        .annotate(o=Count("operator", distinct=True), n=Sum("people"))
    )  # fmt: skip
    told = {each["session"]: (each["o"], each["n"]) for each in counted}
    return [Reach(each, *told.get(each.pk, (0, 0))) for each in rows]


def last_year_trained() -> int | None:
    """The year of the newest session."""
    day: date | None = TrainingSession.objects.order_by("-held_on").values_list("held_on", flat=True).first()
    return day.year if day else None


def reach_in_year(user: Any, year: int) -> tuple[int, int]:
    """(distinct operators, attendances) of the year's sessions in the user's areas."""
    rows = Attendance.objects.visible_to(user).filter(session__held_on__year=year)
    told = rows.aggregate(o=Count("operator", distinct=True), n=Sum("people", default=0))
    return told["o"], told["n"]


def names_first(rows: ScopedQuerySet[Operator]) -> tuple[Sequence[Operator], int]:
    """The first two hundred by township and name, and how many there are. Every operator is looked at once: the second
    statement reads those that are shown."""
    told = rows.order_by("township", "name_pinyin", "pk").annotate(whole=Window(Count("pk")))
    found = dict(told.values_list("pk", "whole")[:SHOWN])
    shown = Operator.objects.filter(pk__in=found).defer("search").in_bulk()
    return [shown[key] for key in found], next(iter(found.values()), 0)
