"""The sections of an operator's ledger as tables for paper."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.duties.queries.ledgers import SubjectLedger
from shian.domains.duties.tables.roster import BOARD_TONES, LETTER_TONES, letter_url, official_url
from shian.domains.duties.tables.visits import problem_state, visit_url
from shian.kernel.ui.tables import Cell, Column, Empty, Row, Table

MATCHES = (
    Column("official", gettext_lazy("包保干部"), is_fixed=True),
    Column("post", gettext_lazy("职务"), is_wide=True),
    Column("tier", gettext_lazy("包保层级")),
    Column("since", gettext_lazy("起始日期"), kind="date"),
    Column("until", gettext_lazy("终止日期"), kind="date"),
    Column("reason", gettext_lazy("原因"), is_wide=True),
)
LETTERS = (
    Column("official", gettext_lazy("承诺人"), is_fixed=True),
    Column("number", gettext_lazy("第几份"), kind="number"),
    Column("signed_at", gettext_lazy("签字时间"), kind="moment"),
    Column("countersigned_at", gettext_lazy("对签时间"), kind="moment"),
    Column("state", gettext_lazy("状态")),
)
VISITS = (
    Column("visited_on", gettext_lazy("督导日期"), kind="date", is_fixed=True),
    Column("official", gettext_lazy("包保干部")),
    Column("way", gettext_lazy("督导方式")),
    Column("faults", gettext_lazy("问题数"), kind="number"),
    Column("number", gettext_lazy("督导编号"), kind="code"),
)
PROBLEMS = (
    Column("title", gettext_lazy("问题"), is_fixed=True, is_wide=True),
    Column("state", gettext_lazy("状态")),
    Column("due_on", gettext_lazy("期限"), kind="date"),
    Column("closed_at", gettext_lazy("销号时间"), kind="moment"),
    Column("number", gettext_lazy("编号"), kind="code"),
)
BOARDS = (
    Column("version", gettext_lazy("版本"), kind="number", is_fixed=True),
    Column("official", gettext_lazy("包保干部")),
    Column("printed_on", gettext_lazy("打印日期"), kind="date"),
    Column("delivered_on", gettext_lazy("送达日期"), kind="date"),
    Column("ledger_on", gettext_lazy("台账送达"), kind="date"),
    Column("posted_on", gettext_lazy("张贴日期"), kind="date"),
    Column("photo", gettext_lazy("张贴照片")),
    Column("state", gettext_lazy("状态")),
)


def ledger_tables(ledger: SubjectLedger) -> list[tuple[Any, Table]]:
    """(title, table) of each section after the first."""
    return [
        (_("二、包保干部"), Table(MATCHES, [_match(each) for each in ledger.matches],
                            empty=Empty(_("还没有包保干部")), id="matches")),
        (_("三、承诺书"), Table(LETTERS, [_letter(each) for each in ledger.letters],
                           empty=Empty(_("还没有承诺书")), id="letters")),
        (_("四、督导记录"), Table(VISITS, [_visit(each) for each in ledger.visits],
                            empty=Empty(_("还没有督导")), id="visits")),
        (_("五、发现的问题"), Table(PROBLEMS, [_problem(each) for each in ledger.problems],
                             empty=Empty(_("没有问题")), id="problems")),
        (_("六、公示板"), Table(BOARDS, [_board(each) for each in ledger.boards],
                           empty=Empty(_("还没有公示板")), id="boards")),
    ]  # fmt: skip


def _match(each: Any) -> Row:
    cells = {
        "official": Cell(each.official.name, url=official_url(each.official)), "post": each.official.post,
        "tier": each.get_tier_display(), "since": each.valid_from, "until": each.valid_to,
        "reason": each.ended_because or each.reason,
    }  # fmt: skip
    return Row(cells, key=str(each.pk))


def _letter(each: Any) -> Row:
    cells = {
        "official": each.official.name, "number": each.number, "signed_at": each.signed_at,
        "countersigned_at": each.countersigned_at,
        "state": Cell(each.get_state_display(), state=LETTER_TONES[each.state]),
    }  # fmt: skip
    return Row(cells, url=letter_url(each), key=str(each.pk))


def _visit(each: Any) -> Row:
    cells = {
        "visited_on": each.visited_on, "official": each.official.name, "way": each.get_way_display(),
        "faults": each.faults, "number": each.number,
    }  # fmt: skip
    return Row(cells, url=visit_url(each), key=str(each.pk))


def _problem(each: Any) -> Row:
    cells = {
        "title": each.title, "state": problem_state(each), "due_on": each.due_on, "closed_at": each.closed_at,
        "number": each.number,
    }  # fmt: skip
    return Row(cells, key=str(each.pk))


def _board(each: Any) -> Row:
    cells = {
        "version": each.version, "official": each.content.get("official"), "printed_on": each.printed_on,
        "delivered_on": each.delivered_on, "ledger_on": each.ledger_on, "posted_on": each.posted_on,
        "photo": _("有") if each.photo_id else None,
        "state": Cell(each.get_state_display(), state=BOARD_TONES[each.state]),
    }  # fmt: skip
    return Row(cells, key=str(each.pk))
