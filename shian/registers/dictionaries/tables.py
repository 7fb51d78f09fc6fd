"""Dictionaries and their terms in tables."""

from collections.abc import Mapping
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shian.kernel.ui.languages import bilingual
from shian.kernel.ui.states import DONE, NEUTRAL, WAITING
from shian.kernel.ui.tables import Cell, Column, Row
from shian.registers.dictionaries.models import DictionaryEntry, EntryState
from shian.registers.dictionaries.queries import Dictionary
from shian.registers.dictionaries.rules import ALWAYS, Term

DICTIONARIES = (
    Column("title", _("字典"), is_fixed=True),
    Column("terms", _("有效条目"), kind="number"),
    Column("own", _("本地条目"), kind="number"),
    Column("drafts", _("待生效"), kind="number"),
    Column("edition", _("版本日期"), kind="date"),
    Column("kind", _("可否增减")),
    Column("note", _("说明"), is_wide=True),
)
TERMS = (
    Column("name", _("名称"), is_fixed=True),
    Column("code", _("编码"), kind="code"),
    Column("details", _("归属")),
    Column("valid_from", _("启用日期")),
    Column("valid_to", _("停用日期"), kind="date"),
    Column("area", _("适用区划")),
    Column("state", _("状态")),
    Column("source", _("来源")),
)
STATES = {EntryState.DRAFT: WAITING, EntryState.VALID: DONE, EntryState.ENDED: NEUTRAL}


def term_url(key: str, code: str) -> str:
    """The page of one code of a dictionary."""
    return reverse("dictionaries:term_detail", args=[key, code])


def dictionary_row(found: Dictionary, in_force: int, states: Mapping[str, int]) -> Row:
    """A dictionary in the list; `states` counts the city's own entries."""
    url = reverse("dictionaries:dictionary_detail", args=[found.key])
    cells = {
        "title": Cell(found.title, url=url),
        "terms": in_force,
        "own": states[EntryState.VALID] + states[EntryState.ENDED] or None,
        "drafts": states[EntryState.DRAFT] or None,
        "edition": found.edition_on,
        "kind": Cell(gettext("可增减"), state=DONE) if found.is_open else Cell(gettext("固定"), state=NEUTRAL),
        "note": found.note,
    }
    return Row(cells, url=url, key=found.key)


def term_row(key: str, term: Term, names: Mapping[str, str], as_of: date) -> Row:
    """A term with its dates; `names` are those of areas by key."""
    cells = {
        "code": term.code,
        "name": Cell(bilingual(term.name, term.name_en or None)),
        "details": details_text(term.details),
        "valid_from": gettext("一直") if term.valid_from == ALWAYS else term.valid_from,
        "valid_to": term.valid_to,
        "area": names.get(term.area, term.area) if term.area else gettext("全国"),
        "state": _state(term, as_of),
        "source": gettext("随系统发布") if term.entry is None else gettext("本地条目"),
    }
    return Row(cells, url=term_url(key, term.code), key=f"{term.code}/{term.area}/{term.valid_from}")


def draft_row(draft: DictionaryEntry, names: Mapping[str, str]) -> Row:
    """An entry that waits for confirmation."""
    cells = {
        "code": draft.code,
        "name": Cell(bilingual(draft.name, draft.name_en or None)),
        "details": details_text(draft.details),
        "valid_from": draft.valid_from,
        "area": names.get(draft.area, draft.area_code),
        "state": Cell(draft.get_state_display(), state=STATES[EntryState.DRAFT]),
        "source": gettext("本地条目"),
    }
    return Row(cells, url=term_url(draft.dictionary, draft.code), key=f"draft/{draft.pk}")


def details_text(details: Mapping[str, object]) -> str:
    """The words among the details, for reading."""
    return " · ".join(value for value in details.values() if isinstance(value, str))


def _state(term: Term, as_of: date) -> Cell:
    if term.valid_from > as_of:
        return Cell(gettext("尚未启用"), state=WAITING)
    if term.is_current(as_of):
        return Cell(gettext("有效"), state=DONE)
    return Cell(gettext("已停用"), state=NEUTRAL)
