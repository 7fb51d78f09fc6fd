"""Named reads of plans: which plan a user follows, its steps, who answers for each, and the war map."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from shian.domains.campaign.models import PlanMove, Schedule, Stage, StageOutput, Standard
from shian.domains.campaign.rules.schedules import StageDates, Standing, standing_of, worst
from shian.engine.cases.models import Case
from shian.engine.cases.parameters import parameters_at
from shian.engine.cases.queries import RELATED, visible_cases
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.walls import system_scope
from shian.kernel.workdays.queries import calendar
from shian.registers.people.models import Organisation, Person, Post
from shian.registers.people.queries import organisations_valid_at, valid_at

STEP, FIRST_STATE = "step", "planned"
OFFICE_KIND = "指挥部办公室"
LEADERS = ("领导", "站长")
KINDS_OF_OWNERS = ("联络员", *LEADERS, "创建办人员")  # whom a step falls to where nobody is named, in this order


def schedules_for(user: Any) -> list[Schedule]:
    """The plans of the areas that the user works in or belongs to, the one with the latest final date first."""
    reach = reach_of(user)
    rows = Schedule.objects.order_by("-final_on", "-pk")
    return [each for each in rows if reach.everything or reach.touches(each.area)]


def schedule_for(user: Any, key: str) -> Schedule | None:
    """The plan asked for, else the user's first: the nearest area's. Raises Http404, OutOfReach."""
    found = schedules_for(user)
    if not key:
        reach = reach_of(user)
        return next((each for each in found if reach.covers(each.area)), found[0] if found else None)
    chosen = next((each for each in found if each.key == key), None)
    if chosen is None and Schedule.objects.filter(key=key).exists():
        raise OutOfReach(f"campaign.schedule:{key}")
    if chosen is None:
        raise Http404(key)
    return chosen


def may_see_schedule(user: Any, key: str) -> bool:
    """Whether the user may open the seals of the plan with this key."""
    return any(str(each.pk) == key for each in schedules_for(user))


def stage_for(user: Any, pk: int) -> Stage:
    """A stage of a plan that concerns the user. Raises Http404, OutOfReach."""
    stage = Stage.objects.select_related("schedule").filter(pk=pk).first()
    if stage is None:
        raise Http404(str(pk))
    schedule_for(user, stage.schedule.key)
    return stage


def output_for(user: Any, pk: int) -> StageOutput:
    """An output of a stage that concerns the user. Raises Http404, OutOfReach."""
    output = StageOutput.objects.select_related("stage__schedule").filter(pk=pk).first()
    if output is None:
        raise Http404(str(pk))
    schedule_for(user, output.stage.schedule.key)
    return output


def stages_of(schedule: Schedule) -> list[Stage]:
    """The stages in order, with their outputs."""
    return list(schedule.stages.prefetch_related("outputs").order_by("number"))


def missing_outputs(stage: Stage) -> list[StageOutput]:
    """What the stages before this one have not recorded: they must, before it is opened."""
    rows = StageOutput.objects.filter(stage__schedule=stage.schedule_id, stage__number__lt=stage.number)
    return list(rows.filter(recorded_at__isnull=True).select_related("stage").order_by("stage__number", "order"))


def dates_of(stages: Sequence[Stage]) -> list[StageDates]:
    """The stages as the rules read them."""
    opened = max((each.number for each in stages if each.opened_at), default=0)
    return [
        StageDates(each.number, each.starts_on, each.ends_on, bool(each.opened_at), each.number < opened)
        for each in stages
    ]


def moves_of(schedule: Schedule) -> list[PlanMove]:
    """How the final date was moved, newest first."""
    return list(schedule.moves.all())


def steps_of(schedule: Schedule, user: Any = None) -> QuerySet[Case]:
    """The steps of a plan that the user sees (None: a program, all), what is due first first; cancelled ones out."""
    rows = Case.objects.filter(type=STEP) if user is None else visible_cases(user).filter(type=STEP)
    rows = rows.filter(data__plan=schedule.key, merged_into__isnull=True).exclude(state="cancelled")
    return rows.select_related(*RELATED).order_by("due_on", "pk")


def due_of_step(case: Case) -> date | None:
    """The last day of the step itself; the day of its verification says nothing of the unit."""
    return case.due_on if case.state in {FIRST_STATE, "working"} else None


def standing_of_step(case: Case, today: date) -> Standing:
    """How the step stands today; the ladder of its own version says from when on it is at risk."""
    due, warns = due_of_step(case), None
    if due:
        first = min(
            (rung.after for rung in parameters_at(case.type, case.opened_on).ladder if rung.after < 0), default=None
        )
        warns = calendar().add_workdays(due, first) if first is not None else None
    return standing_of(
        is_open=case.is_open and case.state != "submitted", is_begun=case.state != FIRST_STATE, due_on=due,
        warns_on=warns, today=today,
    )  # fmt: skip


def accountable(cases: Iterable[Case], today: date) -> dict[int, str]:
    """Case → the one person who answers for it: its named owner, else the unit's head; "" where there is neither."""
    rows = list(cases)
    heads = heads_of({each.unit_id or "" for each in rows if not each.owner_name}, today)
    return {each.pk: each.owner_name or heads.get(each.unit_id or "", "") for each in rows}


