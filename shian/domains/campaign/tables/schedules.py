"""How plans look: words and colours of standings, the views of a plan as tabs, tables of steps and of what is late."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.campaign.models import Schedule, StageOutput
from shian.domains.campaign.queries.schedules import due_of_step, standing_of_step
from shian.domains.campaign.rules.schedules import Standing, late_workdays
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.cases.tables import case_url, unit_text
from shian.kernel.ui import states
from shian.kernel.ui.pieces import Tab
from shian.kernel.ui.states import Text
from shian.kernel.ui.tables import Cell, Column, Row
from shian.kernel.workdays.queries import calendar

WORDS: dict[Standing, tuple[Text, str, str]] = {  # word, state, icon
    Standing.DONE: (gettext_lazy("已完成"), states.DONE, "circle-check"),
    Standing.ON_TRACK: (gettext_lazy("推进中"), "active", "arrow-right"),
    Standing.AT_RISK: (gettext_lazy("临近期限"), states.DUE, "clock"),
    Standing.OVERDUE: (gettext_lazy("逾期"), states.OVERDUE, "alert-triangle"),
    Standing.NOT_STARTED: (gettext_lazy("未开始"), states.WAITING, "circle-dashed"),
}
VIEWS = (
    ("campaign:war_map", gettext_lazy("作战图")),
    ("campaign:step_list", gettext_lazy("时间表")),
    ("campaign:road_map", gettext_lazy("路线图")),
    ("campaign:work_calendar", gettext_lazy("工作台历")),
    ("campaign:hanging_list", gettext_lazy("挂牌督办")),
)
STEPS = (
    Column("title", gettext_lazy("步骤"), is_wide=True, is_fixed=True),
    Column("standing", gettext_lazy("进展")),
    Column("due", gettext_lazy("期限"), kind="date", sort="due"),
    Column("unit", gettext_lazy("承办单位")),
    Column("owner", gettext_lazy("责任人")),
    Column("grid", gettext_lazy("网格")),
    Column("duty", gettext_lazy("职责")),
    Column("stage", gettext_lazy("阶段")),
    Column("item", gettext_lazy("评价内容"), is_default=False),
)
LATE = (
    Column("title", gettext_lazy("逾期事项"), is_wide=True, is_fixed=True),
    Column("kind", gettext_lazy("类别")),
    Column("owner", gettext_lazy("责任人")),
    Column("unit", gettext_lazy("承办单位")),
    Column("due", gettext_lazy("期限"), kind="date"),
    Column("late", gettext_lazy("逾期"), kind="number", unit=gettext_lazy("工作日"), sort="late"),
    Column("level", gettext_lazy("升级级别"), kind="number"),
    Column("reason", gettext_lazy("延误原因")),
)
OUTPUTS = (
    Column("title", gettext_lazy("阶段成果"), is_wide=True, is_fixed=True),
    Column("state", gettext_lazy("登记")),
    Column("reference", gettext_lazy("文号或存放位置")),
    Column("at", gettext_lazy("登记时间"), kind="moment"),
)
MOVED = (
    Column("title", gettext_lazy("步骤"), is_wide=True, is_fixed=True),
    Column("unit", gettext_lazy("承办单位")),
    Column("owner", gettext_lazy("责任人")),
    Column("before", gettext_lazy("原期限"), kind="date"),
    Column("after", gettext_lazy("新期限"), kind="date"),
    Column("note", gettext_lazy("说明")),
)


def plan_tabs(active: str, schedule: Schedule) -> list[Tab]:
    """The five views of one plan."""
    query = urlencode({"plan": schedule.key})
    return [Tab(label, f"{reverse(name)}?{query}", is_active=name == active) for name, label in VIEWS]


def badge_of(standing: Standing) -> Cell:
    """The standing as a badge; a running step is told in neutral: only four states have a colour."""
    word, state, _icon = WORDS[standing]
    return Cell(word, state=states.NEUTRAL if state == "active" else state)


def step_row(case: Case, owner: str, stages: Mapping[int, str], today: date) -> Row:
    """A step of the timetable: what, how it stands, by when, whose, in which grid cell."""
    standing, stage = standing_of_step(case, today), int(case.data.get("stage") or 0)
    return Row(
        {
            "title": case.title,
            "standing": badge_of(standing),
            "due": Cell(due_of_step(case) or case.due_on, note=_("待核实") if case.state == "submitted" else ""),
            "unit": unit_text(case.unit) if case.unit else Cell(_("未定"), state=states.DUE),
            "owner": owner or Cell(_("未落实到人"), state=states.DUE),
            "grid": case.data.get("grid", ""),
            "duty": case.data.get("duty", ""),
            "stage": stages.get(stage, ""),
            "item": case.item_code,
        },
        url=case_url(case),
        key=str(case.pk),
        state=states.OVERDUE if standing is Standing.OVERDUE else "",
    )


def late_row(case: Case, owner: str, today: date) -> Row:
    """Something late on the public list: one person, how many working days, why."""
    due = case.due_on or today
    return Row(
        {
            "title": Cell(case.title, note=case.number),
            "kind": case_type(case.type).title,
            "owner": owner or Cell(_("未落实到人"), state=states.OVERDUE),
            "unit": unit_text(case.unit) or _("未定"),
            "due": due,
            "late": late_workdays(calendar(), due, today),
            "level": case.level or None,
            "reason": case.data.get("delay_reason") or Cell(_("未说明"), state=states.DUE),
        },
        url=case_url(case),
        key=str(case.pk),
        state=states.OVERDUE,
    )


def output_row(output: StageOutput, *, is_due: bool, may_record: bool) -> Row:
    """An output of a stage; for the office it opens the form that records it."""
    state = (
        (_("已登记"), states.DONE) if output.recorded_at else (_("待登记"), states.DUE if is_due else states.WAITING)
    )
    return Row(
        {
            "title": output.title,
            "state": Cell(state[0], state=state[1]),
            "reference": output.reference,
            "at": output.recorded_at,
        },
        url=reverse("campaign:output_enter", args=[output.pk]) if may_record else "",
        key=str(output.pk),
    )


def moved_row(case: Case, after: date, today: date) -> Row:
    """A step before and after the final date moves."""
    notes = []
    if case.due_on and case.due_on < today <= after:
        notes.append(_("已逾期，调整后重新计期，逾期经过保留"))
    if after < today:
        notes.append(_("调整后即逾期"))
    return Row(
        {
            "title": case.title, "unit": unit_text(case.unit) or _("未定"), "owner": case.owner_name,
            "before": case.due_on, "after": after, "note": "；".join(notes),
        },
        url=case_url(case),
        key=str(case.pk),
        state=states.DUE if notes else "",
    )  # fmt: skip
