"""Who may do what with draws; they are cut by scope besides.

A sample names who will be visited, so that only those who prepare visits read it before it is published.
"""

from typing import Any

from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import Policy, role_in

DRAW_READ: Policy = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY)
DRAW_WORK: Policy = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY)

_readers: dict[str, Policy] = {}


def restrict_frame(kind: str, policy: Policy) -> None:
    """Draws from lists of this kind are for whom the policy allows only, besides DRAW_READ and scope."""
    _readers[kind] = policy


def closed_kinds(user: Any) -> list[str]:
    """The kinds of lists whose draws the user may not see."""
    return [kind for kind, policy in _readers.items() if not policy(user).allowed]
