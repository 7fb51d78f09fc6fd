"""The ladder: cases whose day has come are claimed by one conditional UPDATE, so that two workers never act twice."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from shian.engine.cases.actions.clocks import parameters_of
from shian.engine.cases.actions.requests import record_request
from shian.engine.cases.actions.sealing import ESCALATE, REMIND, show, write
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.cases.people import audience_of
from shian.engine.cases.rules import Rung, next_rung, reached
from shian.kernel.notices.actions import send_notices
from shian.kernel.notices.actions.inbox import Draft
from shian.kernel.notices.ladders import Wording
from shian.kernel.notices.models import NoticeLevel
from shian.kernel.notices.queries import administrators
from shian.kernel.ui.languages import language_of_record
from shian.kernel.ui.states import Text
from shian.kernel.workdays.queries import calendar

WORKER, RULE = "worker", "cases.ladder"
AT_ONCE = 200
# Who claims a case puts its next rung out of reach until the commit; a worker that dies gives it back.
CLAIM = """
UPDATE cases_case SET next_rung_on = NULL WHERE id IN (
    SELECT id FROM cases_case WHERE next_rung_on <= %s AND is_open
    ORDER BY next_rung_on, id LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id
"""
WORDINGS = {
    NoticeLevel.SOON: Wording(
        gettext_noop("%(kind_term)s将到期：%(number)s %(title)s"), gettext_noop("期限 %(due_on)s，请按时办理。")
    ),
    NoticeLevel.DUE: Wording(
        gettext_noop("%(kind_term)s今日到期：%(number)s %(title)s"), gettext_noop("期限为 %(due_on)s。")
    ),
    NoticeLevel.OVERDUE: Wording(
        gettext_noop("%(kind_term)s逾期：%(number)s %(title)s"), gettext_noop("期限 %(due_on)s 已过，请尽快办理。")
    ),
    NoticeLevel.ESCALATED: Wording(
        gettext_noop("%(kind_term)s逾期升级：%(number)s %(title)s"),
        gettext_noop("期限 %(due_on)s 已过，仍未办结，现升至第 %(level)s 级。"),
    ),
}


def climb_ladders(*, at: datetime) -> int:
    """Every case whose rung's day has come, some hundred in a transaction; how many cases climbed."""
    climbed = 0
    while part := _climb_some(at):
        climbed += part
    return climbed


@transaction.atomic
def _climb_some(at: datetime) -> int:
    today = timezone.localdate(at)
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [today, AT_ONCE])
        claimed = [row[0] for row in cursor.fetchall()]
    cases = Case.objects.filter(pk__in=claimed).select_related("owner").order_by("pk")
    drafts = [draft for case in cases for draft in _climb(case, today, at)]
    send_notices(drafts=drafts, by=WORKER, at=at)
    return len(claimed)


def _climb(case: Case, today: date, at: datetime) -> list[Draft]:
    """The highest rung reached is told; those below it that nobody ran for are passed in silence."""
    if case.due_on is None:
        return []
    ladder, days = parameters_of(case).ladder, calendar()
    rungs = reached(ladder, case.due_on, today, days, climbed=case.climbed)
    behind = case.climbed + len(rungs)
    following, _rung = next_rung(ladder, case.due_on, days, climbed=behind)
    if not rungs:  # claimed too early: it waits for its day again
        show(case, {"next_rung_on": following})
        return []
    top = rungs[-1]
    level = max(case.level, top.level)
    write(case, case.version, {"climbed": behind, "level": level, "next_rung_on": following}, at)
    told = {"rung_level": top.level, "to": top.to.value, "due_on": case.due_on.isoformat()}
    record_request(case, ESCALATE if top.level else REMIND, WORKER, "", "", told, at)
    return [_draft(case, top, _people(case, [rung.to for rung in rungs if rung.level == top.level]), today)]


def _people(case: Case, audiences: Sequence[Any]) -> list[int]:
    found = dict.fromkeys(user for audience in audiences for user in audience_of(case, audience))
    return list(found) or list(administrators())


def _draft(case: Case, rung: Rung, people: list[int], today: date) -> Draft:
    level = _level(case, rung, today)
    params = {
        "kind_term": _msgid(case_type(case.type).title),
        "number": case.number, "title": case.title, "level": rung.level,
        "due_on": case.due_on.isoformat() if case.due_on else "",
    }  # fmt: skip
    link = reverse("cases:case_detail", args=[case.pk])
    return Draft(people, RULE, f"cases.case:{case.pk}", level, WORDINGS[level], params, link, case.due_on)


def _level(case: Case, rung: Rung, today: date) -> NoticeLevel:
    if rung.level > 1:
        return NoticeLevel.ESCALATED
    if case.due_on is None or today < case.due_on:
        return NoticeLevel.SOON
    return NoticeLevel.DUE if today == case.due_on else NoticeLevel.OVERDUE


def _msgid(text: Text) -> str:
    """The message id of a title, which each reader reads in their own language."""
    with language_of_record():
        return str(text)
