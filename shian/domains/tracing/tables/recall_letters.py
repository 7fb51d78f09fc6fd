"""Letters to other areas about recalls as rows."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy

from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.kernel.ui.states import OVERDUE
from shian.kernel.ui.tables import Cell, Column, Row

RECALL_LETTERS = (
    Column("receiver", gettext_lazy("收函单位"), is_fixed=True, is_wide=True, sort="receiver"),
    Column("state", gettext_lazy("状态")),
    Column("party", gettext_lazy("对方主体")),
    Column("side", gettext_lazy("协查对象")),
    Column("due_on", gettext_lazy("反馈期限"), kind="date"),
    Column("receipt", gettext_lazy("回执编号")),
    Column("recall", gettext_lazy("召回编号"), kind="code"),
    Column("number", gettext_lazy("函号"), kind="code"),
)
LETTERS_OF_ONE = tuple(each for each in RECALL_LETTERS if each.key != "recall")  # on the page of that recall


def letter_rows(letters: Iterable[Case], today: date) -> Iterator[Row]:
    """Each opens its case; one without an answer past its day says so."""
    for each in letters:
        state = case_type(each.type).by_state[each.state]
        is_late = each.is_open and each.due_on is not None and each.due_on < today
        told = each.data
        cells = {
            "receiver": told.get("receiver", ""),
            "state": Cell(state.title, state=OVERDUE if is_late else state.shown_tone),
            "party": told.get("party", ""), "side": told.get("side", ""), "due_on": each.due_on,
            "receipt": told.get("receipt_no", ""), "recall": told.get("recall_no", ""), "number": each.number,
        }  # fmt: skip
        yield Row(cells, url=reverse("cases:case_detail", args=[each.pk]), key=str(each.pk))
