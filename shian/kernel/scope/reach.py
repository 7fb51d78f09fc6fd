"""A user's reach: area keys by level, organisations, or everything."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from shian.kernel.scope.rules import LEVELS, Level, level_of_key


@dataclass(frozen=True)
class Reach:
    """Where a user may look. `keys` are area keys of any width; `organisations` are codes. `by_unit`: registers are
    seen by area, but what is done about them (cases) only where one of the own organisations takes part. `operators`
    are the primary keys of the operators that somebody works for, and all that such a user sees."""

    keys: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    everything: bool = False
    by_unit: bool = False
    operators: tuple[int, ...] = ()
    by_level: dict[Level, tuple[str, ...]] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        grouped = {level: tuple(sorted(key for key in self.keys if level_of_key(key) == level)) for level in LEVELS}
        object.__setattr__(self, "by_level", {level: keys for level, keys in grouped.items() if keys})

    def covers(self, key: str) -> bool:
        """Does the area with this key lie inside the reach?"""
        return self.everything or any(key.startswith(own) for own in self.keys)

    def touches(self, key: str) -> bool:
        """Does the area lie inside the reach, or above part of it? (Names of upper areas are no secret.)"""
        return self.covers(key) or any(own.startswith(key) for own in self.keys)

    def lies_within(self, key: str) -> bool:
        """Does all that is reached by area lie inside the area with this key? Then a filter for it would say nothing
        new, and cost a second index."""
        return bool(self.keys) and not self.everything and all(own.startswith(key) for own in self.keys)

    def area_filter(self, prefix: str = "") -> Q:
        """A filter on the five area columns (`prefix` ends in "__" for a related row); nothing for an empty reach."""
        if self.everything:
            return Q()
        condition = Q(pk__in=[])
        for level, keys in self.by_level.items():
            condition |= Q(**{f"{prefix}{level.value}__in": keys})
        return condition


NOWHERE = Reach()
EVERYWHERE = Reach(everything=True)
Provider = Callable[[Any], Reach]
_providers: dict[str, Provider] = {}


def register_reach_provider(provider: Provider, role: str = "") -> None:
    """Name the function that turns an authenticated user into a Reach: one for everybody (registers.people), and one
    for a role whose reach is not made of posts."""
    _providers[role] = provider


def reach_of(user: Any) -> Reach:
    """The reach of a user, asked once per request (kept on the user object); nobody reaches nothing."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return NOWHERE
    cached = getattr(user, "_reach", None)
    if cached is None:
        provider = _providers.get(str(getattr(user, "role", ""))) or _providers.get("")
        cached = provider(user) if provider else NOWHERE
        user._reach = cached
    return cached
