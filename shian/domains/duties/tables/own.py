"""An official's own businesses and problems as rows and on a map."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.duties.models import Board, DutyVisit, Match, SpotItem
from shian.engine.cases.models import Case
from shian.kernel.scope.rules import KEY_WIDTH, Level
from shian.kernel.ui.charts import Map
from shian.kernel.ui.states import DONE, DUE, OVERDUE, WAITING
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
UNTRUE = (
    Column("place", gettext_lazy("督导对象"), is_fixed=True, is_wide=True),
    Column("visited_on", gettext_lazy("督导日期"), kind="date"),
    Column("due_on", gettext_lazy("说明期限"), kind="date"),
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


BOARDS = (
    Column("operator", gettext_lazy("主体"), is_fixed=True, is_wide=True),
    Column("state", gettext_lazy("公示板")),
    Column("delivered_on", gettext_lazy("送达日期"), kind="date"),
)


def missing_board_row(match: Match) -> Row:
    """A business whose board the station has still to print."""
    cells = {"operator": match.operator.name, "state": Cell(_("待打印"), state=WAITING)}
    return Row(cells, key=f"match-{match.pk}")


def board_row(board: Board) -> Row:
    """A board that does not hang yet; opens the camera."""
    cells = {
        "operator": board.operator.name, "state": Cell(_("待张贴"), state=DUE), "delivered_on": board.delivered_on,
    }  # fmt: skip
    return Row(cells, url=reverse("duties:board_publish", args=[board.pk]), key=f"board-{board.pk}", state=DUE)


MARGIN = 0.004  # degrees around the outermost businesses, some 400 metres


def map_of(matches: Sequence[Match]) -> Map | None:
    """The part of the county that the businesses lie in; None where no place of theirs is known."""
    places = [(float(each.operator.lon), float(each.operator.lat)) for each in matches
              if each.operator.lon is not None and each.operator.lat is not None]  # fmt: skip
    if not places:
        return None
    lons, lats = zip(*places, strict=True)
    parent = next((each.county for each in matches if each.county), matches[0].city)[: KEY_WIDTH[Level.COUNTY]]
    return Map(
        "mine-map",
        _("我的包保主体"),
        f"{reverse('areas:area_outlines')}?parent={parent}",
        points_url=reverse("duties:mine_points"),
        note=_("点按圆点看地址，再点名称开始督导。没有网络时请看名单。"),
        point_states=[(DUE, _("待督导")), (DONE, _("已督导"))],
        bounds=(min(lons) - MARGIN, min(lats) - MARGIN, max(lons) + MARGIN, max(lats) + MARGIN),
    )


def point_of(match: Match, *, is_due: bool, url: str) -> dict[str, Any]:
    """A business on the map as a GeoJSON feature; `url` begins the sheet."""
    operator, told = match.operator, _("待督导") if is_due else _("已督导")
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [float(operator.lon or 0), float(operator.lat or 0)]},
        "properties": {
            "count": 1, "state": DUE if is_due else DONE, "name": operator.name, "url": url,
            "lines": "\n".join([f"{match.get_tier_display()} · {told}", operator.address]),
        },
    }  # fmt: skip


def untrue_row(item: SpotItem) -> Row:
    """A visit of the official's that was found untrue and waits for a word."""
    visit, matter = item.visit, item.matter
    cells = {
        "place": Cell(visit.operator.name, note=item.note), "visited_on": visit.visited_on,
        "due_on": matter.due_on if matter else None,
    }  # fmt: skip
    return Row(cells, url=reverse("duties:untrue_answer", args=[item.pk]), key=str(item.pk), state=OVERDUE)
