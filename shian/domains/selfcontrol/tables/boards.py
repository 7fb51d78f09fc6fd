"""Areas, classes, sessions and operators as rows."""

from collections.abc import Iterable, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from shian.domains.selfcontrol.models import Exam
from shian.domains.selfcontrol.models.training import SessionKind
from shian.domains.selfcontrol.queries.coverage import ClassRate, DayCoverage, Reach
from shian.domains.selfcontrol.queries.staff import Coverage
from shian.kernel.ui.states import DONE, OVERDUE, WAITING
from shian.kernel.ui.tables import Cell, Column, Row
from shian.registers.operators.models import Operator

AREA = Column("area", gettext_lazy("区划"), is_fixed=True)
STAFFING = (
    AREA,
    Column("officers", gettext_lazy("食品安全员配备率"), kind="rate"),
    Column("no_officer", gettext_lazy("缺食品安全员"), kind="number", unit=gettext_lazy("家")),
    Column("directors", gettext_lazy("食品安全总监配备率"), kind="rate"),
    Column("no_director", gettext_lazy("缺食品安全总监"), kind="number", unit=gettext_lazy("家")),
)
DAYS = (
    AREA,
    Column("recorded", gettext_lazy("记录率"), kind="rate"),
    Column("gaps", gettext_lazy("缺报"), kind="number", unit=gettext_lazy("家")),
    Column("closed", gettext_lazy("停业"), kind="number"),
    Column("problems", gettext_lazy("有问题"), kind="number"),
    Column("late", gettext_lazy("迟报"), kind="number"),
    Column("backfilled", gettext_lazy("补录"), kind="number"),
)
CLASSES = (
    Column("title", gettext_lazy("报告类别"), is_fixed=True),
    Column("rate", gettext_lazy("报告率"), kind="rate"),
    Column("in_time", gettext_lazy("按期"), kind="number"),
    Column("missing", gettext_lazy("未报告"), kind="number", unit=gettext_lazy("家")),
    Column("rectified", gettext_lazy("整改率"), kind="rate"),
    Column("due_on", gettext_lazy("期限"), kind="date"),
)
SESSIONS = (
    Column("title", gettext_lazy("培训"), is_fixed=True, is_wide=True),
    Column("kind", gettext_lazy("形式")),
    Column("held_on", gettext_lazy("日期"), kind="date"),
    Column("hours", gettext_lazy("学时"), kind="number", decimals=1),
    Column("operators", gettext_lazy("参训主体"), kind="number", unit=gettext_lazy("家")),
    Column("attendances", gettext_lazy("参训人次"), kind="number"),
)
EXAMS = (
    Column("number", gettext_lazy("抽考编号"), kind="code", is_fixed=True),
    Column("operator", gettext_lazy("主体"), is_wide=True),
    Column("state", gettext_lazy("结果")),
    Column("score", gettext_lazy("得分"), kind="number", decimals=1),
    Column("examined_on", gettext_lazy("日期"), kind="date", sort="examined_on"),
    Column("last_on", gettext_lazy("最迟参加"), kind="date"),
)
OPERATORS = (
    Column("name", gettext_lazy("名称"), is_fixed=True, is_wide=True),
    Column("code", gettext_lazy("主体编号"), kind="code"),
    Column("township", gettext_lazy("所在乡镇")),
    Column("kind", gettext_lazy("主体类别")),
    Column("format", gettext_lazy("业态")),
)


def staffing_row(each: Coverage, names: Mapping[str, str], listed: str) -> Row:
    """An area; the missing open as a list."""
    url = f"{listed}?area={each.area}"
    no_officer, no_director = each.officers_due - each.officers, each.directors_due - each.directors
    cells = {
        "area": names.get(each.area, each.area),
        "officers": (each.officers, each.officers_due),
        "no_officer": Cell(no_officer, url=f"{url}&duty=officer" if no_officer else ""),
        "directors": (each.directors, each.directors_due),
        "no_director": Cell(no_director, url=f"{url}&duty=director" if no_director else ""),
    }
    return Row(cells, key=each.area)


def day_row(each: DayCoverage, names: Mapping[str, str], listed: str) -> Row:
    """An area's day; the gaps open as a list."""
    cells = {
        "area": names.get(each.area, each.area), "recorded": (each.recorded, each.due),
        "gaps": Cell(each.gaps, url=f"{listed}&area={each.area}" if each.gaps else ""), "closed": each.closed,
        "problems": each.problems, "late": each.late, "backfilled": each.backfilled,
    }  # fmt: skip
    return Row(cells, key=each.area)


def class_row(each: ClassRate, year: int, listed: str) -> Row:
    """A class; those without a report open as a list."""
    missing = each.operators - each.reported
    cells = {
        "title": each.told.title, "rate": (each.reported, each.operators), "in_time": each.in_time,
        "missing": Cell(missing, url=f"{listed}&class={each.told.key}" if missing else ""),
        "rectified": (each.rectified, each.problems), "due_on": each.told.due_on(year),
    }  # fmt: skip
    return Row(cells, key=each.told.key)


def session_row(each: Reach) -> Row:
    """A session with its reach."""
    session = each.session
    cells = {
        "title": Cell(session.title, note=session.organiser), "kind": SessionKind(session.kind).label,
        "held_on": session.held_on, "hours": session.hours, "operators": each.operators,
        "attendances": each.attendances,
    }  # fmt: skip
    return Row(cells, key=session.code)


def exam_row(exam: Exam) -> Row:
    """A test: called, passed, failed or let go by."""
    state = Cell(_("待参加"), state=WAITING)
    if exam.passed is not None:
        state = Cell(pgettext("verdict", "合格"), state=DONE) if exam.passed else Cell(_("不合格"), state=OVERDUE)
    cells = {
        "number": exam.number, "operator": exam.operator.name, "state": state, "score": exam.score,
        "examined_on": exam.examined_on, "last_on": exam.last_on,
    }  # fmt: skip
    return Row(cells, url=f"{operator_url(exam.operator.code)}?tab=selfcontrol", key=exam.number)


def operator_url(code: str) -> str:
    return reverse("census:operator_detail", args=[code])


def operator_rows(rows: Iterable[Operator], names: Mapping[str, str]) -> list[Row]:
    """Operators that lack something, each leading to its record."""
    return [
        Row(
            {
                "name": each.name, "code": each.code, "township": names.get(each.township, each.township),
                "kind": each.kind, "format": each.format,
            },
            url=f"{operator_url(each.code)}?tab=selfcontrol", key=each.code,
        )
        for each in rows
    ]  # fmt: skip
