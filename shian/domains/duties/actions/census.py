"""What the census finds at an operator: visited, verified with its numbers, or left out for a reason."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.actions.statements import Moment, ended_matches, ended_tiers, renewed_letters
from shian.domains.duties.models import CensusEntry, CensusState, Tier, TierState
from shian.domains.duties.permissions import CENSUS_KEEP
from shian.domains.duties.queries.tiering import AREA_COLUMNS
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.registers.operators.models import Operator

EXCLUDED = "主体不再纳入包保"


@dataclass(frozen=True)
class Found:
    """What was found; an exclusion needs its reason, a verified one its numbers. `output`: 10,000 yuan a year."""

    state: str
    employees: int | None = None
    output: Decimal | None = None
    diners: int | None = None
    exclusion: str = ""
    verifier: str = ""
    note: str = ""


@transaction.atomic
def record_census(*, operator: Operator, found: Found, by: Any, at: datetime) -> CensusEntry:
    """The newest finding at the operator; the former row ends today. Who is left out loses tier and official at this
    moment. Raises PermissionDenied, OutOfReach, DutyRefused."""
    name, moment = acting(CENSUS_KEEP, by, operator.area), Moment(at, EXCLUDED)
    excluded = found.state == CensusState.EXCLUDED
    if excluded != bool(found.exclusion):
        raise DutyRefused(_("不纳入包保的须填写原因，纳入的不填。"), "exclusion")
    if found.state == CensusState.VERIFIED and (found.employees is None or found.output is None):
        raise DutyRefused(_("核实时须填写从业人数和年产值。"), "employees")
    day = timezone.localdate(at)
    now = CensusEntry.objects.select_for_update().filter(operator=operator, valid_to=None).first()
    if now is not None and now.valid_from > day:
        raise DutyRefused(_("已有以后日期的记录。"))
    CensusEntry.objects.filter(Q(pk=now.pk) if now else Q(pk__in=[])).update(valid_to=day)
    visited = now.visited_on if now and now.visited_on else day
    made = CensusEntry.objects.create(
        operator=operator, state=found.state, employees=found.employees, output=found.output, diners=found.diners,
        visited_on=visited, verified_on=day if found.state == CensusState.VERIFIED else None, verifier=found.verifier,
        exclusion=found.exclusion, note=found.note, valid_from=day,
        **{column: getattr(operator, column) for column in AREA_COLUMNS},
    )  # fmt: skip
    told: dict[str, Any] = {"operator": operator.code, "state": found.state, "exclusion": found.exclusion}
    if excluded:
        tiers = list(
            Tier.objects.filter(operator=operator, state=TierState.CONFIRMED, valid_to=None).values_list(
                "pk", flat=True
            )
        )
        renewed_letters(set(ended_matches(tiers, moment).values()), moment)
        ended_tiers(tiers, moment)
        Tier.objects.filter(operator=operator, state=TierState.PROPOSED).delete()
    seal(action="duties.census_recorded", by=name, subject=f"duties.census:{made.pk}", data=told, at=at)
    return made
