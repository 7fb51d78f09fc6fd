"""How cases look in tables, and the words for their standing."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.engine.cases.declarations import CaseType, case_type
from shian.engine.cases.models import Case
from shian.engine.cases.queries import CloseOut
from shian.kernel.scope.rules import KEY_WIDTH, Level
from shian.kernel.ui.states import DUE, OVERDUE
from shian.kernel.ui.tables import Cell, Column, Row
from shian.registers.people.models import Organisation

SOON = timedelta(days=3)
CASES = (
    Column("title", gettext_lazy("事项"), is_wide=True, is_fixed=True),
    Column("number", gettext_lazy("编号")),
    Column("type", gettext_lazy("类别")),
    Column("unit", gettext_lazy("承办单位")),
    Column("owner", gettext_lazy("责任人"), is_default=False),
    Column("state", gettext_lazy("状态")),
    Column("due", gettext_lazy("期限"), kind="date", sort="due"),
    Column("opened_on", gettext_lazy("提出日期"), kind="date", sort="opened_on"),
    Column("issuer", gettext_lazy("交办单位"), is_default=False),
    Column("area", gettext_lazy("区划"), is_default=False),
    Column("source", gettext_lazy("来源"), is_default=False),
    Column("level", gettext_lazy("升级级别"), kind="number", is_default=False),
    Column("reopened", gettext_lazy("重开次数"), kind="number", is_default=False),
    Column("closed_at", gettext_lazy("办结时间"), kind="moment", is_default=False),
)

KINDS = (
    Column("kind", gettext_lazy("类别"), is_fixed=True),
    Column("open", gettext_lazy("未办结"), kind="number", unit=gettext_lazy("件")),
    Column("overdue", gettext_lazy("逾期"), kind="number", unit=gettext_lazy("件")),
    Column("closed", gettext_lazy("办结率"), kind="rate"),
    Column("create", gettext_lazy("新建")),
    Column("description", gettext_lazy("说明"), is_wide=True),
)


def columns_for(declared: CaseType | None) -> tuple[Column, ...]:
    """The columns of a list: of one type, without the column that would say the same in each row."""
    return CASES if declared is None else tuple(each for each in CASES if each.key != "type")


def kind_row(declared: CaseType, counted: CloseOut | None, user: Any) -> Row:
    """A type: each number opens the cases that it counts; a new case where the user may begin one."""
    out, url = counted or CloseOut(), reverse("cases:type_list", args=[declared.key])
    new = reverse("cases:case_create", args=[declared.key]) if declared.create(user).allowed else ""
    return Row(
        {
            "kind": Cell(declared.title, url=url),
            "open": Cell(out.open, url=f"{url}?standing=open"),
            "overdue": Cell(out.overdue, url=f"{url}?standing=overdue", state=OVERDUE if out.overdue else ""),
            "closed": (out.closed, out.total) if out.total else None,
            "create": Cell(_("新建%(type)s") % {"type": declared.title}, url=new) if new else "",
            "description": declared.description,
        },
        key=declared.key,
    )


def case_url(case: Case) -> str:
    """The page of the case."""
    return reverse("cases:case_detail", args=[case.pk])


def unit_text(unit: Organisation | None) -> str:
    """A unit of the city by its short name; below the city every county has one of the same short name."""
    if unit is None:
        return ""
    return unit.name if unit.county else str(unit)


def area_text(key: str, areas: Mapping[str, str]) -> str:
    """The name of an area; of its township where villages are not named."""
    return areas.get(key) or areas.get(key[: KEY_WIDTH[Level.TOWNSHIP]], key)


def tone_of(declared: CaseType, case: Case, today: date) -> str:
    """The colour of a case: late is red by itself, near is amber, otherwise as its state says."""
    if case.is_open and case.due_on:
        if case.due_on < today:
            return OVERDUE
        if case.due_on <= today + SOON:
            return DUE
    return declared.by_state[case.state].shown_tone


def standing_label(declared: CaseType, case: Case, today: date) -> str:
    """The state in words; a late one says so, and by how many days."""
    title = str(declared.by_state[case.state].title)
    if case.merged_into_id:
        return _("已并案")
    if case.is_open and case.due_on and case.due_on < today:
        title = _("%(state)s · 逾期 %(days)s 天") % {"state": title, "days": (today - case.due_on).days}
    return _("%(state)s · 申请待答复") % {"state": title} if case.asked_unit else title


def case_row(case: Case, today: date, areas: Mapping[str, str] | None = None) -> Row:
    """A case in a list (units and owner fetched with it)."""
    declared = case_type(case.type)
    tone = tone_of(declared, case, today)
    return Row(
        {
            "title": Cell(case.title, note=_("加急") if case.is_urgent else ""),
            "number": case.number,
            "type": declared.title,
            "unit": unit_text(case.unit),
            "owner": case.owner_name,
            "state": Cell(standing_label(declared, case, today), state=tone),
            "due": case.due_on,
            "opened_on": case.opened_on,
            "issuer": unit_text(case.issuer),
            "area": area_text(case.area, areas) if areas else "",
            "source": dict(declared.sources).get(case.source, case.source),
            "level": case.level or None,
            "reopened": case.reopened or None,
            "closed_at": case.closed_at,
        },
        url=case_url(case),
        key=str(case.pk),
        state=tone if tone == OVERDUE else "",
    )
