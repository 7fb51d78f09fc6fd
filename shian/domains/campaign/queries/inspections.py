"""What a round of inspection came to: points by format, and its problems inside and beyond their limits (A-19)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q

from shian.engine.cases.models import Case, CaseClock
from shian.engine.cases.queries import visible_cases
from shian.engine.ledgers.declarations import ledger
from shian.engine.ledgers.queries import rows_in

WORK = "work"  # the clock of a problem that runs from its assignment to the report that it is done


@dataclass(frozen=True)
class InLimit:
    """Problems of a round: all, closed, and closed with every report inside its limit."""

    total: int
    closed: int
    in_limit: int
    late_open: int


def points_by_format(case: Case, user: Any) -> dict[str, int]:
    """Format → points visited in this round, most first."""
    found: Counter[str] = Counter()
    for data in rows_in(ledger("inspection_points"), user).filter(data__round_no=case.number).values_list(
        "data", flat=True
    ):  # fmt: skip
        found[data["format"]] += int(data["points"])
    return dict(found.most_common())


def in_limit(case: Case, user: Any, today: date) -> InLimit:
    """The problems made of this case; a report after its last day, or none by then, is beyond the limit."""
    rows = visible_cases(user).filter(parent=case, type="problem").exclude(state="dismissed")
    closed_in = dict(rows.values_list("pk", "is_open"))
    beyond = Q(stopped_at__date__gt=F("due_on")) | Q(stopped_at__isnull=True, due_on__lt=today)
    late = set(CaseClock.objects.filter(beyond, case__in=rows, key=WORK).values_list("case", flat=True))
    closed = [pk for pk, is_open in closed_in.items() if not is_open]
    return InLimit(
        len(closed_in), len(closed), sum(pk not in late for pk in closed),
        sum(is_open and pk in late for pk, is_open in closed_in.items()),
    )  # fmt: skip
