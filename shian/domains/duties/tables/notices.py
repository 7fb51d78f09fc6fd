"""Notices and their figures as rows."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.duties.models import DutyNotice, NoticeKind, NoticeLine, NoticeState
from shian.domains.duties.queries.notices import Figures, figure_url
from shian.domains.duties.rules.notices import FIGURES, RATES, Told
from shian.domains.duties.rules.visits import Quarter
from shian.kernel.ui.states import DONE, DUE, NEUTRAL, OVERDUE, WAITING
from shian.kernel.ui.tables import Cell, Column, Row

STATE_TONES = {
    NoticeState.DRAFTED: DUE, NoticeState.APPROVED: DUE, NoticeState.PUBLISHED: WAITING, NoticeState.FOLLOWED: DONE,
}  # fmt: skip
KIND_TONES = {NoticeKind.PRAISE: DONE, NoticeKind.CRITICISM: OVERDUE, NoticeKind.INFORM: NEUTRAL}
NOTICES = (
    Column("title", gettext_lazy("通报"), is_fixed=True, is_wide=True),
    Column("kind", gettext_lazy("种类")),
    Column("state", gettext_lazy("状态")),
    Column("quarter", gettext_lazy("季度")),
    Column("units", gettext_lazy("被通报的区划"), is_wide=True),
    Column("published_at", gettext_lazy("印发时间"), kind="moment"),
    Column("follow_due_on", gettext_lazy("后续期限"), kind="date"),
    Column("number", gettext_lazy("编号"), kind="code"),
)
_WORDS = {
    "completion": gettext_lazy("督导完成率"), "due": gettext_lazy("未督导"), "late": gettext_lazy("补报"),
    "faults": gettext_lazy("发现问题的督导"), "problems": gettext_lazy("移交问题"), "handled": gettext_lazy("期内销号"),
    "checked": gettext_lazy("抽查"), "untrue": gettext_lazy("不属实"), "score": gettext_lazy("督查得分"),
}  # fmt: skip
LINES = (
    Column("area", gettext_lazy("区划"), is_fixed=True),
    *(
        Column(key, _WORDS[key], kind="rate" if key in RATES else "number", decimals=2 if key == "score" else None)
        for key in FIGURES
    ),
)
PROPOSALS = (LINES[0], Column("proposal", gettext_lazy("建议")), *LINES[1:])


def notice_url(notice: DutyNotice) -> str:
    return reverse("duties:notice_detail", args=[notice.pk])


def notice_rows(
    notices: Iterable[DutyNotice], named: Mapping[int, list[str]], names: Mapping[str, str], today: date
) -> Iterator[Row]:
    """Notices in a list; one whose follow-up is late says so."""
    for notice in notices:
        state, kind = NoticeState(notice.state), NoticeKind(notice.kind)
        is_late = state == NoticeState.PUBLISHED and notice.follow_due_on is not None and notice.follow_due_on < today
        word = _("后续逾期") if is_late else _("已退回") if notice.returned_because else state.label
        cells = {
            "title": notice.title,
            "kind": Cell(kind.label, state=KIND_TONES[kind]),
            "state": Cell(word, state=OVERDUE if is_late or notice.returned_because else STATE_TONES[state]),
            "quarter": notice.quarter,
            "units": "、".join(names.get(area, area) for area in named.get(notice.pk, ())),
            "published_at": notice.published_at,
            "follow_due_on": notice.follow_due_on,
            "number": notice.number,
        }
        yield Row(cells, url=notice_url(notice), key=str(notice.pk))


def _cell(key: str, told: Told, url: str, now: Told | None = None) -> Cell:
    if told.value is None:
        return Cell(None)
    value: Any = (told.part, told.whole) if key in RATES else told.value
    note = _("现为 %(value)s") % {"value": _short(key, now)} if now is not None and now != told else ""
    return Cell(value, url=url, note=note)


def _short(key: str, told: Told) -> str:
    if told.value is None:
        return "—"
    return f"{told.part}/{told.whole}" if key in RATES else f"{told.value.normalize():f}"


def line_row(
    area: str, lines: Mapping[str, NoticeLine], now: Figures, names: Mapping[str, str], notice: DutyNotice, *,
    opens: bool,
) -> Row:  # fmt: skip
    """A named area: each figure opens the records of the quarter, and says what it is now where that is another; of an
    area beyond the reader's it only stands there."""
    quarter = Quarter.read(notice.quarter)
    cells: dict[str, Any] = {"area": names.get(area, area)}
    for key, line in lines.items():
        told = Told(line.value, line.part, line.whole)
        url = figure_url(key, area, quarter, notice.check_of_id) if opens else ""
        cells[key] = _cell(key, told, url, now.get(key) if opens else None)
    return Row(cells, key=area)


def proposal_row(
    area: str, found: Figures, proposal: tuple[str, list[str]], names: Mapping[str, str], quarter: Quarter,
    check: int | None,
) -> Row:  # fmt: skip
    """An area below with its figures and what they propose."""
    kind, reasons = proposal
    word = NoticeKind(kind).label if kind else ""
    cells: dict[str, Any] = {"area": names.get(area, area)}
    why = "、".join(str(_WORDS[key]) for key in reasons)
    cells["proposal"] = Cell(word, state=KIND_TONES[NoticeKind(kind)], note=why) if kind else None
    for key, told in found.items():
        cells[key] = _cell(key, told, figure_url(key, area, quarter, check))
    return Row(cells, key=area)
