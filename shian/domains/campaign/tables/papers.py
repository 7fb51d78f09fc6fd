"""How papers, receipts and liaison officers look in tables."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shian.domains.campaign.models import Paper, PaperReceipt, PaperState
from shian.domains.campaign.queries.liaisons import Liaison
from shian.domains.campaign.queries.papers import Receipts
from shian.kernel.ui.actors import actor
from shian.kernel.ui.states import DONE, DUE, NEUTRAL, OVERDUE, WAITING
from shian.kernel.ui.tables import Cell, Column, Row
from shian.registers.people.tables import organisation_url

PAPERS = (
    Column("title", gettext_lazy("文件名称"), is_fixed=True, is_wide=True),
    Column("doc_no", gettext_lazy("文号")),
    Column("version", gettext_lazy("版本"), kind="number"),
    Column("state", gettext_lazy("状态")),
    Column("kind", gettext_lazy("文件类别")),
    Column("issuer", gettext_lazy("印发单位")),
    Column("issued_on", gettext_lazy("印发日期"), kind="date"),
    Column("supersedes", gettext_lazy("替代")),
    Column("receipts", pgettext_lazy("column", "签收"), kind="progress"),
    Column("missing", gettext_lazy("未签收单位"), is_wide=True),
)
RECEIPTS = (
    Column("unit", gettext_lazy("单位"), is_fixed=True, is_wide=True),
    Column("state", gettext_lazy("状态")),
    Column("sent_on", gettext_lazy("发送日期"), kind="date"),
    Column("acknowledged_on", gettext_lazy("签收日期"), kind="date"),
    Column("by", gettext_lazy("签收人")),
)
LIAISONS = (
    Column("unit", gettext_lazy("单位"), is_fixed=True, is_wide=True),
    Column("state", gettext_lazy("状态")),
    Column("officer", gettext_lazy("联络员")),
    Column("deputy", gettext_lazy("副联络员")),
    Column("valid_from", gettext_lazy("任职日期"), kind="date"),
    Column("valid_to", gettext_lazy("任期至"), kind="date"),
    Column("account", gettext_lazy("系统账号")),
    Column("former", gettext_lazy("上一任")),
)
NAMED = 5


def paper_state(paper: Paper) -> tuple[str, str]:
    """The word and the colour of a paper."""
    if getattr(paper, "is_superseded", False):
        return _("已被替代"), NEUTRAL
    if paper.state == PaperState.ISSUED:
        return _("现行"), DONE
    return paper.get_state_display(), WAITING


def paper_url(paper: Paper) -> str:
    return reverse("campaign:paper_detail", args=[paper.pk])


def named(units: list[str]) -> str:
    """The first names and how many there are in all."""
    told = _("、").join(units[:NAMED])
    return told if len(units) <= NAMED else _("%(names)s等 %(count)s 家") % {"names": told, "count": len(units)}


def paper_row(paper: Paper, receipts: Receipts) -> Row:
    """A paper in the library. A superseded one asks nobody any more."""
    label, tone = paper_state(paper)
    asks = paper.state == PaperState.ISSUED and tone == DONE
    older = paper.supersedes
    return Row(
        {
            "title": paper.title,
            "doc_no": paper.doc_no,
            "version": paper.version,
            "state": Cell(label, state=tone),
            "kind": paper.kind,
            "issuer": str(paper.issuer),
            "issued_on": paper.issued_on,
            "supersedes": Cell(older.doc_no, url=paper_url(older)) if older else None,
            "receipts": (receipts.done, receipts.total) if receipts.total else None,
            "missing": named(receipts.missing) if receipts.missing and asks else None,
        },
        url=paper_url(paper),
        key=str(paper.pk),
    )


def receipt_row(receipt: PaperReceipt) -> Row:
    """A unit that the paper was sent to."""
    state = Cell(_("已签收"), state=DONE) if receipt.acknowledged_on else Cell(_("未签收"), state=DUE)
    return Row(
        {
            "unit": receipt.unit.name,
            "state": state,
            "sent_on": receipt.sent_on,
            "acknowledged_on": receipt.acknowledged_on,
            "by": actor(receipt.acknowledged_by) if receipt.acknowledged_by else None,
        },
        key=str(receipt.pk),
    )


def liaison_state(found: Liaison, today: date) -> tuple[str, str]:
    """The word and the colour of a unit's officer."""
    if found.officer is None:
        return _("无有效联络员"), OVERDUE
    return (_("即将到期"), DUE) if found.ends_soon(today) else (_("在任"), DONE)


def liaison_row(found: Liaison, today: date) -> Row:
    """A unit with who stands for it."""
    label, tone = liaison_state(found, today)
    officer, former = found.officer, found.former
    account = Cell(_("已开通"), state=DONE) if found.is_reachable else Cell(_("未开通"), state=NEUTRAL)
    ended = _("%(name)s（至 %(day)s）") % {"name": former.person.name, "day": former.valid_to} if former else None
    return Row(
        {
            "unit": found.unit.name,
            "state": Cell(label, state=tone),
            "officer": officer.person.name if officer else None,
            "deputy": found.deputy.person.name if found.deputy else None,
            "valid_from": officer.valid_from if officer else None,
            "valid_to": officer.valid_to if officer else None,
            "account": account,
            "former": ended,
        },
        url=organisation_url(found.unit.code),
        key=found.unit.code,
        state=tone if tone == OVERDUE else "",
    )
