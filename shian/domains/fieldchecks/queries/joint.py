"""Joint checks and cross checks as pages show them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Avg

from shian.domains.fieldchecks.models import CrossCheck, FieldRound, FieldVisit, JointCheck, JointProblem
from shian.domains.fieldchecks.models.visits import COUNTED
from shian.domains.fieldchecks.permissions import JOINT_READ
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import columns_of_key
from shian.registers.people.models import Organisation
from shian.registers.people.queries import organisations_valid_at


def joint_checks_of(user: Any) -> ScopedQuerySet[JointCheck]:
    """Joint checks of the user's areas, newest first."""
    found: ScopedQuerySet[JointCheck] = JointCheck.objects.visible_to(user)
    return found.select_related("lead").prefetch_related("departments").order_by("-held_on", "-pk")


def joint_check_for(user: Any, pk: int) -> JointCheck:
    """One joint check. Raises Http404, OutOfReach."""
    found: JointCheck = JointCheck.objects.select_related("lead").get_visible(user, pk=pk)
    return found


def works_on(user: Any, joint: JointCheck) -> bool:
    """Whether the user writes its record: whose reach holds the place; of departments those that take part."""
    reach = reach_of(user)
    if not reach.covers(joint.area):
        return False
    return not reach.by_unit or joint.departments.filter(code__in=reach.organisations).exists()


def may_see_joint(user: Any, key: str) -> bool:
    """For the seals of a joint check."""
    return JOINT_READ(user).allowed and JointCheck.objects.has_visible(user, pk=key)


def problems_of(joint: JointCheck) -> list[JointProblem]:
    """What was found, in the order in which it was written down."""
    return list(joint.problems.select_related("department").order_by("pk"))


def departments_of(area: str, user: Any, day: date) -> list[Organisation]:
    """Departments of this area (a key), not of those inside it, that may take part, by code."""
    own = columns_of_key(area)
    rows = organisations_valid_at(day).visible_to(user).exclude(department_code="")
    return list(rows.filter(city=own["city"], county=own["county"], township="").order_by("code"))


@dataclass(frozen=True)
class Compared:
    """A pair with the mean scores that the area's own team and the foreign one gave there; None while nobody did."""

    pair: CrossCheck
    own: Decimal | None
    foreign: Decimal | None

    @property
    def gap(self) -> Decimal | None:
        """Foreign less own: below zero, the others were stricter."""
        return None if self.own is None or self.foreign is None else self.foreign - self.own


def crosschecks_of(round_: FieldRound, user: Any) -> list[Compared]:
    """Who checks whom in a round, with the gap between own and foreign scores: the pairs in which the reader's areas
    take part. Three queries."""
    reach = reach_of(user)
    rows = list(CrossCheck.objects.filter(round=round_).select_related("team").order_by("checked_key"))
    units = {each.own_key: each.team.organisation_id for each in rows}
    visits = FieldVisit.objects.visible_to(user).open_to_all().filter(round_no=round_.number, state__in=COUNTED)
    scored = visits.filter(percent__isnull=False).order_by()
    means = {
        (county, unit): mean
        for county, unit, mean in scored.values_list("county", "issuer").annotate(mean=Avg("percent"))
    }
    return [
        Compared(each, means.get((each.checked_key, units.get(each.checked_key))),
                 means.get((each.checked_key, units[each.own_key])))
        for each in rows if reach.covers(each.checked_key) or reach.covers(each.own_key)
    ]  # fmt: skip
