"""Trainings of officials: planned, held, attended, tested, recorded. Only a recorded one counts."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.models import Training, TrainingAttendance, TrainingQuestion, TrainingState, TrainingTest
from shian.domains.duties.permissions import TRAINING_KEEP
from shian.domains.duties.queries.trainings import bank, invited, paper_of
from shian.domains.duties.queries.visit_numbers import earliest_quarter
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.scope.rules import columns_of_key, key_of_code

MOST = 2_000  # officials written down at once
LOCK = "SELECT pg_advisory_xact_lock(hashtext('duties.training_number'))"


@transaction.atomic
def plan_training(
    *,
    topic: str,
    area: str,
    level: str,
    planned_on: date,
    place: str,
    trainer: str,
    by: Any,
    at: datetime,
    handout: str = "",
) -> Training:
    """A session for the officials of an area (a code) and level ("" all), with a number of its own and what they are
    to read. Raises PermissionDenied, OutOfReach; DutyRefused for a day without rules."""
    key = key_of_code(area)
    name = acting(TRAINING_KEEP, by, key)
    _refuse_unruled(planned_on, "planned_on")
    training = Training.objects.create(
        number=_number(planned_on.year), topic=topic, area_code=area, level=level, place=place, trainer=trainer,
        handout=handout, planned_on=planned_on, planned_at=at, planned_by=name, **columns_of_key(key),
    )  # fmt: skip
    told = {"number": training.number, "topic": topic, "area": area, "planned_on": planned_on.isoformat()}
    seal(action="duties.training_planned", by=name, subject=training.subject, data=told, at=at)
    return training


@transaction.atomic
def hold_training(*, training: Training, held_on: date, by: Any, at: datetime) -> Training:
    """It took place; the seal names the questions of its paper. Raises PermissionDenied, OutOfReach; DutyRefused for
    one that is not planned or a day to come."""
    name, found = _held(training, TrainingState.PLANNED, by)
    if held_on > timezone.localdate(at):
        raise DutyRefused(_("举办日期不能晚于今天。"), "held_on")
    _refuse_unruled(held_on, "held_on")
    found.held_on, found.state = held_on, TrainingState.HELD
    found.save(update_fields=["held_on", "state"])
    told = {
        "held_on": held_on.isoformat(), "edition": bank().edition, "questions": [each.key for each in paper_of(found)],
    }  # fmt: skip
    seal(action="duties.training_held", by=name, subject=found.subject, data=told, at=at)
    return found


@transaction.atomic
def drop_training(*, training: Training, reason: str, by: Any, at: datetime) -> Training:
    """A planned one that does not take place. Raises PermissionDenied, OutOfReach, DutyRefused."""
    name, found = _held(training, TrainingState.PLANNED, by)
    found.state = TrainingState.DROPPED
    found.save(update_fields=["state"])
    seal(action="duties.training_dropped", by=name, subject=found.subject, data={"reason": reason}, at=at)
    return found


@transaction.atomic
def add_attendances(*, training: Training, officials: Collection[int], by: Any, at: datetime) -> int:
    """These officials (keys) were there; who is written down already stays as he is; how many are new. Raises
    PermissionDenied, OutOfReach; DutyRefused for none, too many, or somebody whom it is not for."""
    name, found = _held(training, TrainingState.HELD, by)
    wanted = set(officials)
    if not wanted or len(wanted) > MOST:
        raise DutyRefused(_("请选择参加人员，一次最多 %(most)s 名。") % {"most": MOST})
    meant = dict(invited(found).filter(pk__in=wanted).values_list("pk", "code"))
    if len(meant) < len(wanted):
        raise DutyRefused(_("有人不是这场培训的对象，或培训当日不在任。"))
    known = set(found.attendances.filter(official__in=meant).values_list("official", flat=True))
    fresh = sorted(set(meant) - known)
    TrainingAttendance.objects.bulk_create(TrainingAttendance(training=found, official_id=pk) for pk in fresh)
    if fresh:
        told = {"officials": [meant[pk] for pk in fresh]}
        seal(action="duties.training_attended", by=name, subject=found.subject, data=told, at=at)
    return len(fresh)


@transaction.atomic
def enter_scores(*, training: Training, scores: Mapping[int, Decimal | None], by: Any, at: datetime) -> int:
    """Points of a hundred by attendance (key), None for no test; how many have changed. Raises PermissionDenied,
    OutOfReach; DutyRefused for points out of range, an attendance of another training, or points that a test on the
    phone told."""
    name, found = _held(training, TrainingState.HELD, by)
    if any(score is not None and not 0 <= score <= 100 for score in scores.values()):
        raise DutyRefused(_("得分在 0 到 100 之间。"))
    rows = list(found.attendances.filter(pk__in=scores).select_related("official").select_for_update(of=("self",)))
    if len(rows) < len(scores):
        raise DutyRefused(_("有人没有登记参加这场培训。"))
    if TrainingTest.objects.filter(training=found, official__in=[each.official_id for each in rows]).exists():
        raise DutyRefused(_("在手机上参加测试的，得分由系统判定，不能录入。"))
    changed = [each for each in rows if each.score != scores[each.pk]]
    for each in changed:
        each.score = scores[each.pk]
    TrainingAttendance.objects.bulk_update(changed, ["score"])
    if changed:
        told = {"scores": {each.official.code: None if each.score is None else str(each.score) for each in changed}}
        seal(action="duties.training_scored", by=name, subject=found.subject, data=told, at=at)
    return len(changed)


@transaction.atomic
def ask_at_training(*, training: Training, question: str, answer: str, by: Any, at: datetime) -> TrainingQuestion:
    """What somebody asked and what was answered. Raises PermissionDenied, OutOfReach, DutyRefused."""
    name, found = _held(training, TrainingState.HELD, by)
    made = TrainingQuestion.objects.create(training=found, question=question, answer=answer, asked_at=at)
    told = {"question": question, "answer": answer}
    seal(action="duties.training_asked", by=name, subject=found.subject, data=told, at=at)
    return made


@transaction.atomic
def record_training(*, training: Training, by: Any, at: datetime) -> Training:
    """Complete: from now on it counts for those who were there, and nothing of it changes. Raises PermissionDenied,
    OutOfReach; DutyRefused without anybody, or while somebody takes the test."""
    name, found = _held(training, TrainingState.HELD, by)
    attended = found.attendances.count()
    if not attended:
        raise DutyRefused(_("还没有登记参加人员。"))
    busy = found.tests.filter(score__isnull=True, ends_at__gte=at).count()
    if busy:
        raise DutyRefused(_("还有 %(count)s 人正在手机上测试，请稍后归档。") % {"count": busy})
    found.state = TrainingState.RECORDED
    found.save(update_fields=["state"])
    told = {"attended": attended, "questions": found.questions.count(), "tests": found.tests.count()}
    seal(action="duties.training_recorded", by=name, subject=found.subject, data=told, at=at)
    return found


def _refuse_unruled(day: date, field: str) -> None:
    """The paper has as many questions as the numbers of the day say."""
    if day < earliest_quarter().first:
        raise DutyRefused(_("那一天还没有包保规则，请核对日期。"), field)


def _held(training: Training, state: TrainingState, by: Any) -> tuple[str, Training]:
    """Who acts, and the training, locked, in the state that the step begins from."""
    name = acting(TRAINING_KEEP, by, training.area)
    found = Training.objects.select_for_update().get(pk=training.pk)
    if found.state != state:
        raise DutyRefused(_("现在是“%(state)s”，不能这样办理。") % {"state": found.get_state_display()})
    return name, found


def _number(year: int) -> str:
    """PX-2026-0001, in order; two at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
    begin = f"PX-{year}-"
    last = Training.objects.filter(number__startswith=begin).order_by("-number").values_list("number", flat=True)
    former = next((each for each in last if each.removeprefix(begin).isdecimal()), "0")
    return f"{begin}{int(former.removeprefix(begin)) + 1:04d}"
