"""Random tests: drawn by a seed that was sealed before, judged at once, out of the post until passed."""

import hashlib
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from shian.domains.selfcontrol.actions.exams import begin_exam, call_exam, call_sample, finish_exam
from shian.domains.selfcontrol.actions.refusals import DutyRefused
from shian.domains.selfcontrol.models import Appointment, Exam
from shian.domains.selfcontrol.queries.exams import exams_for, rate_of
from shian.domains.selfcontrol.queries.numbers import bank
from shian.domains.selfcontrol.tests.scene import NOW, TODAY
from shian.domains.selfcontrol.tests.test_staff import named
from shian.engine.forms.question_banks import drawn
from shian.engine.forms.question_papers import option_order, promise_of, score_of
from shian.kernel.notary.models import Entry

pytestmark = pytest.mark.django_db


def right_answers(exam, wrong=0):
    questions = bank().questions
    told = {key: questions[key].right for key in exam.questions}
    return told | {key: {99} for key in exam.questions[:wrong]}


@pytest.fixture
def exam(scene):
    return call_exam(staff=named(scene).staff, by=scene.station, at=NOW)


def test_the_bank_is_large_enough_and_each_question_names_its_basis():
    questions = bank().questions.values()

    assert len(questions) >= 60
    assert all(each.basis and each.right for each in questions)
    assert len({each.stem for each in questions}) == len(questions)


def test_the_questions_are_those_of_the_seed_that_was_sealed_before(scene, exam):
    promised = Entry.objects.get(action="selfcontrol.exam_called").data["seed_sha256"]
    begun = begin_exam(exam=exam, by=scene.officer, at=NOW)
    finish_exam(exam=begun, answers=right_answers(begun), by=scene.officer, at=NOW)
    shown = Entry.objects.get(action="selfcontrol.exam_finished").data["seed"]

    assert hashlib.sha256(shown.encode()).hexdigest() == promised == promise_of(begun.seed)
    keys = list(bank().questions)
    assert begun.questions == drawn(shown, keys, 20) == sorted(
        keys, key=lambda each: hashlib.sha256(f"{shown}:{each}".encode()).digest())[:20]  # fmt: skip
    question = bank().questions[begun.questions[0]]
    assert sorted(option_order(shown, question)) == list(range(len(question.options)))


def test_the_score_is_exact(scene, exam):
    begun = begin_exam(exam=exam, by=scene.officer, at=NOW)

    assert score_of(bank(), begun.questions, right_answers(begun, wrong=7)) == 65
    assert score_of(bank(), begun.questions, {}) == 0


@pytest.mark.parametrize(("wrong", "minutes", "passed"), [(8, 60, True), (9, 60, False), (0, 61, False)])
def test_sixty_marks_within_sixty_minutes_pass(scene, exam, wrong, minutes, passed):
    begun = begin_exam(exam=exam, by=scene.officer, at=NOW)
    at = NOW + timedelta(minutes=minutes)
    done = finish_exam(exam=begun, answers=right_answers(begun, wrong), by=scene.officer, at=at)

    assert done.passed is passed
    assert Appointment.objects.get().suspended_on == (None if passed else TODAY)


def test_who_failed_comes_back_by_a_retest(scene, exam):
    begun = begin_exam(exam=exam, by=scene.officer, at=NOW)
    failed = finish_exam(exam=begun, answers={}, by=scene.officer, at=NOW)
    again = call_exam(staff=failed.staff, by=scene.station, at=NOW, retest_of=failed)
    assert again.last_on == TODAY + timedelta(days=30)
    assert again.seed != failed.seed
    begun = begin_exam(exam=again, by=scene.officer, at=NOW)
    finish_exam(exam=begun, answers=right_answers(begun), by=scene.officer, at=NOW)

    assert Appointment.objects.get().suspended_on is None
    assert rate_of(exams_for(scene.station)) == (1, 2)


def test_what_is_refused(scene, exam):
    for refused in (
        lambda: call_exam(staff=exam.staff, by=scene.station, at=NOW),
        lambda: finish_exam(exam=exam, answers={}, by=scene.officer, at=NOW),
        lambda: begin_exam(exam=exam, by=scene.officer, at=NOW + timedelta(days=31)),
        lambda: call_sample(area_code="131022", count=1, last_on=TODAY, by=scene.county, at=NOW),
        lambda: call_sample(area_code="131022", count=1, last_on=TODAY - timedelta(days=1), by=scene.county, at=NOW),
    ):
        with pytest.raises(DutyRefused):
            refused()
    with pytest.raises(PermissionDenied):
        call_exam(staff=exam.staff, by=scene.principal, at=NOW)
    begun = begin_exam(exam=exam, by=scene.officer, at=NOW)
    assert begin_exam(exam=exam, by=scene.officer, at=NOW + timedelta(minutes=5)).questions == begun.questions


def test_people_are_drawn_by_a_sealed_seed(scene):
    staff = [named(scene, person_no=f"P-{n}").staff for n in range(6)]
    assert call_sample(area_code="131022100", count=2, last_on=TODAY, by=scene.station, at=NOW) == 2
    told = Entry.objects.get(action="selfcontrol.sample_drawn").data

    assert told["frame"] == 6
    assert told["drawn"] == drawn(told["seed"], [str(each.pk) for each in staff], 2)
    assert {str(each.staff_id) for each in Exam.objects.all()} == set(told["drawn"])


def test_the_pages_from_the_call_to_the_score(scene, client):
    named(scene)
    client.force_login(scene.station)
    call = reverse("selfcontrol:exam_create")
    client.post(call, {"area": "131022100", "count": 1, "last_on": TODAY.isoformat()})
    exam = Exam.objects.get()
    assert exam.number in client.get(reverse("selfcontrol:exam_list")).content.decode()

    client.force_login(scene.officer)
    page = reverse("operator:exam_answer", args=["R-1", exam.pk])
    assert "开始抽考" in client.get(page).content.decode()
    client.post(reverse("operator:exam_start", args=["R-1", exam.pk]))
    assert bank().questions[Exam.objects.get().questions[0]].stem in client.get(page).content.decode()
    posted = {key: [str(each) for each in chosen] for key, chosen in right_answers(Exam.objects.get()).items()}
    client.post(page, posted)
    shown = client.get(page).content.decode()
    assert "合格" in shown
    assert Exam.objects.get().seed in shown
    assert client.get(reverse("operator:exam_answer", args=["R-2", exam.pk])).status_code == 404


def test_the_list_opens_in_the_last_year_that_had_tests_and_goes_on_to_the_oldest(scene, client, exam):
    rows = [Exam(**{**_copied(exam), "number": f"CK-OLD-{n:03}", "examined_on": date(2019, 5, 1)}) for n in range(60)]
    Exam.objects.bulk_create(rows)
    exam.delete()
    client.force_login(scene.station)

    page = client.get(reverse("selfcontrol:exam_list")).context["list"]
    assert page.total == 60
    last = client.get(reverse("selfcontrol:exam_list"), {"last": "1"}).content.decode()
    assert "CK-OLD-000" in last
    assert "CK-OLD-059" not in last
    assert client.get(reverse("selfcontrol:exam_list"), {"year": "2018"}).context["list"].total == 0


def _copied(exam):
    fields = (each.attname for each in Exam._meta.concrete_fields if each.attname != "id")
    return {name: getattr(exam, name) for name in fields}
