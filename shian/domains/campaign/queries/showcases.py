"""Named reads over the campaign's ledgers: leaders' acts, projects, benchmarks and sheets, training, lessons."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from shian.domains.campaign.models import Evaluation, ItemResult
from shian.engine.cases.models import Case
from shian.engine.cases.queries import visible_cases
from shian.engine.ledgers.models import LedgerRow
from shian.engine.ledgers.queries import valid_at as row_valid_at
from shian.engine.measures.queries import Figure, figure
from shian.kernel.scope.rules import Level, level_of_key
from shian.kernel.scope.walls import system_scope
from shian.registers.people.models import Organisation, Post
from shian.registers.people.queries import valid_at

ACTS, PROJECTS, EVIDENCE, LESSONS = "leader_duties", "demonstration_projects", "project_evidence", "lessons"
SITES, FORMATS, SHEETS = "benchmark_sites", "check_formats", "format_sheets"
TRAINED, ASKED = "training_records", "training_sheets"


def act_subject(act: LedgerRow) -> str:
    """How a task says that it follows from a leader's act."""
    return f"{ACTS}:{act.data['act_no']}"


@dataclass(frozen=True)
class Act:
    """A leader's act and the task that follows from it, if one was opened here; whether the reader may open that."""

    row: LedgerRow
    task: Case | None
    may_open: bool = False

    @property
    def is_closed(self) -> bool:
        """A task opened here decides; without one the ledger's own date does."""
        return not self.task.is_open if self.task else bool(self.row.data.get("closed_on"))


def acts_of(user: Any, *, area: str, position: str, year: int | None) -> list[Act]:
    """The acts of a position in a year, oldest first. Three queries."""
    rows = LedgerRow.objects.visible_to(user).filter(ledger=ACTS)
    if area:
        own = Level(level_of_key(area))
        below = {Level.CITY: "county", Level.COUNTY: "township"}.get(own, "village")
        rows = rows.filter(**{own.value: area, below: ""})
    rows = rows.filter(data__position=position) if position else rows
    rows = rows.filter(occurs_on__year=year) if year else rows
    found = list(rows.order_by("occurs_on", "key"))
    subjects = {"type": "task", "subject__in": [act_subject(each) for each in found]}
    with system_scope():  # whether a follow-up is closed concerns whoever reads the act
        by_subject = {each.subject: each for each in Case.objects.filter(**subjects).order_by("pk")}
    opened = set(visible_cases(user).filter(**subjects).values_list("pk", flat=True))
    tasks = ((each, by_subject.get(act_subject(each))) for each in found)
    return [Act(each, task, task is not None and task.pk in opened) for each, task in tasks]


@dataclass(frozen=True)
class Project:
    """A demonstration project: evidence accepted of what is asked, and the score that it has at present."""

    row: LedgerRow
    evidence: list[LedgerRow]
    score: Decimal | None
    is_evaluated: bool

    @property
    def accepted(self) -> int:
        return sum(bool(each.data.get("accepted_on")) for each in self.evidence)


def projects_for(user: Any, day: date) -> list[Project]:
    """Running projects with evidence and score: of an item's newest result, else as reviewers gave it."""
    rows = list(LedgerRow.objects.visible_to(user).filter(row_valid_at(day), ledger=PROJECTS).order_by("key"))
    papers: dict[Any, list[LedgerRow]] = defaultdict(list)
    for each in LedgerRow.objects.visible_to(user).filter(ledger=EVIDENCE).order_by("key"):
        papers[each.data["project_no"]].append(each)
    return [_project(each, papers[each.data["project_no"]]) for each in rows]


def _project(row: LedgerRow, evidence: list[LedgerRow]) -> Project:
    given = row.data.get("score")
    if given is not None:
        return Project(row, evidence, Decimal(str(given)), False)
    ratio = _ratio(row.data.get("item_code") or "", row.area)
    score = None if ratio is None else (Decimal(str(row.data["weight"])) * ratio).quantize(Decimal("0.01"))
    return Project(row, evidence, score, ratio is not None)


def _ratio(item: str, area: str) -> Decimal | None:
    """The ratio that the item got in the newest evaluation of the area."""
    newest = Evaluation.objects.filter(area_key=area).order_by("-as_of", "-pk").first() if item else None
    if newest is None:
        return None
    found = ItemResult.objects.filter(evaluation=newest, area_key=area, indicator__code=item).first()
    return found.ratio if found else None


@dataclass(frozen=True)
class FormatLine:
    """A format that will be checked: its sheet in force and the benchmarks of one area."""

    name: str
    department: str
    wanted: tuple[int | None, int | None]
    sheet: LedgerRow | None
    sites: list[LedgerRow]


