"""Trainings of officials: one by its key, who may still be written down, the paper of the test."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from shian.domains.duties.models import Official, Training, TrainingAttendance
from shian.domains.duties.queries.lists import Choice
from shian.domains.duties.queries.visit_numbers import numbers_at
from shian.domains.duties.queries.visits import untrained
from shian.domains.duties.rules.trainings import LEAST_BANK, paper
from shian.engine.forms.question_banks import Bank, Question, read_bank
from shian.kernel.scope.rules import level_of_key

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


def paper_of(training: Training) -> list[Question]:
    """The questions of its test, by the present edition of the bank."""
    return paper(bank(), training.number, numbers_at(training.held_on or training.planned_on).training_questions)


def bank() -> Bank:
    """The present edition."""
    return _read(Path(settings.SHIAN_PACKS) / "controls" / "officials.yaml")


@lru_cache(maxsize=4)
def _read(path: Path) -> Bank:
    return read_bank(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader), LEAST_BANK)
