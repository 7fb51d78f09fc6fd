"""Issuing the weekly notice of a reception: what is counted that moment stays as it was said."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shian.domains.campaign.models import NoticeLine, WeeklyNotice
from shian.domains.campaign.permissions import RECEPTION_PLAN
from shian.domains.campaign.queries.receptions import RECEPTION, Tally, tally_of
from shian.domains.campaign.rules.receptions import Movement, ties
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.cases.people import staff_of
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.notices.actions import Draft, send_notices
from shian.kernel.notices.ladders import Wording
from shian.kernel.notices.models import NoticeLevel
from shian.kernel.scope.rules import columns_of_key
from shian.kernel.ui.languages import language_of_record

RULE = "campaign.weekly_notices"
ISSUED = Wording(
    gettext_noop("%(title)s整改周通报（第 %(number)s 期）"),
    gettext_noop("未销号 %(open)s 个，其中逾期 %(overdue)s 个。"),
)


class NoticeRefused(ValueError):
    """No notice can be issued now; the text says why."""


@transaction.atomic
def issue_weekly_notice(*, reception: Case, demands: str, by: Any, at: datetime) -> WeeklyNotice:
    """Count the problem ledger, write the numbers and every line down for good, seal them.

    Two at the same moment: the reception's row is locked, so the second finds the notice of the day and is refused.
    Raises NoticeRefused, PermissionDenied, OutOfReach.
    """
    locked = Case.objects.select_for_update(of=("self",)).get(pk=reception.pk, type=RECEPTION)
    name, today = acting(RECEPTION_PLAN, by, locked.area), timezone.localdate(at)
    tally = tally_of(locked, today)
    if not locked.is_open:
        raise NoticeRefused(_("迎检已经结束，不再印发周通报。"))
    if not tally.moved:
        raise NoticeRefused(_("还没有登记反馈的问题，没有可通报的内容。"))
    if tally.before and tally.before.as_of >= today:
        raise NoticeRefused(_("%(day)s 的通报已经印发；同一天只印发一期。") % {"day": tally.before.as_of})
    if not ties(tally.counts):
        raise NoticeRefused(_("增减与问题台账不平，不能印发。请联系管理员核查。"))
    notice = WeeklyNotice.objects.create(
        reception=locked, number=tally.before.number + 1 if tally.before else 1, as_of=today,
        since=tally.before.as_of if tally.before else None, demands=demands.strip(), counts=tally.counts,
        issued_at=at, issued_by=name, **columns_of_key(locked.area),
    )  # fmt: skip
    NoticeLine.objects.bulk_create(_lines(notice, tally))
    seal(
        action="campaign.weekly_notice_issued", by=name, subject=f"campaign.weeklynotice:{notice.pk}", at=at,
        data={"reception": locked.number, "number": notice.number, "counts": tally.counts, "demands": notice.demands,
              "open": sorted(each.case for each in tally.moved if each.is_open)},
    )  # fmt: skip
    _tell(notice, tally, name, at)
    return notice


def _tell(notice: WeeklyNotice, tally: Tally, by: str, at: datetime) -> None:
    """Whoever has an open problem in it reads it: the staff of those units, each once."""
    units = {tally.cases[each.case].unit_id for each in tally.moved if each.is_open}
    users = sorted({user for unit in units if unit for user in staff_of(unit)})
    params = {"title": notice.reception.title, "number": notice.number, "open": notice.counts["open"],
              "overdue": notice.counts["overdue"]}  # fmt: skip
    link = reverse("campaign:weekly_notice_detail", args=[notice.pk])
    draft = Draft(users, RULE, f"campaign.weeklynotice:{notice.pk}", NoticeLevel.DUE, ISSUED, params, link)
    send_notices(drafts=[draft], by=by, at=at)


def _lines(notice: WeeklyNotice, tally: Tally) -> list[NoticeLine]:
    return [_line(notice, tally.cases[each.case], each) for each in tally.moved]


def _line(notice: WeeklyNotice, case: Case, moved: Movement) -> NoticeLine:
    with language_of_record():
        state = str(next(each.title for each in case_type(case.type).states if each.key == case.state))
    return NoticeLine(
        notice=notice, case=case, title=case.title, unit_name=case.unit.name[:100] if case.unit else "",
        state_label=state[:20], due_on=case.due_on, is_open=moved.is_open, is_overdue=moved.is_overdue,
        is_new=moved.is_new, is_closed=moved.is_closed, is_reopened=moved.is_reopened, is_withdrawn=moved.is_withdrawn,
    )  # fmt: skip
