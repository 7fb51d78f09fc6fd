"""Findings become problems; problems are put right on the spot, or an order past its day proposes a case."""

from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.fieldchecks.actions.refusals import CheckRefused
from shian.domains.fieldchecks.models import FieldVisit, Finding
from shian.domains.fieldchecks.permissions import FILING_PROPOSE, VISIT_WORK
from shian.domains.fieldchecks.queries.problems import FILING, PROBLEM, overdue_orders, visit_of
from shian.domains.fieldchecks.queries.visits import may_work
from shian.domains.fieldchecks.rules.visits import Moments
from shian.engine.cases.actions import Evidence, Given, Opening, move_case, open_case
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.kernel.accounts.permissions import check
from shian.kernel.files.actions import store_file
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.walls import system_scope
from shian.kernel.ui.languages import language_of_record
from shian.registers.people.queries import unit_in_charge

PHOTOS = ("jpg", "png")
PROGRAM = "fieldchecks"
GRAVE, LATE = "性质严重", "逾期未改"
BEFORE, AFTER = "before", "after"


@transaction.atomic
def list_problems(*, visit: FieldVisit, by: str, at: datetime) -> list[Case]:
    """A problem for each finding that has none yet; the photo of the item is its state before. What the sheet shows to
    have been put right on the spot is closed at once, by the times of the sheet, whenever it arrived."""
    with system_scope(), language_of_record():  # whoever must put it right may sit beyond the finder's reach
        return [_listed(visit, each, by, at) for each in visit.findings.filter(problem__isnull=True)]


def _listed(visit: FieldVisit, finding: Finding, by: str, at: datetime) -> Case:
    moments = _on_the_spot(visit, finding)
    opening = _opening(visit, finding)
    case = open_case(declared=case_type(PROBLEM), opening=opening, by=by, at=moments.found_at if moments else at)
    finding.problem = case
    finding.save(update_fields=["problem"])
    if moments and finding.after:
        files = [Evidence(finding.after, f"{_('整改后')}.{finding.after.kind}", AFTER)]
        _fix(case, Given(note=_told(visit, moments), files=files), by, moments.put_right_at)
    return case


def _opening(visit: FieldVisit, finding: Finding) -> Opening:
    operator, photo = visit.point.operator, finding.photo
    return Opening(
        title=_("%(place)s：%(item)s") % {"place": visit.point.name[:90], "item": finding.label[:90]},
        area_key=visit.township or visit.area, issuer=visit.issuer, unit=unit_in_charge(visit.area),
        body=finding.note, source=visit.mode, subject=visit.subject,
        operator_code=operator.code if operator else "",
        data={
            "visit": visit.number, "place": visit.point.name, "item": finding.label, "severity": finding.severity,
        },
        files=[Evidence(photo, f"{_('整改前')}.{photo.kind}", BEFORE)] if photo else (),
        opened_on=None if visit.is_covert else visit.visited_on,
    )  # fmt: skip


def _on_the_spot(visit: FieldVisit, finding: Finding) -> Moments | None:
    """The times of a finding of an open check that both photos show to have been put right before the group left."""
    if visit.is_covert or not (finding.photo_id and finding.after_id and finding.found_at and finding.put_right_at):
        return None
    told = (finding.found_at, finding.put_right_at, visit.ended_at or finding.put_right_at)
    moments = Moments(*map(timezone.localtime, told))
    return moments if moments.is_on_the_spot else None


def _told(visit: FieldVisit, moments: Moments) -> str:
    """What the photos of the sheet prove, and how far their clock is known."""
    clock = visit.submission.clock if visit.submission else None
    ahead = _("未知") if clock is None else _("%(seconds)s 秒") % {"seconds": f"{clock:+.0f}"}
    times = [f"{each:%Y-%m-%d %H:%M:%S}" for each in (moments.found_at, moments.put_right_at)]
    words = _("检查组离开前已改正：整改前照片 %(before)s，整改后照片 %(after)s，设备时钟误差 %(ahead)s（已扣除）。")
    return words % {"before": times[0], "after": times[1], "ahead": ahead}


def _fix(problem: Case, given: Given, by: str, at: datetime) -> None:
    declared = case_type(PROBLEM)
    step = declared.step("fix")
    move_case(declared=declared, case=problem, step=step, seen=problem.version, given=given, by=by, at=at)


@transaction.atomic
def correct_on_spot(
    *, problem: Case, after: BinaryIO, before: BinaryIO | None, note: str, by: Any, at: datetime
) -> Case:
    """The operator put it right before the group left: both photos, on the day of the check; the group confirms.

    Raises PermissionDenied, OutOfReach, CheckRefused, FileRefused, CaseRefused.
    """
    check(VISIT_WORK, by)
    visit = visit_of(problem)
    if visit is None or not may_work(by, visit):
        raise OutOfReach(f"cases.case:{problem.pk}")
    if problem.state != "found":
        raise CheckRefused(_("这个问题已经处理。"))
    files = [
        Evidence(store_file(name=f"{kind}.jpg", stream=stream, kinds=PHOTOS, by=by.get_username(), at=at), title, kind)
        for kind, title, stream in ((BEFORE, str(_("整改前")), before), (AFTER, str(_("整改后")), after))
        if stream is not None
    ]
    with system_scope():
        _fix(problem, Given(note=note, files=files), by.get_username(), at)
    return problem


@transaction.atomic
def propose_filing(*, problem: Case, reason: str, by: Any, at: datetime) -> Case:
    """Propose a case because of a problem: it stays open until that case is closed; one case at a time.

    Raises PermissionDenied, OutOfReach, CheckRefused.
    """
    name = by if isinstance(by, str) else by.get_username()
    if not isinstance(by, str):
        check(FILING_PROPOSE, by)
        if not Case.objects.visible_to(by).filter(pk=problem.pk).exists():
            raise OutOfReach(f"cases.case:{problem.pk}")
    with system_scope():
        locked = Case.objects.select_for_update(of=("self",)).select_related("issuer").get(pk=problem.pk)
        if not locked.is_open:
            raise CheckRefused(_("问题已经销号，不能建议立案。"))
        if Case.objects.filter(parent=locked, type=FILING, is_open=True).exists():
            raise CheckRefused(_("这个问题已有一件未办结的案件。"))
        return open_case(declared=case_type(FILING), opening=_filing(locked, reason), by=name, at=at)


def _filing(problem: Case, reason: str) -> Opening:
    return Opening(
        title=problem.title, area_key=problem.area, issuer=problem.issuer,
        unit=unit_in_charge(problem.county or problem.area),
        body=problem.body, subject=problem.subject, operator_code=problem.operator_code, parent=problem,
        data={"place": problem.data.get("place", ""), "grounds": reason},
    )  # fmt: skip


def propose_overdue_filings(*, at: datetime) -> list[Case]:
    """An order past its day proposes a case, once; a proposal that was declined is not made again by itself."""
    with system_scope():
        late = list(overdue_orders(timezone.localdate(at)))
    return [propose_filing(problem=each, reason=LATE, by=PROGRAM, at=at) for each in late]
