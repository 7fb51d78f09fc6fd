"""Visits, what was found, and coverage as rows."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.duties.models import DutyVisit, Match, VisitFault, Way
from shian.domains.duties.queries.coverage import Coverage
from shian.domains.duties.rules.visits import Near
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.cases.tables import case_url
from shian.kernel.ui.states import DONE, DUE, NEUTRAL, OVERDUE, Text
from shian.kernel.ui.tables import Cell, Column, Row

NEAR_TONES = {Near.NEAR.value: DONE, Near.UNSURE.value: DUE, Near.FAR.value: OVERDUE, Near.UNKNOWN.value: NEUTRAL}
VISITS = (
    Column("operator", gettext_lazy("督导对象"), is_fixed=True, is_wide=True),
    Column("visited_on", gettext_lazy("督导日期"), kind="date", sort="visited_on"),
    Column("tier", gettext_lazy("包保层级")),
    Column("official", gettext_lazy("包保干部")),
    Column("way", gettext_lazy("督导方式")),
    Column("nearness", gettext_lazy("定位")),
    Column("faults", gettext_lazy("问题数"), kind="number"),
    Column("county", gettext_lazy("县（市、区）")),
    Column("number", gettext_lazy("督导编号"), kind="code"),
)
FAULTS = (
    Column("item", gettext_lazy("督导内容"), is_fixed=True, is_wide=True),
    Column("fixed", gettext_lazy("当场改正")),
    Column("problem", gettext_lazy("问题")),
    Column("state", gettext_lazy("状态")),
)
DUE_ROWS = (
    Column("operator", gettext_lazy("主体"), is_fixed=True, is_wide=True),
    Column("tier", gettext_lazy("包保层级")),
    Column("official", gettext_lazy("包保干部")),
    Column("township", gettext_lazy("乡镇（街道）")),
    Column("since", gettext_lazy("包保起始"), kind="date"),
)
DONE_BY = (
    Column("completion", gettext_lazy("督导完成率"), kind="progress"),
    Column("visited", gettext_lazy("已督导"), kind="number"),
    Column("in_force", gettext_lazy("应督导"), kind="number"),
)
FROZEN = Column("frozen", gettext_lazy("冻结时完成率"), kind="rate")


def coverage_columns(title: Text, *, is_over: bool = False, is_frozen: bool = False) -> tuple[Column, ...]:
    """What is told of a group; `title` says what groups are."""
    left = Column("due", gettext_lazy("未督导") if is_over else gettext_lazy("待督导"), kind="number")
    group = Column("group", title, is_fixed=True, is_wide=True)
    return (group, *DONE_BY, left, *([FROZEN] if is_frozen else []))


def visit_url(visit: DutyVisit) -> str:
    return reverse("duties:visit_detail", args=[visit.pk])


def visit_rows(visits: Iterable[DutyVisit], areas: Mapping[str, str]) -> Iterator[Row]:
    """Visits in a list; `areas` names keys."""
    for visit in visits:
        cells = {
            "operator": visit.operator.name,
            "visited_on": visit.visited_on,
            "tier": visit.get_tier_display(),
            "official": Cell(visit.official.name, note=visit.official.post),
            "way": Way(visit.way).label,
            "nearness": near_cell(visit),
            "faults": visit.faults,
            "county": areas.get(visit.county, visit.county),
            "number": Cell(visit.number, note=_note(visit)),
        }
        yield Row(cells, url=visit_url(visit), key=str(visit.pk), state=OVERDUE if visit.is_untrue else "")


def _note(visit: DutyVisit) -> str:
    if visit.is_untrue:
        return _("核查不属实，不计入完成率")
    return _("冻结后补报") if visit.is_late else ""


def near_cell(visit: DutyVisit) -> Cell:
    """Where the sheet was filled in; nothing for a remote visit and for one that a file brought."""
    if visit.nearness == Near.UNKNOWN.value:
        return Cell(None)
    metres = _("%(metres)s 米") % {"metres": f"{visit.distance:.0f}"} if visit.distance is not None else ""
    return Cell(visit.get_nearness_display(), state=NEAR_TONES[visit.nearness], note=metres)


def fault_row(fault: VisitFault) -> Row:
    """A question answered 否, with the problem that was made of it."""
    problem = fault.problem
    cells = {
        "item": Cell(fault.label, note=fault.note),
        "fixed": _("是") if fault.is_fixed else "",
        "problem": Cell(problem.number, url=case_url(problem)) if problem else None,
        "state": Cell(problem_state(problem), state=DUE if problem.is_open else DONE) if problem else None,
    }
    return Row(cells, key=fault.item)


def problem_state(problem: Case) -> Any:
    """The state of a case in words."""
    return case_type(problem.type).by_state[problem.state].title


def due_rows(matches: Iterable[Match], areas: Mapping[str, str]) -> Iterator[Row]:
    """Businesses that are not visited yet."""
    for match in matches:
        cells = {
            "operator": Cell(match.operator.name, note=match.operator.address),
            "tier": match.get_tier_display(),
            "official": Cell(match.official.name, note=match.official.post),
            "township": areas.get(match.township, match.township),
            "since": match.valid_from,
        }
        yield Row(cells, url=reverse("census:operator_detail", args=[match.operator.code]), key=str(match.pk))


def coverage_row(
    found: Coverage, name: str, *, url: str = "", frozen: tuple[int, int] | None = None, is_over: bool = False
) -> Row:
    """A group with what is done and what is left; what stood when the quarter was closed, where it was."""
    cells = {
        "group": name,
        "completion": (found.visited, found.in_force),
        "visited": found.visited,
        "in_force": found.in_force,
        "due": found.due,
        "frozen": frozen,
    }
    return Row(cells, url=url, key=found.key, state=(OVERDUE if is_over else DUE) if found.due else "")
