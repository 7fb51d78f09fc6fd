"""A paper's way: drafted, approved by a meeting, issued to units, acknowledged by each, asked for again."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shian.domains.campaign.models import Paper, PaperReceipt, PaperState
from shian.domains.campaign.permissions import PAPER_ACKNOWLEDGE, PAPER_WRITE
from shian.domains.campaign.queries.liaisons import officers_of
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.notices.actions import Draft, send_notices
from shian.kernel.notices.ladders import Wording
from shian.kernel.notices.models import NoticeLevel
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import columns_of_key
from shian.registers.people.models import Organisation

RULE = "campaign.papers"
ISSUED = Wording(gettext_noop("新文件待签收：%(title)s"), gettext_noop("%(doc_no)s 已印发，请签收。"))
ASKED = Wording(gettext_noop("请签收文件：%(title)s"), gettext_noop("%(doc_no)s 于 %(sent_on)s 发送，尚未签收。"))


class PaperRefused(ValueError):
    """The paper cannot take this step; the text says why."""


@transaction.atomic
def draft_paper(*, area_key: str, told: Mapping[str, Any], by: Any, at: datetime) -> Paper:
    """A new draft; `told` are fields of the model. The version follows the paper that it replaces.

    Raises PermissionDenied, OutOfReach, PaperRefused.
    """
    name = acting(PAPER_WRITE, by, area_key)
    replaced = told.get("supersedes")
    version = replaced.version + 1 if replaced else 1
    if replaced and Paper.objects.filter(supersedes=replaced).exists():
        raise PaperRefused(_("%(paper)s 已有替代文件，请替代它的最新版本。") % {"paper": replaced.doc_no})
    if Paper.objects.filter(doc_no=told["doc_no"], version=version).exists():
        raise PaperRefused(_("这个文号的这一版本已经登记。"))
    paper = Paper.objects.create(**{**told, "version": version}, **columns_of_key(area_key))
    data = {"title": paper.title, "supersedes": replaced.doc_no if replaced else "", "file": paper.file_name}
    _seal("campaign.paper_drafted", paper, name, at, **data)
    return paper


@transaction.atomic
def approve_paper(*, paper: Paper, meeting: str, on: date, by: Any, at: datetime) -> Paper:
    """A meeting has approved the draft. Raises PermissionDenied, OutOfReach, PaperRefused."""
    name = acting(PAPER_WRITE, by, paper.area)
    locked = _locked(paper, PaperState.DRAFT)
    if on > timezone.localdate(at):
        raise PaperRefused(_("审定日期不能晚于今天。"))
    locked.state, locked.approved_on, locked.approved_at_meeting = PaperState.APPROVED, on, meeting.strip()
    locked.save(update_fields=["state", "approved_on", "approved_at_meeting"])
    _seal("campaign.paper_approved", locked, name, at, meeting=locked.approved_at_meeting, on=on.isoformat())
    return locked


@transaction.atomic
def issue_paper(*, paper: Paper, units: Sequence[Organisation], by: Any, at: datetime) -> int:
    """Send the paper to these units; the one that it replaces is superseded. How many officers were told.

    Raises PermissionDenied, OutOfReach, PaperRefused.
    """
    name = acting(PAPER_WRITE, by, paper.area)
    locked, today = _locked(paper, PaperState.APPROVED), timezone.localdate(at)
    if not units:
        raise PaperRefused(_("请选择收文单位。"))
    locked.state, locked.issued_on = PaperState.ISSUED, today
    locked.save(update_fields=["state", "issued_on"])
    PaperReceipt.objects.bulk_create(PaperReceipt(paper=locked, unit=each, sent_on=today) for each in units)
    _seal("campaign.paper_issued", locked, name, at, units=sorted(each.code for each in units))
    return _tell(locked, [each.code for each in units], ISSUED, NoticeLevel.INFO, name, at)


@transaction.atomic
def acknowledge_paper(*, paper: Paper, by: Any, at: datetime) -> int:
    """The user's units have the paper; for how many units. Raises PermissionDenied, OutOfReach, PaperRefused."""
    name, today = acting(PAPER_ACKNOWLEDGE, by), timezone.localdate(at)
    units = reach_of(by).organisations
    rows = PaperReceipt.objects.filter(paper=paper, unit__code__in=units)
    if not rows.exists():
        raise OutOfReach(f"campaign.paper:{paper.pk}")
    waiting = rows.filter(acknowledged_on__isnull=True)
    codes = sorted(waiting.values_list("unit__code", flat=True))
    if not waiting.update(acknowledged_on=today, acknowledged_by=name):
        raise PaperRefused(_("本单位已经签收。"))
    _seal("campaign.paper_acknowledged", paper, name, at, units=codes)
    return len(codes)


@transaction.atomic
def remind_paper(*, paper: Paper, by: Any, at: datetime) -> int:
    """Ask the units that have not acknowledged the paper; how many officers were told.

    Raises PermissionDenied, OutOfReach, PaperRefused.
    """
    name = acting(PAPER_WRITE, by, paper.area)
    codes = sorted(
        PaperReceipt.objects.filter(paper=paper, acknowledged_on__isnull=True).values_list("unit__code", flat=True)
    )
    if not codes:
        raise PaperRefused(_("各单位都已签收。"))
    _seal("campaign.paper_reminded", paper, name, at, units=codes)
    return _tell(paper, codes, ASKED, NoticeLevel.DUE, name, at)


def _locked(paper: Paper, wanted: PaperState) -> Paper:
    found: Paper = Paper.objects.select_for_update().get(pk=paper.pk)
    if found.state != wanted:
        raise PaperRefused(_("文件现在是“%(state)s”，不能这样办理。") % {"state": found.get_state_display()})
    return found


def _tell(paper: Paper, codes: Sequence[str], wording: Wording, level: str, by: str, at: datetime) -> int:
    today = timezone.localdate(at)
    users = sorted({user for found in officers_of(codes, today).values() for user in found})
    params = {"title": paper.title, "doc_no": paper.doc_no, "sent_on": str(paper.issued_on)}
    link = reverse("campaign:paper_detail", args=[paper.pk])
    draft = Draft(users, RULE, f"campaign.paper:{paper.pk}", level, wording, params, link)
    return send_notices(drafts=[draft], by=by, at=at)


def _seal(action: str, paper: Paper, by: str, at: datetime, **said: Any) -> None:
    data = {"doc_no": paper.doc_no, "version": paper.version, **said}
    seal(action=action, by=by, subject=f"campaign.paper:{paper.pk}", data=data, at=at)
