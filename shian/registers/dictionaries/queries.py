"""Reads of dictionaries: what the packs bring, what the city adds, what was in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from shian.kernel.scope.rules import key_of_code
from shian.kernel.ui.languages import bilingual
from shian.kernel.ui.states import Text
from shian.registers.dictionaries.models import DictionaryEntry, EntryState
from shian.registers.dictionaries.rules import ALWAYS, Term

OWN = frozenset({"code", "name", "name_en", "valid_from", "valid_to", "area"})


@dataclass(frozen=True)
class Dictionary:
    """One file of packs/dictionaries. `edition_on` is the day of its edition; an open one takes entries of a city."""

    key: str
    title: Text
    note: str
    edition_on: date
    is_open: bool
    terms: tuple[Term, ...]
    path: str

    @cached_property
    def names(self) -> dict[str, Text]:
        """Code → name as the pack gives it."""
        return {term.code: bilingual(term.name, term.name_en or None) for term in self.terms}

    @property
    def details(self) -> dict[str, tuple[str, ...]]:
        """What an entry says besides code, name, dates and area, where that is a word: name → the words in use."""
        found: dict[str, dict[str, None]] = {}
        for term in self.terms:
            for name, value in term.details.items():
                if isinstance(value, str):
                    found.setdefault(name, {})[value] = None
        return {name: tuple(words) for name, words in found.items()}


def all_dictionaries() -> dict[str, Dictionary]:
    """The dictionaries of the packs by key. Files without `entries` are material of other kinds."""
    return _read(Path(settings.SHIAN_PACKS) / "dictionaries")


def dictionary(key: str) -> Dictionary:
    """The dictionary with this key. Raises LookupError."""
    try:
        return all_dictionaries()[key]
    except KeyError:
        raise LookupError(f"No dictionary {key!r} in packs/dictionaries.") from None


@lru_cache(maxsize=8)
def _read(folder: Path) -> dict[str, Dictionary]:
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        if "entries" not in raw:
            continue
        found[raw["key"]] = Dictionary(
            key=raw["key"],
            title=bilingual(raw["title"], raw.get("title_en")),
            note=raw.get("note", ""),
            edition_on=raw["valid_from"],
            is_open=bool(raw.get("open", False)),
            terms=tuple(_term(entry) for entry in raw["entries"]),
            path=f"packs/dictionaries/{path.name}",
        )
    return found


def _term(entry: Mapping[str, Any]) -> Term:
    """An entry without a day of its own has always held: the edition only says when the list was put together."""
    return Term(
        code=str(entry["code"]),
        name=str(entry["name"]),
        valid_from=entry.get("valid_from", ALWAYS),
        valid_to=entry.get("valid_to"),
        area=str(entry.get("area", "")),
        name_en=str(entry.get("name_en", "")),
        details={name: value for name, value in entry.items() if name not in OWN},
    )


def name_of(key: str, code: str) -> Text:
    """What the packs call this code of a dictionary, in the language of the page; the code itself when unknown."""
    found = all_dictionaries().get(key)
    return found.names.get(code, code) if found else code


def terms_of(key: str) -> list[Term]:
    """All terms of a dictionary, whenever and wherever they hold: those of the pack, then confirmed ones of cities.

    Words are no secret, so they are not cut to a reach: an importer must know why a word does not hold elsewhere.
    Nothing for a dictionary that no pack brings.
    """
    packed = all_dictionaries().get(key)
    if packed is None:
        return []
    rows = DictionaryEntry.objects.filter(dictionary=key).exclude(state=EntryState.DRAFT) if packed.is_open else ()
    return [*packed.terms, *(term_of(row) for row in rows)]


def term_of(row: DictionaryEntry) -> Term:
    """A city's entry as a term."""
    return Term(
        code=row.code,
        name=row.name,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        area=key_of_code(row.area_code),
        name_en=row.name_en,
        details=row.details,
        entry=row.pk,
    )


def entries_by_state(key: str, user: Any) -> dict[str, int]:
    """State → number of the city's own entries inside the user's reach."""
    counts = {state.value: 0 for state in EntryState}
    for state in DictionaryEntry.objects.visible_to(user).filter(dictionary=key).values_list("state", flat=True):
        counts[state] += 1
    return counts


def drafts_of(key: str, user: Any) -> list[DictionaryEntry]:
    """Entries that wait for confirmation, inside the user's reach."""
    rows = DictionaryEntry.objects.visible_to(user).filter(dictionary=key, state=EntryState.DRAFT)
    return list(rows.order_by("code", "valid_from"))
