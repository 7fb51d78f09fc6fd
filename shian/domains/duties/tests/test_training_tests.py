"""An official reads a training on the phone and takes its test: own questions, judged at once, the best try counts."""

import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.urls import reverse

from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.actions.training_tests import begin_test, finish_test
from shian.domains.duties.actions.trainings import add_attendances, enter_scores, hold_training, record_training
from shian.domains.duties.models import Official, TrainingAttendance, TrainingTest
from shian.domains.duties.queries.trainings import bank, packed_handout, to_learn
from shian.domains.duties.queries.visits import untrained
from shian.domains.duties.tests.factories import AT, COUNTY, DAY, VILLAGE, make_official
from shian.domains.duties.tests.test_trainings import planned
from shian.engine.forms.question_banks import drawn
from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach
from shian.registers.people.models import Person
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db


def official_with_account(name="cadre", area=VILLAGE):
    """A village's official who signs in, and the office."""
    user = reach_user(name, area, Role.OFFICIAL)
    return user, make_official(area=area, person=Person.objects.get(user=user))


@pytest.fixture
def cadre(people):
    return official_with_account()


@pytest.fixture
def training(people):
    return hold_training(training=planned(people["county"]), held_on=DAY, by=people["county"], at=AT)


def answers(test, wrong=0):
    """The right options of every question but the first `wrong`, where a wrong one is chosen."""
    told = {key: bank().questions[key].right for key in test.questions}
    return told | {key: frozenset() for key in test.questions[:wrong]}


def taken(training, user, wrong=0, at=AT):
    test = begin_test(training=training, by=user, at=at)
    return finish_test(training=training, answers=answers(test, wrong), by=user, at=at)


def test_each_try_has_questions_of_its_own_by_a_seed_that_was_sealed_before(training, cadre):
    user, _official = cadre
    first = taken(training, user, wrong=10)
    again = begin_test(training=training, by=user, at=AT)

    assert (len(first.questions), first.number, again.number) == (10, 1, 2)
    assert first.questions != again.questions
    promised = Entry.objects.get(action="duties.test_begun", subject=first.subject).data["seed_sha256"]
    shown = Entry.objects.get(action="duties.test_finished").data["seed"]
    assert hashlib.sha256(shown.encode()).hexdigest() == promised
    assert first.questions == drawn(shown, bank().questions.keys(), 10)
    assert begin_test(training=training, by=user, at=AT).pk == again.pk


def test_who_passes_has_attended_and_counts_once_it_is_recorded(training, cadre, people):
    user, official = cadre
    assert [each.pk for each in to_learn(user, DAY)] == [training.pk]
    test = taken(training, user, wrong=4)
    row = TrainingAttendance.objects.get()
    assert (test.score, test.passed, row.score, row.way, row.official) == (60, True, 60, "phone", official)
    assert to_learn(user, DAY) == []
    assert list(untrained(Official.objects.all(), DAY)) == [official]

    record_training(training=training, by=people["county"], at=AT)
    assert not untrained(Official.objects.all(), DAY).exists()
    with pytest.raises(DutyRefused, match="已归档"):
        begin_test(training=training, by=user, at=AT)


def test_who_fails_every_try_has_not_attended(training, cadre):
    user, _official = cadre
    assert [taken(training, user, wrong=5).score for _try in range(3)] == [50, 50, 50]
    assert not TrainingAttendance.objects.exists()
    with pytest.raises(DutyRefused, match="3 次测试都已用完"):
        begin_test(training=training, by=user, at=AT)


def test_whoever_was_there_keeps_the_best_try(training, cadre, people):
    user, official = cadre
    add_attendances(training=training, officials=[official.pk], by=people["county"], at=AT)
    assert [taken(training, user, wrong=wrong).score for wrong in (5, 7, 1)] == [50, 30, 90]
    row = TrainingAttendance.objects.get()
    assert (row.score, row.way) == (90, "onsite")
    with pytest.raises(DutyRefused, match="由系统判定"):
        enter_scores(training=training, scores={row.pk: Decimal(100)}, by=people["county"], at=AT)
    with pytest.raises(DutyRefused, match="已经合格"):
        begin_test(training=training, by=user, at=AT)


