"""Named reads of one-click reports."""

from datetime import date
from typing import Any

from django.db.models import Q

from shian.domains.campaign.models import Submission
from shian.kernel.accounts.models import Role
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.reach import reach_of
from shian.registers.people.models import Organisation


def submissions_for(user: Any) -> ScopedQuerySet[Submission]:
    """The reports inside the user's reach, newest first; a department sees its own."""
    reach = reach_of(user)
    own = Q(unit__in=list(reach.organisations))
    rows = Submission.objects.select_related("unit").order_by("-sent_at", "-pk")
    if user.role == Role.DEPARTMENT and not reach.everything:
        return rows.filter(own)
    return rows.filter(reach.area_filter() | own)


def own_units(user: Any) -> list[Organisation]:
    """The units in whose name the user reports, in order of code."""
    return list(Organisation.objects.filter(code__in=list(reach_of(user).organisations)).order_by("code"))


def standing_submission(unit: Organisation, monday: date) -> Submission | None:
    """The newest report of the unit for the week, whatever became of it."""
    return Submission.objects.filter(unit=unit, monday=monday).order_by("-attempt").first()


def may_see_submission(user: Any, key: str) -> bool:
    """Whether the user may open the seals of the report with this key."""
    return key.isdecimal() and submissions_for(user).filter(pk=int(key)).exists()
