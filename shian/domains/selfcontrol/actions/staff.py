"""Appointments of directors and officers: made and ended by the business itself."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.selfcontrol.actions.refusals import DutyRefused
from shian.domains.selfcontrol.actions.steps import acting_for, seal_own
from shian.domains.selfcontrol.models import Appointment, Duty, SafetyStaff
from shian.domains.selfcontrol.models.own import place_of
from shian.domains.selfcontrol.permissions import MANAGERS
from shian.kernel.scope.walls import system_scope
from shian.registers.operators.models import Operator


@dataclass(frozen=True)
class Named:
    """Who is appointed to what. trained_on, assessed_on: training and internal test before the post."""

    person_no: str
    name: str
    phone: str
    duty: Duty
    document_no: str
    appointed_on: date
    trained_on: date | None = None
    assessed_on: date | None = None


@transaction.atomic
def appoint(*, operator: Operator, named: Named, by: Any, at: datetime) -> Appointment:
    """A person holds a post from a day on. Principal or director appoint.

    Raises PermissionDenied, OutOfReach; DutyRefused for a day to come, somebody barred, or who holds the post already.
    """
    acting_for(by, operator, MANAGERS, at)
    if named.appointed_on > timezone.localdate(at):
        raise DutyRefused(_("任命日期在今天以后。"), "appointed_on")
    if _is_barred(named.person_no, named.appointed_on):
        raise DutyRefused(_("此人在禁业期内，不得担任食品安全管理人员（食品安全法第一百三十五条）。"), "person_no")
    staff, _new = SafetyStaff.objects.update_or_create(
        operator=operator, person_no=named.person_no, defaults={"person_name": named.name, "phone": named.phone}
    )
    if Appointment.objects.filter(staff=staff, duty=named.duty, ended_on__isnull=True).exists():
        raise DutyRefused(_("此人已担任这一职务。"), "duty")
    appointment: Appointment = Appointment.objects.create(
        operator=operator, staff=staff, duty=named.duty, document_no=named.document_no, trained_on=named.trained_on,
        appointed_on=named.appointed_on, assessed_on=named.assessed_on, **place_of(operator),
    )  # fmt: skip
    told = {"person_no": named.person_no, "duty": str(named.duty), "from": named.appointed_on.isoformat()}
    seal_own("staff_appointed", operator, by.get_username(), at, told)
    return appointment


@transaction.atomic
def end_appointment(*, appointment: Appointment, by: Any, at: datetime) -> None:
    """The person leaves the post today. Raises DutyRefused for one who has left."""
    acting_for(by, appointment.operator, MANAGERS, at)
    if appointment.ended_on is not None:
        raise DutyRefused(_("此人已经离任。"))
    appointment.ended_on = max(appointment.appointed_on, timezone.localdate(at))
    appointment.save(update_fields=["ended_on"])
    told = {"person_no": appointment.staff.person_no, "duty": appointment.duty}
    seal_own("staff_ended", appointment.operator, by.get_username(), at, told)


def _is_barred(person_no: str, day: date) -> bool:
    with system_scope():  # barred in one business is barred in all
        rows = SafetyStaff.objects.filter(person_no=person_no, barred_from__lte=day)
        return any(each.barred_to is None or each.barred_to > day for each in rows)
