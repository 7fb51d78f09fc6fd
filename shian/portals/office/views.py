"""The first page after sign-in: no chart, only what there is to do."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.cases.queries import my_work
from shian.engine.cases.tables import case_url, standing_label, tone_of
from shian.kernel.accounts.permissions import any_account, requires
from shian.kernel.ui.navigation import home_of
from shian.kernel.ui.states import OVERDUE
from shian.kernel.ui.tables import Cell, Column, Empty, Row, Table
from shian.portals.office.queries import (
    Debt,
    Desk,
    Owed,
    Task,
    changes_for,
    debts_of,
    desk_of,
    owed_by_units,
    signatures_of,
    tasks_of,
    visits_to_make,
)

TASK_COLUMNS = (
    Column("title", gettext_lazy("事项"), is_wide=True, is_fixed=True),
    Column("kind", gettext_lazy("类别")),
    Column("state", gettext_lazy("状态")),
    Column("due", gettext_lazy("期限"), kind="date"),
)
OWED_COLUMNS = (
    Column("type", gettext_lazy("本单位承办"), is_wide=True, is_fixed=True),
    Column("open", gettext_lazy("未办结"), kind="number", unit=gettext_lazy("件")),
    Column("overdue", gettext_lazy("逾期"), kind="number"),
    Column("next", gettext_lazy("下一期限"), kind="date"),
)
DEBT_COLUMNS = (
    Column("title", gettext_lazy("评价内容"), is_wide=True, is_fixed=True),
    Column("lost", gettext_lazy("失分"), kind="number", unit=gettext_lazy("分"), decimals=2),
    Column("undecided", gettext_lazy("未定分值"), kind="number", unit=gettext_lazy("分"), decimals=2),
)
SHOWN = 12


@requires(any_account)
def home(request: HttpRequest) -> HttpResponse:
    """My work, cases first; what my units owe; what changed. Who has a first page elsewhere is sent there."""
    if elsewhere := home_of(request.user):
        return redirect(elsewhere)
    desk, today = desk_of(request.user), timezone.localdate()
    cases, case_count = my_work(request.user, SHOWN)
    owed = owed_by_units(request.user, today)
    tasks, debts = tasks_of(request.user, desk), debts_of(desk)
    signatures = [*signatures_of(request.user), *visits_to_make(request.user)]
    since = request.session.get("previous_visit")
    context = {
        "desk": desk,
        "tasks": _task_table(cases, tasks, today),
        "signatures": signatures,
        "rest_of_cases": case_count - len(cases),
        "rest_of_tasks": max(0, len(tasks) - max(0, SHOWN - len(cases))),
        "work_count": case_count + len(tasks) + len(signatures),
        "owed": _owed_table(owed, today) if owed else None,
        "owed_count": sum(each.open for each in owed),
        "debts": _debt_table(desk, debts),
        "debt_count": len(debts),
        "changes": changes_for(request.user, date.fromisoformat(since) if since else None),
    }
    return render(request, "office/home.html", context)


def _task_table(cases: list[Case], tasks: list[Task], today: date) -> Table:
    rows = [_case_row(case, today) for case in cases]
    rows += [_task_row(task) for task in tasks[: SHOWN - len(rows)]]
    empty = Empty(_("没有待办"), _("轮到您办理的事项、新的导入、待核对的报告和未定的评价内容会出现在这里。"))
    return Table(TASK_COLUMNS, rows, empty=empty, id="tasks")


def _case_row(case: Case, today: date) -> Row:
    """A case by its own columns only: no further statement for its units."""
    declared = case_type(case.type)
    tone = tone_of(declared, case, today)
    cells = {
        "title": Cell(case.title, note=case.number),
        "kind": declared.title,
        "state": Cell(standing_label(declared, case, today), state=tone),
        "due": case.due_on,
    }
    return Row(cells, url=case_url(case), state=tone if tone == OVERDUE else "")


def _owed_table(owed: list[Owed], today: date) -> Table:
    rows = []
    for each in owed:
        listed = f"{reverse('cases:type_list', args=[each.type.key])}?whose=unit"
        cells = {
            "type": each.type.title,
            "open": Cell(each.open, url=f"{listed}&standing=open"),
            "overdue": Cell(each.overdue or None, url=f"{listed}&standing=overdue" if each.overdue else ""),
            "next": each.next_on,
        }
        rows.append(Row(cells, url=f"{listed}&standing=open", state=OVERDUE if each.overdue else ""))
    return Table(OWED_COLUMNS, rows, id="owed")


def _task_row(task: Task) -> Row:
    label = task.note if len(task.note) <= 12 else _("待说明")
    note = "" if label == task.note else task.note
    cells: dict[str, Any] = {
        "title": Cell(task.title, note=note),
        "kind": task.kind,
        "state": Cell(label, state=task.state),
    }
    return Row(cells, url=task.url)


def _debt_table(desk: Desk, debts: list[Debt]) -> Table:
    rows = [
        Row(
            {
                "title": Cell(f"{debt.code} {debt.title}", note=debt.reason),
                "lost": debt.lost or None,
                "undecided": debt.undecided or None,
            },
            url=debt.url,
        )
        for debt in debts[:SHOWN]
    ]
    if desk.sight.evaluation is None:
        empty = Empty(_("还没有评价结果"), _("导入名录和台账后，由创建办运行一次评价。"))
    else:
        empty = Empty(_("没有失分"), _("本单位牵头的评价内容均已得满分。"))
    return Table(DEBT_COLUMNS, rows, empty=empty, id="debts")
