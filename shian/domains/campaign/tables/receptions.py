"""Receptions and the lines of their weekly notices."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shian.domains.campaign.models import NoticeLine, WeeklyNotice
from shian.domains.campaign.rules.receptions import Movement
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.cases.queries import CloseOut
from shian.engine.cases.tables import case_url, standing_label, tone_of
from shian.kernel.ui.states import DONE, DUE, NEUTRAL, OVERDUE, WAITING, Text
from shian.kernel.ui.tables import Cell, Column, Row

RECEPTIONS = (
    Column("title", gettext_lazy("迎检"), is_wide=True, is_fixed=True),
    Column("level", gettext_lazy("评价层级")),
    Column("state", gettext_lazy("状态")),
    Column("visit", gettext_lazy("到访日期"), kind="date"),
    Column("rate", gettext_lazy("已销号 / 反馈问题"), kind="rate"),
    Column("overdue", gettext_lazy("逾期"), kind="number"),
    Column("notice", gettext_lazy("最近通报")),
)
LINES = (
    Column("title", gettext_lazy("问题"), is_wide=True, is_fixed=True),
    Column("unit", gettext_lazy("整改单位")),
    Column("state", gettext_lazy("状态")),
    Column("due", gettext_lazy("期限"), kind="date"),
    Column("movement", gettext_lazy("本期变化")),
)
NOTICES = (
    Column("number", gettext_lazy("期号"), is_fixed=True),
    Column("as_of", gettext_lazy("统计截止"), kind="date"),
    Column("new", gettext_lazy("新增"), kind="number"),
    Column("closed", gettext_lazy("销号"), kind="number"),
    Column("overdue", gettext_lazy("逾期"), kind="number"),
    Column("open", gettext_lazy("未销号"), kind="number"),
    Column("total", gettext_lazy("反馈问题"), kind="number"),
)
MOVEMENTS: tuple[tuple[str, Text, str], ...] = (
    ("is_withdrawn", pgettext_lazy("problem", "撤销"), NEUTRAL),
    ("is_new", gettext_lazy("新增"), DUE),
    ("is_reopened", gettext_lazy("重开"), OVERDUE),
    ("is_closed", gettext_lazy("销号"), DONE),
)


@dataclass(frozen=True)
class Shown:
    """A line of a notice, issued or about to be."""

    case: Case
    title: str
    unit_name: str
    state_label: str
    due_on: date | None
    moved: Movement | NoticeLine


def frozen_line(line: NoticeLine) -> Shown:
    return Shown(line.case, line.title, line.unit_name, line.state_label, line.due_on, line)


def live_line(case: Case, moved: Movement) -> Shown:
    state = next(each.title for each in case_type(case.type).states if each.key == case.state)
    return Shown(case, case.title, case.unit.name if case.unit else "", str(state), case.due_on, moved)


def movement_words(moved: Movement | NoticeLine) -> list[tuple[Text, str]]:
    """What changed since the notice before, in words and colours: a problem may be new and struck off at once."""
    return [(word, tone) for name, word, tone in MOVEMENTS if getattr(moved, name)]


def line_row(line: Shown) -> Row:
    """A problem; it opens as it stands today."""
    words, moved = movement_words(line.moved), line.moved
    state = Cell(line.state_label, state=DONE if not moved.is_open else WAITING)
    if moved.is_overdue:
        state = Cell(line.state_label, state=OVERDUE, note=_("逾期"))
    cells = {
        "title": Cell(line.title, note=line.case.number),
        "unit": line.unit_name or None,
        "state": state,
        "due": line.due_on,
        "movement": Cell(_("、").join(str(word) for word, _tone in words), state=words[-1][1]) if words else None,
    }
    return Row(cells, url=case_url(line.case), key=str(line.case.pk), state=OVERDUE if moved.is_overdue else "")


def notice_url(notice: WeeklyNotice) -> str:
    return reverse("campaign:weekly_notice_detail", args=[notice.pk])


def notice_title(notice: WeeklyNotice) -> str:
    return _("第 %(number)s 期") % {"number": notice.number}


def notice_row(notice: WeeklyNotice) -> Row:
    """An issued notice; each of its numbers opens its lines."""
    url = notice_url(notice)
    numbers = {
        key: Cell(notice.counts[key], url=f"{url}?show={key}", state=OVERDUE if key == "overdue" and notice.counts[key]
                  else "")
        for key in ("new", "closed", "overdue", "open", "total")
    }  # fmt: skip
    return Row({"number": notice_title(notice), "as_of": notice.as_of, **numbers}, url=url, key=str(notice.pk))


def reception_row(case: Case, out: CloseOut, last: WeeklyNotice | None, today: date) -> Row:
    """A reception with how far its problems are struck off."""
    declared = case_type(case.type)
    cells = {
        "title": Cell(case.title, note=case.number),
        "level": case.data.get("evaluation_level"),
        "state": Cell(standing_label(declared, case, today), state=tone_of(declared, case, today)),
        "visit": date.fromisoformat(case.data["visit_date"]) if case.data.get("visit_date") else case.due_on,
        "rate": (out.closed, out.total) if out.total else None,
        "overdue": out.overdue or None,
        "notice": Cell(notice_title(last), url=notice_url(last)) if last else None,
    }
    return Row(cells, url=case_url(case), key=str(case.pk))
