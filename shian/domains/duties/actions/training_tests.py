"""Tests of trainings on the phone: begun, answered, judged at once; the best try gives the points of the training."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.models import Attending, Official, Training, TrainingAttendance, TrainingState, TrainingTest
from shian.domains.duties.permissions import OFFICIAL_WORK
from shian.domains.duties.queries.trainings import bank, own_training, tests_of
from shian.domains.duties.queries.visit_numbers import numbers_at
from shian.engine.forms.question_papers import Answers, new_seed, promise_of
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal


@transaction.atomic
def begin_test(*, training: Training, by: Any, at: datetime) -> TrainingTest:
    """The next try, its questions drawn by a new seed, whose SHA-256 is sealed; one that is open goes on. Raises
    PermissionDenied, Http404, OutOfReach; DutyRefused for who has passed or has no try left, and for a training that is
    over."""
    name, found, official = _meant(training, by, at)
    numbers = numbers_at(timezone.localdate(at))
    tries = tests_of(found, official)
    for each in tries:
        if each.is_open(at):
            return each
        if not each.is_judged:
            _judged(each, {}, name, at)
    _refuse_more(found, official, tries, numbers.paper_tries)
    made = TrainingTest(
        training=found, official=official, number=len(tries) + 1, edition=bank().edition, seed=new_seed()
    )
    made.begin(bank(), numbers.paper, at)
    made.save()
    told = {"training": found.number, "official": official.code, "number": made.number, "edition": made.edition,
            "seed_sha256": promise_of(made.seed)}  # fmt: skip
    seal(action="duties.test_begun", by=name, subject=made.subject, data=told, at=at)
    return made


@transaction.atomic
def finish_test(*, training: Training, answers: Answers, by: Any, at: datetime) -> TrainingTest:
    """Judged at once; answers after the time do not count. Who passes has attended the training. Raises
    PermissionDenied, Http404, OutOfReach; DutyRefused where nothing was begun."""
    name, found, official = _meant(training, by, at)
    test = next((each for each in tests_of(found, official) if not each.is_judged), None)
    if test is None:
        raise DutyRefused(_("没有正在进行的测试。"))
    _judged(test, answers, name, at)
    return test


def _meant(training: Training, by: Any, at: datetime) -> tuple[str, Training, Official]:
    """Who acts, the training, locked against being recorded meanwhile, and the office in which the user is meant."""
    name = acting(OFFICIAL_WORK, by)
    found = Training.objects.select_for_update(no_key=True).get(pk=training.pk)
    if found.state != TrainingState.HELD:
        raise DutyRefused(_("这场培训现在是“%(state)s”，不能测试。") % {"state": found.get_state_display()})
    return name, *own_training(by, found.pk, timezone.localdate(at))


def _refuse_more(training: Training, official: Official, tries: list[TrainingTest], allowed: int) -> None:
    if any(each.passed for each in tries):
        raise DutyRefused(_("测试已经合格。"))
    if len(tries) >= allowed:
        raise DutyRefused(_("%(count)s 次测试都已用完，请参加下一场培训。") % {"count": allowed})
    on_paper = TrainingAttendance.objects.filter(training=training, official=official, score__isnull=False)
    if not tries and on_paper.exists():
        raise DutyRefused(_("您的试卷得分已经录入。"))


def _judged(test: TrainingTest, answers: Answers, name: str, at: datetime) -> None:
    assert test.begun_at is not None  # every try is made by beginning it
    test.judge(bank(), answers, numbers_at(timezone.localdate(test.begun_at)).paper.pass_mark, at)
    test.save()
    told = {"seed": test.seed, "score": str(test.score), "passed": test.passed}
    seal(action="duties.test_finished", by=name, subject=test.subject, data=told, at=at)
    _count(test)


def _count(test: TrainingTest) -> None:
    """Whoever was there keeps the best of the own tries; whoever passes without having been there has attended by
    phone."""
    row = TrainingAttendance.objects.filter(training=test.training_id, official=test.official_id).first()
    if row is None and not test.passed:
        return
    row = row or TrainingAttendance(training=test.training, official=test.official, way=Attending.PHONE)
    assert test.score is not None  # it was judged
    row.score = test.score if row.score is None else max(row.score, test.score)
    row.save()
