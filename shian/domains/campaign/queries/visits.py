"""Paired supervision by county: who is paired, when somebody was last there, what is still open (A-12)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max
from django.db.models.fields.json import KT

from shian.engine.cases.models import Case
from shian.engine.cases.parameters import parameters_at
from shian.engine.cases.queries import visible_cases
from shian.engine.ledgers.declarations import ledger
from shian.engine.ledgers.queries import rows_in, valid_at
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import KEY_WIDTH, Level, key_of_code
from shian.kernel.scope.walls import system_scope
from shian.registers.areas.queries import areas_valid_at
from shian.registers.people.queries import organisation_names

VISIT, PAIRS = "visit", "supervision_pairs"
VISITED = ("visited", "reported", "closed")
PERIOD = "period"  # the clock of packs/parameters/cases/visit.yaml that says how often a county is visited


@dataclass(frozen=True)
class Supervised:
    """A county. `late_since`: the day by which it should have been visited again; None while there is time."""

    area: str
    name: str
    positions: str
    teams: str
    visited_on: date | None
    planned_on: date | None
    findings: int
    late_since: date | None


def visit_period(today: date) -> timedelta:
    """How long a county may go without a visit, as in force on the day."""
    return timedelta(days=parameters_at(VISIT, today).clocks[PERIOD].amount)


def supervised_counties(user: Any, today: date) -> list[Supervised]:
    """Every county in the user's reach, those without a visit in the period first. When somebody was there is no secret
    in the area; findings are counted as far as the user sees them."""
    counties = areas_valid_at(today).visible_to(user).filter(level=Level.COUNTY.value).order_by("code")
    pairs, (last, planned) = _pairs(user, today), _visited(user)
    findings = visible_cases(user).filter(type="problem", source=VISIT, is_open=True).values("county")
    opened = dict(findings.annotate(count=Count("pk")).values_list("county", "count"))
    period = visit_period(today)
    found = []
    for area in counties:
        key = area.key[: KEY_WIDTH[Level.COUNTY]]
        day = date.fromisoformat(last[key]) if last.get(key) else None
        until = day + period if day else None
        late = (until if until and until < today else None) if day else today
        positions, teams = pairs.get(key, ("", ""))
        found.append(
            Supervised(key, area.name, positions, teams, day, planned.get(key), opened.get(key, 0), late)
        )  # fmt: skip
    return sorted(found, key=lambda each: (each.late_since is None, each.visited_on or date.min, each.area))


def _visited(user: Any) -> tuple[dict[str, str], dict[str, date]]:
    """County → day of the last visit, day of the next planned one."""
    visits = Case.objects.filter(reach_of(user).area_filter(), type=VISIT).exclude(county="").order_by()
    last = visits.filter(state__in=VISITED).values("county").annotate(day=Max(KT("data__visited_on")))
    planned = visits.filter(state="planned").values("county").annotate(day=Max("due_on"))
    with system_scope():
        return dict(last.values_list("county", "day")), dict(planned.values_list("county", "day"))


def _pairs(user: Any, today: date) -> dict[str, tuple[str, str]]:
    """County → positions and teams that are paired with it today."""
    rows = list(rows_in(ledger(PAIRS), user).filter(valid_at(today)).order_by("pk"))
    names = organisation_names({row.organisation_code for row in rows})
    found: dict[str, tuple[list[str], list[str]]] = {}
    for row in rows:
        positions, teams = found.setdefault(key_of_code(row.data["area_code"]), ([], []))
        positions.append(row.data["position"])
        teams.append(names.get(row.organisation_code, row.organisation_code))
    return {key: ("、".join(dict.fromkeys(one)), "、".join(dict.fromkeys(two))) for key, (one, two) in found.items()}