def format_lines(user: Any, area: str, day: date) -> list[FormatLine]:
    """Every format that is checked openly in the city, with the benchmarks inside the area. Three queries."""
    formats = LedgerRow.objects.filter(row_valid_at(day), ledger=FORMATS, city=area[:4], data__mode="明查")
    here = {Level(level_of_key(area)).value: area}
    sites = LedgerRow.objects.visible_to(user).filter(row_valid_at(day), ledger=SITES, data__kind="标杆点位", **here)
    by_format: dict[Any, list[LedgerRow]] = defaultdict(list)
    for each in sites.order_by("key"):
        by_format[each.data.get("format")].append(each)
    sheets = sheets_in_force(area[:4], day)
    lines: dict[str, FormatLine] = {}
    for each in formats.order_by("pk"):
        name, told = each.data["format"], each.data
        wanted = (told.get("benchmark_min"), told.get("benchmark_max"))
        lines.setdefault(
            name, FormatLine(name, told.get("department", ""), wanted, sheets.get(name), by_format.get(name, []))
        )
    return list(lines.values())


def sheets_in_force(city: str, day: date) -> dict[str, LedgerRow]:
    """Format → its newest sheet; sheets are public."""
    rows = LedgerRow.objects.filter(row_valid_at(day), ledger=SHEETS, city=city).order_by("valid_from", "pk")
    return {each.data["format"]: each for each in rows}


def sheet_for_operator(operator_format: str, city: str, day: date) -> LedgerRow | None:
    """The newest sheet of the format that takes operators of this format by the dictionary of formats (or by the
    sheet's own word, or by its name); public."""
    if not operator_format:
        return None
    dictionary = Q(ledger=FORMATS, data__mode="明查", data__operator_formats__icontains=operator_format)
    rows = LedgerRow.objects.filter(row_valid_at(day), dictionary | Q(ledger=SHEETS), city=city)
    found = list(rows.order_by("-valid_from", "pk"))
    wanted = {each.data["format"] for each in found if each.ledger == FORMATS and operator_format in _names_in(each)}
    for each in found:
        if each.ledger == SHEETS and (
            each.data["format"] in {*wanted, operator_format} or operator_format in _names_in(each)
        ):
            return each
    return None


def _names_in(row: LedgerRow) -> list[str]:
    """The formats of operators that a row of the dictionary or a sheet names."""
    return str(row.data.get("operator_formats") or "").split("、")


@dataclass(frozen=True)
class Trainee:
    """A person of a unit and a sheet that scores the unit: when trained, with what score, whether it suffices."""

    person_no: str
    name: str
    post: str
    sheet: str
    held_on: date | None
    score: Decimal | None
    due_on: str
    is_trained: bool


def trainees_of(unit: Organisation, day: date) -> list[Trainee]:
    """Everybody who holds a post in the unit, for each sheet that scores it; those not trained first. Three queries."""
    asked = list(LedgerRow.objects.filter(row_valid_at(day), ledger=ASKED, city=unit.city, data__unit_kind=unit.kind))
    posts = Post.objects.filter(valid_at(day), organisation=unit).select_related("person").order_by("pk")
    with system_scope():  # the caller has shown that the unit is in the reader's reach
        people = {each.person.person_no: each for each in posts}
    rows = LedgerRow.objects.filter(ledger=TRAINED, data__person_no__in=list(people), occurs_on__lte=day)
    best = {(each.data["person_no"], each.data["sheet"]): each for each in rows.order_by("occurs_on", "pk")}
    found = [
        _trainee(post, ask, best.get((number, ask.data["sheet"]))) for ask in asked for number, post in people.items()
    ]
    return sorted(found, key=lambda each: (each.is_trained, each.sheet, each.person_no))


def _trainee(post: Post, ask: LedgerRow, record: LedgerRow | None) -> Trainee:
    score = record.data.get("score") if record else None
    mark = Decimal(str(score)) if score is not None else None
    is_trained = mark is not None and mark >= Decimal(str(ask.data["pass_score"]))
    held = record.occurs_on if record else None
    due = str(ask.data.get("due_on") or "")
    return Trainee(post.person.person_no, post.person.name, post.title, ask.data["sheet"], held, mark, due, is_trained)


def lessons_for(user: Any) -> list[LedgerRow]:
    """Lessons, newest first."""
    return list(LedgerRow.objects.visible_to(user).filter(ledger=LESSONS).order_by("-occurs_on", "key"))


@dataclass(frozen=True)
class Effect:
    """One measure of a lesson on its two days, as the registers say today."""

    key: str
    before: Figure
    after: Figure

    @property
    def change(self) -> Decimal | None:
        if self.before.shown is None or self.after.shown is None:
            return None
        return self.after.shown - self.before.shown


def effects_of(lesson: LedgerRow) -> list[Effect]:
    """What the measures that the lesson names say for its area. Raises LookupError for a measure that is none."""
    days = [date.fromisoformat(str(lesson.data[name])) for name in ("before_on", "after_on")]
    found = []
    for key in str(lesson.data["measures"]).split("、"):
        before, after = (figure(key.strip(), area=lesson.area, as_of=day) for day in days)
        found.append(Effect(key.strip(), before, after))
    return found