def test_after_the_time_answers_do_not_count_and_the_try_is_gone(training, cadre):
    user, _official = cadre
    test = begin_test(training=training, by=user, at=AT)
    late = finish_test(training=training, answers=answers(test), by=user, at=AT + timedelta(minutes=20, seconds=1))
    assert (late.score, late.passed) == (0, False)

    begin_test(training=training, by=user, at=AT)
    last = begin_test(training=training, by=user, at=AT + timedelta(minutes=21))
    assert [each.score for each in TrainingTest.objects.order_by("number")] == [0, 0, None]
    assert last.number == 3


def test_it_is_not_recorded_while_somebody_takes_the_test(training, cadre, people):
    user, official = cadre
    add_attendances(training=training, officials=[official.pk], by=people["county"], at=AT)
    begin_test(training=training, by=user, at=AT)
    with pytest.raises(DutyRefused, match="还有 1 人正在手机上测试"):
        record_training(training=training, by=people["county"], at=AT)
    record_training(training=training, by=people["county"], at=AT + timedelta(minutes=21))


def test_only_officials_whom_it_is_for_take_it(training, people, time_machine):
    time_machine.move_to(AT, tick=False)
    stranger, _official = official_with_account("stranger", "131002100201")
    for each in (stranger, people["station"]):
        assert to_learn(each, DAY) == []
        with pytest.raises(OutOfReach):
            begin_test(training=training, by=each, at=AT)
    reviewer = reach_user("viewer", COUNTY, Role.REVIEWER)
    with pytest.raises(PermissionDenied):
        begin_test(training=training, by=reviewer, at=AT)
    user, official = official_with_account("late")
    Official.objects.filter(pk=official.pk).update(valid_from=DAY + timedelta(days=1))
    with pytest.raises(OutOfReach):
        begin_test(training=training, by=user, at=AT + timedelta(days=1))
    waiting = planned(people["county"])
    with pytest.raises(DutyRefused, match="已计划"):
        begin_test(training=waiting, by=user, at=AT)
    training.pk = 0
    with pytest.raises((Http404, type(training).DoesNotExist)):
        begin_test(training=training, by=user, at=AT)


def test_the_pages_from_the_handout_to_the_score(training, cadre, people, time_machine):
    time_machine.move_to(AT, tick=False)
    user, official = cadre
    type(training).objects.filter(pk=training.pk).update(handout=packed_handout())
    client = Client()
    client.force_login(user)
    page = reverse("duties:training_test_take", args=[training.pk])
    assert page in client.get(reverse("duties:mine_detail")).text
    shown = client.get(page).text
    assert "每季度对每户主体至少督导一次" in shown
    assert "开始测试" in shown

    client.post(reverse("duties:training_test_start", args=[training.pk]))
    test = TrainingTest.objects.get()
    assert bank().questions[test.questions[0]].stem in client.get(page).text
    client.post(page, {key: [str(each) for each in chosen] for key, chosen in answers(test, 8).items()})
    assert "还可以再测 2 次" in client.get(page).text
    client.post(reverse("duties:training_test_start", args=[training.pk]))
    test = TrainingTest.objects.get(number=2)
    client.post(page, {key: [str(each) for each in chosen] for key, chosen in answers(test).items()})
    shown = client.get(page).text
    assert test.seed in shown
    assert "再测一次" not in shown
    assert page not in client.get(reverse("duties:mine_detail")).text

    client.force_login(people["county"])
    record = client.get(reverse("duties:training_detail", args=[training.pk]))
    [row] = record.context["tables"][0][1].rows
    assert [row.cells["way"], row.cells["score"], row.cells["passed"].value] == ["手机学习", Decimal(100), "合格"]
    assert client.get(reverse("duties:score_enter", args=[training.pk])).text.count('name="right-') == 0
    assert client.get(page).status_code == 404
    assert official.name in record.text
