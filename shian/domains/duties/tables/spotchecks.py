"""Spot checks, their sample and their scores as rows."""

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.duties.models import SpotCheck, SpotItem, SpotScore, SpotState, Truth
from shian.domains.duties.tables.visits import visit_url
from shian.kernel.ui.states import DONE, DUE, OVERDUE, WAITING
from shian.kernel.ui.tables import Cell, Column, Row

STATE_TONES = {
    SpotState.PLANNED: DUE, SpotState.SAMPLED: DUE, SpotState.CHECKED: WAITING, SpotState.PUBLISHED: DONE,
}  # fmt: skip
TRUTH_TONES = {Truth.OPEN: DUE, Truth.TRUE: DONE, Truth.UNTRUE: OVERDUE}
CHECKS = (
    Column("title", gettext_lazy("督查"), is_fixed=True, is_wide=True),
    Column("state", gettext_lazy("状态")),
    Column("checked", gettext_lazy("已核查"), kind="rate"),
    Column("untrue", gettext_lazy("不属实"), kind="number"),
    Column("area", gettext_lazy("区划")),
    Column("since", gettext_lazy("督导自"), kind="date", sort="since"),
    Column("until", gettext_lazy("督导至"), kind="date"),
    Column("team", gettext_lazy("督查组")),
    Column("number", gettext_lazy("编号"), kind="code"),
)
SCORES = (
    Column("area", gettext_lazy("区划"), is_fixed=True, is_wide=True),
    Column("score", gettext_lazy("得分"), kind="number", decimals=2),
    Column("place", gettext_lazy("名次"), kind="number"),
    Column("untrue", gettext_lazy("不属实"), kind="number"),
    Column("checked", gettext_lazy("核查次数"), kind="number"),
    Column("completion", gettext_lazy("督导完成率"), kind="rate"),
    Column("quality", gettext_lazy("核查表平均分"), kind="number", decimals=2),
)
ITEMS = (
    Column("operator", gettext_lazy("督导对象"), is_fixed=True, is_wide=True),
    Column("truth", gettext_lazy("核查结果")),
    Column("act", gettext_lazy("核查")),
    Column("note", gettext_lazy("核查情况"), is_wide=True),
    Column("visited_on", gettext_lazy("督导日期"), kind="date"),
    Column("official", gettext_lazy("包保干部")),
    Column("score", gettext_lazy("核查得分"), kind="number", decimals=2),
    Column("township", gettext_lazy("乡镇（街道）")),
    Column("number", gettext_lazy("督导编号"), kind="code"),
)


def check_url(check: SpotCheck) -> str:
    return reverse("duties:spotcheck_detail", args=[check.pk])


def sample_url(check: SpotCheck, area: str = "", truth: str = "") -> str:
    """The sample, or that of one area, or one result of it."""
    told = "&".join(f"{name}={value}" for name, value in (("area", area), ("truth", truth)) if value)
    return reverse("duties:spotitem_list", args=[check.pk]) + (f"?{told}" if told else "")


def check_rows(checks: Iterable[SpotCheck], names: Mapping[str, str]) -> Iterator[Row]:
    """Spot checks in a list; they carry `drawn`, `open_items` and `untrue_items`."""
    for check in checks:
        told: Any = check
        state = SpotState(check.state)
        cells = {
            "title": check.title,
            "state": Cell(state.label, state=STATE_TONES[state]),
            "checked": (told.drawn - told.open_items, told.drawn) if told.drawn else None,
            "untrue": told.untrue_items if told.drawn else None,
            "area": names.get(check.area, check.area),
            "since": check.since,
            "until": check.until,
            "team": check.team,
            "number": check.number,
        }
        yield Row(cells, url=check_url(check), key=str(check.pk))


def score_row(found: SpotScore, name: str, *, opens: bool) -> Row:
    """An area with its score; it opens the drawn visits where the reader reaches them."""
    note = _("已更正") if found.corrected_at else ""
    cells = {
        "area": name,
        "score": Cell(found.score, note=note),
        "place": found.place,
        "untrue": found.untrue or None,
        "checked": found.checked,
        "completion": (found.visited, found.in_force),
        "quality": found.quality,
    }
    url = sample_url(found.check_of, found.area_key) if opens else ""
    return Row(cells, url=url, key=found.area_key, state=OVERDUE if found.untrue else "")


def item_rows(items: Iterable[SpotItem], names: Mapping[str, str], may_judge: Set[int]) -> Iterator[Row]:
    """Drawn visits; who may look at one begins with the button."""
    for item in items:
        visit, truth = item.visit, Truth(item.truth)
        judged = reverse("duties:spotitem_check", args=[item.pk]) if item.pk in may_judge else ""
        cells = {
            "operator": Cell(visit.operator.name, note=visit.operator.address),
            "truth": Cell(truth.label, state=TRUTH_TONES[truth]),
            "act": Cell(_("核查"), url=judged) if judged else None,
            "note": item.note,
            "visited_on": visit.visited_on,
            "official": Cell(visit.official.name, note=visit.official.post),
            "score": item.score,
            "township": names.get(item.township, item.township),
            "number": visit.number,
        }
        yield Row(cells, url=visit_url(visit), key=str(item.pk))
