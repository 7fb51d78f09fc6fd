"""Visits, their findings and problems as rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.fieldchecks.models import FieldVisit, Finding, VisitState
from shian.domains.fieldchecks.queries.problems import Revisit
from shian.domains.fieldchecks.rules.verdicts import FormatScore
from shian.engine.cases.models import Case
from shian.engine.cases.tables import CASES, case_row, case_url
from shian.engine.forms.tables.submissions import VERDICTS
from shian.kernel.ui.states import DONE, DUE, NEUTRAL, OVERDUE, WAITING
from shian.kernel.ui.tables import Cell, Column, Row, Table

TONES = {
    VisitState.ASSIGNED: WAITING,
    VisitState.ARRIVED: DUE,
    VisitState.VISITED: DUE,
    VisitState.CHECKED: DUE,
    VisitState.SIGNED: DUE,
    VisitState.UPLOADED: DONE,
    VisitState.SCORED: DUE,
    VisitState.RELEASED: DONE,
    VisitState.REPLACED: NEUTRAL,
    VisitState.REFUSED: OVERDUE,
}
VISITS = (
    Column("place", gettext_lazy("检查对象"), is_fixed=True, is_wide=True),
    Column("state", gettext_lazy("状态")),
    Column("percent", gettext_lazy("得分"), kind="number", decimals=2),
    Column("verdict", gettext_lazy("结论")),
    Column("mode", gettext_lazy("检查方式")),
    Column("format", gettext_lazy("业态")),
    Column("county", gettext_lazy("县（市、区）")),
    Column("team", gettext_lazy("检查人员")),
    Column("due_on", gettext_lazy("期限"), kind="date"),
    Column("visited_on", gettext_lazy("检查日期"), kind="date"),
    Column("number", gettext_lazy("检查编号"), kind="code", sort="number"),
    Column("round_no", gettext_lazy("轮次"), is_default=False),
)
FINDINGS = (
    Column("item", gettext_lazy("检查项目"), is_fixed=True, is_wide=True),
    Column("earned", gettext_lazy("得分"), kind="rate"),
    Column("key", gettext_lazy("关键项")),
    Column("problem", gettext_lazy("问题")),
)
CORRECT = Column("correct", gettext_lazy("当场整改"), is_fixed=True)
REVISITS = (
    Column("place", gettext_lazy("检查对象"), is_fixed=True, is_wide=True),
    Column("number", gettext_lazy("问题编号"), kind="code"),
    Column("severity", gettext_lazy("程度")),
    Column("closed_at", gettext_lazy("销号时间"), kind="moment"),
    Column("due_on", gettext_lazy("应回访日期"), kind="date"),
    Column("reopened", gettext_lazy("复发次数"), kind="number"),
)
FORMAT_SCORES = (
    Column("format", gettext_lazy("业态"), is_fixed=True, is_wide=True),
    Column("mode", gettext_lazy("检查方式")),
    Column("passed", gettext_lazy("合格"), kind="rate"),
    Column("mean", gettext_lazy("平均分"), kind="number", decimals=2),
    Column("weight", gettext_lazy("权重"), kind="number"),
    Column("verdict", gettext_lazy("结论")),
)


def visit_url(visit: FieldVisit) -> str:
    return reverse("fieldchecks:field_visit_detail", args=[visit.pk])


def verdict_cell(visit: FieldVisit) -> Cell:
    """The verdict as a badge; nothing before there is a score."""
    if not visit.verdict:
        return Cell(None)
    state, word = VERDICTS[visit.verdict]
    return Cell(word, state=state)


def visit_rows(
    visits: Iterable[FieldVisit], areas: Mapping[str, str], formats: Mapping[tuple[str, str], str]
) -> Iterator[Row]:
    """Visits in a list; `areas` names keys, `formats` names (mode, code)."""
    for visit in visits:
        cells = {
            "place": visit.point.name,
            "state": Cell(VisitState(visit.state).label, state=TONES[VisitState(visit.state)]),
            "percent": visit.percent,
            "verdict": verdict_cell(visit),
            "mode": visit.get_mode_display(),
            "format": formats.get((visit.mode, visit.format), visit.format),
            "county": areas.get(visit.county, visit.county),
            "team": "、".join(filter(None, (visit.lead_name, visit.second_name))),
            "due_on": visit.due_on,
            "visited_on": visit.visited_on,
            "number": visit.number,
            "round_no": visit.round_no,
        }
        yield Row(cells, url=visit_url(visit), key=str(visit.pk))


def finding_row(finding: Finding) -> Row:
    """An item that lost points, with the problem that was made of it."""
    problem = finding.problem
    cells = {
        "item": Cell(finding.label, note=finding.note),
        "earned": (finding.earned, finding.points),
        "key": _("是") if finding.is_key else "",
        "problem": Cell(problem.number, url=case_url(problem)) if problem else None,
    }
    return Row(cells, key=finding.item)


def correct_url(problem: Case) -> str:
    return reverse("fieldchecks:problem_correct", args=[problem.pk])


def problem_table(problems: Sequence[Case], correctable: Sequence[Case], today: date) -> Table:
    """The problems of a visit; those that can be put right on the spot have a link of their own."""
    open_ones = {each.pk for each in correctable}
    rows = []
    for each in problems:
        row = case_row(each, today)
        link = Cell(_("立行立改"), url=correct_url(each)) if each.pk in open_ones else None
        rows.append(row._replace(cells={**row.cells, CORRECT.key: link}))
    columns = (*CASES[:1], CORRECT, *CASES[1:]) if open_ones else CASES
    return Table(columns, rows, id="problems")


def revisit_row(revisit: Revisit, today: object) -> Row:
    """A closed problem that somebody should look at again."""
    case = revisit.problem
    cells = {
        "place": Cell(case.data.get("place", ""), note=case.data.get("item", "")),
        "number": case.number,
        "severity": case.data.get("severity", ""),
        "closed_at": case.closed_at,
        "due_on": revisit.due_on,
        "reopened": case.reopened,
    }
    return Row(cells, url=case_url(case), key=str(case.pk), state=DUE if revisit.due_on <= today else "")  # type: ignore[operator]


def format_row(score: FormatScore, name: str, weight: object, *, is_passed: bool) -> Row:
    """How the points of a format did."""
    cells = {
        "format": name,
        "mode": _("明查") if score.mode == "overt" else _("暗访"),
        "passed": (score.passed, score.visited),
        "mean": score.mean,
        "weight": weight,
        "verdict": Cell(_("达标"), state=DONE) if is_passed else Cell(_("不达标"), state=OVERDUE),
    }
    return Row(cells, key=f"{score.mode}:{score.format}")
