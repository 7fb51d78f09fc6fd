"""Which role an account gets from a post: pure."""

from shian.kernel.scope.rules import Level

_BY_KIND = {"创建办人员": "office", "评审人员": "reviewer"}


def role_of_post(kind: str, level: Level) -> str:
    """The role (accounts.Role value) of whoever holds a post of this kind for an area of this level."""
    if kind in _BY_KIND:
        return _BY_KIND[kind]
    if level in {Level.PROVINCE, Level.CITY}:
        return "department"
    return "county" if level is Level.COUNTY else "station"
