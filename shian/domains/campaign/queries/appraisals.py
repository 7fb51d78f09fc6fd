"""Named reads of the yearly appraisal, and its dated rule (A-17)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from shian.domains.campaign.models import (
    Appraisal,
    AppraisalEntry,
    AppraisalLine,
    AppraisalState,
    EntryState,
    Evidence,
)
from shian.domains.campaign.queries.rankings import is_own, reads_all
from shian.domains.campaign.rules.appraisals import AppraisalRule, RuleLine
from shian.kernel.parameters.dated import Dated
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.rules import columns_of_key
from shian.registers.people.models import Organisation


def appraisal_rule(day: date) -> AppraisalRule:
    """The rule in force on the day. Raises ImproperlyConfigured."""
    return APPRAISAL_RULES.at(day)


def _appraisal_rule(told: Mapping[str, Any]) -> AppraisalRule:
    return AppraisalRule(
        told["valid_from"], told["basis"], told["confidence"], Decimal(str(told["total"])), int(told["due"]),
        [RuleLine(row["code"], row["title"], Decimal(str(row["maximum"])), row["asked"]) for row in told["lines"]],
        [(row["grade"], Decimal(str(row["least"]))) for row in told["grades"]],
    )  # fmt: skip


APPRAISAL_RULES = Dated("appraisal", _appraisal_rule)


def appraisals_of(area_key: str) -> ScopedQuerySet[Appraisal]:
    """The appraisals of a campaign's area, newest first. That there is one is no secret to its units."""
    own = columns_of_key(area_key)
    return Appraisal.objects.filter(city=own["city"], county=own["county"]).order_by("-year")


def entries_for(user: Any, appraisal: Appraisal) -> list[AppraisalEntry]:
    """The units that the user reads: all for the office and reviewers, and for everybody once it is published; before
    that a unit its own. In order of kind and place."""
    rows = AppraisalEntry.objects.filter(appraisal=appraisal).select_related("unit", "appraisal")
    is_open = appraisal.state == AppraisalState.PUBLISHED or reads_all(user, appraisal.area)
    found = [each for each in rows if is_open or is_own(user, each.unit)]
    return sorted(found, key=lambda each: (each.group != "department", each.place or 9999, each.unit.code))


def reads_lines(user: Any, entry: AppraisalEntry) -> bool:
    """Line by line a unit is read by itself, the office and reviewers."""
    return is_own(user, entry.unit) or reads_all(user, entry.appraisal.area)


def lines_of(entry: AppraisalEntry) -> QuerySet[AppraisalLine]:
    """The entry's lines in order, with their documents."""
    return AppraisalLine.objects.filter(entry=entry).prefetch_related("proofs").order_by("number")


def documents_of(unit: Organisation) -> QuerySet[Evidence]:
    """The documents that a unit may name as proof: its own."""
    return Evidence.objects.filter(unit=unit).order_by("-issued_on", "pk")


def standing_of(appraisal: Appraisal) -> dict[str, int]:
    """How many units have not scored themselves, wait to be verified, are verified."""
    counted = {state.value: Count("pk", filter=Q(state=state)) for state in EntryState}
    found: dict[str, int] = AppraisalEntry.objects.filter(appraisal=appraisal).aggregate(**counted)
    return found


def may_see_appraisal(user: Any, key: str) -> bool:
    """Whether the user may open the seals of the year with this key: they hold every unit's points and grade, which
    units read once it is published."""
    found = Appraisal.objects.filter(pk=int(key)).first() if key.isdecimal() else None
    return found is not None and (found.state == AppraisalState.PUBLISHED or reads_all(user, found.area))


def may_see_entry(user: Any, key: str) -> bool:
    """Whether the user may open the seals of the entry with this key."""
    rows = AppraisalEntry.objects.select_related("unit", "appraisal")
    found = rows.filter(pk=int(key)).first() if key.isdecimal() else None
    return found is not None and reads_lines(user, found)
