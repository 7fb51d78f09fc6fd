"""Counters by month and gaps in numbers: what rows add up to between two dates, so that a still figure shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, Count, DecimalField, Func, Max, Q, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import TruncMonth

from shian.engine.ledgers.conditions import parse_conditions
from shian.engine.ledgers.declarations import Ledger
from shian.engine.ledgers.fields import titled
from shian.engine.ledgers.models import LedgerRow
from shian.engine.ledgers.selections import condition_q
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.ui.languages import bilingual
from shian.kernel.ui.states import Text

ADDING = frozenset({"count", "sum", "distinct"})
SHOWN_VALUES = 12


class _Number(Func):
    """A text as a number of any precision."""

    template = "(%(expressions)s)::numeric"
    output_field = DecimalField()


@dataclass(frozen=True)
class Counter:
    """Something that grows by dated rows. `measure` is the key of the figure that it is a part of, or ""."""

    title: Text
    unit: Text
    aggregate: str
    column: str
    rows: Q
    measure: str = ""

    @property
    def expression(self) -> Aggregate:
        if self.aggregate == "sum":
            return Sum(_Number(KT(f"data__{self.column}")), filter=self.rows)
        if self.aggregate == "distinct":
            return Count(KT(f"data__{self.column}"), filter=self.rows, distinct=True)
        return Count("pk", filter=self.rows)


@dataclass(frozen=True)
class Counted:
    """A counter over the chosen rows: its total, the day on which it last grew, its growth by month (first days)."""

    counter: Counter
    total: Decimal | int
    last_on: date | None
    months: Mapping[date, Decimal | int]


def counters_of(ledger: Ledger, rows: ScopedQuerySet[LedgerRow]) -> list[Counter]:
    """One counter per value of the field `by_month`, else one per measure that counts or adds up rows."""
    if name := ledger.aspects.by_month:
        values = rows.order_by().values_list(f"data__{name}", flat=True).distinct()
        filled = sorted(str(each) for each in values if each not in {None, ""})
        return [Counter(each, "", "count", "", Q(**{f"data__{name}": each})) for each in filled[:SHOWN_VALUES]]
    return [_counter(raw) for raw in ledger.measures if raw.get("aggregate") in ADDING and not raw.get("whole")]


def _counter(raw: Mapping[str, Any]) -> Counter:
    return Counter(
        titled(raw),
        bilingual(raw.get("unit", ""), raw.get("unit_en")),
        raw["aggregate"],
        raw.get("column", ""),
        condition_q(parse_conditions(raw.get("where"))) or Q(pk__isnull=False),
        raw["key"],
    )


def counted(rows: ScopedQuerySet[LedgerRow], counters: Sequence[Counter]) -> list[Counted]:
    """The counters over dated rows: two statements, however many counters."""
    dated = rows.filter(occurs_on__isnull=False).order_by()
    totals = {f"total_{n}": each.expression for n, each in enumerate(counters)}
    lasts = {f"last_{n}": Max("occurs_on", filter=each.rows) for n, each in enumerate(counters)}
    summed = dated.aggregate(**totals, **lasts) if counters else {}
    monthly: Any = dated.annotate(month=TruncMonth("occurs_on")).values("month").annotate(**totals)
    lines: list[dict[str, Any]] = list(monthly) if counters else []
    return [
        Counted(
            each,
            summed[f"total_{n}"] or 0,
            summed[f"last_{n}"],
            {line["month"]: line[f"total_{n}"] or 0 for line in lines},
        )
        for n, each in enumerate(counters)
    ]


def months_between(first: date, last: date) -> list[date]:
    """First days of the months from the first to the last, newest first; months without rows are among them."""
    spans = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(each // 12, each % 12 + 1, 1) for each in reversed(spans)]


@dataclass(frozen=True)
class NumberRun:
    """The numbers of one series: what it is called, the highest number, which are missing and which stand twice."""

    names: tuple[str, ...]
    last: int
    missing: tuple[int, ...]
    twice: tuple[int, ...]


def number_runs(ledger: Ledger, rows: ScopedQuerySet[LedgerRow]) -> list[NumberRun]:
    """Every series of the ledger's numbering, by name. Raises LookupError for a ledger without numbering."""
    numbering = ledger.aspects.numbering
    if numbering is None:
        raise LookupError(f"{ledger.key} numbers nothing.")
    paths = [f"data__{each}" for each in (*numbering.within, numbering.field)]
    series: dict[tuple[str, ...], list[int]] = {}
    for *names, number in rows.order_by().values_list(*paths):
        if number is not None:
            series.setdefault(tuple("" if each is None else str(each) for each in names), []).append(int(number))
    return [_run(names, numbers) for names, numbers in sorted(series.items())]


def _run(names: tuple[str, ...], numbers: list[int]) -> NumberRun:
    known = set(numbers)
    last = max(known)
    missing = tuple(each for each in range(1, last) if each not in known)
    return NumberRun(names, last, missing, tuple(sorted(each for each in known if numbers.count(each) > 1)))
