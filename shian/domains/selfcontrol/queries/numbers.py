"""Dated numbers, templates and the question bank of operators' own duty, as the packs tell them."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.conf import settings

from shian.domains.selfcontrol.rules.controls import read_controls
from shian.domains.selfcontrol.rules.exams import LEAST_BANK, read_training
from shian.domains.selfcontrol.rules.staffing import read_selfexams, read_staffing
from shian.domains.selfcontrol.rules.templates import Template, read_templates
from shian.engine.forms.question_banks import Bank, read_bank
from shian.kernel.parameters.dated import Dated

READ_BANK = partial(read_bank, least=LEAST_BANK)
STAFFING = Dated("selfcontrol/staffing", read_staffing)
CONTROLS = Dated("selfcontrol/controls", read_controls)
SELFEXAMS = Dated("selfcontrol/selfexams", read_selfexams)
TRAINING = Dated("selfcontrol/training", read_training)

T = TypeVar("T")


def controls_began() -> date:
    """The first day that the pack has numbers for: nothing was owed before."""
    return CONTROLS.versions()[0].valid_from


def templates() -> tuple[Template, ...]:
    """The templates of risk lists."""
    found: tuple[Template, ...] = _parsed(_path("templates.yaml"), read_templates)
    return found


def bank() -> Bank:
    """The present edition of the question bank."""
    found: Bank = _parsed(_path("questions.yaml"), READ_BANK)
    return found


def _path(name: str) -> Path:
    return Path(settings.SHIAN_PACKS) / "controls" / name


@lru_cache(maxsize=16)
def _parsed(path: Path, read: Callable[[Mapping[str, Any]], T]) -> T:
    return read(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
