"""Climbing the ladders: each rung of each matter is sent once, by whichever worker comes first."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from shian.kernel.jobs.queue import defer
from shian.kernel.notices.actions.inbox import Draft, send_notices
from shian.kernel.notices.ladders import Matter, ReminderRule, Rung, Wording, rules
from shian.kernel.notices.queries import administrators
from shian.kernel.notices.rules import reached
from shian.kernel.workdays.queries import calendar

logger = logging.getLogger(__name__)
SENDER, JOB = "worker", "notices.run_rule"
AT_ONCE = 5  # matters of one rung that a user hears of singly; more of them share one notice
Reached = list[tuple[Matter, Rung]]
Climbed = list[tuple[Matter, list[Rung]]]
Key = tuple[str, date, str]

CLAIM = """
INSERT INTO notices_reachedrung (rule, subject, due_on, rung, reached_at, is_silent)
SELECT %s, subject, due_on, rung, %s, is_silent
FROM unnest(%s::text[], %s::date[], %s::text[], %s::boolean[]) AS n (subject, due_on, rung, is_silent)
WHERE NOT EXISTS (SELECT 1 FROM notices_reachedrung r WHERE r.rule = %s AND r.subject = n.subject
                  AND r.due_on = n.due_on AND r.rung = n.rung)
ORDER BY subject, due_on, rung
ON CONFLICT (rule, subject, due_on, rung) DO NOTHING
RETURNING subject, due_on, rung
"""


def run_rules(*, prompt: bool, at: datetime) -> dict[str, int]:
    """Every rule of the kind, each in its own transaction: rule → notices sent.

    A rule that fails does not keep the others; its error is raised at the end, so that the job is seen to have failed.
    """
    sent: dict[str, int] = {}
    failed: Exception | None = None
    for rule in rules(prompt=prompt):
        try:
            sent[rule.key] = run_rule(rule=rule, at=at)
        except Exception as error:
            logger.exception("The reminders of %s failed.", rule.key)
            failed = error
    if failed is not None:
        raise failed
    return sent


@transaction.atomic
def ask_rule(*, key: str) -> bool:
    """Have the worker run one rule as soon as it can, in the caller's transaction; False while it waits already."""
    return defer(JOB, lock=f"notices-{key}", key=key)


@transaction.atomic
def run_rule(*, rule: ReminderRule, at: datetime) -> int:
    """Send what the rule's open matters have reached by now and nobody has sent; how many notices.

    After days without a run only the highest rung of a matter is sent, the ones below are written down in silence. A
    rung without a recipient goes to the administrators.
    """
    today, days = timezone.localdate(at), calendar()
    open_now = {(matter.subject, matter.due_on): matter for matter in rule.matters(today)}.values()
    climbed = [(matter, rungs) for matter in open_now if (rungs := reached(rule.ladder, matter.due_on, today, days))]
    fresh = _claim(rule, climbed, at)
    due = [(matter, rungs[-1]) for matter, rungs in climbed if (matter.subject, matter.due_on, rungs[-1].name) in fresh]
    return send_notices(drafts=_drafts(rule, due), by=SENDER, at=at)


def _claim(rule: ReminderRule, climbed: Climbed, at: datetime) -> set[Key]:
    """Write the rungs down; those that were not there before. A second worker waits here, then finds them all."""
    rows = [
        (matter.subject, matter.due_on, rung.name, rung is not rungs[-1]) for matter, rungs in climbed for rung in rungs
    ]
    if not rows:
        return set()
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [rule.key, at, *columns, rule.key])
        return set(cursor.fetchall())


def _drafts(rule: ReminderRule, due: Reached) -> list[Draft]:
    """Single notices, or one for all where a user would get many at once."""
    by_reader: dict[tuple[int, Rung], list[Matter]] = defaultdict(list)
    for matter, rung in due:
        for user in _people(rule, matter, rung):
            by_reader[user, rung].append(matter)
    readers: dict[tuple[Matter, Rung], list[int]] = defaultdict(list)
    bundles: list[Draft] = []
    for (user, rung), matters in by_reader.items():
        if len(matters) > AT_ONCE:
            bundles.append(_bundle(rule, rung, matters, user))
            continue
        for matter in matters:
            readers[matter, rung].append(user)
    return [*(_single(rule, matter, rung, users) for (matter, rung), users in readers.items()), *bundles]


def _people(rule: ReminderRule, matter: Matter, rung: Rung) -> Iterable[int]:
    return dict.fromkeys(rule.recipients(matter, rung.to) or administrators())


def _single(rule: ReminderRule, matter: Matter, rung: Rung, users: list[int]) -> Draft:
    params = {"due_on": matter.due_on.isoformat(), **matter.params}
    return Draft(users, rule.key, matter.subject, rung.level, rule.wording_of(rung), params, matter.link, matter.due_on)


def _bundle(rule: ReminderRule, rung: Rung, matters: list[Matter], user: int) -> Draft:
    first = min(matter.due_on for matter in matters)
    link = reverse(rule.list_url_name) if rule.list_url_name else ""
    subject = f"notices.rule:{rule.key}"
    return Draft([user], rule.key, subject, rung.level, Wording(rule.bundled), {"count": len(matters)}, link, first)
