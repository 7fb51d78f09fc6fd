"""One-click reports: check and send, accept or return."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.translation import gettext as _

from shian.domains.campaign.models import Submission, SubmissionState
from shian.domains.campaign.permissions import SUBMISSION_DECIDE, SUBMISSION_SEND
from shian.domains.campaign.queries.contents import Gap, contents_of
from shian.domains.campaign.queries.submissions import standing_submission
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import columns_of_key
from shian.kernel.ui.languages import language_of_record
from shian.registers.people.models import Organisation


class SubmissionRefused(ValueError):
    """The report cannot take this step; the text says why."""


class SubmissionIncomplete(SubmissionRefused):
    """Something is missing: nothing was sent."""

    def __init__(self, missing: Sequence[Gap]) -> None:
        super().__init__(_("还缺 %(count)s 项，没有提报。") % {"count": len(missing)})
        self.missing = missing


@transaction.atomic
def send_submission(*, unit: Organisation, monday: date, by: Any, at: datetime) -> Submission:
    """Check all that the unit owes this week and send it, or send nothing.

    Raises SubmissionIncomplete with what is missing, SubmissionRefused, PermissionDenied, OutOfReach.
    """
    name = acting(SUBMISSION_SEND, by)
    if not isinstance(by, str) and unit.code not in reach_of(by).organisations:
        raise OutOfReach(f"people.organisation:{unit.code}")
    Organisation.objects.select_for_update().get(pk=unit.pk)
    before = standing_submission(unit, monday)
    if before is not None and before.state != SubmissionState.RETURNED:
        raise SubmissionRefused(_("本周已提报，回执编号 %(number)s。") % {"number": before.receipt_no})
    if missing := [gap for _content, state in contents_of(unit, monday) for gap in state.missing]:
        raise SubmissionIncomplete(missing)
    with language_of_record():
        contents = [
            {"key": content.key, "title": force_str(content.title), "lines": list(state.lines)}
            for content, state in contents_of(unit, monday)
        ]
    sent = Submission.objects.create(
        **columns_of_key(unit.area), unit=unit, monday=monday, attempt=before.attempt + 1 if before else 1,
        receipt_no=_receipt(unit, timezone.localdate(at).year), contents=contents, sent_at=at, sent_by=name,
    )  # fmt: skip
    _seal("campaign.submission_sent", sent, name, at, contents=contents)
    return sent


@transaction.atomic
def accept_submission(*, submission: Submission, by: Any, at: datetime) -> Submission:
    """The office has received it. Raises SubmissionRefused, PermissionDenied, OutOfReach."""
    return _decide(submission, SubmissionState.ACCEPTED, "", by, at)


@transaction.atomic
def return_submission(*, submission: Submission, reason: str, by: Any, at: datetime) -> Submission:
    """Back to the unit, which sends again. Raises SubmissionRefused, PermissionDenied, OutOfReach."""
    if not reason.strip():
        raise SubmissionRefused(_("请写明退回的理由。"))
    return _decide(submission, SubmissionState.RETURNED, reason.strip(), by, at)


def _decide(submission: Submission, state: SubmissionState, reason: str, by: Any, at: datetime) -> Submission:
    locked = Submission.objects.select_for_update().get(pk=submission.pk)
    name = acting(SUBMISSION_DECIDE, by, locked.area)
    if locked.state != SubmissionState.SUBMITTED:
        raise SubmissionRefused(_("此提报现在是“%(state)s”，不能这样办理。") % {"state": locked.get_state_display()})
    locked.state, locked.return_reason, locked.decided_at, locked.decided_by = state, reason, at, name
    locked.save(update_fields=["state", "return_reason", "decided_at", "decided_by"])
    _seal(f"campaign.submission_{state.value}", locked, name, at, reason=reason)
    return locked


def _receipt(unit: Organisation, year: int) -> str:
    """The next number of the unit's series; its row is locked until the commit."""
    count = Submission.objects.filter(unit=unit, sent_at__year=year).count()
    return f"提报〔{year}〕{unit.code}-{count + 1:03d}"


def _seal(action: str, submission: Submission, by: str, at: datetime, **said: Any) -> None:
    data = {"unit": submission.unit_id, "week": submission.monday.isoformat(), "receipt_no": submission.receipt_no}
    seal(action=action, by=by, subject=f"campaign.submission:{submission.pk}", data={**data, **said}, at=at)
