"""Lines with a state: days, papers, certificates."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from shian.kernel.ui.states import DONE, DUE, OVERDUE, WAITING, Text


@dataclass(frozen=True)
class Mark:
    """A day or a paper with its state in a word."""

    title: Text
    state: str
    word: Text
    url: str = ""
    due_on: date | None = None


def paper_mark(title: str, due_on: date, today: date, url: str, *, is_signed: bool, is_drafted: bool) -> Mark:
    """A paper that is signed, late, drafted or still to be written."""
    if is_signed:
        return Mark(title, DONE, _("已签字"), url, due_on)
    if today > due_on:
        return Mark(title, OVERDUE, _("逾期"), url, due_on)
    return Mark(title, DUE if is_drafted else WAITING, _("待签字") if is_drafted else _("待填写"), url, due_on)
