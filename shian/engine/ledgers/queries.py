"""Named reads of ledgers, always cut to the user's reach."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractYear
from django.utils import timezone

from shian.engine.ledgers.declarations import Ledger, all_ledgers
from shian.engine.ledgers.models import LedgerRow, LedgerRowVersion
from shian.engine.ledgers.selections import condition_q, state_number
from shian.kernel.files.models import StoredFile
from shian.kernel.imports.models import BatchState, ImportBatch
from shian.kernel.notary.models import Entry
from shian.kernel.notary.queries import numbered
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.rules import level_of_key
from shian.registers.areas.queries import area_names, areas_valid_at
from shian.registers.operators.models import Operator
from shian.registers.operators.queries import operator_names
from shian.registers.people.queries import organisation_names, organisations_valid_at

MANY = 200


def rows_in(ledger: Ledger, user: Any) -> ScopedQuerySet[LedgerRow]:
    """The ledger's rows inside the user's reach."""
    return LedgerRow.objects.visible_to(user).filter(ledger=ledger.key)


def valid_at(as_of: date) -> Q:
    """Rows in force on the date; a row without dates is always in force."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=as_of)
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=as_of)
    happened = Q(occurs_on__isnull=True) | Q(occurs_on__lte=as_of)
    return begun & lasting & happened


def filtered_rows(
    ledger: Ledger,
    user: Any,
    *,
    area: str = "",
    words: dict[str, str] | None = None,
    year: str = "",
    text: str = "",
    as_of: date | None = None,
    state: str = "",
) -> ScopedQuerySet[LedgerRow]:
    """The rows that a filter leaves, in no order."""
    rows = rows_in(ledger, user)
    if area:
        rows = rows.filter(**{level_of_key(area).value: area})
    for name, word in (words or {}).items():
        rows = rows.filter(**{f"data__{name}": word})
    if year and ledger.year_field:
        rows = rows.filter(**{f"data__{ledger.year_field}": int(year)})
    elif year:
        rows = rows.filter(occurs_on__year=int(year))
    if as_of:
        rows = rows.filter(valid_at(as_of))
    if state:
        today = timezone.localdate()
        rows = rows.alias(state_number=state_number(ledger.aspects.states, today)).filter(state_number=int(state))
    return rows.filter(_containing(ledger, text)) if text else rows


def _containing(ledger: Ledger, text: str) -> Q:
    found = Q(operator_code=text)
    for each in ledger.fields:
        if each.type in {"string", "text"}:
            found |= Q(**{f"data__{each.name}__icontains": text})
    return found


def years_of(ledger: Ledger, user: Any) -> list[int]:
    """The years that the visible rows are about, newest first."""
    rows = rows_in(ledger, user)
    if ledger.year_field:
        years = rows.values_list(f"data__{ledger.year_field}", flat=True)
    elif ledger.occurs_on:
        years = rows.annotate(year=ExtractYear("occurs_on")).values_list("year", flat=True)
    else:
        return []
    return sorted({int(year) for year in years.distinct() if year is not None}, reverse=True)


@dataclass(frozen=True)
class LedgerSummary:
    """A ledger on the index page. `missing` is None when nothing says who should have rows."""

    ledger: Ledger
    rows: int
    imported_at: datetime | None
    missing: int | None


def ledger_summaries(user: Any, as_of: date) -> list[LedgerSummary]:
    """Every declared ledger, ordered by register, with what the user can see of it."""
    counted = LedgerRow.objects.visible_to(user).order_by().values("ledger").annotate(n=Count("pk"))
    counts = {row["ledger"]: row["n"] for row in counted}
    accepted = ImportBatch.objects.visible_to(user).filter(state=BatchState.ACCEPTED, importer__startswith="ledger.")
    newest = accepted.order_by().values_list("importer").annotate(at=Max("finished_at"))
    imported = {key.removeprefix("ledger."): at for key, at in newest}
    return [
        LedgerSummary(each, counts.get(each.key, 0), imported.get(each.key), _missing_count(each, user, as_of))
        for each in sorted(all_ledgers().values(), key=lambda each: (each.register, each.title))
    ]


def _missing_count(ledger: Ledger, user: Any, as_of: date) -> int | None:
    return subjects_without_row(ledger, user, as_of).count() if ledger.expected else None


