"""A sheet that was filled in becomes the record of its visit, in the transaction that completed it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from shian.domains.fieldchecks.actions.visits import filed, seal_visit
from shian.domains.fieldchecks.models import FieldVisit, Finding, VisitState
from shian.domains.fieldchecks.models.visits import BEFORE_SHEET
from shian.domains.fieldchecks.queries.visits import lacks_of, open_visit_of
from shian.domains.fieldchecks.rules.visits import true_moment
from shian.engine.forms.definition import Definition
from shian.engine.forms.models import FormSubmission
from shian.engine.forms.page_posts import read_moment
from shian.engine.forms.scoring import Verdict, item_score
from shian.kernel.files.models import StoredFile
from shian.kernel.scope.walls import system_scope

SIGNATURES = {"signature_operator": "operator_signature", "signature_team": "team_signature"}
OPINION = "opinion"


@transaction.atomic(savepoint=False)
def take_sheet(*, submission: int, user: int, form: str, key: str, at: datetime) -> FieldVisit | None:
    """The visit that the submission fulfils, with its score, place, times, findings and signatures; an overt one that
    lacks nothing is closed at once. `key`: of an assignment or of the point's entity. None where the submission fulfils
    no visit of its sender's that waits for this form, or has fulfilled one before.
    """
    with system_scope():  # the program's own work, whoever sent the sheet
        number = open_visit_of(user, form, key)
        if number is None or FieldVisit.objects.filter(submission=submission).exists():
            return None
        visit = FieldVisit.objects.select_for_update(of=("self",)).get(pk=number)
        if visit.state not in BEFORE_SHEET:
            return None
        sheet = FormSubmission.objects.select_related("version__form", "user").get(pk=submission)
        return _taken(visit, sheet, at)


def _taken(visit: FieldVisit, sheet: FormSubmission, at: datetime) -> FieldVisit:
    definition, files = sheet.version.definition, _files(sheet)
    ended = true_moment(sheet.ended_at or at, sheet.clock, at)
    visit.submission, visit.percent, visit.verdict = sheet, sheet.percent, sheet.verdict or Verdict.NONE
    visit.visited_on = timezone.localdate(ended)
    visit.started_at = true_moment(sheet.started_at, sheet.clock, at) if sheet.started_at else visit.arrived_at
    visit.ended_at = ended
    visit.arrived_at = visit.arrived_at or visit.started_at or at
    if sheet.lat is not None:
        visit.lat, visit.lon, visit.accuracy = sheet.lat, sheet.lon, sheet.accuracy
    visit.opinion = str(sheet.answers.get(OPINION, ""))
    visit.state = VisitState.SCORED if visit.is_covert else VisitState.CHECKED
    for question, column in SIGNATURES.items():
        if not visit.is_covert and (stored := files.get(str(sheet.answers.get(question, "")))):
            setattr(visit, column, stored)
    if visit.operator_signature_id and visit.team_signature_id:
        visit.state, visit.signed_at = VisitState.SIGNED, ended
    visit.save()
    Finding.objects.bulk_create(_findings(visit, definition, sheet, files, at))
    told = {"number": visit.number, "sheet": sheet.instance_id, "percent": visit.told_percent, "verdict": visit.verdict}
    seal_visit("fieldchecks.visit_checked", visit, sheet.user.get_username(), at, told)
    return visit if visit.is_covert or lacks_of(visit) else filed(visit, sheet.user.get_username(), at)


def _files(sheet: FormSubmission) -> dict[str, StoredFile]:
    return {each.name: each.stored for each in sheet.attachments.select_related("stored")}


def _findings(
    visit: FieldVisit, form: Definition, sheet: FormSubmission, files: dict[str, StoredFile], at: datetime
) -> list[Finding]:
    """The items that lost points, in the order of the sheet."""
    answers, found = sheet.answers, []
    for item in form.items:
        score = item_score(form, item, answers[item.name]) if answers.get(item.name) not in (None, "", []) else None
        if score is None or not score.lost:
            continue
        pictures = [str(answers.get(f"{item.name}_{each}", "")) for each in ("photo", "after")]
        before, after = (_taken_at(sheet, name, at) for name in pictures)
        photo, put_right = (files.get(name) for name in pictures)
        found.append(Finding(
            visit=visit, item=item.name, label=item.label[:200], is_key=item.key_item, points=item.full,
            earned=score.earned, note=str(answers.get(f"{item.name}_note", "")), photo=photo, after=put_right,
            found_at=before, put_right_at=after if put_right else None,
        ))  # fmt: skip
    return found


def _taken_at(sheet: FormSubmission, name: str, at: datetime) -> datetime:
    """When the page took a photo; of one that tells nothing (ODK, or none), when the sheet was finished."""
    told = read_moment(sheet.photos.get(name, {}).get("taken_at")) or sheet.ended_at or at
    return true_moment(told, sheet.clock, at)
