"""How meetings, agendas, decisions and receipts look in tables."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shian.domains.campaign.models import AgendaItem, Attendance, Decision, Meeting, MeetingState
from shian.domains.campaign.rules.meetings import OpenCase, Reason
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.cases.tables import standing_label, tone_of, unit_text
from shian.kernel.ui.states import DONE, DUE, OVERDUE, WAITING, Text
from shian.kernel.ui.tables import Cell, Column, Row

MEETINGS = (
    Column("held_on", gettext_lazy("日期"), kind="date", sort="held_on"),
    Column("title", gettext_lazy("名称"), is_wide=True, is_fixed=True),
    Column("mechanism", gettext_lazy("机制")),
    Column("state", gettext_lazy("状态")),
    Column("read", pgettext_lazy("column", "签收"), kind="rate"),
)
AGENDA = (
    Column("number", gettext_lazy("序号"), kind="number"),
    Column("title", gettext_lazy("议题"), is_wide=True, is_fixed=True),
    Column("reason", gettext_lazy("缘由")),
    Column("unit", gettext_lazy("单位")),
    Column("due_on", gettext_lazy("期限"), kind="date"),
    Column("state", gettext_lazy("现状")),
)
DECISIONS = (
    Column("number", gettext_lazy("序号"), kind="number"),
    Column("text", gettext_lazy("决定"), is_wide=True, is_fixed=True),
    Column("unit", gettext_lazy("承办单位")),
    Column("owner", gettext_lazy("责任人")),
    Column("due_on", gettext_lazy("完成期限"), kind="date"),
    Column("state", gettext_lazy("现状")),
)
RECEIPTS = (
    Column("unit", gettext_lazy("单位"), is_wide=True, is_fixed=True),
    Column("state", pgettext_lazy("column", "签收")),
    Column("read_at", gettext_lazy("签收时间"), kind="moment"),
)
REASONS: dict[str, Text] = {
    Reason.DECISION: gettext_lazy("会议决定未办结"),
    Reason.CARD: gettext_lazy("督办卡逾期"),
    Reason.OVERDUE: gettext_lazy("事项逾期"),
    Reason.TOPIC: gettext_lazy("其他议题"),
}
STATES = {MeetingState.SCHEDULED: WAITING, MeetingState.FROZEN: DUE, MeetingState.ISSUED: DONE}


def meeting_row(meeting: Any) -> Row:
    """A meeting in the list, annotated with `members` and `read`."""
    is_issued = meeting.state == MeetingState.ISSUED
    return Row(
        {
            "held_on": meeting.held_on,
            "title": meeting.title,
            "mechanism": meeting.get_mechanism_display(),
            "state": Cell(meeting.get_state_display(), state=STATES[MeetingState(meeting.state)]),
            "read": (meeting.read, meeting.members) if is_issued and meeting.members else None,
        },
        url=reverse("campaign:meeting_detail", args=[meeting.pk]),
        key=str(meeting.pk),
    )


def agenda_row(item: AgendaItem, today: date, opened: Collection[int]) -> Row:
    """A point of a frozen agenda, with what became of its case; a link where the case is among the `opened`."""
    return Row(
        {
            "number": item.number,
            "reason": REASONS.get(item.reason, item.reason),
            "title": item.title,
            "unit": item.unit_name,
            "due_on": item.due_on,
            "state": _standing(item.case, today) if item.case else None,
        },
        url=_case_url(item.case_id, opened),
        key=str(item.pk),
    )


def preview_row(number: int, reason: Reason, case: OpenCase, today: date, opened: Collection[int]) -> Row:
    """A point as it would stand on the agenda now."""
    is_late = case.due_on is not None and case.due_on < today
    late = Cell(_("逾期"), state=OVERDUE) if is_late else Cell(_("会前到期"), state=DUE)
    cells = {
        "number": number, "reason": REASONS[reason], "title": case.title, "unit": case.unit, "due_on": case.due_on,
        "state": late if is_late or reason != Reason.DECISION else None,
    }  # fmt: skip
    return Row(cells, url=_case_url(case.pk, opened), key=str(case.pk))


def decision_row(decision: Decision, today: date, opened: Collection[int]) -> Row:
    """A decision with its task; a link where the task is among the `opened`."""
    case = decision.case
    return Row(
        {
            "number": decision.number,
            "text": decision.text,
            "unit": unit_text(case.unit),
            "owner": case.owner_name or _("由承办单位指定"),
            "due_on": case.due_on,
            "state": _standing(case, today),
        },
        url=_case_url(case.pk, opened),
        key=str(decision.pk),
    )


def receipt_row(row: Attendance, *, is_issued: bool) -> Row:
    """A member unit with its receipt."""
    state = Cell(_("已签收"), state=DONE) if row.read_at else Cell(_("未签收"), state=DUE) if is_issued else None
    return Row({"unit": row.unit.name, "state": state, "read_at": row.read_at}, key=str(row.pk))


def meeting_state(meeting: Meeting) -> tuple[str, str]:
    """The word and the colour of a meeting."""
    return meeting.get_state_display(), STATES[MeetingState(meeting.state)]


def _standing(case: Case, today: date) -> Cell:
    declared = case_type(case.type)
    return Cell(standing_label(declared, case, today), state=tone_of(declared, case, today))


def _case_url(pk: int | None, opened: Collection[int]) -> str:
    return reverse("cases:case_detail", args=[pk]) if pk in opened else ""
