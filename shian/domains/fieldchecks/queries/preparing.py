"""Operators that are helped before the evaluation (F-13): the rows of the ledger, each with what it still lacks."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from shian.engine.ledgers.models import LedgerRow
from shian.engine.ledgers.queries import valid_at
from shian.kernel.scope.rules import level_of_key
from shian.registers.people.queries import organisation_names

LEDGER = "evaluation_operators"
PAPERS = {
    "licence_on": _("证照"),
    "purchase_on": _("进货查验记录"),
    "selfcheck_on": _("自查记录"),
    "staff_on": _("健康证和培训记录"),
    "premises_on": _("场所环境"),
}


@dataclass(frozen=True)
class Prepared:
    """An operator on the list: names of PAPERS that are missing, and the unit that helps."""

    row: LedgerRow
    missing: tuple[str, ...]
    helping_unit: str

    def day(self, name: str) -> date | None:
        """A day of the row."""
        told = self.row.data.get(name)
        return date.fromisoformat(str(told)) if told else None

    @property
    def is_ready(self) -> bool:
        return not self.missing and bool(self.row.data.get("ready_on"))


def prepared_operators(user: Any, area: str, day: date) -> list[Prepared]:
    """Those on the list on the day in the reader's reach, not ready first, by category. Two queries."""
    rows = LedgerRow.objects.visible_to(user).filter(valid_at(day), ledger=LEDGER)
    if area:
        rows = rows.filter(**{level_of_key(area).value: area})
    found = list(rows.order_by("key"))
    names = organisation_names({each.organisation_code for each in found})
    told = [_prepared(each, names.get(each.organisation_code, "")) for each in found]
    return sorted(told, key=lambda each: (each.is_ready, each.row.data["category"], each.row.key))


def _prepared(row: LedgerRow, unit: str) -> Prepared:
    return Prepared(row, tuple(name for name in PAPERS if not row.data.get(name)), unit)
