"""Who is reminded: user ids by role and post, as of today. Each is one query."""

from django.utils import timezone

from shian.kernel.accounts.models import Role, User
from shian.kernel.scope.walls import system_scope
from shian.registers.people.models import Post
from shian.registers.people.queries import valid_at


def named(username: str) -> list[int]:
    """The active user of that name; nobody for what a system or the command line did."""
    return _ids(User.objects.filter(username=username, is_active=True).values_list("pk", flat=True))


def office_staff(city: str, county: str = "") -> list[int]:
    """The campaign office of a city, or of a county; a county without an office of its own has the city's."""
    own = _holders(role=Role.OFFICE, city=city, county=county)
    return own or (_holders(role=Role.OFFICE, city=city, county="") if county else [])


def county_staff(county: str) -> list[int]:
    """Who regulates food in a county."""
    return _holders(role=Role.COUNTY, county=county)


def department_staff(code: str, city: str, county: str = "") -> list[int]:
    """The liaison officers of a department of the city, or of the county."""
    return _holders(
        role=Role.DEPARTMENT, organisation__department_code=code, organisation__city=city, organisation__county=county
    )


def _holders(*, role: Role, **where: str) -> list[int]:
    posts = Post.objects.filter(valid_at(timezone.localdate()), person__user__is_active=True, person__user__role=role)
    with system_scope():  # who is told may sit above or beside the one who gives the cause
        return _ids(posts.filter(**where).values_list("person__user", flat=True))


def _ids(found: object) -> list[int]:
    return sorted(set(found))  # type: ignore[call-overload]
