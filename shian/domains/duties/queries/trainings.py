"""Trainings of officials: one by its key, who may still be written down, the paper of the test, own tests."""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from shian.domains.duties.models import Official, Training, TrainingAttendance, TrainingState, TrainingTest
from shian.domains.duties.queries.lists import Choice
from shian.domains.duties.queries.visit_numbers import numbers_at
from shian.domains.duties.queries.visits import own_officials, untrained
from shian.domains.duties.rules.trainings import LEAST_BANK, paper
from shian.engine.forms.question_banks import Bank, Question, read_bank
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.rules import LEVELS, level_of_key

UNTRAINED = "untrained"


def training_for(user: Any, pk: int) -> Training:
    """One training of the reach. Raises Http404, OutOfReach."""
    found: Training = Training.objects.get_visible(user, pk=pk)
    return found


def in_office_on(day: date) -> Q:
    """Officials whose term covers the day."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def invited(training: Training) -> QuerySet[Official]:
    """Whom it is for: officials of its area and level, in office on its day."""
    day = training.held_on or training.planned_on
    rows = Official.objects.filter(in_office_on(day), **{level_of_key(training.area).value: training.area})
    return rows.filter(level=training.level) if training.level else rows


def absent(training: Training, choice: Choice) -> QuerySet[Official]:
    """Of those whom it is for, the chosen ones who are not written down yet."""
    here = TrainingAttendance.objects.filter(training=training, official=OuterRef("pk"))
    rows = invited(training).filter(~Exists(here)).filter(choice.inside)
    rows = rows.filter(level=choice.level) if choice.level else rows
    if choice.text:
        rows = rows.filter(Q(name__icontains=choice.text) | Q(unit__icontains=choice.text) | Q(code=choice.text))
    return untrained(rows, training.held_on or training.planned_on) if choice.state == UNTRAINED else rows


def attendances_of(training: Training) -> QuerySet[TrainingAttendance]:
    """Who was there, by area and name."""
    rows = TrainingAttendance.objects.filter(training=training).select_related("official")
    return rows.order_by("official__township", "official__code")


def open_to(user: Any, day: date) -> list[tuple[Training, Official]]:
    """Trainings whose test the user may take on the phone, newest first, each with the office in which the user is
    meant: held and not yet recorded."""
    found: dict[int, tuple[Training, Official]] = {}
    for official in own_officials(user, day):
        inside = {f"{level.value}__in": ["", getattr(official, level.value)] for level in LEVELS}
        rows = Training.objects.filter(
            state=TrainingState.HELD, level__in=["", official.level], held_on__gte=official.valid_from, **inside
        )
        found |= {each.pk: (each, official) for each in rows if each.pk not in found}
    return sorted(found.values(), key=lambda pair: pair[0].pk, reverse=True)


def to_learn(user: Any, day: date) -> list[Training]:
    """Those of them whose test the user has not passed."""
    found = open_to(user, day)
    tests = TrainingTest.objects.filter(
        training__in=[each.pk for each, _official in found], official__in=own_officials(user, day), passed=True
    )
    passed = set(tests.values_list("training", flat=True)) if found else set()
    return [each for each, _official in found if each.pk not in passed]


def own_training(user: Any, pk: int, day: date) -> tuple[Training, Official]:
    """One of them. Raises Http404, OutOfReach."""
    found = next((pair for pair in open_to(user, day) if pair[0].pk == pk), None)
    if found is not None:
        return found
    if Training.objects.filter(pk=pk).exists():
        raise OutOfReach(f"duties.training:{pk}")
    raise Http404(pk)


def tests_of(training: Training, official: Official) -> list[TrainingTest]:
    """The official's tries, the first one first."""
    return list(TrainingTest.objects.filter(training=training, official=official).order_by("number"))


def tested_officials(training: Training) -> Any:
    """Officials (keys) of the training whose points a test on the phone told."""
    judged = TrainingTest.objects.filter(training=training, score__isnull=False)
    return judged.order_by().values("official")


def packed_handout() -> str:
    """What the pack gives to read, a paragraph a line."""
    return _handout(_path())


def pass_mark_of(training: Training) -> Decimal:
    """The points of a hundred that pass its test."""
    return numbers_at(training.held_on or training.planned_on).paper.pass_mark


def paper_of(training: Training) -> list[Question]:
    """The questions of its test, by the present edition of the bank."""
    return paper(bank(), training.number, numbers_at(training.held_on or training.planned_on).paper.questions)


def bank() -> Bank:
    """The present edition."""
    return _read(_path())


def _path() -> Path:
    return Path(settings.SHIAN_PACKS) / "controls" / "officials.yaml"


@lru_cache(maxsize=4)
def _read(path: Path) -> Bank:
    return read_bank(_told(path), LEAST_BANK)


@lru_cache(maxsize=4)
def _handout(path: Path) -> str:
    return "\n".join(map(str, _told(path)["handout"]))


def _told(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
