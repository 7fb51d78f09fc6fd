"""The facts of an interview."""

from django.utils.translation import gettext_lazy

from shian.domains.campaign.queries.interviews import Known, Owed
from shian.kernel.ui.languages import ChineseText
from shian.kernel.ui.tables import Column, Row

OWED = (
    Column("text", gettext_lazy("职责"), is_wide=True, is_fixed=True),
    Column("source", gettext_lazy("依据")),
)
KNOWN = (
    Column("title", gettext_lazy("指标"), is_wide=True, is_fixed=True),
    Column("shown", gettext_lazy("数值")),
    Column("target", gettext_lazy("目标值")),
    Column("as_of", gettext_lazy("时点"), kind="date"),
    Column("source", gettext_lazy("来源登记簿")),
)


def owed_row(owed: Owed) -> Row:
    return Row({"text": ChineseText(owed.text), "source": ChineseText(owed.source)})


def known_row(known: Known) -> Row:
    return Row(
        {"title": ChineseText(known.title), "shown": ChineseText(known.shown),
         "target": ChineseText(known.target) or None, "as_of": known.as_of, "source": ChineseText(known.source)}
    )  # fmt: skip
