"""A plan of stages and steps as YAML (packs/schedules): what it holds, and what is wrong with it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from shian.domains.campaign.rules.plans import Clause
from shian.domains.campaign.rules.problems import Invalid, Problem

TITLE_MOST = 200


class ScheduleInvalid(Invalid):
    """The file cannot be taken over as a plan."""


@dataclass(frozen=True)
class PlannedStage:
    """A stage as the file tells it; outputs are pairs of key and title."""

    number: int
    title: str
    starts_on: date
    ends_on: date
    outputs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PlannedStep:
    """A step `before` working days ahead of its stage's last day. `department`: who does it, "" for nobody named."""

    stage: int
    before: int
    title: str
    department: str = ""
    item: str = ""
    duty: str = ""
    is_for_each_clause: bool = False


@dataclass(frozen=True)
class PlannedSchedule:
    """A plan's file."""

    key: str
    title: str
    basis: str
    final_on: date
    stages: tuple[PlannedStage, ...]
    steps: tuple[PlannedStep, ...]


def schedule_in(pack: Any, items: Collection[str], departments: Collection[str]) -> PlannedSchedule:
    """The plan of a file. Raises ScheduleInvalid with all problems."""
    try:
        found = _read(pack)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ScheduleInvalid([Problem("schedule.shape", {"error": str(error)})]) from error
    if problems := list(_problems(found, items, departments)):
        raise ScheduleInvalid(problems)
    return found


def _read(pack: Mapping[str, Any]) -> PlannedSchedule:
    stages = tuple(
        PlannedStage(
            int(row["number"]), str(row["title"]), _day(row["starts_on"]), _day(row["ends_on"]),
            tuple((str(each["key"]), str(each["title"])) for each in row.get("outputs") or ()),
        )
        for row in pack["stages"]
    )  # fmt: skip
    steps = tuple(
        PlannedStep(
            int(row["stage"]), int(row["before"]), str(row["title"]), str(row.get("department") or ""),
            str(row.get("item") or ""), str(row.get("duty") or ""), bool(row.get("for_each_clause")),
        )
        for row in pack.get("steps") or ()
    )  # fmt: skip
    return PlannedSchedule(str(pack["key"]), str(pack["title"]), str(pack["basis"]), _day(pack["final_on"]), stages,
                           steps)  # fmt: skip


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _problems(found: PlannedSchedule, items: Collection[str], departments: Collection[str]) -> Iterator[Problem]:
    if [each.number for each in found.stages] != list(range(1, len(found.stages) + 1)) or not found.stages:
        yield Problem("schedule.numbers")
    for before, after in zip(found.stages, found.stages[1:], strict=False):
        if after.starts_on <= before.ends_on:
            yield Problem("schedule.overlap", {"title": after.title, "before": before.title})
    yield from (
        Problem("schedule.no_days", {"title": each.title}) for each in found.stages if each.ends_on < each.starts_on
    )
    if found.stages and found.final_on != found.stages[-1].ends_on:
        yield Problem("schedule.final", {"final_on": found.final_on})
    numbers = {each.number for each in found.stages}
    for step in found.steps:
        if step.stage not in numbers:
            yield Problem("schedule.stage", {"title": step.title, "value": step.stage})
        if step.item and step.item not in items:
            yield Problem("schedule.item", {"title": step.title, "value": step.item})
        if step.department and step.department not in departments:
            yield Problem("schedule.department", {"title": step.title, "value": step.department})


def steps_with_clauses(steps: Sequence[PlannedStep], clauses: Sequence[Clause]) -> Iterator[PlannedStep]:
    """The steps in order; one that is for each clause stands for all of them, done by the clause's first lead.

    A clause without lead leaves its step to nobody: that is told, not guessed.
    """
    for step in steps:
        if not step.is_for_each_clause:
            yield step
            continue
        for clause in clauses:
            title = f"{clause.title}：{step.title}"[:TITLE_MOST]
            lead, item = next(iter(clause.lead), ""), next(iter(clause.items), "")
            yield replace(step, title=title, department=lead, item=item, duty=step.duty or clause.title)
