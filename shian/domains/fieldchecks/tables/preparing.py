"""Operators prepared for the evaluation as rows."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.fieldchecks.queries.preparing import PAPERS, Prepared
from shian.kernel.ui.states import DONE, DUE
from shian.kernel.ui.tables import Cell, Column, Row

PREPARED = (
    Column("firm", gettext_lazy("主体"), is_fixed=True, is_wide=True),
    Column("category", gettext_lazy("迎检类别")),
    Column("state", gettext_lazy("准备情况")),
    Column("missing", gettext_lazy("还缺"), is_wide=True),
    Column("unit", gettext_lazy("帮扶单位"), is_wide=True),
    Column("helper", gettext_lazy("包联人员")),
    Column("ready_on", gettext_lazy("就绪日期"), kind="date"),
    Column("visited_on", gettext_lazy("迎检日期"), kind="date", is_default=False),
)
CATEGORIES = (
    Column("category", gettext_lazy("迎检类别"), is_fixed=True),
    Column("count", gettext_lazy("企业"), kind="number", unit=gettext_lazy("家")),
    Column("ready", gettext_lazy("已就绪"), kind="progress"),
)


def prepared_row(found: Prepared) -> Row:
    """An operator: ready, or what is missing and who helps."""
    told = found.row.data
    state = Cell(_("已就绪"), state=DONE) if found.is_ready else Cell(_("帮扶中"), state=DUE)
    missing = _("、").join(str(PAPERS[name]) for name in found.missing)
    waits = _("待确认就绪") if not found.missing and not found.is_ready else ""
    return Row(
        {
            "firm": told["firm"],
            "category": told["category"],
            "state": state,
            "missing": missing or waits or None,
            "unit": found.helping_unit,
            "helper": told.get("helper"),
            "ready_on": found.day("ready_on"),
            "visited_on": found.day("visited_on"),
        },
        url=reverse("ledgers:row_detail", args=[found.row.ledger, found.row.pk]),
        key=str(found.row.pk),
    )


def category_rows(found: list[Prepared]) -> list[Row]:
    """How many of each category are ready."""
    counted: dict[str, list[bool]] = {}
    for each in found:
        counted.setdefault(each.row.data["category"], []).append(each.is_ready)
    return [
        Row({"category": name, "count": len(ready), "ready": (sum(ready), len(ready))}, key=name)
        for name, ready in sorted(counted.items())
    ]
