"""The first page after sign-in: no chart, only what there is to do."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.kernel.accounts.permissions import any_user, requires
from shian.kernel.ui.tables import Cell, Column, Empty, Row, Table
from shian.portals.office.queries import Debt, Desk, Task, changes_for, debts_of, desk_of, signatures_of, tasks_of

TASK_COLUMNS = (
    Column("title", gettext_lazy("事项"), is_wide=True, is_fixed=True),
    Column("kind", gettext_lazy("类别")),
    Column("state", gettext_lazy("状态")),
)
DEBT_COLUMNS = (
    Column("title", gettext_lazy("评价内容"), is_wide=True, is_fixed=True),
    Column("lost", gettext_lazy("失分"), kind="number", unit=gettext_lazy("分"), decimals=2),
    Column("undecided", gettext_lazy("未定分值"), kind="number", unit=gettext_lazy("分"), decimals=2),
)
SHOWN = 12


@requires(any_user)
def home(request: HttpRequest) -> HttpResponse:
    """My work; what my units owe; what changed."""
    desk = desk_of(request.user)
    tasks, debts = tasks_of(request.user, desk), debts_of(desk)
    signatures = signatures_of(request.user)
    since = request.session.get("previous_visit")
    context = {
        "desk": desk,
        "tasks": _task_table(tasks),
        "signatures": signatures,
        "task_count": len(tasks),
        "work_count": len(tasks) + len(signatures),
        "debts": _debt_table(desk, debts),
        "debt_count": len(debts),
        "changes": changes_for(request.user, date.fromisoformat(since) if since else None),
    }
    return render(request, "office/home.html", context)


def _task_table(tasks: list[Task]) -> Table:
    rows = [_task_row(task) for task in tasks[:SHOWN]]
    empty = Empty(_("没有待办"), _("新的导入、待核对的报告和未定的评价内容会出现在这里。"))
    return Table(TASK_COLUMNS, rows, empty=empty, id="tasks")


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
