"""Reads of exchange: systems with their last batch, reported batches, then compared with now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shian.engine.exchange.declarations import Report, System, all_reports, all_systems, report
from shian.engine.exchange.models import ReportBatch, ReportRow, SystemImport
from shian.engine.exchange.rows import FoundRow, rows_of_report, totals_of
from shian.engine.measures.declarations import source_of
from shian.kernel.imports.models import ImportBatch
from shian.kernel.scope.models import ScopedQuerySet


@dataclass(frozen=True)
class SystemState:
    """A system and the last thing exchanged with it; `errors` are rows with errors, or with something missing."""

    system: System
    batches: int
    at: datetime | None = None
    rows: int | None = None
    errors: int | None = None
    word: Any = ""
    number: int | None = None
    is_import: bool = False


@dataclass(frozen=True)
class Total:
    """One total of a batch: as it was sent, as the same day counts now, as today counts."""

    title: str
    then: str
    again: str
    today: str

    @property
    def is_changed(self) -> bool:
        return self.then != self.again


@dataclass(frozen=True)
class Difference:
    """A row that is no longer what was reported: added, gone or changed. `before` and `now` are its values."""

    key: str
    kind: str
    before: list[str]
    now: list[str]


@dataclass(frozen=True)
class Compared:
    """A batch beside the registers."""

    totals: list[Total]
    differences: list[Difference]


def system_states(user: Any) -> list[SystemState]:
    """Every declared system with its last batch inside the user's reach."""
    return [_state(system, user) for system in all_systems().values()]


def _state(system: System, user: Any) -> SystemState:
    imports = list(imports_of(system, user)[:1])
    sent = reports_of_system(system, user)
    count = imports_of(system, user).count() + sent.count()
    last_sent = sent.first()
    if imports and (last_sent is None or imports[0].created_at >= last_sent.taken_at):
        batch = imports[0]
        word = batch.get_state_display()
        return SystemState(
            system, count, batch.created_at, batch.rows_total, batch.rows_bad, word, batch.pk, is_import=True
        )
    if last_sent is not None:
        word = last_sent.get_state_display()
        at = last_sent.sent_at or last_sent.taken_at
        return SystemState(system, count, at, last_sent.rows_count, last_sent.problem_rows, word, last_sent.pk)
    return SystemState(system, count)


def imports_of(system: System, user: Any) -> ScopedQuerySet[ImportBatch]:
    """Import batches that were uploaded for the system, newest first."""
    tied = SystemImport.objects.filter(system=system.key).values("batch")
    found: ScopedQuerySet[ImportBatch] = ImportBatch.objects.visible_to(user).filter(pk__in=tied).order_by("-id")
    return found


def reports_of_system(system: System, user: Any) -> ScopedQuerySet[ReportBatch]:
    """Batches reported to the system, newest first."""
    keys = [each.key for each in all_reports().values() if each.system == system.key]
    return batches_of(user).filter(report__in=keys)


def batches_of(user: Any) -> ScopedQuerySet[ReportBatch]:
    """Reported batches of areas in the user's reach, newest first."""
    found: ScopedQuerySet[ReportBatch] = ReportBatch.objects.visible_to(user)
    return found.order_by("-id")


def problems_of(batch: ReportBatch, limit: int) -> list[ReportRow]:
    """The first rows in which something is missing. The caller has checked that the batch is visible."""
    return list(batch.rows.exclude(problems=[]).order_by("pk")[:limit])


def compare(batch: ReportBatch, today: date) -> Compared:
    """Count the batch again for its own day and for today, row by row. The caller has checked that it is visible.

    Raises LookupError when nobody declares the report any more.
    """
    declared = report(batch.report)
    again = list(rows_of_report(declared, batch.area_key, batch.as_of))
    now = again if today == batch.as_of else list(rows_of_report(declared, batch.area_key, today))
    return Compared(_totals(batch, declared, again, now), _differences(batch, again))


def _totals(batch: ReportBatch, declared: Report, again: list[FoundRow], now: list[FoundRow]) -> list[Total]:
    then = {each["key"]: each for each in batch.totals}
    counted = {each["key"]: each for each in totals_of(declared, again)}
    today = {each["key"]: each for each in totals_of(declared, now)}
    titles = {key: each["title"] for found in (then, counted, today) for key, each in found.items()}
    return [Total(title, _value(then, key), _value(counted, key), _value(today, key)) for key, title in titles.items()]


def _value(found: dict[str, dict[str, str]], key: str) -> str:
    return found[key]["value"] if key in found else "0"


def _differences(batch: ReportBatch, again: Sequence[FoundRow]) -> list[Difference]:
    """Rows that were reported otherwise than the same day reads now, by key."""
    then = dict(batch.rows.values_list("key", "values"))
    now = {row.key: row.values for row in again}
    found = [Difference(key, "gone", then[key], []) for key in then.keys() - now.keys()]
    found += [Difference(key, "added", [], now[key]) for key in now.keys() - then.keys()]
    found += [
        Difference(key, "changed", then[key], now[key]) for key in then.keys() & now.keys() if then[key] != now[key]
    ]
    return sorted(found, key=lambda each: (each.kind, each.key))


def personal_of(key: str) -> list[str]:
    """The kinds of personal data in a report's columns, which the receiver gets in full; an unknown report has some."""
    try:
        declared = report(key)
    except LookupError:
        return ["name"]
    kinds = {each.key: each.personal for each in source_of(declared.source).columns} if declared.source else {}
    return sorted({str(kinds[each.source]) for each in declared.columns if kinds.get(each.source)})
