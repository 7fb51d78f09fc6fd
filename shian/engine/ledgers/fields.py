"""Fields of ledgers: a Frictionless Table Schema subset, with types, limits, units, masks and formulas."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shian.engine.ledgers.calculated import MOST_DECIMALS
from shian.kernel.ui.languages import bilingual
from shian.kernel.ui.masking import Personal
from shian.kernel.ui.states import Text

FILE_TYPES = frozenset({"image", "file"})
TYPES = frozenset({"string", "text", "uri", "geopoint", "integer", "number", "boolean", "date", "year"}) | FILE_TYPES
PATTERNS = {
    "uri": r"https?://[^\s<>\"]+",
    "geopoint": r"\d{2,3}\.\d{1,7}, ?\d{1,2}\.\d{1,7}",  # longitude, latitude
    **dict.fromkeys(FILE_TYPES, r"[0-9a-f]{64}"),  # SHA-256 of a stored file
}
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
_TEXT_SQL = "NULLIF(t.data->>'{}', '')"
_SQL = {
    "integer": "(t.data->>'{}')::numeric",
    "number": "(t.data->>'{}')::numeric",
    "boolean": "(t.data->>'{}')::boolean",
    "date": "(t.data->>'{}')::date",
    "year": "(t.data->>'{}')::integer",
}
_FIELD_KEYS = frozenset(
    {"name", "title", "title_en", "type", "constraints", "unit", "unit_en", "aliases", "description", "personal"}
    | {"formula", "decimals"}
)
_LIMIT_KEYS = frozenset({"required", "enum", "minimum", "maximum", "maxLength", "pattern"})


class DeclarationInvalid(ValueError):
    """A pack's file is wrong; the text names the file, the key and what is expected."""


@dataclass(frozen=True)
class LedgerField:
    """A Frictionless field descriptor."""

    name: str
    title: Text
    type: str
    is_required: bool = False
    enum: tuple[str, ...] = ()
    minimum: Any = None
    maximum: Any = None
    max_length: int | None = None
    pattern: str = ""
    unit: Text = ""
    is_unit_in_title: bool = False
    aliases: tuple[str, ...] = ()
    description: str = ""
    personal: str = ""
    formula: str = ""
    decimals: int = 2

    @property
    def shown_unit(self) -> Text:
        """The unit to show beside the title; "" where the title names it already."""
        return "" if self.is_unit_in_title else self.unit

    @property
    def sql(self) -> str:
        """The typed value inside `t.data`; the name is an identifier checked when it was loaded."""
        return _SQL.get(self.type, _TEXT_SQL).format(self.name)

    @property
    def is_file(self) -> bool:
        return self.type in FILE_TYPES

    @property
    def is_kept(self) -> bool:
        """A form does not show it: an empty answer keeps what the row holds."""
        return self.is_file or bool(self.personal)


def read_field(raw: Mapping[str, Any]) -> LedgerField:
    """One of the `fields` of a declaration. Raises DeclarationInvalid."""
    if not isinstance(raw, Mapping):
        raise DeclarationInvalid(f"fields: {raw!r} is no mapping with name, title and type.")
    name = identifier(raw, "name")
    limits = raw.get("constraints") or {}
    for where, given, known in (("", raw, _FIELD_KEYS), (".constraints", limits, _LIMIT_KEYS)):
        if unknown := sorted(set(given) - known):
            known_text = ", ".join(sorted(known))
            raise DeclarationInvalid(f"fields.{name}{where}: {unknown[0]!r} is unknown; known are {known_text}.")
    if raw.get("type") not in TYPES:
        raise DeclarationInvalid(f"fields.{name}.type: {raw.get('type')!r}; use one of {', '.join(sorted(TYPES))}.")
    personal = raw.get("personal") or ""
    if personal and personal not in set(Personal):
        raise DeclarationInvalid(f"fields.{name}.personal: {personal!r}; use one of {', '.join(Personal)}.")
    return LedgerField(
        name=name,
        title=titled(raw),
        type=raw["type"],
        is_required=bool(limits.get("required", False)),
        enum=tuple(str(each) for each in limits.get("enum") or ()),
        minimum=limits.get("minimum"),
        maximum=limits.get("maximum"),
        max_length=limits.get("maxLength"),
        pattern=limits.get("pattern") or PATTERNS.get(raw["type"], ""),
        unit=bilingual(raw.get("unit") or "", raw.get("unit_en")),
        is_unit_in_title=(raw.get("unit") or "\0") in raw["title"],
        aliases=tuple(raw.get("aliases") or ()),
        description=raw.get("description") or "",
        personal=personal,
        formula=str(raw.get("formula") or ""),
        decimals=_decimals(name, raw),
    )


def _decimals(name: str, raw: Mapping[str, Any]) -> int:
    decimals = raw.get("decimals", 2)
    if "decimals" in raw and not raw.get("formula"):
        raise DeclarationInvalid(f"fields.{name}.decimals: only a calculated field (formula) is rounded.")
    if type(decimals) is not int or not 0 <= decimals <= MOST_DECIMALS:
        raise DeclarationInvalid(f"fields.{name}.decimals: a whole number from 0 to {MOST_DECIMALS} is needed.")
    return decimals


def identifier(raw: Mapping[str, Any], key: str) -> str:
    """The name under `key`. Raises DeclarationInvalid."""
    value = raw.get(key)
    if not isinstance(value, str) or not _IDENTIFIER.fullmatch(value):
        raise DeclarationInvalid(f"{key}: {value!r} must be lower-case letters, digits and underscores.")
    return value


def titled(raw: Mapping[str, Any]) -> Text:
    """`title` and `title_en` of a mapping as one text that follows the language of the page."""
    return bilingual(named_text(raw, "title"), raw.get("title_en"))


def named_text(raw: Mapping[str, Any], key: str) -> str:
    """The text under `key`, without spaces around it. Raises DeclarationInvalid."""
    value = raw.get(key)
    if not isinstance(value, str) or not value.strip():
        raise DeclarationInvalid(f"{key}: a text is needed{' for ' + str(raw['name']) if 'name' in raw else ''}.")
    return value.strip()
