"""An operator reports on its self-examination of a year."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.selfcontrol.actions.refusals import DutyRefused
from shian.domains.selfcontrol.actions.steps import acting_for, seal_own
from shian.domains.selfcontrol.models import SelfExam
from shian.domains.selfcontrol.models.own import place_of
from shian.domains.selfcontrol.permissions import MANAGERS
from shian.domains.selfcontrol.queries.selfexams import owed_classes
from shian.registers.operators.models import Operator


@dataclass(frozen=True)
class Told:
    """What a report says."""

    problems: int
    rectified: int
    is_monitored: bool
    summary: str


@transaction.atomic
def report_selfexam(*, operator: Operator, duty_class: str, year: int, told: Told, by: Any, at: datetime) -> SelfExam:
    """The report on a year; again while problems are open, to say that more are put right. The first day stays.

    Raises PermissionDenied, OutOfReach; DutyRefused for a class that the operator does not belong to, a year to come,
    or more put right than found.
    """
    acting_for(by, operator, MANAGERS, at)
    today = timezone.localdate(at)
    found = next((each for each in owed_classes(operator, today) if each.key == duty_class), None)
    if found is None or year > today.year:
        raise DutyRefused(_("本主体不用报告这一项。"))
    if told.rectified > told.problems:
        raise DutyRefused(_("已整改数多于问题数。"), "rectified")
    report = SelfExam.objects.filter(operator=operator, duty_class=duty_class, year=year).first()
    if report is None:
        report = SelfExam(
            operator=operator, duty_class=duty_class, year=year, due_on=found.due_on(year), reported_on=today,
            **place_of(operator),
        )  # fmt: skip
    report.problems, report.rectified, report.summary = told.problems, told.rectified, told.summary
    report.is_monitored, report.reported_by = told.is_monitored, by.get_username()
    report.save()
    data = {"class": duty_class, "year": year, "problems": told.problems, "rectified": told.rectified}
    seal_own("selfexam_reported", operator, by.get_username(), at, data)
    return report
