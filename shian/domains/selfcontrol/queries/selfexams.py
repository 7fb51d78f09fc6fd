"""Which self-examinations an operator owes, and what it reported."""

from datetime import date

from shian.domains.selfcontrol.models import SelfExam
from shian.domains.selfcontrol.queries.numbers import SELFEXAMS
from shian.domains.selfcontrol.queries.staff import shape_of
from shian.domains.selfcontrol.rules.staffing import ExamClass
from shian.registers.operators.models import Operator


def owed_classes(operator: Operator, day: date) -> list[ExamClass]:
    """The classes that the operator belongs to."""
    return SELFEXAMS.at(day).of(shape_of(operator))


def report_of(operator: Operator, duty_class: str, year: int) -> SelfExam | None:
    """What was reported on the year."""
    return SelfExam.objects.filter(operator=operator, duty_class=duty_class, year=year).first()
