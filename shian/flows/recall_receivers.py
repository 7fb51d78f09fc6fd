"""Who hears of a recall: people of the operators that hold the goods, and those who regulate food in their county."""

from collections.abc import Collection

from django.utils import timezone

from shian.domains.selfcontrol.queries.accounts import users_by_operator
from shian.domains.tracing.queries.receivers import provide_receivers
from shian.flows.recipients import county_staff, office_staff

COUNTY = 6  # characters of a county's key


def connect() -> None:
    """Tell tracing whom to ask."""
    provide_receivers(of_operators=_of_operators, of_area=staff_of_area)


def _of_operators(operators: Collection[int]) -> dict[int, list[int]]:
    return users_by_operator(operators, timezone.localdate())


def staff_of_area(area: str) -> list[int]:
    """The county's regulators and its campaign office; of a city, the city's office."""
    if len(area) < COUNTY:
        return office_staff(area)
    return sorted({*county_staff(area[:COUNTY]), *office_staff(area[:4], area[:COUNTY])})
