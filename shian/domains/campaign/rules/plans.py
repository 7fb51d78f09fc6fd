"""A published plan of tasks (任务分工): clauses with lead and responsible units, and what they leave open (A-03)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shian.domains.campaign.rules.catalogues import LEAD, RESPONSIBLE, Share
from shian.domains.campaign.rules.problems import Invalid, Problem


class PlanInvalid(Invalid):
    """The plan cannot be loaded."""


@dataclass(frozen=True)
class Clause:
    """One assignment of a plan: items of the standard and the departments that answer for them."""

    number: int
    title: str
    items: tuple[str, ...]
    lead: tuple[str, ...]
    responsible: tuple[str, ...]

    @property
    def units(self) -> tuple[str, ...]:
        return (*self.lead, *self.responsible)


def clauses_in(plan: Any, standard: str, items: Collection[str], departments: Collection[str]) -> list[Clause]:
    """The clauses of a plan's file, checked against the edition it belongs to. Raises PlanInvalid with all problems."""
    if not isinstance(plan, Mapping) or not plan.get("clauses"):
        raise PlanInvalid([Problem("plan.no_clauses")])
    named = str((plan.get("meta") or {}).get("standard", standard))
    if named != standard:
        raise PlanInvalid([Problem("plan.other_standard", {"named": named, "standard": standard})])
    clauses = [_clause(row, number) for number, row in enumerate(plan["clauses"], 1)]
    problems = [each for clause in clauses for each in _problems(clause, items, departments)]
    if problems:
        raise PlanInvalid(problems)
    return clauses


def _clause(row: Mapping[str, Any], number: int) -> Clause:
    lists = (tuple(map(str, row.get(name) or ())) for name in ("indicators", "lead", "responsible"))
    return Clause(int(row.get("no") or number), str(row.get("title") or ""), *lists)


def _problems(clause: Clause, items: Collection[str], departments: Collection[str]) -> Iterable[Problem]:
    facts = {"number": clause.number, "title": clause.title}
    lacking = {"clause.no_title": clause.title, "clause.no_items": clause.items, "clause.no_units": clause.units}
    yield from (Problem(code, facts) for code, value in lacking.items() if not value)
    yield from (Problem("clause.item", {**facts, "value": code}) for code in clause.items if code not in items)
    yield from (
        Problem("clause.department", {**facts, "value": code}) for code in clause.units if code not in departments
    )


def without_lead(clauses: Iterable[Clause]) -> list[Clause]:
    """Clauses that name no lead unit."""
    return [clause for clause in clauses if not clause.lead]


def without_responsible(clauses: Iterable[Clause]) -> list[Clause]:
    """Clauses that name no responsible unit."""
    return [clause for clause in clauses if not clause.responsible]


def plan_shares(clauses: Iterable[Clause]) -> list[Share]:
    """Item × department over all clauses; who leads an item in any clause leads it."""
    rows = list(clauses)
    leads = {(item, unit) for clause in rows for item in clause.items for unit in clause.lead}
    wanted = dict.fromkeys((item, unit) for clause in rows for item in clause.items for unit in clause.units)
    return [Share(item, unit, LEAD if (item, unit) in leads else RESPONSIBLE) for item, unit in wanted]
