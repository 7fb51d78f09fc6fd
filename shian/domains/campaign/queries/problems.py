"""The problem list and how far it is struck off (A-11)."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import ExtractYear

from shian.engine.cases.models import CaseQuerySet
from shian.engine.cases.queries import CaseChoice, chosen_cases

PROBLEM, DISMISSED = "problem", "dismissed"
UNFOUNDED: dict[str, Any] = {"state": DISMISSED}


def listed_problems(choice: CaseChoice, user: Any, today: date) -> CaseQuerySet:
    """The problems that count: neither found to be none, nor merged into another one."""
    rows = chosen_cases(replace(choice, type=PROBLEM), user, today)
    return rows.exclude(**UNFOUNDED).filter(merged_into__isnull=True)


def open_problems(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those that nobody has struck off, what is due first first."""
    return rows.filter(is_open=True).order_by("due", "pk")


def problem_years(user: Any, today: date) -> list[int]:
    """The years in which problems were found, newest first."""
    rows = listed_problems(CaseChoice(), user, today).order_by().annotate(year=ExtractYear("opened_on"))
    return sorted(rows.values_list("year", flat=True).distinct(), reverse=True)
