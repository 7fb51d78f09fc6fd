"""People who change dictionaries and people who do not."""

from shian.kernel.accounts.models import Role, User
from shian.registers.areas.tests.factories import AreaFactory
from shian.registers.people.tests.factories import reach_user


def make_places() -> None:
    """A city with two counties."""
    AreaFactory(code="131000", level="city", name="廊坊市", kind="地级市")
    AreaFactory(code="131022", level="county", name="固安县", kind="县")
    AreaFactory(code="131023", level="county", name="永清县", kind="县")


def make_admin() -> User:
    """An administrator, who reaches everything."""
    return User.objects.create(username="alice", role=Role.ADMIN)


def make_office() -> User:
    """The campaign office of the city: reads only."""
    return reach_user("bob", "131000", Role.OFFICE)
