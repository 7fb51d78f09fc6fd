"""The dictionary of formats: rows of the ledger 迎检业态目录, dated and by place; a city replaces them by an import."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from shian.domains.fieldchecks.models import Mode
from shian.engine.ledgers.models import LedgerRow
from shian.engine.ledgers.queries import valid_at
from shian.kernel.scope.rules import columns_of_key

LEDGER = "check_formats"
MODE_OF = {"明查": Mode.OVERT, "暗访": Mode.COVERT}


@dataclass(frozen=True)
class CheckFormat:
    """A format that is checked in one way: who is in charge, which form is filled in (`form` is its key, "" for none),
    which formats of operators belong to it, and its weight in the score of the city."""

    code: str
    name: str
    mode: Mode
    department: str
    form: str
    operator_formats: tuple[str, ...]
    weight: Decimal


def formats_at(area: str, day: date) -> list[CheckFormat]:
    """The formats in force on the day in the area with this key, overt ones first, in order of code. They are no
    secret: which of them a point belongs to is. One query."""
    columns = columns_of_key(area)
    here = Q(city__in={"", columns["city"]}) & Q(county__in={"", columns["county"]})
    rows = LedgerRow.objects.filter(valid_at(day), here, ledger=LEDGER, province=columns["province"])
    found = {(each.mode, each.code): each for each in map(_format, rows.order_by("city", "county", "valid_from", "pk"))}
    return sorted(found.values(), key=lambda each: (each.mode != Mode.OVERT, each.code))


def _format(row: LedgerRow) -> CheckFormat:
    told = row.data
    return CheckFormat(
        code=str(told.get("code") or told["format"]),
        name=str(told["format"]),
        mode=MODE_OF[told["mode"]],
        department=str(told.get("department") or ""),
        form=str(told.get("form_key") or ""),
        operator_formats=tuple(filter(None, str(told.get("operator_formats") or "").split("、"))),
        weight=Decimal(str(told.get("weight") or 1)),
    )


def format_names(area: str, day: date) -> dict[tuple[str, str], str]:
    """(mode, code) → name of the formats in force; for pages."""
    return {(each.mode, each.code): each.name for each in formats_at(area, day)}
