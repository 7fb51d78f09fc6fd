"""A sheet that an official filled in becomes a visit, in the transaction that completed it (C-07)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from shian.domains.duties.actions.problems import report_faults
from shian.domains.duties.models import DutyVisit, Match, VisitFault, Way
from shian.domains.duties.queries.visit_numbers import numbers_at
from shian.domains.duties.queries.visits import Ground, ground_of, is_remote_allowed, match_meant, sheet_of
from shian.domains.duties.rules.visits import (
    Filing,
    Near,
    Quarter,
    Refusal,
    VisitNumbers,
    distance_m,
    nearness,
    refusals,
)
from shian.engine.forms.actions import SubmissionRefused
from shian.engine.forms.models import FormSubmission
from shian.kernel.files.models import StoredFile
from shian.kernel.notary.actions import seal
from shian.kernel.scope.walls import system_scope

WHY = {
    Refusal.REMOTE: gettext_lazy("“%(name)s”属于须到现场督导的主体，不能线上督导。请到现场后重新填写。"),
    Refusal.ALONE: gettext_lazy("您还没有参加包保培训，不能单独督导“%(name)s”。请填写陪同的同行人员。"),
}  # fmt: skip
FAULT = "no"
NEXT = "SELECT nextval(pg_get_serial_sequence('duties_dutyvisit', 'id'))"


def is_duty_sheet(form: str, day: date) -> bool:
    """Is the form one that officials fill in on their visits?"""
    return any(form in each.values() for each in numbers_at(day).sheets.values())


@transaction.atomic(savepoint=False)
def take_duty_sheet(*, sheet: FormSubmission, files: Mapping[str, StoredFile], at: datetime) -> DutyVisit | None:
    """The visit that the sheet records, with what came with it (`files`, by name); None where its sender answers for no
    such business. The same again changes nothing. What is allowed is judged by the day on which it was filled in.

    Raises SubmissionRefused for a remote visit where one must go, and for somebody without training who was alone:
    then nothing of the post is kept, and the phone tells why.
    """
    with system_scope():  # the program's own work, whoever sent the sheet
        day = timezone.localdate(min(sheet.ended_at or at, at))
        match = match_meant(sheet.user, sheet.assignment, str(sheet.answers.get("operator", "")), day)
        if match is None:
            return None
        numbers = numbers_at(day)
        if sheet.version.form.key != sheet_of(match, numbers):
            return None
        ground = ground_of(sheet.pk, match, day)
        if ground.visit is not None:
            return DutyVisit.objects.get(pk=ground.visit)
        return _recorded(match, sheet, files, ground, day, at)


def _recorded(
    match: Match, sheet: FormSubmission, files: Mapping[str, StoredFile], ground: Ground, day: date, at: datetime
) -> DutyVisit:
    answers, quarter, numbers = sheet.answers, Quarter.of(day), numbers_at(day)
    way = Way.REMOTE if answers.get("way") == Way.REMOTE else Way.ONSITE
    companion = str(answers.get("companion", "")).strip()[:60]
    filing = Filing(way == Way.REMOTE, is_remote_allowed(match, numbers), ground.is_trained, companion)
    if found := refusals(filing, numbers):
        raise SubmissionRefused("\n".join(str(WHY[each]) % {"name": match.operator.name} for each in found))
    faults = [each for each in sheet.version.definition.items if answers.get(each.name) == FAULT]
    number = _next_number()
    visit = DutyVisit(
        pk=number, uid=uuid4(), number=f"DB{day.year}-{number:07d}", operator=match.operator, official=match.official,
        match=match, tier=match.tier, quarter=quarter.key, visited_on=day, way=way, started_at=sheet.started_at,
        ended_at=sheet.ended_at or at, companion=companion, is_trained=ground.is_trained, form=sheet.version.form.key,
        submission=sheet, faults=len(faults), asked=answers.get("asked"), known=answers.get("known"),
        opinion=str(answers.get("opinion", "")), recorded_at=at, is_late=ground.is_closed,
        operator_signature=files.get(str(answers.get("signature_operator", ""))),
        official_signature=files.get(str(answers.get("signature_official", ""))),
        **_place(match, sheet, way, numbers), **_area(match),
    )  # fmt: skip
    visit.save(force_insert=True)
    if faults:
        VisitFault.objects.bulk_create(_fault(visit, each, answers, files) for each in faults)
    told = {
        "number": visit.number, "operator": match.operator.code, "official": match.official.code,
        "quarter": quarter.key, "sheet": sheet.instance_id, "way": str(way), "nearness": visit.nearness,
        "faults": len(faults),
    }  # fmt: skip
    by = sheet.user.get_username()
    seal(action="duties.visited", by=by, subject=visit.subject, data=told, at=at)
    if faults:
        report_faults(visit=visit, by=by, at=at)
    return visit


def _next_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute(NEXT)
        return int(cursor.fetchone()[0])


def _area(match: Match) -> dict[str, str]:
    operator = match.operator
    return {level: getattr(operator, level) for level in ("province", "city", "county", "township", "village")}


def _place(match: Match, sheet: FormSubmission, way: str, numbers: VisitNumbers) -> dict[str, Any]:
    """Where the sheet was filled in, and how far that is from the business; a remote visit is nowhere."""
    operator = match.operator
    if way == Way.REMOTE or sheet.lat is None or sheet.lon is None:
        return {"nearness": Near.UNKNOWN.value}
    distance = None
    if operator.lat is not None and operator.lon is not None:
        distance = distance_m(sheet.lat, sheet.lon, float(operator.lat), float(operator.lon))
    told = nearness(distance, sheet.accuracy, numbers.near_m)
    return {"lat": sheet.lat, "lon": sheet.lon, "accuracy": sheet.accuracy, "distance": distance,
            "nearness": told.value}  # fmt: skip


def _fault(visit: DutyVisit, item: Any, answers: dict[str, Any], files: Mapping[str, StoredFile]) -> VisitFault:
    fixed = answers.get("fixed") or []
    return VisitFault(
        visit=visit, item=item.name, label=item.label[:200], note=str(answers.get(f"{item.name}_note", "")),
        photo=files.get(str(answers.get(f"{item.name}_photo", ""))),
        is_fixed=item.name.replace("item_", "n") in fixed,
    )  # fmt: skip