def subjects_without_row(ledger: Ledger, user: Any, as_of: date) -> QuerySet[Any]:
    """Areas, operators or units that should have a row valid on the date and have none. Raises LookupError."""
    expected = ledger.expected
    if expected is None:
        raise LookupError(f"{ledger.key} expects rows of nobody.")
    rows = LedgerRow.objects.filter(valid_at(as_of), ledger=ledger.key)
    subjects: QuerySet[Any]
    if expected.subjects == "areas":
        subjects = areas_valid_at(as_of).visible_to(user).filter(level=expected.level, is_pseudo=False)
        theirs = rows.filter(**{expected.level: OuterRef("key")})
    elif expected.subjects == "operators":
        open_then = Q(closed_on__isnull=True) | Q(closed_on__gt=as_of)
        operators = Operator.objects.visible_to(user).filter(open_then, opened_on__lte=as_of)
        subjects = operators.filter(format__in=expected.formats) if expected.formats else operators
        theirs = rows.filter(operator_code=OuterRef("code"))
    else:
        subjects = organisations_valid_at(as_of).visible_to(user)
        theirs = rows.filter(organisation_code=OuterRef("code"))
    if expected.kinds:
        subjects = subjects.filter(kind__in=expected.kinds)
    return subjects.filter(~Exists(theirs)).order_by("code")


@dataclass(frozen=True)
class Origin:
    """Where a record came from: the batch that brought it, and the seal of that batch."""

    batch: ImportBatch
    seal: str


def origins_of(batches: set[int]) -> dict[int, Origin]:
    """The batches with their seals; the caller has checked that the records they brought are visible."""
    found = list(ImportBatch.objects.filter(pk__in=batches))
    entries = numbered(Entry.objects.filter(uid__in=[each.entry for each in found if each.entry]))
    seals = {entry.uid: entry.seal for entry in entries}
    return {each.pk: Origin(each, seals.get(each.entry, "") if each.entry else "") for each in found}


@dataclass(frozen=True)
class Names:
    """What the codes in some rows are called: area keys, unit codes, operator codes (those inside the reach)."""

    areas: Mapping[str, str]
    units: Mapping[str, str]
    operators: Mapping[str, str]


def names_in(rows: Iterable[LedgerRow], user: Any, as_of: date) -> Names:
    """The names of everything that the rows point to: at most three queries, however many rows."""
    listed = list(rows)
    return Names(
        areas=area_names(as_of) if listed else {},
        units=organisation_names({row.organisation_code for row in listed} - {""}),
        operators=operator_names({row.operator_code for row in listed} - {""}, user),
    )


def key_of(ledger: Ledger, values: Mapping[str, str]) -> str:
    """The natural key of a row with these texts, as it is stored."""
    return json.dumps([values.get(name, "").strip() for name in ledger.key_fields], ensure_ascii=False)


def texts_of(ledger: Ledger, row: LedgerRow) -> dict[str, str]:
    """What the row says, as the texts of a file: field name → text."""
    return {each.name: _as_text(row.data.get(each.name)) for each in ledger.fields}


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else format(value, "f") if isinstance(value, Decimal) else str(value)


def choosable_areas(user: Any, as_of: date, held: str = "") -> list[tuple[str, str]]:
    """Code and name of the divisions down to townships that the user may enter rows for; `held` is offered anyway."""
    rows = areas_valid_at(as_of).visible_to(user).exclude(level="village").order_by("code")
    found = [(code, f"{name} {code}") for code, name in rows.values_list("code", "name")]
    known = {code for code, _name in found}
    return found if not held or held in known else [(held, held), *found]


def file_of(row: LedgerRow, name: str) -> StoredFile:
    """The file in a field of a row that the caller may see. Raises LookupError."""
    found = StoredFile.objects.filter(sha256=str(row.data.get(name, ""))).first()
    if found is None:
        raise LookupError(f"{row} has no file in {name!r}.")
    return found


def versions_of(row: LedgerRow) -> list[LedgerRowVersion]:
    """What the row said before, newest first."""
    return list(LedgerRowVersion.objects.filter(row=row).order_by("-until", "-id"))


def public_rows(ledger: Ledger, as_of: date) -> QuerySet[LedgerRow]:
    """The rows that anybody may read: in force on the date, and as the declaration's `public` demands. Raises
    LookupError for a ledger without a public list; the caller shows public fields only."""
    public = ledger.aspects.public
    if public is None:
        raise LookupError(f"{ledger.key} has no public list.")
    return LedgerRow.objects.filter(valid_at(as_of), condition_q(public.conditions), ledger=ledger.key)


def rows_about(user: Any, **subject: str) -> ScopedQuerySet[LedgerRow]:
    """Rows of any ledger about one operator (`operator_code=`) or unit (`organisation_code=`), newest first."""
    return LedgerRow.objects.visible_to(user).filter(**subject).order_by("-occurs_on", "-id")