def heads_of(units: Collection[str], today: date) -> dict[str, str]:
    """Unit → its head's name and post today."""
    if not units:
        return {}
    posts = Post.objects.filter(valid_at(today), organisation__code__in=units, kind__in=LEADERS)
    with system_scope():  # who answers for a unit is said to whoever sees its work
        found = (
            posts.select_related("person").order_by("-pk").values_list("organisation__code", "person__name", "title")
        )
        return {code: f"{name}（{title}）" for code, name, title in found}


def owners_of_units(units: Collection[str], day: date) -> dict[str, Person]:
    """Unit → the person whom a new step falls to: its liaison officer, else its head."""
    posts = Post.objects.filter(valid_at(day), organisation__code__in=units, kind__in=KINDS_OF_OWNERS)
    found: dict[str, tuple[int, Person]] = {}
    for post in posts.select_related("person", "organisation").order_by("-pk"):
        place = KINDS_OF_OWNERS.index(post.kind)
        code = post.organisation.code
        if code not in found or place <= found[code][0]:
            found[code] = (place, post.person)
    return {code: person for code, (_place, person) in found.items()}


def campaign_office(area_key: str, day: date) -> Organisation | None:
    """The office that plans for the area: the command office of the area itself, else of the area above."""
    rows = organisations_valid_at(day).filter(kind=OFFICE_KIND)
    held = [each for each in rows if area_key.startswith(each.area)]
    return max(held, key=lambda each: len(each.area), default=None)


@dataclass
class Square:
    """One unit in one stage."""

    steps: list[tuple[Case, Standing]] = field(default_factory=list)

    @property
    def standing(self) -> Standing | None:
        return worst(standing for _case, standing in self.steps)

    @property
    def done(self) -> int:
        return self.count(Standing.DONE)

    def count(self, standing: Standing) -> int:
        return sum(each is standing for _case, each in self.steps)


@dataclass
class UnitRow:
    """A unit of the war map with its squares by stage."""

    code: str
    name: str
    squares: dict[int, Square] = field(default_factory=lambda: defaultdict(Square))

    @property
    def whole(self) -> Square:
        return Square([each for square in self.squares.values() for each in square.steps])


def unit_rows(steps: Iterable[Case], today: date) -> list[UnitRow]:
    """Units × stages, departments of the higher area first, each in order of code."""
    found: dict[str, UnitRow] = {}
    order: dict[str, tuple[int, str, str]] = {}
    for case in steps:
        unit, code = case.unit, case.unit_id or ""
        row = found.setdefault(code, UnitRow(code, (unit.short_name or unit.name) if unit else ""))
        order[code] = (len(unit.area) if unit else 99, unit.area if unit else "", code)
        row.squares[int(case.data.get("stage") or 0)].steps.append((case, standing_of_step(case, today)))
    return sorted(found.values(), key=lambda each: order[each.code])


def counts_of(rows: Iterable[UnitRow]) -> Mapping[Standing, int]:
    """Steps by standing over the whole map."""
    squares = [row.whole for row in rows]
    return {each: sum(square.count(each) for square in squares) for each in Standing}


def items_without_step(steps: Iterable[Case], standard: Standard | None) -> list[str]:
    """Items of the standard that no step of the plan names, in order: they are nobody's yet."""
    if standard is None:
        return []
    held = {case.item_code for case in steps}
    return [code for code in standard.indicators.order_by("order").values_list("code", flat=True) if code not in held]
