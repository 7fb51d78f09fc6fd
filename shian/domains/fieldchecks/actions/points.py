"""A point's way: listed, prepared, checked, ready, sent back, withdrawn."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Case, F, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.fieldchecks.actions.refusals import CheckRefused
from shian.domains.fieldchecks.models import FieldPoint, Mode, PointState
from shian.domains.fieldchecks.permissions import POINT_KEEP
from shian.domains.fieldchecks.queries.formats import formats_at
from shian.domains.fieldchecks.rules.points import Days, earliest, next_steps
from shian.engine.cases.series import next_in_series
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.rules import columns_of_key, key_of_code
from shian.kernel.scope.walls import system_scope
from shian.registers.operators.models import Operator

COLUMN = {PointState.PREPARED: "prepared_on", PointState.CHECKED: "checked_on", PointState.READY: "ready_on"}


@dataclass(frozen=True)
class PointDraft:
    """A point to list: an operator, or a place with its name, address and division code."""

    mode: str
    format: str
    operator: Operator | None = None
    name: str = ""
    area_code: str = ""
    address: str = ""
    lon: Decimal | None = None
    lat: Decimal | None = None


@transaction.atomic
def list_point(*, draft: PointDraft, by: Any, at: datetime) -> FieldPoint:
    """Add a point to the register. Raises PermissionDenied, OutOfReach, CheckRefused."""
    operator, today = draft.operator, timezone.localdate(at)
    area_code = operator.area_code if operator else draft.area_code
    key = key_of_code(area_code)
    name = acting(POINT_KEEP, by, key)
    found = next(
        (each for each in formats_at(key, today) if (each.mode, each.code) == (draft.mode, draft.format)), None
    )
    if found is None:
        raise CheckRefused(_("当日的业态目录里没有这个业态。"), "format")
    if operator and operator.closed_on is not None and operator.closed_on <= today:
        raise CheckRefused(_("这个主体已经注销。"), "operator")
    _refuse_second(draft, area_code)
    point = FieldPoint.objects.create(
        code=next_in_series(FieldPoint.objects, f"{key[:6]}-{found.code}-", column="code", digits=4),
        mode=draft.mode, format=found.code, operator=operator,
        name=operator.name if operator else draft.name, address=operator.address if operator else draft.address,
        area_code=area_code, lon=operator.lon if operator else draft.lon, lat=operator.lat if operator else draft.lat,
        department=found.department, listed_on=today, **columns_of_key(key),
    )  # fmt: skip
    told = {"code": point.code, "name": point.name, "format": point.format, "mode": point.mode}
    _seal("fieldchecks.point_listed", point, name, at, told)
    return point


def _refuse_second(draft: PointDraft, area_code: str) -> None:
    live = FieldPoint.objects.filter(mode=draft.mode, withdrawn_on__isnull=True)
    same = live.filter(operator=draft.operator) if draft.operator else live.filter(area_code=area_code, name=draft.name)
    other = same.first()
    if other is not None:
        raise CheckRefused(
            _("已是%(mode)s点位 %(code)s：同一检查方式只属于一个业态。")
            % {"mode": other.get_mode_display(), "code": other.code},
            "operator" if draft.operator else "name",
        )


@transaction.atomic
def advance_point(*, point: FieldPoint, to: str, on: date, by: Any, at: datetime, reason: str = "") -> FieldPoint:
    """The point has reached the next state on a day, or a ready one goes back to checked, with a reason.

    Raises PermissionDenied, OutOfReach, CheckRefused.
    """
    name = acting(POINT_KEEP, by, point.area)
    locked = _locked(point, by)
    if to not in next_steps(locked.state):
        raise CheckRefused(_("点位现在是“%(state)s”，不能这样办理。") % {"state": locked.get_state_display()})
    if locked.state == PointState.READY:
        if not reason.strip():
            raise CheckRefused(_("请写明退回的原因。"), "reason")
        locked.ready_on = None
    else:
        _check_day(locked, to, on, at)
        setattr(locked, COLUMN[PointState(to)], on)
    locked.state = to
    locked.save(update_fields=["state", *COLUMN.values()])
    told = {"state": to, "on": on.isoformat(), "reason": reason.strip()}
    _seal("fieldchecks.point_advanced", locked, name, at, told)
    return locked


def note_check(point: FieldPoint, on: date) -> None:
    """A visit was filed or released: a point without a check record has one from that day on. Sealed with the visit."""
    fresh = FieldPoint.objects.filter(pk=point.pk, checked_on__isnull=True, listed_on__lte=on)
    fresh.update(
        checked_on=on,
        state=Case(When(withdrawn_on__isnull=True, then=Value(PointState.CHECKED)), default=F("state")),
    )  # fmt: skip


def lose_ready(points: QuerySet[FieldPoint], *, on: date, reason: str, by: str, at: datetime) -> int:
    """A later check of these points failed on the day: those that were ready before it no longer are, at once; only
    whoever keeps them says so again. How many they were. (A-39)"""
    found = points.select_for_update(of=("self",)).filter(state=PointState.READY, ready_on__lte=on)
    lost = list(found.order_by("pk"))
    for point in lost:
        point.state, point.ready_on = PointState.CHECKED, None
        point.save(update_fields=["state", "ready_on"])
        told = {"state": PointState.CHECKED.value, "on": on.isoformat(), "reason": reason}
        _seal("fieldchecks.point_advanced", point, by, at, told)
    return len(lost)


@transaction.atomic
def lose_ready_of(*, operator_code: str, on: date, reason: str, by: str, at: datetime) -> int:
    """The points of an operator, whoever may see them, after a check that was not a visit. How many lost it."""
    with system_scope():
        points = FieldPoint.objects.filter(operator__code=operator_code)
        return lose_ready(points, on=on, reason=reason, by=by, at=at)


@transaction.atomic
def withdraw_point(*, point: FieldPoint, on: date, reason: str, by: Any, at: datetime) -> FieldPoint:
    """The point is no longer visited from the day on. Raises PermissionDenied, OutOfReach, CheckRefused."""
    name = acting(POINT_KEEP, by, point.area)
    locked = _locked(point, by)
    if locked.state == PointState.WITHDRAWN:
        raise CheckRefused(_("点位已经退出。"))
    _check_day(locked, "withdrawn", on, at)
    locked.withdrawn_on, locked.state, locked.reason = on, PointState.WITHDRAWN, reason.strip()
    locked.save(update_fields=["withdrawn_on", "state", "reason"])
    _seal("fieldchecks.point_withdrawn", locked, name, at, {"on": on.isoformat(), "reason": locked.reason})
    return locked


def days_of(point: FieldPoint) -> Days:
    """The days of a point for the rules."""
    return Days(point.listed_on, point.prepared_on, point.checked_on, point.ready_on, point.withdrawn_on)


def _check_day(point: FieldPoint, step: str, on: date, at: datetime) -> None:
    first = earliest(step, days_of(point))
    if not first <= on <= timezone.localdate(at):
        raise CheckRefused(_("日期应在 %(first)s 到今天之间。") % {"first": first}, "on")


def _locked(point: FieldPoint, by: Any) -> FieldPoint:
    found = FieldPoint.objects.select_for_update().filter(pk=point.pk)
    locked = found.first() if isinstance(by, str) else found.visible_to(by).first()
    if locked is None:
        raise OutOfReach(f"fieldchecks.point:{point.uid}")
    return locked


def _seal(action: str, point: FieldPoint, by: str, at: datetime, told: dict[str, Any]) -> None:
    """What is sealed about a covert point names neither place nor format."""
    data = told if point.mode == Mode.OVERT else {"state": point.state}
    seal(action=action, by=by, subject=point.subject, data=data, at=at)
