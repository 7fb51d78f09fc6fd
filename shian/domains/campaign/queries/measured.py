"""External results that an item reads: which ledger holds them, and what of a row follows from the measure."""

from dataclasses import dataclass

from shian.domains.campaign.models import Indicator
from shian.engine.ledgers.declarations import Ledger, ledger
from shian.engine.measures.declarations import Measure, measure

PREFIX = "ledger."


@dataclass(frozen=True)
class Entry:
    """Where a measured value is entered. `settled` are the fields that the measure itself decides."""

    measure: Measure
    ledger: Ledger
    settled: dict[str, str]

    @property
    def dated_by(self) -> str:
        """The field whose date says from when the value counts."""
        return self.ledger.occurs_on


def entry_of(indicator: Indicator, level: str) -> Entry | None:
    """How a value of the item is entered at this level; None when none of its numbers is an external result."""
    for row in indicator.measures.all():
        found = measure(row.measure) if row.measure and level in row.levels else None
        if found and found.is_external and found.part and found.part.source.startswith(PREFIX):
            return Entry(found, ledger(found.part.source.removeprefix(PREFIX)), _settled(found))
    return None


def _settled(found: Measure) -> dict[str, str]:
    equal = [each for each in found.part.where if each.operator == "eq" and not each.is_field] if found.part else []
    return {each.field: _word(each.value) for each in equal}


def _word(value: object) -> str:
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)


def readers_of(standard: int, read: Ledger) -> list[str]:
    """The codes of the items that read any measure of the ledger, in the order of the standard."""
    keys = [each["key"] for each in read.measures]
    rows = Indicator.objects.filter(standard_id=standard, measures__measure__in=keys)
    return list(dict.fromkeys(rows.order_by("order").values_list("code", flat=True)))
