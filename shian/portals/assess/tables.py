"""Columns and rows of the assessors' pages."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.campaign.queries.assessed import AssessedFile
from shian.domains.campaign.tables.evidence import state_cell
from shian.domains.campaign.tables.results import ITEMS
from shian.kernel.accounts.models import User
from shian.kernel.disclosures.actions import PATH
from shian.kernel.disclosures.models import Disclosure
from shian.kernel.notary.models import SHOWN
from shian.kernel.ui.tables import Cell, Column, Row

ASSESSED = (*ITEMS, Column("files", gettext_lazy("佐证材料"), kind="number", unit=gettext_lazy("份")))
FILES = (
    Column("title", gettext_lazy("材料"), is_wide=True, is_fixed=True),
    Column("unit", gettext_lazy("提交单位")),
    Column("state", gettext_lazy("审核结论")),
    Column("version", gettext_lazy("版本"), kind="number"),
    Column("sha256", gettext_lazy("校验值（SHA-256）"), kind="code"),
    Column("seal", gettext_lazy("存证")),
)
LOOKS = (
    Column("at", gettext_lazy("时间"), kind="moment", is_fixed=True),
    Column("who", gettext_lazy("评估人员")),
    Column("title", gettext_lazy("查阅内容"), is_wide=True),
    Column("path", gettext_lazy("地址"), is_wide=True),
)


def file_row(file: AssessedFile) -> Row:
    """A document under an item; its seal opens to be verified."""
    return Row(
        {
            "title": Cell(file.title, note=file.doc_no),
            "unit": file.unit,
            "state": state_cell(file.state),
            "version": file.version,
            "sha256": Cell(file.sha256[:SHOWN], title=file.sha256),
            "seal": Cell(_("核对"), url=reverse("notary:entry_detail", args=[file.seal])) if file.seal else None,
        },
        url=reverse("campaign:evidence_detail", args=[file.pk]),
        key=str(file.pk),
    )


def look_row(look: Disclosure, people: dict[str, User]) -> Row:
    """One look: who, when, what; the moment opens its seal."""
    who = people[look.actor]
    path = look.details.get(PATH, "")
    return Row(
        {
            "at": Cell(look.at, url=reverse("notary:entry_detail", args=[look.entry])),
            "who": Cell(who.display_name or who.username, note=who.username),
            "title": look.title if look.title != path[:200] else "",
            "path": path,
        },
        key=str(look.pk),
    )
