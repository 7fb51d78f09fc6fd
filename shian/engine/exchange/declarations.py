"""packs/exchange: systems.yaml names the outside systems, reports/<key>.yaml what is reported to one of them.

A report's rows are those of a measure source (`source`, one row per row in force), or one row per area (`measures` at a
`level`). `codes` turns our words into the receiver's; a word without a code is a problem of its row, with a remedy.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from shian.kernel.ui.languages import bilingual
from shian.kernel.ui.states import Text

DIRECTIONS, WAYS = ("in", "out", "both"), ("file", "url", "api")


class ExchangeInvalid(ValueError):
    """A file of packs/exchange is wrong; the text names the file and the key."""


@dataclass(frozen=True)
class System:
    """An outside system. `how` is "file" where no connection exists."""

    key: str
    title: Text
    unit: str
    level: str
    direction: str
    how: str
    content: Text
    importers: tuple[str, ...]

    @property
    def is_read(self) -> bool:
        return self.direction in {"in", "both"}


@dataclass(frozen=True)
class ReportColumn:
    """A column as the receiver names it. `source` is a column of the rows, or a measure's key."""

    name: str
    title: str
    source: str
    is_required: bool
    remedy: str
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Report:
    """What is reported. Exactly one of `source` and `level` is set."""

    key: str
    title: Text
    system: str
    columns: tuple[ReportColumn, ...]
    source: str = ""
    key_column: str = ""
    count_by: str = ""
    level: str = ""
    note: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of what decides the rows: a frozen batch names it."""
        told = [self.key, self.source, self.level, [asdict(column) for column in self.columns]]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def all_systems() -> dict[str, System]:
    """Every declared system by key. Raises ExchangeInvalid."""
    return _systems(_folder() / "systems.yaml")


def all_reports() -> dict[str, Report]:
    """Every declared report by key. Raises ExchangeInvalid."""
    return _reports(_folder() / "reports")


def system(key: str) -> System:
    """The system with this key. Raises LookupError."""
    return all_systems()[key]


def report(key: str) -> Report:
    """The report with this key. Raises LookupError."""
    return all_reports()[key]


def _folder() -> Path:
    return Path(settings.SHIAN_PACKS) / "exchange"


@lru_cache(maxsize=4)
def _systems(path: Path) -> dict[str, System]:
    if not path.exists():
        return {}
    found = {}
    for raw in _load(path)["systems"]:
        if raw["direction"] not in DIRECTIONS or raw["how"] not in WAYS:
            raise ExchangeInvalid(f"{path.name}: {raw['key']}: direction or how is unknown.")
        found[raw["key"]] = System(
            key=raw["key"],
            title=bilingual(raw["title"], raw.get("title_en")),
            unit=raw["unit"],
            level=raw["level"],
            direction=raw["direction"],
            how=raw["how"],
            content=bilingual(raw["content"], raw.get("content_en")),
            importers=tuple(raw.get("importers") or ()),
        )
    return found


@lru_cache(maxsize=4)
def _reports(folder: Path) -> dict[str, Report]:
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        raw = _load(path)
        if bool(raw.get("source")) == bool(raw.get("level")):
            raise ExchangeInvalid(f"{path.name}: exactly one of source and level is needed.")
        found[raw["key"]] = Report(
            key=raw["key"],
            title=bilingual(raw["title"], raw.get("title_en")),
            system=raw["system"],
            columns=tuple(_column(each, path) for each in raw.get("columns") or raw.get("measures") or ()),
            source=raw.get("source") or "",
            key_column=raw.get("key_column") or "",
            count_by=raw.get("count_by") or "",
            level=raw.get("level") or "",
            note=raw.get("note") or "",
        )
    return found


def _column(raw: Mapping[str, Any], path: Path) -> ReportColumn:
    source = raw.get("from") or raw.get("measure")
    if not source:
        raise ExchangeInvalid(f"{path.name}: {raw.get('name')}: from or measure is needed.")
    codes = tuple((str(ours), str(theirs)) for ours, theirs in (raw.get("codes") or {}).items())
    return ReportColumn(raw["name"], raw["title"], source, bool(raw.get("required")), raw.get("remedy") or "", codes)


def _load(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise ExchangeInvalid(f"{path.name}: not readable as YAML: {error}") from error
