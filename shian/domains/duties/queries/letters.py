"""Letters as pages show them, and the operators that each stands for."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from shian.domains.duties.models import Letter, LetterState, Match, Official, OfficialLevel
from shian.domains.duties.permissions import DUTY_KEEP, DUTY_READ
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of


def mine(user: Any) -> Q:
    """Letters of the user's own posts as an official."""
    return Q(official__person__user=user.pk)


def heads(user: Any) -> Q:
    """Letters that the user, head of a level of an area, signs on the other side: of that level and area, or one below
    where the official is a head."""
    posts = Official.objects.filter(person__user=user.pk, is_head=True, valid_to=None)
    found = Q(pk__in=[])
    for post in posts:
        found |= Q(official__level=post.level, official__area_code=post.area_code, official__is_head=False)
        below = _below(post.level)
        found |= Q(official__level=below, official__is_head=True, **{post.level: post.area}) if below else Q(pk__in=[])
    return found


def letters_of(user: Any) -> QuerySet[Letter]:
    """What the user may read: of the reach for who reads duties; the own and those to countersign for everybody."""
    own, reach = mine(user) | heads(user), reach_of(user)
    rows = Letter.objects.select_related("official")
    if not DUTY_READ(user).allowed:
        return rows.filter(own)
    return rows if reach.everything else rows.filter(own | reach.area_filter())  # an empty Q would leave `own` alone


def letter_for(user: Any, pk: int) -> Letter:
    """One letter. Raises Http404, OutOfReach."""
    found = letters_of(user).filter(pk=pk).first()
    if found is not None:
        return found
    if Letter.objects.filter(pk=pk).exists():
        raise OutOfReach(f"duties.letter:{pk}")
    raise Http404(pk)


def letters_to_sign(user: Any) -> QuerySet[Letter]:
    """The own letters that are due, and those that wait for the user on the other side."""
    due, waiting = Q(state=LetterState.DUE), Q(state=LetterState.SIGNED)
    rows = Letter.objects.select_related("official").filter((mine(user) & due) | (heads(user) & waiting))
    return rows.exclude(signed_by=user.get_username()).order_by("due_on", "pk")


def is_own(user: Any, letter: Letter) -> bool:
    """Is it the user's own letter?"""
    return Letter.objects.filter(mine(user), pk=letter.pk).exists()


def may_countersign(user: Any, letter: Letter) -> bool:
    """A head of the same level, or whoever keeps the roster there; never who signed it, nor the official."""
    if letter.signed_by == user.get_username() or is_own(user, letter):
        return False
    keeps = DUTY_KEEP(user).allowed and reach_of(user).covers(letter.area)
    return keeps or Letter.objects.filter(heads(user), pk=letter.pk).exists()


def subjects_of(letter: Letter) -> QuerySet[Match]:
    """The operators that the letter stands for: those of the official at the moment when it was issued, and, once it
    is invalid, as it was until then."""
    at = letter.issued_at
    rows = Match.objects.filter(official=letter.official_id, begun_at__lte=at).select_related("operator")
    return rows.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at)).order_by("tier", "operator__code")


def may_see_letter(user: Any, key: str) -> bool:
    """For the seals of a letter."""
    return key.isdecimal() and letters_of(user).filter(pk=int(key)).exists()


def _below(level: str) -> str:
    levels = [str(each.value) for each in OfficialLevel]
    place = levels.index(level) + 1
    return levels[place] if place < len(levels) - 1 else ""
