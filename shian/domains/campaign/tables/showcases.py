"""How leaders' acts, projects, benchmarks, training and effects of lessons look in tables."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.campaign.queries.showcases import Act, Effect, FormatLine, Project, Trainee, act_subject
from shian.engine.cases.tables import case_url
from shian.engine.ledgers.models import LedgerRow
from shian.engine.measures.declarations import measure
from shian.kernel.ui.states import DONE, DUE, OVERDUE
from shian.kernel.ui.tables import Cell, Column, Row

ACTS = (
    Column("on", gettext_lazy("履职日期"), kind="date", is_fixed=True),
    Column("position", gettext_lazy("领导职务")),
    Column("act", gettext_lazy("履职方式")),
    Column("subject", gettext_lazy("履职内容"), is_wide=True),
    Column("document", gettext_lazy("材料")),
    Column("task", gettext_lazy("交办任务")),
    Column("state", gettext_lazy("是否办结")),
)
PROJECTS = (
    Column("theme", gettext_lazy("项目名称"), is_fixed=True, is_wide=True),
    Column("weight", gettext_lazy("分值"), kind="number", unit=gettext_lazy("分")),
    Column("evidence", gettext_lazy("材料齐备"), kind="progress"),
    Column("score", gettext_lazy("当前得分"), kind="number", unit=gettext_lazy("分")),
    Column("milestone", gettext_lazy("当前节点")),
    Column("lead", gettext_lazy("牵头单位")),
    Column("chosen_on", gettext_lazy("立项日期"), kind="date"),
)
PAPERS = (
    Column("name", gettext_lazy("材料名称"), is_fixed=True, is_wide=True),
    Column("state", gettext_lazy("状态")),
    Column("accepted_on", gettext_lazy("核收日期"), kind="date"),
)
FORMATS = (
    Column("format", gettext_lazy("业态名称"), is_fixed=True, is_wide=True),
    Column("department", gettext_lazy("主管部门")),
    Column("sites", gettext_lazy("标杆点位"), is_wide=True),
    Column("count", gettext_lazy("数量"), kind="number", unit=gettext_lazy("个")),
    Column("sheet", gettext_lazy("明白纸")),
)
TRAINEES = (
    Column("name", gettext_lazy("姓名"), is_fixed=True),
    Column("post", gettext_lazy("职务")),
    Column("sheet", gettext_lazy("打分表"), is_wide=True),
    Column("state", gettext_lazy("状态")),
    Column("held_on", gettext_lazy("培训日期"), kind="date"),
    Column("score", gettext_lazy("考核成绩"), kind="number", unit=gettext_lazy("分")),
    Column("due_on", gettext_lazy("完成期限")),
)
LESSONS = (
    Column("theme", gettext_lazy("主题"), is_fixed=True),
    Column("practice", gettext_lazy("主要做法"), is_wide=True),
    Column("standing", gettext_lazy("阶段")),
    Column("days", gettext_lazy("对比")),
    Column("replicated_by", gettext_lazy("推广单位")),
)
EFFECTS = (
    Column("measure", gettext_lazy("指标"), is_fixed=True, is_wide=True),
    Column("before", gettext_lazy("之前"), kind="number", align="end"),
    Column("after", gettext_lazy("之后"), kind="number", align="end"),
    Column("change", gettext_lazy("变化"), kind="number", align="end"),
    Column("unit", gettext_lazy("单位")),
)


def row_url(row: LedgerRow) -> str:
    return reverse("ledgers:row_detail", args=[row.ledger, row.pk])


def act_row(act: Act, *, may_assign: bool) -> Row:
    """An act with its document, and whether its follow-up is closed; where it is not, a task may be opened."""
    told, task = act.row.data, act.task
    asked = {"source": "duty", "subject": act_subject(act.row), "title": told["subject"], "unit": told.get("org_code")}
    opening = f"{reverse('cases:case_create', args=['task'])}?{urlencode({k: v for k, v in asked.items() if v})}"
    shown = Cell(task.number, url=case_url(task) if act.may_open else "") if task else None
    if task is None and may_assign and not act.is_closed:
        shown = Cell(_("交办任务"), url=opening)
    return Row(
        {
            "on": act.row.occurs_on,
            "position": told["position"],
            "act": told["act"],
            "subject": told["subject"],
            "document": Cell(told.get("doc_ref"), url=row_url(act.row)) if told.get("doc_ref") else None,
            "task": shown,
            "state": Cell(_("已办结"), state=DONE) if act.is_closed else Cell(_("未办结"), state=DUE),
        },
        url=row_url(act.row),
        key=str(act.row.pk),
    )


def project_row(found: Project, lead: str) -> Row:
    """A project with weight, evidence and score."""
    told = found.row.data
    return Row(
        {
            "theme": told["theme"],
            "weight": told["weight"],
            "evidence": (found.accepted, len(found.evidence)) if found.evidence else None,
            "score": found.score,
            "milestone": told["milestone"],
            "lead": lead,
            "chosen_on": found.row.valid_from,
        },
        url=reverse("campaign:project_detail", args=[found.row.pk]),
        key=str(found.row.pk),
    )


def paper_row(row: LedgerRow) -> Row:
    """A document that a project must have."""
    accepted = row.data.get("accepted_on")
    state = Cell(_("已核收"), state=DONE) if accepted else Cell(_("缺"), state=OVERDUE)
    day = date.fromisoformat(str(accepted)) if accepted else None
    return Row({"name": row.data["name"], "state": state, "accepted_on": day}, url=row_url(row), key=str(row.pk))


def format_row(line: FormatLine) -> Row:
    """A format with its benchmarks in the area, or none yet, and the sheet to print."""
    names = "、".join(str(each.data["name"]) for each in line.sites)
    sheet = None
    if line.sheet:
        sheet = Cell(_("打印明白纸"), url=reverse("campaign:sheet_print", args=[line.sheet.pk]))
    return Row(
        {
            "format": line.name,
            "department": line.department,
            "sites": names or Cell(_("暂无"), state=DUE),
            "count": len(line.sites),
            "sheet": sheet,
        },
        key=line.name,
    )


def trainee_row(found: Trainee) -> Row:
    """A person and a sheet."""
    if found.is_trained:
        state = Cell(_("已培训"), state=DONE)
    else:
        state = Cell(_("未培训") if found.held_on is None else _("考核未合格"), state=OVERDUE)
    cells = {name: getattr(found, name) for name in ("name", "post", "sheet", "held_on", "score", "due_on")}
    return Row({**cells, "state": state}, key=f"{found.person_no} {found.sheet}")


def lesson_row(row: LedgerRow) -> Row:
    """A lesson in the list."""
    told = row.data
    return Row(
        {
            "theme": told["theme"],
            "practice": told["practice"],
            "standing": told["standing"],
            "days": f"{told['before_on']} — {told['after_on']}",
            "replicated_by": told.get("replicated_by"),
        },
        url=reverse("campaign:lesson_detail", args=[row.pk]),
        key=str(row.pk),
    )


def effect_row(effect: Effect, area: str) -> Row:
    """A measure on both days; each number opens its figure."""
    url = reverse("figures:figure_detail", args=[effect.key])

    def shown(side: str) -> Cell:
        found = getattr(effect, side)
        asked = urlencode({"area": area, "as_of": found.as_of})
        return Cell(found.shown if found.value is not None else found.reason or "—", url=f"{url}?{asked}")

    return Row(
        {
            "measure": measure(effect.key).title,
            "before": shown("before"),
            "after": shown("after"),
            "change": effect.change,
            "unit": effect.after.unit,
        },
        key=effect.key,
    )
