"""Ledgers as packs declare them: packs/ledgers/<key>.yaml, a subset of Frictionless Table Schema with what Shian adds.

Read once per pack folder; a mistake names file and key. The form is described in docs/ledgers.md.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from shian.engine.ledgers.aspects import KEYS as ASPECT_KEYS
from shian.engine.ledgers.aspects import AspectInvalid, Aspects, read_aspects
from shian.engine.ledgers.calculated import MOST_DECIMALS, FormulaInvalid, formula_sql
from shian.engine.ledgers.conditions import Condition, ConditionInvalid, fields_of, parse_conditions
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
SUBJECTS = frozenset({"areas", "operators", "organisations"})
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
_TEXT_SQL = "NULLIF(t.data->>'{}', '')"
_SQL = {
    "integer": "(t.data->>'{}')::numeric",
    "number": "(t.data->>'{}')::numeric",
    "boolean": "(t.data->>'{}')::boolean",
    "date": "(t.data->>'{}')::date",
    "year": "(t.data->>'{}')::integer",
}
_KNOWN = frozenset(
    {"key", "title", "title_en", "register", "rows", "key_fields", "area", "operator", "organisation", "occurs_on"}
    | {"valid", "public_fields", "external", "fields", "checks", "measures", "expected", "description"}
    | {"legal_basis", "source"}
    | ASPECT_KEYS
)
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


@dataclass(frozen=True)
class RowCheck:
    """Where `conditions` hold, `demands` must hold too."""

    conditions: tuple[Condition, ...]
    demands: tuple[Condition, ...]
    message: str
    remedy: str = ""


@dataclass(frozen=True)
class Expected:
    """A class of subjects that should each have a valid row; those without one are a list of their own."""

    subjects: str
    title: Text
    level: str = ""
    kinds: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ledger:
    """One declared ledger. `measures` stay as declared: engine/measures reads them."""

    key: str
    title: Text
    fields: tuple[LedgerField, ...]
    key_fields: tuple[str, ...]
    register: str = ""
    rows: tuple[str, ...] = ()
    area: str = ""
    operator: str = ""
    organisation: str = ""
    occurs_on: str = ""
    valid_from: str = ""
    valid_to: str = ""
    public_fields: tuple[str, ...] = ()
    is_external: bool = False
    description: str = ""
    legal_basis: str = ""
    checks: tuple[RowCheck, ...] = ()
    measures: tuple[Mapping[str, Any], ...] = ()
    expected: Expected | None = None
    aspects: Aspects = field(default_factory=Aspects)
    path: str = field(default="", compare=False)

    @cached_property
    def by_name(self) -> dict[str, LedgerField]:
        return {each.name: each for each in self.fields}

    @cached_property
    def point_field(self) -> str:
        """The field that puts rows on the map; "" when none does."""
        return next((each.name for each in self.fields if each.type == "geopoint"), "")

    @cached_property
    def image_field(self) -> str:
        """The field whose picture stands for a row; "" when none does."""
        return next((each.name for each in self.fields if each.type == "image"), "")

    @cached_property
    def given(self) -> tuple[LedgerField, ...]:
        """The fields that people give; the others are calculated from them."""
        return tuple(each for each in self.fields if not each.formula)

    @cached_property
    def year_field(self) -> str:
        """The field that says which year a row is about; "" when dates say it."""
        years = [each.name for each in self.fields if each.type == "year"]
        keyed = [name for name in years if name in self.key_fields]
        return (keyed or years or [""])[0]

    @cached_property
    def titles(self) -> dict[str, Text]:
        return {each.name: each.title for each in self.fields}


def all_ledgers() -> dict[str, Ledger]:
    """Every declared ledger by key, in order of title key. Raises DeclarationInvalid."""
    return _load(Path(settings.SHIAN_PACKS) / "ledgers")


def ledger(key: str) -> Ledger:
    """The ledger with this key. Raises LookupError."""
    try:
        return all_ledgers()[key]
    except KeyError:
        raise LookupError(f"No ledger {key!r} is declared in packs/ledgers.") from None


@lru_cache(maxsize=8)
def _load(folder: Path) -> dict[str, Ledger]:
    found: dict[str, Ledger] = {}
    for path in sorted(folder.glob("*.yaml")):
        declared = read_ledger(path)
        if declared.key in found:
            raise DeclarationInvalid(f"{path.name}: key: {declared.key!r} is declared twice.")
        found[declared.key] = declared
    return found


def read_ledger(path: Path) -> Ledger:
    """The declaration in one file. Raises DeclarationInvalid."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise DeclarationInvalid(f"{path.name}: not readable as YAML: {error}") from error
    try:
        return _ledger(raw, path)
    except (DeclarationInvalid, ConditionInvalid, AspectInvalid) as error:
        raise DeclarationInvalid(f"{path.name}: {error}") from error


def _ledger(raw: Any, path: Path) -> Ledger:
    if not isinstance(raw, Mapping):
        raise DeclarationInvalid("a mapping with key, title and fields is expected.")
    unknown = sorted(set(raw) - _KNOWN)
    if unknown:
        raise DeclarationInvalid(f"{unknown[0]}: unknown; known keys are {', '.join(sorted(_KNOWN))}.")
    valid = raw.get("valid") or {}
    declared = Ledger(
        key=_identifier(raw, "key"),
        title=titled(raw),
        fields=tuple(read_field(each) for each in raw.get("fields") or ()),
        key_fields=tuple(raw.get("key_fields") or ()),
        register=str(raw.get("register", "")),
        rows=tuple(raw.get("rows") or ()),
        area=raw.get("area") or "",
        operator=raw.get("operator") or "",
        organisation=raw.get("organisation") or "",
        occurs_on=raw.get("occurs_on") or "",
        valid_from=valid.get("from") or "",
        valid_to=valid.get("to") or "",
        public_fields=tuple(raw.get("public_fields") or ()),
        is_external=bool(raw.get("external", False)),
        description=raw.get("description") or "",
        legal_basis=raw.get("legal_basis") or "",
        checks=tuple(read_check(each) for each in raw.get("checks") or ()),
        measures=tuple(raw.get("measures") or ()),
        expected=_expected(raw.get("expected")),
        aspects=read_aspects(raw, titled),
        path=path.name,
    )
    _refuse_unknown_fields(declared)
    return declared


