"""Tables of the progress of units: one row for each unit, and the items of one of them."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.campaign.models import CatalogueKind
from shian.domains.campaign.queries.progress import WORK, AssignedItem, UnitProgress, area_of
from shian.domains.campaign.queries.report_figures import outcome_of
from shian.domains.campaign.rules.progress import DONE, OPEN, OVERDUE
from shian.domains.campaign.tables.results import OUTCOMES
from shian.kernel.ui import states
from shian.kernel.ui.tables import Cell, Column, Row

WORDS = {
    DONE: (gettext_lazy("已完成"), states.DONE),
    OPEN: (gettext_lazy("未完成"), states.WAITING),
    OVERDUE: (gettext_lazy("逾期"), states.OVERDUE),
}
UNITS = (
    Column("unit", gettext_lazy("单位"), is_wide=True, is_fixed=True, sort="unit"),
    Column("assigned", gettext_lazy("分解内容"), kind="number", unit=gettext_lazy("项"), sort="assigned"),
    Column("done", gettext_lazy("已完成"), kind="number", sort="done"),
    Column("open", gettext_lazy("未完成"), kind="number", sort="open"),
    Column("overdue", gettext_lazy("逾期"), kind="number", sort="overdue"),
    Column("rate", gettext_lazy("完成率"), kind="progress"),
    Column("work", gettext_lazy("交办事项未办结"), kind="number", unit=gettext_lazy("件"), sort="work"),
    Column("late", gettext_lazy("其中逾期"), kind="number", sort="late"),
)
ITEMS = (
    Column("item", gettext_lazy("评价内容"), is_wide=True, is_fixed=True),
    Column("standing", gettext_lazy("进展")),
    Column("due", gettext_lazy("完成期限"), kind="date"),
    Column("role", gettext_lazy("职责")),
    Column("owner", gettext_lazy("责任人")),
    Column("result", gettext_lazy("评价结果")),
)


def unit_url(unit: UnitProgress, seen_at: Mapping[str, str], standing: str = "") -> str:
    """The page of a unit's items, all or those of one standing."""
    page = reverse("campaign:progress_detail", args=[unit.kind, unit.audience])
    query = {**seen_at, **({"standing": standing} if standing else {})}
    return f"{page}?{urlencode(query)}"


def work_url(unit: UnitProgress, standing: str) -> str:
    """The open cases of the unit, of the types that are counted: those it must do, or those that lie in the county."""
    about = {"area": unit.audience} if unit.kind == CatalogueKind.COUNTY else {"unit": unit.unit}
    if not all(about.values()):
        return ""
    asked = {"whose": "all", "standing": standing, "type": ",".join(WORK), **about}
    return f"{reverse('cases:case_list')}?{urlencode(asked)}"


def unit_row(unit: UnitProgress, seen_at: Mapping[str, str]) -> Row:
    """A unit; every number opens the rows that it counts."""
    url = unit_url(unit, seen_at)
    cells = {
        "unit": unit.name,
        "assigned": Cell(unit.assigned, url=url),
        "rate": (unit.done, unit.assigned),
        "work": Cell(unit.work.open, url=work_url(unit, "open")),
        "late": Cell(unit.work.overdue, url=work_url(unit, "overdue")),
        **{key: Cell(unit.counts[key], url=unit_url(unit, seen_at, key)) for key in WORDS},
    }
    return Row(cells, url=url, key=unit.audience, state=states.OVERDUE if unit.overdue or unit.work.overdue else "")


def item_row(item: AssignedItem, seen_at: Mapping[str, str], owner: str) -> Row:
    """A line of a unit; it opens the item's page in the area that decides it."""
    duty = item.duty
    word, tone = WORDS[item.standing]
    outcome = OUTCOMES[outcome_of(item.result)] if item.result else (_("未评价"), states.WAITING)
    query = urlencode({**seen_at, "area": area_of(duty)})
    url = f"{reverse('campaign:item_detail', args=[duty.indicator.code])}?{query}"
    cells = {
        "item": Cell(f"{duty.indicator.code} {duty.indicator.title}", note=duty.target),
        "standing": Cell(word, state=tone),
        "due": duty.due_on,
        "role": duty.get_role_display(),
        "owner": owner,
        "result": Cell(outcome[0], state=outcome[1]),
    }
    return Row(cells, url=url, key=str(duty.pk), state=tone if item.standing == OVERDUE else "")
