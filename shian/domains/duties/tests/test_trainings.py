"""A training is planned, held, attended, tested, recorded; only a recorded one lets an official go alone."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.actions.trainings import (
    add_attendances,
    ask_at_training,
    drop_training,
    enter_scores,
    hold_training,
    plan_training,
    record_training,
)
from shian.domains.duties.models import Official, Training, TrainingAttendance
from shian.domains.duties.queries.trainings import bank, paper_of
from shian.domains.duties.queries.visits import untrained
from shian.domains.duties.rules.trainings import paper
from shian.domains.duties.tests.factories import AT, COUNTY, DAY, OTHER, TOWN, make_official
from shian.domains.duties.views import attendances
from shian.engine.forms.question_banks import percent_right
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach


def test_the_paper_is_that_of_the_number() -> None:
    first = paper(bank(), "PX-2026-0001", 10)

    assert (len(first), len({each.key for each in first})) == (10, 10)
    assert first == paper(bank(), "PX-2026-0001", 10)
    assert first != paper(bank(), "PX-2026-0002", 10)
    turned = dict(reversed(bank().questions.items()))
    assert paper(replace(bank(), questions=turned), "PX-2026-0001", 10) == first


def test_points_are_right_answers_of_a_hundred() -> None:
    assert percent_right(2, 3) == Decimal("66.67")
    for right, asked in ((4, 3), (-1, 3), (0, 0)):
        with pytest.raises(ValueError, match=str(right)):
            percent_right(right, asked)


def planned(by, area=COUNTY, level="", on=DAY) -> Training:
    return plan_training(
        topic="怎么督导", area=area, level=level, planned_on=on, place="会议室", trainer="食安办", by=by, at=AT
    )


def held(by, **given) -> Training:
    return hold_training(training=planned(by, **given), held_on=DAY, by=by, at=AT)


@pytest.mark.django_db
def test_a_session_runs_to_its_end_and_only_then_counts(people):
    county = people["county"]
    first, second = make_official(), make_official()
    training = planned(county)
    assert [training.number, planned(county).number] == ["PX-2022-0001", "PX-2022-0002"]

    training = hold_training(training=training, held_on=DAY, by=county, at=AT)
    assert add_attendances(training=training, officials=[first.pk], by=county, at=AT) == 1
    assert add_attendances(training=training, officials=[first.pk], by=county, at=AT) == 0
    row = TrainingAttendance.objects.get()
    assert enter_scores(training=training, scores={row.pk: Decimal(80)}, by=county, at=AT) == 1
    ask_at_training(training=training, question="怎么移交？", answer="当日移交。", by=county, at=AT)
    assert set(untrained(Official.objects.all(), DAY)) == {first, second}

    record_training(training=training, by=county, at=AT)
    assert list(untrained(Official.objects.all(), DAY)) == [second]
    seals = Entry.objects.filter(subject=training.subject).order_by("pk")
    assert [each.action.removeprefix("duties.training_") for each in seals] == [
        "planned", "held", "attended", "scored", "asked", "recorded",
    ]  # fmt: skip
    assert seals[1].data["questions"] == [each.key for each in paper_of(training)]
    for late in (
        lambda: add_attendances(training=training, officials=[second.pk], by=county, at=AT),
        lambda: enter_scores(training=training, scores={row.pk: None}, by=county, at=AT),
    ):
        with pytest.raises(DutyRefused, match="已归档"):
            late()


@pytest.mark.django_db
def test_what_a_session_refuses(people):
    county = people["county"]
    training = held(county, level="village")
    strangers = [
        make_official("township"), make_official(area="131002100201"), make_official(valid_to=DAY),
        make_official(valid_from=DAY + timedelta(days=1)),
    ]  # fmt: skip
    for each in strangers:
        with pytest.raises(DutyRefused, match="不是这场培训的对象"):
            add_attendances(training=training, officials=[each.pk], by=county, at=AT)
    with pytest.raises(DutyRefused, match="还没有登记参加人员"):
        record_training(training=training, by=county, at=AT)
    with pytest.raises(DutyRefused, match="不能晚于今天"):
        hold_training(training=planned(county), held_on=DAY + timedelta(days=1), by=county, at=AT)
    with pytest.raises(DutyRefused, match="已举办"):
        drop_training(training=training, reason="天气", by=county, at=AT)
    add_attendances(training=training, officials=[make_official().pk], by=county, at=AT)
    row = TrainingAttendance.objects.get()
    for scores in ({row.pk: Decimal(101)}, {row.pk + 1: Decimal(50)}):
        with pytest.raises(DutyRefused):
            enter_scores(training=training, scores=scores, by=county, at=AT)


@pytest.mark.django_db
def test_a_session_is_kept_by_staff_of_its_area(people):
    with pytest.raises(OutOfReach):
        planned(people["other"])
    with pytest.raises(OutOfReach):
        planned(people["station"])
    assert planned(people["station"], area=TOWN).township == TOWN
    people["county"].role = "reviewer"
    with pytest.raises(PermissionDenied):
        planned(people["county"])


def opened(user, name, *args, **asked):
    client = Client()
    client.force_login(user)
    return client.get(reverse(f"duties:{name}", args=args), asked)


def posted(user, name, *args, query="", **told):
    client = Client()
    client.force_login(user)
    return client.post(reverse(f"duties:{name}", args=args) + query, told)


@pytest.mark.django_db
def test_the_pages_lead_from_the_plan_to_the_list_of_the_untrained(people, time_machine):
    time_machine.move_to(AT, tick=False)
    county = people["county"]
    here, there, away = make_official(), make_official("township"), make_official(area="131002100201")
    told = {"topic": "怎么督导", "area": COUNTY, "level": "", "planned_on": DAY.isoformat()}
    for wrong in ({"area": OTHER}, {"planned_on": "1999-01-01"}):
        assert posted(county, "training_create", **told | wrong).status_code == 200
    assert posted(county, "training_create", **told).status_code == 302
    training = Training.objects.get()
    assert "登记举办" in opened(county, "training_detail", training.pk).text
    assert opened(county, "attendance_list", training.pk).status_code == 404
    assert posted(county, "training_confirm", training.pk, held_on="1999-01-01").status_code == 200
    posted(county, "training_confirm", training.pk, held_on=DAY.isoformat())

    rows = opened(county, "attendance_list", training.pk, level="village", state="untrained").context["list"].table.rows
    assert [each.key for each in rows] == [str(here.pk)]
    posted(county, "attendance_add", training.pk, key=[away.pk])
    assert not TrainingAttendance.objects.exists()
    posted(county, "attendance_add", training.pk, query="?level=village", everybody="1")
    row = TrainingAttendance.objects.get()
    assert posted(county, "score_enter", training.pk, **{f"right-{row.pk}": 11}).status_code == 200
    posted(county, "score_enter", training.pk, **{f"right-{row.pk}": 9})
    posted(county, "training_question_add", training.pk, question="怎么移交？", answer="当日移交。")
    posted(county, "training_close", training.pk)

    page = opened(people["station"], "training_detail", training.pk)
    assert page.status_code == 404
    page = opened(county, "training_detail", training.pk)
    attended, asked = page.context["tables"]
    assert [each.cells["score"] for each in attended[1].rows] == [Decimal(90)]
    assert len(asked[1].rows) == 1
    left = opened(county, "untrained_list", area="131022").context["list"].table.rows
    assert [each.key for each in left] == [str(there.pk)]
    assert not opened(county, "untrained_list", area="131022", level="village").context["list"].table.rows
    assert opened(people["other"], "training_detail", training.pk).status_code == 404


@pytest.mark.django_db
def test_points_are_asked_of_those_without_them_however_many_have_theirs(people, monkeypatch):
    monkeypatch.setattr(attendances, "AT_ONCE", 1)
    county, officials = people["county"], [make_official() for _number in range(3)]
    training = held(county)
    add_attendances(training=training, officials=[each.pk for each in officials], by=county, at=AT)

    for _round in officials:
        asked = list(opened(county, "score_enter", training.pk).context["page"].form.fields)
        posted(county, "score_enter", training.pk, **{asked[0]: 9})

    assert not TrainingAttendance.objects.filter(score=None).exists()