def read_field(raw: Mapping[str, Any]) -> LedgerField:
    """One of the `fields` of a declaration. Raises DeclarationInvalid."""
    if not isinstance(raw, Mapping):
        raise DeclarationInvalid(f"fields: {raw!r} is no mapping with name, title and type.")
    name = _identifier(raw, "name")
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


def read_check(raw: Mapping[str, Any]) -> RowCheck:
    """One of the `checks` of a declaration. Raises DeclarationInvalid, ConditionInvalid."""
    return RowCheck(
        conditions=parse_conditions(raw.get("if")),
        demands=parse_conditions(raw.get("then")),
        message=_text(raw, "message"),
        remedy=raw.get("remedy") or "",
    )


def _expected(raw: Mapping[str, Any] | None) -> Expected | None:
    if not raw:
        return None
    if raw.get("subjects") not in SUBJECTS:
        raise DeclarationInvalid(f"expected.subjects: use one of {', '.join(sorted(SUBJECTS))}.")
    kinds, formats = tuple(raw.get("kinds") or ()), tuple(raw.get("formats") or ())
    if formats and raw["subjects"] != "operators":
        raise DeclarationInvalid("expected.formats: only operators have formats.")
    return Expected(raw["subjects"], titled(raw), raw.get("level") or "", kinds, formats)


def _refuse_unknown_fields(declared: Ledger) -> None:
    """Every name that the declaration mentions is one of its fields, and the special ones have the right type."""
    types = {each.name: each.type for each in declared.fields}
    _refuse_unfit_formulas(declared)
    if not declared.fields or not declared.key_fields:
        raise DeclarationInvalid("fields, key_fields: at least one of each is needed.")
    named: dict[str, tuple[str, ...]] = {"key_fields": declared.key_fields, "public_fields": declared.public_fields}
    for key in ("area", "operator", "organisation", "occurs_on", "valid_from", "valid_to"):
        named[key] = (getattr(declared, key),) if getattr(declared, key) else ()
    for number, check in enumerate(declared.checks, 1):
        named[f"checks[{number}]"] = tuple(fields_of(check.conditions + check.demands))
    named |= declared.aspects.named
    for key, names in named.items():
        for name in names:
            if name not in types:
                raise DeclarationInvalid(f"{key}: {name!r} is not one of the fields.")
    for key in ("occurs_on", "valid_from", "valid_to"):
        if named[key] and types[named[key][0]] != "date":
            raise DeclarationInvalid(f"{key}: {named[key][0]!r} must be of type date.")
    _refuse_unfit_aspects(declared, types)


def _refuse_unfit_aspects(declared: Ledger, types: Mapping[str, str]) -> None:
    """States look at dates, numbers are whole, public pages show neither files nor what a redaction keeps back."""
    aspects = declared.aspects
    for number, state in enumerate(aspects.states, 1):
        for each in state.limits:
            if types[each.field] != "date":
                raise DeclarationInvalid(f"states[{number}]: {each.field!r} must be of type date.")
    if aspects.numbering and types[aspects.numbering.field] != "integer":
        raise DeclarationInvalid(f"numbering.field: {aspects.numbering.field!r} must be of type integer.")
    if aspects.by_month and not declared.occurs_on:
        raise DeclarationInvalid("by_month: occurs_on must name the date that is counted.")
    kept = {*(aspects.redaction.sources if aspects.redaction else ())}
    for name in declared.public_fields:
        if types[name] in FILE_TYPES or name in kept or declared.by_name[name].personal:
            raise DeclarationInvalid(f"public_fields: {name!r} may not be public (a file, personal, or redacted).")
    if aspects.public and not declared.public_fields:
        raise DeclarationInvalid("public: public_fields must say what may be shown.")


def _refuse_unfit_formulas(declared: Ledger) -> None:
    """Formulas read given fields only; what is calculated is an optional number that no key or check relies on."""
    types = {each.name: each.type for each in declared.given}
    relied_on = {*declared.key_fields, *(n for c in declared.checks for n in fields_of(c.conditions + c.demands))}
    for each in declared.fields:
        if not each.formula:
            continue
        try:
            formula_sql(each.formula, types, each.decimals)
        except FormulaInvalid as error:
            raise DeclarationInvalid(f"fields.{each.name}.formula: {error}") from error
        if each.type != "number" or each.is_required or each.name in relied_on:
            problem = "a calculated field is an optional number, outside key_fields and checks."
            raise DeclarationInvalid(f"fields.{each.name}.formula: {problem}")


def _identifier(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not _IDENTIFIER.fullmatch(value):
        raise DeclarationInvalid(f"{key}: {value!r} must be lower-case letters, digits and underscores.")
    return value


def titled(raw: Mapping[str, Any]) -> Text:
    """`title` and `title_en` of a mapping as one text that follows the language of the page."""
    return bilingual(_text(raw, "title"), raw.get("title_en"))


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not value.strip():
        raise DeclarationInvalid(f"{key}: a text is needed{' for ' + str(raw['name']) if 'name' in raw else ''}.")
    return value.strip()
