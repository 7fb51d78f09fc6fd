"""Teams with their strength on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from shian.domains.fieldchecks.models import FieldTeam, TeamMember
from shian.domains.fieldchecks.permissions import TEAM_READ
from shian.domains.fieldchecks.rules.rounds import TeamStrength
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.walls import system_scope


def teams_of(user: Any) -> ScopedQuerySet[FieldTeam]:
    """Teams of the user's areas that were not rotated away, by code."""
    found: ScopedQuerySet[FieldTeam] = FieldTeam.objects.visible_to(user)
    return found.filter(rotated_on__isnull=True).order_by("code")


def team_for(user: Any, pk: int) -> FieldTeam:
    """One team. Raises Http404, OutOfReach."""
    found: FieldTeam = FieldTeam.objects.select_related("organisation").get_visible(user, pk=pk)
    return found


def may_see_team(user: Any, key: str) -> bool:
    """For the seals of a team."""
    return TEAM_READ(user).allowed and FieldTeam.objects.has_visible(user, pk=key)


def strengths(teams: Sequence[FieldTeam], day: date) -> dict[int, TeamStrength]:
    """Team → people and certified people. One query."""
    belongs = Q(members__joined_on__lte=day) & (Q(members__left_on__isnull=True) | Q(members__left_on__gt=day))
    certified = belongs & Q(members__certificate_valid_to__gte=day)
    counted = FieldTeam.objects.filter(pk__in=[each.pk for each in teams]).annotate(
        n=Count("members", filter=belongs), m=Count("members", filter=certified)
    )
    return {pk: TeamStrength(n, m) for pk, n, m in counted.values_list("pk", "n", "m")}


@dataclass(frozen=True)
class Member:
    """A member with the name that pages show."""

    row: TeamMember
    name: str

    def is_certified(self, day: date) -> bool:
        return self.row.certificate_valid_to is not None and self.row.certificate_valid_to >= day


def members_of(team: FieldTeam, day: date) -> list[Member]:
    """Who belongs to the team on the day; the caller has shown that the team is visible. Uncertified first."""
    with system_scope():  # members may hold posts outside the reader's areas; names of a visible team are no secret
        rows = list(
            team.members.filter(Q(left_on__isnull=True) | Q(left_on__gt=day), joined_on__lte=day)
            .select_related("person").order_by("certificate_valid_to", "person__person_no")
        )  # fmt: skip
    return [Member(row, row.person.name) for row in rows]
