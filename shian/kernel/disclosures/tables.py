"""The lists of what was shown and taken, and of all that was done."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shian.kernel.disclosures.models import Disclosure, Kind
from shian.kernel.notary.deeds import deed_text
from shian.kernel.notary.models import Entry
from shian.kernel.ui.actors import actor
from shian.kernel.ui.masking import Personal
from shian.kernel.ui.states import Text
from shian.kernel.ui.tables import Cell, Column, Row

DISCLOSURES = (
    Column("at", _("时间"), kind="moment", is_fixed=True),
    Column("actor", _("人员")),
    Column("kind", _("类型")),
    Column("title", _("对象"), is_wide=True),
    Column("reason", _("理由"), is_wide=True),
    Column("rows", _("行数"), kind="number"),
    Column("personal", _("个人信息")),
    Column("filter", _("筛选"), is_default=False, is_wide=True),
)
WORDS: dict[Personal, Text] = {
    Personal.NAME: _("姓名"),
    Personal.IDENTITY: _("证件号码"),
    Personal.PHONE: _("电话"),
    Personal.ADDRESS: _("住址"),
    Personal.ACCOUNT: _("账号"),
    Personal.PLATE: _("车牌"),
}


DEEDS = (
    Column("at", _("时间"), kind="moment", is_fixed=True),
    Column("actor", _("操作人")),
    Column("deed", _("操作"), is_wide=True),
    Column("subject", _("对象"), is_wide=True),
    Column("rows", _("行数"), kind="number"),
    Column("seal", _("存证"), kind="code"),
)


def disclosure_row(told: Disclosure) -> Row:
    """One line; the moment opens its seal."""
    kinds = [str(WORDS[Personal(kind)]) for kind in told.personal.split()]
    cells = {
        "at": Cell(told.at, url=reverse("notary:entry_detail", args=[told.entry])),
        "actor": actor(told.actor),
        "kind": Kind(told.kind).label,
        "title": told.title,
        "reason": told.reason,
        "rows": told.rows,
        "personal": Cell("、".join(kinds), note=gettext("已遮盖") if kinds and told.is_masked else ""),
        "filter": "；".join(f"{name}：{value}" for name, value in told.details.items()),
    }
    return Row(cells, key=str(told.pk))


def deed_row(entry: Entry) -> Row:
    """One line; the seal opens its page."""
    named = str(deed_text(entry.action))
    cells = {
        "at": entry.at,
        "actor": actor(entry.actor),
        "deed": Cell(named, note=entry.action if named != entry.action else ""),
        "subject": Cell(entry.subject, kind="code"),
        "rows": entry.rows_count,
        "seal": Cell(str(entry.seal), url=entry.seal.url),
    }
    return Row(cells, key=str(entry.pk))
