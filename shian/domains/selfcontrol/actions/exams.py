"""Random tests: somebody is called, the seed's digest sealed; begun, answered, judged, perhaps called again."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.selfcontrol.actions.refusals import DutyRefused
from shian.domains.selfcontrol.actions.steps import acting_for, seal_own
from shian.domains.selfcontrol.models import Appointment, Exam, SafetyStaff
from shian.domains.selfcontrol.models.own import place_of
from shian.domains.selfcontrol.permissions import EVERYBODY, EXAM_CALL, acting
from shian.domains.selfcontrol.queries.exams import callable_staff
from shian.domains.selfcontrol.queries.numbers import TRAINING, bank
from shian.engine.forms.question_banks import drawn
from shian.engine.forms.question_papers import Answers, new_seed, promise_of
from shian.kernel.accounts.permissions import check
from shian.kernel.notary.actions import seal
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import key_of_code


@transaction.atomic
def call_exam(
    *, staff: SafetyStaff, by: Any, at: datetime, last_on: date | None = None, retest_of: Exam | None = None
) -> Exam:
    """The person is to take a test by a day. A new secret seed is kept; its SHA-256 is sealed now.

    Raises PermissionDenied, OutOfReach; DutyRefused while another call waits, or for a retest of one passed.
    """
    actor, today = acting(EXAM_CALL, by, staff.operator), timezone.localdate(at)
    numbers = TRAINING.at(today)
    if Exam.objects.filter(staff=staff, score__isnull=True, last_on__gte=today).exists():
        raise DutyRefused(_("此人已有待参加的抽考。"))
    if retest_of is not None and retest_of.passed is not False:
        raise DutyRefused(_("只有不合格的才补考。"))
    seed = new_seed()
    exam: Exam = Exam.objects.create(
        operator=staff.operator, staff=staff, number=_next_number(today), examined_on=today,
        last_on=last_on or today + timedelta(days=numbers.retest_days), edition=bank().edition, seed=seed,
        retest_of=retest_of, called_by=actor, **place_of(staff.operator),
    )  # fmt: skip
    told = {
        "number": exam.number,
        "person_no": staff.person_no,
        "seed_sha256": promise_of(seed),
        "edition": exam.edition,
    }
    seal_own("exam_called", staff.operator, actor, at, told)
    return exam


@transaction.atomic
def begin_exam(*, exam: Exam, by: Any, at: datetime) -> Exam:
    """The clock runs: questions are drawn by the seed. Again changes nothing. Raises DutyRefused when over."""
    acting_for(by, exam.operator, EVERYBODY, at)
    found = Exam.objects.select_for_update(of=("self",)).select_related("staff", "operator").get(pk=exam.pk)
    today = timezone.localdate(at)
    if found.is_judged or not found.seed or found.last_on is None or today > found.last_on:
        raise DutyRefused(_("这次抽考已经结束。"))
    if found.begun_at is not None:
        return found
    numbers, questions = TRAINING.at(today), bank()
    if questions.edition != found.edition:
        raise DutyRefused(_("题库已更新，请监管所重新通知抽考。"))
    found.begin(questions, numbers.paper, at)
    found.examined_on = today
    found.save()
    told = {"number": found.number, "ends_at": found.ends_at and found.ends_at.isoformat()}
    seal_own("exam_begun", found.operator, by.get_username(), at, told)
    return found


@transaction.atomic
def finish_exam(*, exam: Exam, answers: Answers, by: Any, at: datetime) -> Exam:
    """Judged at once. After the time the answers do not count. Who fails leaves the post until a retest is passed.

    Raises DutyRefused for a test that was not begun or is judged.
    """
    acting_for(by, exam.operator, EVERYBODY, at)
    found = Exam.objects.select_for_update(of=("self",)).select_related("staff", "operator").get(pk=exam.pk)
    if found.begun_at is None or found.is_judged:
        raise DutyRefused(_("这次抽考已经结束。"))
    found.judge(bank(), answers, TRAINING.at(found.examined_on).pass_mark, at)
    found.save()
    _judge(found)
    told = {"number": found.number, "seed": found.seed, "score": str(found.score), "passed": found.passed}
    seal_own("exam_finished", found.operator, by.get_username(), at, told)
    return found


def _judge(exam: Exam) -> None:
    """Out of the post with a failed test, back with a passed one."""
    rows = Appointment.objects.filter(staff=exam.staff, ended_on__isnull=True)
    if exam.passed:
        rows.filter(suspended_on__isnull=False).update(suspended_on=None)
    else:
        rows.filter(suspended_on__isnull=True).update(suspended_on=exam.examined_on)


def _next_number(day: date) -> str:
    head = f"CK{day:%Y%m%d}-"
    last = Exam.objects.select_for_update(of=("self",)).filter(number__startswith=head).order_by("-number").first()
    return f"{head}{int(last.number.removeprefix(head)) + 1 if last else 1:04d}"


@transaction.atomic
def call_sample(*, area_code: str, count: int, last_on: date, by: Any, at: datetime) -> int:
    """People in post in the area, drawn by a seed that is sealed with the frame's size, are called; how many.

    Person k comes before person l when SHA-256(seed ‖ ":" ‖ k) is smaller. Raises PermissionDenied, OutOfReach;
    DutyRefused for a day gone by, or an area where nobody can be called.
    """
    check(EXAM_CALL, by)
    key, today = key_of_code(area_code), timezone.localdate(at)
    if not reach_of(by).covers(key):
        raise OutOfReach(f"areas.area:{area_code}")
    if last_on < today:
        raise DutyRefused(_("最迟参加日期已过。"), "last_on")
    frame = callable_staff(key, today)
    if not frame:
        raise DutyRefused(_("这个区划没有可以抽考的在任人员。"), "area")
    seed = new_seed()
    chosen = drawn(seed, [str(each.pk) for each in frame], count)
    by_key = {str(each.pk): each for each in frame}
    for each in chosen:
        call_exam(staff=by_key[each], by=by, at=at, last_on=last_on)
    digest = hashlib.sha256("\n".join(sorted(by_key)).encode()).hexdigest()
    told = {"area": area_code, "seed": seed, "frame": len(frame), "frame_sha256": digest, "drawn": chosen}
    seal(action="selfcontrol.sample_drawn", by=by.get_username(), subject=f"areas.area:{area_code}", data=told, at=at)
    return len(chosen)
