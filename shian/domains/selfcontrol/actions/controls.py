"""The officer's day: recorded once, item by item; closed days declared; problems put right."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from shian.domains.selfcontrol.actions.refusals import DutyRefused
from shian.domains.selfcontrol.actions.steps import acting_for, seal_own
from shian.domains.selfcontrol.models import (
    Closure,
    DailyControl,
    DayResult,
    Decision,
    OwnProblem,
    ProblemSource,
    RiskList,
)
from shian.domains.selfcontrol.permissions import EVERYBODY, MANAGERS
from shian.domains.selfcontrol.queries.accounts import managers_of
from shian.domains.selfcontrol.queries.controls import (
    DayItem,
    closures_of,
    items_of_day,
    items_shown,
    record_of,
)
from shian.domains.selfcontrol.queries.lists import list_in_force, list_shown
from shian.domains.selfcontrol.queries.numbers import CONTROLS
from shian.domains.selfcontrol.rules.controls import (
    PASS,
    PROBLEM,
    Kept,
    NotTaken,
    clock_off,
    judged_on,
    lateness,
    made_at,
    missing_answers,
)
from shian.kernel.notices.actions import Draft, send_notices
from shian.kernel.notices.ladders import Wording
from shian.registers.operators.models import Operator

LONGEST = timedelta(days=366)
FOUND = Wording(gettext_noop("日管控发现问题：%(name)s"), gettext_noop("%(day)s 发现 %(count)s 个问题，请核对处置。"))


@transaction.atomic
def record_day(
    *, operator: Operator, day: date, answers: Mapping[str, str], notes: Mapping[str, str],
    measures: Mapping[str, str], by: Any, at: datetime, kept: Kept | None = None,
) -> DailyControl:  # fmt: skip
    """The record of a day: an answer for every item of the list in force and every open decision. `kept`: it was made
    on a phone off line; the phone's list and time count (rules.controls.judged_on), the time of receipt stays beside.

    A problem opens an OwnProblem (put right at once where `measures` says how) and tells principal and director. The
    same day again changes nothing and returns the first record. Raises OutOfReach; DutyRefused without a list,
    with items unanswered, a problem undescribed, a day to come or one too long ago.
    """
    acting_for(by, operator, EVERYBODY, at)
    if (known := record_of(operator, day)) is not None:
        return known
    listed, items = _asked(operator, day, kept)
    _check(items, answers, notes)
    is_late, is_backfilled = _lateness(day, at, kept)
    found = [each for each in items if not each.decision and answers[each.key] == PROBLEM]
    keep_month(day)
    record = DailyControl(
        operator=operator, day=day, province=operator.province, city=operator.city, county=operator.county,
        township=operator.township, village=operator.village, problems=len(found), list_version=listed.version,
        result=DayResult.PROBLEM if found else DayResult.CLEAR, answers=dict(answers), is_late=is_late,
        is_backfilled=is_backfilled, is_reported=bool(found), recorded_at=at, recorded_by=by.get_username(),
        noted_at=kept.noted_at if kept else None, clock=clock_off(kept, at) if kept else None,
    )  # fmt: skip
    DailyControl.objects.bulk_create([record], ignore_conflicts=True)
    first = DailyControl.objects.get(operator=operator, day=day)
    if first.recorded_at != at or first.recorded_by != record.recorded_by:
        return first  # somebody was quicker
    _open_problems(record, found, notes, measures)
    _close_decisions(items, answers, record)
    told = {"day": day.isoformat(), "result": str(record.result), "answers": dict(answers), "late": is_late}
    told |= {"noted_at": kept.noted_at.isoformat(), "clock": record.clock} if kept else {}
    seal_own("day_recorded", operator, record.recorded_by, at, told)
    if found:
        _tell_managers(operator, day, len(found), by, at)
    return record


def keep_month(day: date) -> None:
    """The partition of the day's month is there from now on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT selfcontrol_keep_month(%s)", [day])


@transaction.atomic
def declare_closure(*, operator: Operator, from_on: date, to_on: date, reason: str, by: Any, at: datetime) -> Closure:
    """Days without business, which owe no record. Raises DutyRefused for days past, too many or declared before."""
    acting_for(by, operator, EVERYBODY, at)
    if from_on < timezone.localdate(at):
        raise DutyRefused(_("停业要事先申报，不能从过去的日子算起。"), "from_on")
    if to_on < from_on or to_on - from_on > LONGEST:
        raise DutyRefused(_("停业止应在停业起之后，最长一年。"), "to_on")
    Operator.objects.select_for_update().get(pk=operator.pk)  # else two at once would both find the days free
    if closures_of(operator, from_on, to_on):
        raise DutyRefused(_("这些日子已经申报过停业。"), "from_on")
    closure: Closure = Closure.objects.create(
        operator=operator, from_on=from_on, to_on=to_on, reason=reason, declared_at=at, declared_by=by.get_username()
    )
    told = {"from_on": from_on.isoformat(), "to_on": to_on.isoformat(), "reason": reason}
    seal_own("closure_declared", operator, by.get_username(), at, told)
    return closure


