"""How the campaign's organisation looks in tables."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.campaign.queries.organisation import Node, TownBody
from shian.kernel.scope.rules import Level
from shian.kernel.ui.states import DONE, DUE, OVERDUE
from shian.kernel.ui.tables import Cell, Column, Row
from shian.registers.people.tables import organisation_url

TREE = (
    Column("unit", gettext_lazy("机构"), is_fixed=True, is_wide=True),
    Column("level", gettext_lazy("层级")),
    Column("kind", gettext_lazy("类型")),
    Column("state", gettext_lazy("负责人")),
    Column("title", gettext_lazy("职务")),
    Column("since", gettext_lazy("任职日期"), kind="date"),
)
BODIES = (
    Column("area", gettext_lazy("乡镇（街道）"), is_fixed=True),
    Column("county", gettext_lazy("县（市、区）")),
    Column("state", gettext_lazy("协调机构")),
    Column("body", gettext_lazy("名称"), is_wide=True),
    Column("head", gettext_lazy("负责人")),
    Column("rules", gettext_lazy("议事规则")),
    Column("met_on", gettext_lazy("最近全体会议"), kind="date"),
)
LEVELS = {Level.CITY: gettext_lazy("市级"), Level.COUNTY: gettext_lazy("县级"), Level.TOWNSHIP: gettext_lazy("乡级")}
INDENT = "　"
YEAR = timedelta(days=366)  # a plenary is held once a year


def node_row(node: Node, *, is_indented: bool) -> Row:
    """A body, set in under its upper one; one without a head is red."""
    head, unit = node.head, node.unit
    name = f"{INDENT * node.depth}{unit.name}" if is_indented else unit.name
    return Row(
        {
            "unit": name,
            "level": LEVELS.get(node.level, ""),
            "kind": unit.kind,
            "state": head.person.name if head else Cell(_("没有负责人"), state=OVERDUE),
            "title": head.title if head else None,
            "since": head.valid_from if head else None,
        },
        url=organisation_url(unit.code),
        key=unit.code,
        state="" if head else OVERDUE,
    )


def body_row(found: TownBody, names: Mapping[str, str], today: date) -> Row:
    """A township with its body; without one it is red, without a meeting of the last year amber."""
    body, is_stale = found.body, found.met_on is None or found.met_on < today - YEAR
    stale = Cell(found.met_on or _("没有记录"), state=DUE, kind="date" if found.met_on else "")
    return Row(
        {
            "area": found.area.name,
            "county": names.get(found.area.county, ""),
            "state": Cell(_("已成立"), state=DONE) if body else Cell(_("没有机构"), state=OVERDUE),
            "body": body.name if body else None,
            "head": found.head.person.name if found.head else None,
            "rules": found.rules or None,
            "met_on": stale if body and is_stale else found.met_on,
        },
        url=organisation_url(body.code) if body else "",
        key=found.area.key,
        state="" if body else OVERDUE,
    )
