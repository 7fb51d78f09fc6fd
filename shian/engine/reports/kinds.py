"""Kinds of documents, registered by domains.

    register_report(ReportKind("self_assessment", _("自查自评报告"), template="self_assessment",
                               context=self_assessment, blockers=items_without_result))

`template` names packs/templates/<template>.docx and its declaration <template>.yaml. `context(area, as_of)` is called
with the area's code as people write it and answers what measures cannot: words, figures of the domain's own, tables.
`blockers(area, as_of)` lists what forbids writing; the page shows the list instead of a document.
`refresh(area, as_of, by, at)` brings what the kind computes itself up to date with the registers; it is called before
every writing, check and publication, inside their transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

Text = Any  # str or a lazy translation


@dataclass(frozen=True)
class SuppliedFigure:
    """A figure that the domain computes itself (a score, a count of states).

    `key` is stable: checking asks for it again. `value` None prints 〔待补充：title〕. `remark` follows the unit,
    e.g. （示例权重）. `url` opens where it comes from.
    """

    key: str
    title: str
    value: Decimal | int | None
    unit: str = ""
    decimals: int | None = None
    part: Decimal | int | None = None
    whole: Decimal | int | None = None
    source: str = ""
    remark: str = ""
    url: str = ""


@dataclass(frozen=True)
class ReportColumn:
    """`width` is a share of the page; align is left, center or right."""

    title: str
    width: float = 1.0
    align: str = "left"


@dataclass(frozen=True)
class ReportTable:
    """A table of the document: where the template says {{ table("key") }}, and behind the text when it is an annex."""

    key: str
    title: str
    columns: Sequence[ReportColumn]
    rows: Sequence[Sequence[str]]
    note: str = ""
    is_annex: bool = True
    is_landscape: bool = False


@dataclass(frozen=True)
class Blocker:
    """One thing that must be settled before the document can be written."""

    title: str
    reason: str = ""
    url: str = ""


@dataclass(frozen=True)
class ReportContext:
    """`words` are template variables (text, lists, SuppliedFigure); `figures` are printed by key through f()."""

    words: Mapping[str, Any] = field(default_factory=dict)
    figures: Mapping[str, SuppliedFigure] = field(default_factory=dict)
    tables: Sequence[ReportTable] = ()


def _nothing(area: str, as_of: date) -> ReportContext:
    return ReportContext()


def _no_blockers(area: str, as_of: date) -> Sequence[Blocker]:
    return ()


def _always_fresh(area: str, as_of: date, by: str, at: datetime) -> None:
    return None


@dataclass(frozen=True)
class ReportKind:
    """`levels` are the area levels that the document is written for; see above for the functions."""

    key: str
    title: Text
    template: str
    context: Callable[[str, date], ReportContext] = _nothing
    blockers: Callable[[str, date], Sequence[Blocker]] = _no_blockers
    tables: Callable[[str, date], Sequence[ReportTable]] | None = None
    levels: tuple[str, ...] = ("city", "county")
    refresh: Callable[[str, date, str, datetime], None] = _always_fresh


class UnknownReportKind(LookupError):
    """No domain has registered this kind."""


_kinds: dict[str, ReportKind] = {}


def register_report(kind: ReportKind) -> None:
    """Hand in a kind; registering the same key again replaces it."""
    _kinds[kind.key] = kind


def report_kind(key: str) -> ReportKind:
    """The kind of that key. Raises UnknownReportKind."""
    try:
        return _kinds[key]
    except KeyError:
        raise UnknownReportKind(key) from None


def report_kinds() -> list[ReportKind]:
    """All kinds, in the order of registration."""
    return list(_kinds.values())
