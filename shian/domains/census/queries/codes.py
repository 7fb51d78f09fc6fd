"""Codes of operators: who has one, which may be printed, what was done to them, how often they were scanned."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from shian.domains.census.models import CodeScan, CodeState, OperatorCode, ScanRole
from shian.kernel.notary.keys import kept_keys
from shian.kernel.notary.models import Entry
from shian.kernel.notary.notes import SignerKey
from shian.kernel.notary.queries import numbered
from shian.kernel.scope.models import ScopedQuerySet
from shian.registers.operators.models import Operator

CODED, UNCODED = "yes", "no"
SCANNED_BY_VISITOR, SCANNED_BY_STAFF = ScanRole.VISITOR.value, ScanRole.STAFF.value
DAYS_SHOWN = 14


def code_folder() -> Path:
    """Where the keys that sign codes lie, mode 0600, beside those of the log."""
    return Path(settings.SHIAN_HOME) / "codes"


def code_keys() -> list[SignerKey]:
    """Every key whose codes are accepted, the oldest first; the newest signs. Raises BadKey."""
    return kept_keys(code_folder())


def has_live_code() -> Exists:
    """A condition on operators: one of their codes is not revoked."""
    return Exists(OperatorCode.objects.filter(operator=OuterRef("pk")).exclude(state=CodeState.REVOKED))


def without_code(day: date) -> QuerySet[Operator]:
    """Operators that are not closed on the day and have no live code; reach is the caller's business."""
    still_there = Q(closed_on__isnull=True) | Q(closed_on__gt=day)
    return Operator.objects.filter(still_there).exclude(has_live_code())


def codes_of(operator: Operator) -> list[OperatorCode]:
    """All codes of an operator, newest first; the caller has checked that it is visible."""
    return list(OperatorCode.objects.filter(operator=operator).order_by("-pk"))


def live_code(operator: Operator) -> OperatorCode | None:
    """The operator's code that is not revoked; the caller has checked that the operator is visible."""
    return OperatorCode.objects.filter(operator=operator).exclude(state=CodeState.REVOKED).first()


def printable_operators(operators: ScopedQuerySet[Operator]) -> ScopedQuerySet[Operator]:
    """Those of these operators whose code is active, each with its `serial`, in the order of the alphabet."""
    active = operators.filter(codes__state=CodeState.ACTIVE).annotate(serial=F("codes__serial"))
    return active.order_by("name_pinyin", "id")


def named_operators(codes: Collection[str], user: Any) -> ScopedQuerySet[Operator]:
    """Those of these operators that the user may see."""
    return Operator.objects.visible_to(user).filter(code__in=codes)


def seals_named(uids: Iterable[Any]) -> dict[Any, Entry]:
    """Entries of the log by identifier."""
    return {entry.uid: entry for entry in numbered(Entry.objects.filter(uid__in=list(uids)))}


@dataclass(frozen=True)
class ScanDay:
    """Scans of all codes of an operator on a day."""

    day: date
    visitors: int
    staff: int


def scan_totals(codes: Sequence[OperatorCode]) -> dict[str, int]:
    """Role → scans since the first of these codes was issued."""
    rows = CodeScan.objects.filter(code__in=codes).order_by().values_list("role").annotate(n=Sum("count"))
    return dict.fromkeys(ScanRole.values, 0) | dict(rows)


def scan_days(codes: Sequence[OperatorCode]) -> list[ScanDay]:
    """The last days on which any of these codes was scanned, newest first."""
    visitors, staff = (Sum("count", filter=Q(role=role), default=0) for role in (ScanRole.VISITOR, ScanRole.STAFF))
    rows = CodeScan.objects.filter(code__in=codes).order_by("-day").values("day")
    return [ScanDay(**row) for row in rows.annotate(visitors=visitors, staff=staff)[:DAYS_SHOWN]]
