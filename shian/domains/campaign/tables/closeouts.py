"""Close-out of cases by area, unit or source: found, closed, open, overdue, rate."""

from django.utils.translation import gettext_lazy

from shian.engine.cases.queries import CloseOut
from shian.kernel.ui.states import OVERDUE, Text
from shian.kernel.ui.tables import Cell, Column, Row

CLOSE_OUTS = (
    Column("name", gettext_lazy("名称"), is_wide=True, is_fixed=True),
    Column("total", gettext_lazy("发现"), kind="number"),
    Column("closed", gettext_lazy("已销号"), kind="number"),
    Column("open", gettext_lazy("未销号"), kind="number"),
    Column("overdue", gettext_lazy("逾期"), kind="number"),
    Column("rate", gettext_lazy("销号率"), kind="progress"),
)


def close_out_row(name: Text, out: CloseOut, url: str) -> Row:
    """One line; `url` lists its cases and takes &standing=."""
    cells = {
        "name": name,
        "total": out.total,
        "closed": Cell(out.closed, url=f"{url}&standing=closed"),
        "open": Cell(out.open, url=f"{url}&standing=open"),
        "overdue": Cell(out.overdue, url=f"{url}&standing=overdue"),
        "rate": (out.closed, out.total),
    }
    return Row(cells, url=url, state=OVERDUE if out.overdue else "")
