"""The evidence rate: items and areas whose evidence has passed, of those that owe any; both open as lists."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.models import EvidenceNeed, NeedState
from shian.engine.ledgers.conditions import parse_conditions
from shian.engine.measures.declarations import Measure, Part, Source, SourceField
from shian.kernel.scope.rules import Level, code_of_key
from shian.kernel.ui.tables import Column, Row

LAW = "国家食品安全示范城市评价与管理办法"
LEVELS = (Level.CITY, Level.COUNTY, Level.TOWNSHIP)


def _row(need: Any) -> Row:
    cells = {
        "item": need.item_code, "area": code_of_key(need.area), "unit": need.unit.name if need.unit else None,
        "state": need.get_state_display(), "passed_on": need.passed_on,
    }  # fmt: skip
    return Row(cells, url=reverse("campaign:need_detail", args=[need.pk]), key=str(need.pk))


EVIDENCE_SOURCE = Source(
    key="evidence_needs",
    title=_("应交佐证材料的评价内容"),
    register="R57",
    model=EvidenceNeed,
    fields={
        "item": SourceField(_("评价内容"), "t.item_code"),
        "unit": SourceField(_("责任单位"), "COALESCE(t.unit_id, '')"),
        "passed": SourceField(
            _("已通过"), "(CASE WHEN t.passed_on IS NOT NULL AND t.passed_on <= {as_of} THEN 'yes' ELSE 'no' END)"
        ),
    },
    columns=(
        Column("item", _("评价内容"), kind="code"),
        Column("area", _("区划"), kind="code"),
        Column("unit", _("责任单位"), is_wide=True),
        Column("state", _("状态")),
        Column("passed_on", _("通过日期"), kind="date"),
    ),
    row_of=_row,
    valid_from="since",
    related=("unit",),
    words={"yes": _("是"), "no": _("否"), NeedState.PASSED: _("通过")},
)
EVIDENCE_MEASURES = (
    Measure(
        "evidence.accepted_rate", _("佐证材料通过率"), "%", LEVELS,
        Part("evidence_needs", "count", "", parse_conditions({"passed": "yes"})), Part("evidence_needs"),
        title_en="Items with accepted evidence", legal_basis=LAW, decimals=1,
    ),
)  # fmt: skip
