"""A visit's way: assigned, reached, checked by its sheet, signed, filed; or not done; or, when covert, released."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.fieldchecks.actions.points import lose_ready, note_check
from shian.domains.fieldchecks.actions.problems import list_problems
from shian.domains.fieldchecks.actions.refusals import CheckRefused
from shian.domains.fieldchecks.models import FieldPoint, FieldVisit, Mode, VisitState
from shian.domains.fieldchecks.models.visits import BEFORE_SHEET, RELEASABLE, UNDER_WAY
from shian.domains.fieldchecks.permissions import VISIT_ASSIGN, VISIT_RELEASE, VISIT_WORK
from shian.domains.fieldchecks.queries.visits import is_of_issuer, lacks_of, may_work
from shian.domains.fieldchecks.rules.visits import Lack
from shian.engine.forms.actions import release_submission
from shian.kernel.accounts.permissions import check
from shian.kernel.files.actions import store_file
from shian.kernel.notary.actions import seal
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.walls import system_scope
from shian.registers.people.models import Organisation

PICTURES, FAILED = ("png", "jpg"), "failed"
LACKS = {
    Lack.SCORE: gettext_lazy("打分"),
    Lack.PLACE: gettext_lazy("现场位置"),
    Lack.SECOND: gettext_lazy("另一名检查人员"),
    Lack.OPERATOR_SIGNATURE: gettext_lazy("经营者签名"),
    Lack.TEAM_SIGNATURE: gettext_lazy("检查人员签名"),
}
NEXT = "SELECT nextval(pg_get_serial_sequence('fieldchecks_fieldvisit', 'id')) FROM generate_series(1, %s)"


@dataclass(frozen=True)
class Team:
    """Who goes: two accounts, or one alone for a covert visit. `issuer` sends them."""

    issuer: Organisation
    lead: Any
    second: Any = None


@dataclass(frozen=True)
class Spot:
    """Where somebody stands: degrees (WGS-84), and the accuracy in metres where the device knows it."""

    lat: float
    lon: float
    accuracy: float | None = None


@dataclass(frozen=True)
class Errand:
    """What a visit is for: points, each with the form that is filled in there; by when; in which round."""

    points: Sequence[tuple[FieldPoint, str]]
    due_on: date | None = None
    round_no: str = ""


@transaction.atomic
def assign_visits(*, errand: Errand, team: Team, by: Any, at: datetime) -> list[FieldVisit]:
    """A visit for each point. Raises PermissionDenied, OutOfReach, CheckRefused; then none is made.

    A text names a program (a draw whose list was confirmed).
    """
    name = _assigner(team.issuer, by)
    _check_errand(errand, team, timezone.localdate(at))
    numbers = _next_numbers(len(errand.points))
    visits = [
        FieldVisit(
            pk=number, number=f"MC{timezone.localdate(at).year}-{number:06d}", point=point, round_no=errand.round_no,
            mode=point.mode, format=point.format, form=form, issuer=team.issuer, lead=team.lead, second=team.second,
            lead_name=name_of(team.lead), second_name=name_of(team.second), assigned_at=at, due_on=errand.due_on,
            province=point.province, city=point.city, county=point.county, township=point.township,
            village=point.village,
        )
        for number, (point, form) in zip(numbers, errand.points, strict=True)
    ]  # fmt: skip
    with system_scope():  # covert ones are hidden from whoever is none of theirs
        FieldVisit.objects.bulk_create(visits)
        for visit in visits:
            visit.refresh_from_db(fields=["uid"])
            told = {"point": visit.point.code, "issuer": visit.issuer_id, "team": [visit.lead_name, visit.second_name]}
            seal_visit("fieldchecks.visit_assigned", visit, name, at, told)
    return visits


def _assigner(issuer: Organisation, by: Any) -> str:
    if isinstance(by, str):
        return by
    check(VISIT_ASSIGN, by)
    reach = reach_of(by)
    if not reach.everything and issuer.code not in reach.organisations:
        raise OutOfReach(f"people.organisation:{issuer.code}")
    return str(by.get_username())


def _check_errand(errand: Errand, team: Team, today: date) -> None:
    modes = {point.mode for point, _form in errand.points}
    if not errand.points:
        raise CheckRefused(_("请选择检查点位。"), "codes")
    if team.lead is None:
        raise CheckRefused(_("请选择检查人员。"), "lead")
    if Mode.OVERT in modes and (team.second is None or team.second == team.lead):
        raise CheckRefused(_("明查须由两人以上进行，请选择另一名检查人员。"), "second")
    if errand.due_on is not None and errand.due_on < today:
        raise CheckRefused(_("期限不能早于今天。"), "due_on")
    busy = FieldVisit.objects.filter(issuer=team.issuer, state__in=UNDER_WAY, point__in=[p for p, _f in errand.points])
    if known := busy.select_related("point").first():  # only the own ones: another unit's visit may be a covert one
        told = {"code": known.point.code, "number": known.number}
        raise CheckRefused(_("点位 %(code)s 还有一次没有完成的检查：%(number)s。") % told, "codes")
    for point, form in errand.points:
        if point.withdrawn_on is not None:
            raise CheckRefused(_("点位 %(code)s 已经退出。") % {"code": point.code}, "codes")
        if not form:
            raise CheckRefused(_("点位 %(code)s 的业态没有打分表。") % {"code": point.code}, "codes")


def _next_numbers(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [count])
        return [row[0] for row in cursor.fetchall()]


def name_of(user: Any) -> str:
    """How a member is called on the record."""
    return str(user.display_name or user.get_username()) if user is not None else ""


@transaction.atomic
def arrive(*, visit: FieldVisit, spot: Spot, by: Any, at: datetime) -> FieldVisit:
    """The team stands at the place and has shown who it is, or the covert visitor is there. A second time changes
    nothing. Raises PermissionDenied, OutOfReach, CheckRefused."""
    found = locked(visit, by)
    if found.state != VisitState.ASSIGNED:
        return found
    if not (abs(spot.lat) <= 90 and abs(spot.lon) <= 180):
        raise CheckRefused(_("经纬度不在范围之内。"), "lat")
    found.state = VisitState.VISITED if found.is_covert else VisitState.ARRIVED
    found.arrived_at, found.lat, found.lon, found.accuracy = at, spot.lat, spot.lon, spot.accuracy
    found.save(update_fields=["state", "arrived_at", "lat", "lon", "accuracy"])
    told = {"lat": f"{spot.lat:.6f}", "lon": f"{spot.lon:.6f}"}
    seal_visit("fieldchecks.visit_reached", found, by.get_username(), at, told)
    return found


@transaction.atomic
def sign_visit(
    *, visit: FieldVisit, operator: BinaryIO | None, team: BinaryIO | None, by: Any, at: datetime
) -> FieldVisit:
    """Signatures drawn after the sheet was filled in; each may come alone. Raises PermissionDenied, OutOfReach,
    CheckRefused, FileRefused."""
    found = locked(visit, by)
    if found.is_covert or found.state not in (VisitState.CHECKED, VisitState.SIGNED):
        raise CheckRefused(_("打分以后、归档以前才能签字。"))
    taken = {"operator_signature": operator, "team_signature": team}
    kept = {
        name: store_file(name=f"{name}.png", stream=stream, kinds=PICTURES, by=by.get_username(), at=at)
        for name, stream in taken.items()
        if stream is not None
    }
    if not kept:
        raise CheckRefused(_("请先签字。"))
    for name, stored in kept.items():
        setattr(found, name, stored)
    if found.operator_signature_id and found.team_signature_id:
        found.state, found.signed_at = VisitState.SIGNED, at
    found.save(update_fields=[*kept, "state", "signed_at"])
    seal_visit("fieldchecks.visit_signed", found, by.get_username(), at, {n: s.sha256 for n, s in kept.items()})
    return found


@transaction.atomic
def join_visit(*, visit: FieldVisit, second: Any, by: Any, at: datetime) -> FieldVisit:
    """Name who went along before the record is filed. Raises PermissionDenied, OutOfReach, CheckRefused."""
    found = locked(visit, by)
    if found.state not in UNDER_WAY:
        raise CheckRefused(_("此检查现在的状态不能登记同行人员。"))
    if second is None or second.pk == found.lead_id:
        raise CheckRefused(_("同行人员须是另一个人。"), "second")
    found.second, found.second_name = second, name_of(second)
    found.save(update_fields=["second", "second_name"])
    seal_visit("fieldchecks.visit_joined", found, by.get_username(), at, {"second": found.second_name})
    return found


@transaction.atomic
def close_visit(*, visit: FieldVisit, by: Any, at: datetime) -> FieldVisit:
    """File an overt visit; its findings become problems. A second time changes nothing.

    Raises PermissionDenied, OutOfReach, CheckRefused, which names everything that is missing.
    """
    found = locked(visit, by)
    if found.state == VisitState.UPLOADED:
        return found
    if found.is_covert or found.state not in UNDER_WAY:
        raise CheckRefused(_("此检查现在的状态不能归档。"))
    if missing := lacks_of(found):
        told = _("、").join(str(LACKS[each]) for each in missing)
        raise CheckRefused(_("还缺少：%(missing)s，不能归档。") % {"missing": told})
    return filed(found, by if isinstance(by, str) else by.get_username(), at)


def filed(visit: FieldVisit, by: str, at: datetime) -> FieldVisit:
    """The record is whole: closed, sealed, its findings listed as problems."""
    visit.state, visit.uploaded_at = VisitState.UPLOADED, at
    visit.save(update_fields=["state", "uploaded_at"])
    told = {"number": visit.number, "percent": visit.told_percent, "verdict": visit.verdict}
    seal_visit("fieldchecks.visit_filed", visit, by, at, told)
    _tell_point(visit, by, at)
    list_problems(visit=visit, by=by, at=at)
    return visit


def _tell_point(visit: FieldVisit, by: str, at: datetime) -> None:
    """The point has its check record, and is ready no more where the check failed."""
    on = visit.visited_on or timezone.localdate(at)
    note_check(visit.point, on)
    if visit.verdict == FAILED:
        with system_scope():  # the point belongs to the area that was checked, not to the team's
            lose_ready(FieldPoint.objects.filter(pk=visit.point_id), on=on, reason=visit.number, by=by, at=at)


@transaction.atomic
def give_up(*, visit: FieldVisit, reason: str, is_replaced: bool, by: Any, at: datetime) -> FieldVisit:
    """The site was closed or refused the check. With a reserve in its place it does not count; without one the point
    counts with 0. Raises PermissionDenied, OutOfReach, CheckRefused."""
    found = locked(visit, by)
    if found.state not in BEFORE_SHEET:
        raise CheckRefused(_("已经打分的检查不能登记为未检查。"))
    if not reason.strip():
        raise CheckRefused(_("请写明原因。"), "reason")
    found.state = VisitState.REPLACED if is_replaced else VisitState.REFUSED
    found.reason, found.visited_on = reason.strip()[:300], timezone.localdate(at)
    if not is_replaced:
        found.percent, found.verdict = Decimal(0), FAILED
    found.save(update_fields=["state", "reason", "visited_on", "percent", "verdict"])
    name = by if isinstance(by, str) else by.get_username()
    seal_visit("fieldchecks.visit_given_up", found, name, at, {"state": found.state, "reason": found.reason})
    return found


@transaction.atomic
def release_visit(*, visit: FieldVisit, by: Any, at: datetime) -> FieldVisit:
    """A covert visit is told to those it concerns: its sheet is published and its findings become problems; one that
    was refused is told as such, and counts from then on. A second time changes nothing.

    Raises PermissionDenied, OutOfReach, CheckRefused.
    """
    check(VISIT_RELEASE, by)
    found = locked(visit, by)
    if not is_of_issuer(by, found):
        raise OutOfReach(found.subject)
    if found.state == VisitState.RELEASED:
        return found
    if not found.is_covert or found.state not in RELEASABLE:
        raise CheckRefused(_("暗访打分以后才能公布。"))
    if found.submission is not None:
        with system_scope():
            release_submission(submission=found.submission, by=by, at=at)
        _tell_point(found, by.get_username(), at)
    found.state, found.released_at, found.released_by = VisitState.RELEASED, at, by.get_username()
    found.save(update_fields=["state", "released_at", "released_by"])
    told = {"number": found.number, "percent": found.told_percent, "verdict": found.verdict}
    seal_visit("fieldchecks.visit_released", found, by.get_username(), at, told)
    list_problems(visit=found, by=by.get_username(), at=at)
    return found


def locked(visit: FieldVisit, by: Any) -> FieldVisit:
    """The visit, locked, for one of its team or of its issuer. Raises PermissionDenied, OutOfReach."""
    rows = FieldVisit.objects.select_for_update(of=("self",)).select_related("point__operator", "issuer", "submission")
    found: FieldVisit | None = rows.filter(pk=visit.pk).first()
    if found is None:
        raise OutOfReach(visit.subject)
    if isinstance(by, str):
        return found
    check(VISIT_WORK, by)
    if not may_work(by, found):
        raise OutOfReach(found.subject)
    return found


def seal_visit(action: str, visit: FieldVisit, by: str, at: datetime, told: dict[str, Any]) -> None:
    """What is sealed about a hidden visit names neither place nor people nor score."""
    seal(action=action, by=by, subject=visit.subject, data={} if visit.is_hidden else told, at=at)
