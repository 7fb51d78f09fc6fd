"""Tables of the yearly appraisal: the units of a year, and the lines of one of them side by side."""

from decimal import Decimal

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy

from shian.domains.campaign.models import AppraisalEntry, AppraisalLine, EntryState
from shian.kernel.ui.languages import ChineseText
from shian.kernel.ui.states import DONE, DUE, OVERDUE, WAITING
from shian.kernel.ui.tables import Cell, Column, Row

STATES: dict[str, str] = {EntryState.OPEN: WAITING, EntryState.FILED: DUE, EntryState.VERIFIED: DONE}
ENTRIES = (
    Column("unit", gettext_lazy("单位"), is_fixed=True, is_wide=True),
    Column("place", gettext_lazy("名次"), kind="number", is_fixed=True),
    Column("grade", gettext_lazy("等次"), is_fixed=True),
    Column("self", gettext_lazy("自评分"), kind="number", decimals=2),
    Column("verified", gettext_lazy("核定分"), kind="number", decimals=2),
    Column("difference", gettext_lazy("相差"), kind="number", decimals=2),
    Column("state", gettext_lazy("状态")),
)
LINES = (
    Column("line", gettext_lazy("考核内容"), is_fixed=True, is_wide=True),
    Column("maximum", gettext_lazy("满分"), kind="number", decimals=2),
    Column("self", gettext_lazy("自评"), kind="number", decimals=2),
    Column("verified", gettext_lazy("核定"), kind="number", decimals=2),
    Column("difference", gettext_lazy("相差"), kind="number", decimals=2),
    Column("reason", gettext_lazy("差异理由"), is_wide=True),
    Column("said", gettext_lazy("自评说明和佐证材料"), is_wide=True),
)


def entry_url(entry: AppraisalEntry) -> str:
    return reverse("campaign:appraisal_detail", args=[entry.pk])


def entry_state(entry: AppraisalEntry, *, is_late: bool) -> Cell:
    """Where the unit stands; red once its last day has passed without a self-score."""
    late = is_late and entry.state == EntryState.OPEN
    return Cell(str(entry.get_state_display()), state=OVERDUE if late else STATES[entry.state])


def entry_row(entry: AppraisalEntry, *, is_late: bool, is_opened: bool) -> Row:
    """One unit of the year."""
    cells = {
        "place": entry.place,
        "unit": entry.unit.name,
        "grade": entry.grade or None,
        "self": entry.self_total,
        "verified": entry.verified_total,
        "difference": _difference(entry.self_total, entry.verified_total),
        "state": entry_state(entry, is_late=is_late),
    }
    return Row(cells, url=entry_url(entry) if is_opened else "", key=str(entry.pk))


def line_row(line: AppraisalLine) -> Row:
    """One line: what the unit says, what was verified, why they differ, and the documents beside."""
    difference = _difference(line.self_score, line.verified_score)
    return Row(
        {
            "line": Cell(ChineseText(f"{line.number}. {line.title}"), note=ChineseText(line.asked)),
            "maximum": line.maximum,
            "self": line.self_score,
            "verified": line.verified_score,
            "difference": difference or None,
            "reason": line.reason,
            "said": said_html(line),
        },
        key=str(line.number),
        state=DUE if difference else "",
    )


def proofs_html(line: AppraisalLine) -> str:
    """The documents of a line as links."""
    rows = ((reverse("campaign:evidence_detail", args=[each.pk]), each.title) for each in line.proofs.all())
    return format_html_join("；", '<a href="{}">{}</a>', rows)


def said_html(line: AppraisalLine) -> str:
    """What the unit says of a line, its documents beneath."""
    proofs = proofs_html(line)
    return format_html("{}<br>{}", line.self_note, proofs) if line.self_note and proofs else line.self_note or proofs


def _difference(own: Decimal | None, verified: Decimal | None) -> Decimal | None:
    return None if own is None or verified is None else verified - own
