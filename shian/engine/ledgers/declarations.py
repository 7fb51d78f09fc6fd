"""Ledgers as packs declare them: packs/ledgers/<key>.yaml, a subset of Frictionless Table Schema with what Shian adds.

Read once per pack folder; a mistake names file and key. The form is described in docs/ledgers.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from shian.engine.ledgers.aspects import KEYS as ASPECT_KEYS
from shian.engine.ledgers.aspects import AspectInvalid, Aspects, read_aspects
from shian.engine.ledgers.calculated import FormulaInvalid, formula_sql
from shian.engine.ledgers.conditions import Condition, ConditionInvalid, fields_of, parse_conditions
from shian.engine.ledgers.fields import (
    FILE_TYPES,
    DeclarationInvalid,
    LedgerField,
    identifier,
    named_text,
    read_field,
    titled,
)
from shian.kernel.ui.states import Text

SUBJECTS = frozenset({"areas", "operators", "organisations"})
_KNOWN = frozenset(
    {"key", "title", "title_en", "register", "rows", "key_fields", "area", "operator", "organisation", "occurs_on"}
    | {"valid", "public_fields", "external", "fields", "checks", "measures", "expected", "description"}
    | {"legal_basis", "source"}
    | ASPECT_KEYS
)


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
        key=identifier(raw, "key"),
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


def read_check(raw: Mapping[str, Any]) -> RowCheck:
    """One of the `checks` of a declaration. Raises DeclarationInvalid, ConditionInvalid."""
    return RowCheck(
        conditions=parse_conditions(raw.get("if"), with_sums=True),
        demands=parse_conditions(raw.get("then"), with_sums=True),
        message=named_text(raw, "message"),
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
