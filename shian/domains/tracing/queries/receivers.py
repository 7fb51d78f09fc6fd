"""Who reads a notice: users of an operator, and staff of an area. Other domains know them; flows provide them."""

from collections.abc import Callable, Collection, Mapping

Users = Mapping[int, Collection[int]]
_providers: dict[str, Callable[..., object]] = {}


def provide_receivers(
    *, of_operators: Callable[[Collection[int]], Users], of_area: Callable[[str], Collection[int]]
) -> None:
    """`of_operators`: operators (keys) → the users of each, one query for all. `of_area`: who follows recalls there."""
    _providers["operators"], _providers["area"] = of_operators, of_area


def users_of_operators(operators: Collection[int]) -> Users:
    """Operator → the users who work for it; operators without any are left out."""
    return _providers["operators"](operators)  # type: ignore[return-value]


def staff_of(area: str) -> Collection[int]:
    """Users who follow recalls in the area."""
    return _providers["area"](area)  # type: ignore[return-value]
