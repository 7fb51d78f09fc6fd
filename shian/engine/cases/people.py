"""Who is on a side of a case: accounts by unit and post, as of today."""

from django.utils import timezone

from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.cases.permissions import unit_of_side
from shian.engine.cases.rules import Audience, Side
from shian.kernel.scope.walls import system_scope
from shian.registers.people.models import Post
from shian.registers.people.queries import valid_at

LEADER = "领导"
_SIDES = {
    Audience.ISSUER: Side.ISSUER,
    Audience.ISSUER_HEAD: Side.ISSUER,
    Audience.VERIFIER: Side.VERIFIER,
}
_HEADS = frozenset({Audience.UNIT_HEAD, Audience.ISSUER_HEAD})


def audience_of(case: Case, audience: Audience) -> list[int]:
    """User ids. Where nobody is named owner, the unit's staff; where a unit has no leader's account, its staff."""
    moving = case_type(case.type).by_state[case.state].turn or Side.UNIT
    unit = unit_of_side(case, _SIDES.get(audience, moving))
    if audience is Audience.OWNER and moving is Side.UNIT and case.owner is not None and case.owner.user_id:
        return [case.owner.user_id]
    return (staff_of(unit, kind=LEADER) if audience in _HEADS else []) or staff_of(unit)


def staff_of(unit: str, *, kind: str = "") -> list[int]:
    """The active accounts of those who hold a post in the unit today (of that kind of post). One query."""
    posts = Post.objects.filter(valid_at(timezone.localdate()), organisation__code=unit, person__user__is_active=True)
    if kind:
        posts = posts.filter(kind=kind)
    with system_scope():  # who is told may sit beyond the reach of whoever gives the cause
        return sorted(set(posts.values_list("person__user", flat=True)))
