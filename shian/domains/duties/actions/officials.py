"""What is done to the roster: named, replaced (with everything that the official answered for), ended."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.actions.statements import Moment, Renewed, begun_matches, ended_matches, renewed_letters
from shian.domains.duties.models import Match, Official
from shian.domains.duties.permissions import DUTY_KEEP
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.scope.rules import KEY_WIDTH, Level, columns_of_key, key_of_code
from shian.registers.people.models import Person

REPLACED = "包保干部调整"


@dataclass(frozen=True)
class Appointment:
    """Who is named to what. `area`: a code of the level's own width."""

    code: str
    name: str
    level: str
    post: str
    area: str
    valid_from: date
    unit: str = ""
    charge: str = ""
    is_head: bool = False
    office_phone: str = ""
    person: Person | None = None


@transaction.atomic
def name_official(*, appointment: Appointment, by: Any, at: datetime) -> Official:
    """Somebody new on the roster. Raises PermissionDenied, OutOfReach, DutyRefused."""
    key = key_of_code(appointment.area)
    name = acting(DUTY_KEEP, by, key)
    made = _created(appointment, key, at)
    seal(action="duties.official_named", by=name, subject=made.subject, data=_told(made), at=at)
    return made


@transaction.atomic
def replace_official(
    *, official: Official, appointment: Appointment, by: Any, at: datetime
) -> tuple[Official, Renewed]:
    """The successor takes over every operator at this moment: matches end and begin, letters follow. The former row
    keeps its end. Raises PermissionDenied, OutOfReach, DutyRefused."""
    name, moment = acting(DUTY_KEEP, by, official.area), Moment(at, REPLACED)
    locked = Official.objects.select_for_update().get(pk=official.pk)
    if locked.valid_to is not None:
        raise DutyRefused(_("%(name)s已离任。") % {"name": locked.name})
    if (appointment.level, key_of_code(appointment.area)) != (locked.level, locked.area):
        raise DutyRefused(_("接替人员的层级和区划须与原干部相同。"), "area")
    locked.valid_to = timezone.localdate(at)
    locked.save()
    successor = _created(appointment, locked.area, at, replaces=locked)
    tiers = list(Match.objects.filter(official=locked, valid_to=None).values_list("tier_row_id", flat=True))
    ended_matches(tiers, moment)
    begun_matches(dict.fromkeys(tiers, (successor.pk, REPLACED)), moment)
    renewed = renewed_letters({locked.pk, successor.pk}, moment)
    told = {**_told(successor), "replaces": locked.code, "operators": len(tiers)}
    seal(action="duties.official_replaced", by=name, subject=locked.subject, data=told, at=at)
    return successor, renewed


@transaction.atomic
def end_official(*, official: Official, reason: str, by: Any, at: datetime) -> Renewed:
    """Leaves without a successor: the operators wait for an official again. Raises PermissionDenied, OutOfReach,
    DutyRefused."""
    name, moment = acting(DUTY_KEEP, by, official.area), Moment(at, reason.strip())
    if not moment.why:
        raise DutyRefused(_("请写明离任的原因。"), "reason")
    locked = Official.objects.select_for_update().get(pk=official.pk)
    if locked.valid_to is not None:
        raise DutyRefused(_("%(name)s已离任。") % {"name": locked.name})
    locked.valid_to = moment.day
    locked.save()
    tiers = list(Match.objects.filter(official=locked, valid_to=None).values_list("tier_row_id", flat=True))
    ended_matches(tiers, moment)
    renewed = renewed_letters({locked.pk}, moment)
    told = {"operators": len(tiers), "reason": moment.why}
    seal(action="duties.official_ended", by=name, subject=locked.subject, data=told, at=at)
    return renewed


def _created(given: Appointment, key: str, at: datetime, replaces: Official | None = None) -> Official:
    widths = {KEY_WIDTH[Level(given.level)]} | ({KEY_WIDTH[Level.TOWNSHIP]} if given.level == "village" else set())
    if len(key) not in widths:
        raise DutyRefused(_("区划与层级不符。"), "area")
    if Official.objects.filter(code=given.code).exists():
        raise DutyRefused(_("干部编号已使用。"), "code")
    if given.valid_from > timezone.localdate(at):
        raise DutyRefused(_("任职日期不能在今天以后。"), "valid_from")
    return Official.objects.create(
        code=given.code, name=given.name, level=given.level, post=given.post, unit=given.unit, charge=given.charge,
        is_head=given.is_head, office_phone=given.office_phone, area_code=given.area, person=given.person,
        valid_from=given.valid_from, replaces=replaces, **columns_of_key(key),
    )  # fmt: skip


def _told(made: Official) -> dict[str, Any]:
    return {"code": made.code, "level": made.level, "post": made.post, "area": made.area_code}