@transaction.atomic
def end_closure(*, closure: Closure, by: Any, at: datetime) -> None:
    """Open again from today: days gone by stay declared. Raises DutyRefused for a closure that is over."""
    acting_for(by, closure.operator, EVERYBODY, at)
    today, locked = timezone.localdate(at), Closure.objects.select_for_update().get(pk=closure.pk)
    if locked.to_on < today or locked.withdrawn_at is not None:
        raise DutyRefused(_("停业已经结束。"))
    if locked.from_on < today:
        locked.to_on = today - timedelta(days=1)
    else:
        locked.withdrawn_at = at
    locked.save(update_fields=["to_on", "withdrawn_at"])
    seal_own("closure_ended", closure.operator, by.get_username(), at, {"from_on": locked.from_on.isoformat()})


@transaction.atomic
def handle_problem(*, problem: OwnProblem, measure: str, by: Any, at: datetime) -> None:
    """Put right, with what was done. Raises DutyRefused for one that is."""
    acting_for(by, problem.operator, EVERYBODY, at)
    found = OwnProblem.objects.select_for_update().get(pk=problem.pk)
    if found.handled_on is not None:
        raise DutyRefused(_("这个问题已经处置。"))
    found.measure, found.handled_on, found.handled_by = measure, timezone.localdate(at), by.get_username()
    found.save(update_fields=["measure", "handled_on", "handled_by"])
    seal_own("problem_handled", problem.operator, by.get_username(), at, {"risk": found.risk, "measure": measure})


@transaction.atomic
def finish_decision(*, decision: Decision, by: Any, at: datetime) -> None:
    """Done: it leaves the list of the days to come. Raises DutyRefused for one that is."""
    acting_for(by, decision.operator, MANAGERS, at)
    locked = Decision.objects.select_for_update().get(pk=decision.pk)
    if locked.done_on is not None:
        raise DutyRefused(_("这件事已经完成。"))
    locked.done_on, locked.done_by = timezone.localdate(at), by.get_username()
    locked.save(update_fields=["done_on", "done_by"])
    seal_own("decision_done", decision.operator, by.get_username(), at, {"text": locked.text})


def _asked(operator: Operator, day: date, kept: Kept | None) -> tuple[RiskList, list[DayItem]]:
    """The list and what it asks for: as it is in force, or as the phone kept it."""
    if kept is None:
        listed, items = list_in_force(operator, day), items_of_day(operator, day)
    else:
        listed = list_shown(operator, kept.list_version, day)
        items = items_shown(operator, day, listed, kept.shown)
    if listed is None:
        raise DutyRefused(_("那一天没有生效的风险管控清单，请先批准清单。"))
    return listed, items


def _check(items: list[DayItem], answers: Mapping[str, str], notes: Mapping[str, str]) -> None:
    missing = missing_answers([{"key": each.key} for each in items], answers)
    if missing:
        count = len(missing)
        told = ngettext("还有 %(count)s 项没有检查。", "还有 %(count)s 项没有检查。", count)
        raise DutyRefused(told % {"count": count}, missing[0])
    for each in items:
        if not each.decision and answers[each.key] == PROBLEM and not notes.get(each.key, "").strip():
            raise DutyRefused(_("请写明发现了什么问题。"), each.key)


def _lateness(day: date, at: datetime, kept: Kept | None) -> tuple[bool, bool]:
    numbers, on = CONTROLS.at(day), timezone.localdate(at)
    if kept is not None:
        on = judged_on(day, timezone.localdate(made_at(kept, at)), on, numbers)
    try:
        return lateness(day, on, numbers)
    except NotTaken:
        told = _("只能记录今天和此前 %(days)s 天以内的日子。")
        raise DutyRefused(told % {"days": numbers.taken_days - 1}) from None


def _open_problems(
    record: DailyControl, found: list[DayItem], notes: Mapping[str, str], measures: Mapping[str, str]
) -> None:
    today = max(timezone.localdate(record.made_at), record.day)
    due_on = record.day + timedelta(days=CONTROLS.at(record.day).handled_days)
    OwnProblem.objects.bulk_create(
        OwnProblem(
            operator=record.operator, source=ProblemSource.DAILY, found_on=record.day, item=each.key, risk=each.risk,
            description=notes[each.key].strip(), due_on=due_on, found_by=record.recorded_by,
            measure=measures.get(each.key, "").strip(),
            handled_on=today if measures.get(each.key, "").strip() else None,
            handled_by=record.recorded_by if measures.get(each.key, "").strip() else "",
        )
        for each in found
    )  # fmt: skip


def _close_decisions(items: list[DayItem], answers: Mapping[str, str], record: DailyControl) -> None:
    done = [each.decision for each in items if each.decision and answers[each.key] == PASS]
    if done:
        rows = Decision.objects.filter(pk__in=done, done_on__isnull=True)
        rows.update(done_on=record.day, done_by=record.recorded_by)


def _tell_managers(operator: Operator, day: date, count: int, by: Any, at: datetime) -> None:
    told = {"name": operator.name, "day": day.isoformat(), "count": count}
    recipients = [each for each in managers_of(operator, day) if each != by.pk]
    link = reverse("operator:desk_detail", args=[operator.code])
    subject = f"selfcontrol.operator:{operator.code}"
    draft = Draft(recipients, "selfcontrol.problem", subject, "problem", FOUND, told, link)
    send_notices(drafts=[draft], by=by.get_username(), at=at)
