"""An official's own businesses and problems as rows."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.duties.models import DutyVisit, Match
from shian.engine.cases.models import Case
from shian.kernel.ui.states import DONE, DUE
from shian.kernel.ui.tables import Cell, Column, Row

MINE = (
    Column("operator", gettext_lazy("主体"), is_fixed=True, is_wide=True),
    Column("state", gettext_lazy("本期督导")),
    Column("visit", gettext_lazy("督导")),
    Column("last_on", gettext_lazy("上次督导"), kind="date"),
    Column("due_on", gettext_lazy("期限"), kind="date"),
    Column("tier", gettext_lazy("包保层级")),
)
PROBLEMS = (
    Column("title", gettext_lazy("问题"), is_fixed=True, is_wide=True),
    Column("due_on", gettext_lazy("确认期限"), kind="date"),
)


def mine_row(match: Match, last: DutyVisit | None, due_on: date, *, is_due: bool, url: str) -> Row:
    """A business; `url` begins the sheet."""
    cells = {
        "operator": Cell(match.operator.name, note=match.operator.address),
        "state": Cell(_("待督导"), state=DUE) if is_due else Cell(_("已督导"), state=DONE),
        "visit": Cell(_("开始督导") if is_due else _("再次督导"), url=url),
        "last_on": last.visited_on if last else None,
        "due_on": due_on if is_due else None,
        "tier": match.get_tier_display(),
    }
    return Row(cells, key=str(match.pk), state=DUE if is_due else "")


def problem_row(case: Case) -> Row:
    """What the official reported and a station has handled."""
    cells = {"title": Cell(case.title, note=case.body), "due_on": case.due_on}
    return Row(cells, url=reverse("duties:problem_answer", args=[case.pk]), key=str(case.pk), state=DUE)
