"""Which role an account gets from a post: pure."""

from shian.kernel.scope.rules import Level

_IN_THE_CITY = {"创建办人员": "office", "评审人员": "reviewer"}


def role_of_post(kind: str, level: Level) -> str:
    """The role (a value of accounts.Role) of whoever holds a post of this kind for an area of this level.

    Assessors come from outside, whatever the level; reviewers review wherever they are appointed; only the city's
    campaign office runs the campaign.
    """
    if kind == "评估人员":
        return "assessor"
    if kind == "包保干部":
        return "official"
    if level in {Level.PROVINCE, Level.CITY}:
        return _IN_THE_CITY.get(kind, "department")
    if level == Level.COUNTY:
        return "reviewer" if kind == "评审人员" else "county"
    return "station"
