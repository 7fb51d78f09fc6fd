"""What units send in, the issues made of it, and how often each unit is in print (A-21)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from shian.domains.campaign.models import Briefing, Dispatch, DispatchState, MediumLevel, Reprint
from shian.kernel.accounts.models import Role
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.reach import reach_of
from shian.registers.people.models import Organisation


@dataclass(frozen=True)
class Adoption:
    """A unit: what it sent, what of it stands in an issue, and how often that was reprinted."""

    unit: Organisation
    sent: int
    printed: int
    reprinted: int


def dispatches_for(user: Any) -> ScopedQuerySet[Dispatch]:
    """The office sees all of its area; everybody else the own units' items and whatever was printed."""
    reach = reach_of(user)
    rows = Dispatch.objects.select_related("unit", "briefing")
    if reach.everything:
        return rows
    inside = reach.area_filter()
    if user.role != Role.OFFICE:
        inside &= Q(briefing__isnull=False)
    return rows.filter(inside | Q(unit__in=list(reach.organisations)))


def briefings_for(user: Any) -> QuerySet[Briefing]:
    """Issues of the areas that hold the user's reach, or lie in it, newest first: an issue goes to everybody below."""
    reach = reach_of(user)
    rows = Briefing.objects.annotate(carried=Count("items")).order_by("-issued_on", "-number", "-pk")
    if reach.everything:
        return rows
    above = Q(city__in=sorted({key[:4] for key in reach.keys})) & (
        Q(county="") | Q(county__in=[key[:6] for key in reach.keys])
    )
    return rows.filter(above)


def waiting_for_issue(user: Any) -> QuerySet[Dispatch]:
    """Adopted items that no issue carries yet, oldest first."""
    rows = dispatches_for(user).filter(state=DispatchState.ADOPTED, briefing__isnull=True)
    return rows.order_by("decided_at", "pk")


def items_of(briefing: Briefing) -> list[Dispatch]:
    """The items of an issue in their order, each with the number of its reprints: an issue is read whole."""
    rows = Dispatch.objects.filter(briefing=briefing).select_related("unit").annotate(again=Count("reprints"))
    return list(rows.order_by("place"))


def reprints_of(dispatch: Dispatch) -> list[Reprint]:
    """Who printed it again: the state's media first."""
    order = {level: place for place, level in enumerate(MediumLevel.values)}
    rows = Reprint.objects.filter(dispatch=dispatch)
    return sorted(rows, key=lambda each: (order[each.level], each.reprinted_on, each.pk))


def adoptions(user: Any, year: int | None = None) -> list[Adoption]:
    """Unit by unit, most printed first. A printed item is one that an issue of the year carries: it opens by that."""
    rows = dispatches_for(user).order_by()
    printed = Q(briefing__year=year) if year else Q(briefing__isnull=False)
    sent = Q(submitted_at__year=year) if year else Q()
    told = rows.values("unit").annotate(
        sent=Count("pk", filter=sent, distinct=True), printed=Count("pk", filter=printed, distinct=True),
        reprinted=Count("reprints", filter=printed, distinct=True),
    )  # fmt: skip
    units = {each.code: each for each in Organisation.objects.filter(code__in=[each["unit"] for each in told])}
    found = [Adoption(units[str(each["unit"])], each["sent"], each["printed"], each["reprinted"]) for each in told]
    kept = [each for each in found if each.sent or each.printed]
    return sorted(kept, key=lambda each: (-each.printed, -each.sent, each.unit.code))


def own_units(user: Any) -> list[Organisation]:
    """The units in whose name the user sends items in."""
    rows = Organisation.objects.filter(code__in=list(reach_of(user).organisations), valid_to__isnull=True)
    return list(rows.order_by("code"))


def last_number(area_key: str, series: str, year: int) -> int:
    """The newest number of a series in exactly this area; 0 before the first."""
    own = {"city": area_key[:4], "county": area_key[:6] if len(area_key) >= 6 else ""}
    rows = Briefing.objects.filter(series=series, year=year, **own)
    return int(rows.aggregate(newest=Max("number"))["newest"] or 0)


def may_see_briefing(user: Any, key: str) -> bool:
    """Whether the user may open the seals of the issue with this key."""
    return key.isdecimal() and briefings_for(user).filter(pk=int(key)).exists()


def may_see_dispatch(user: Any, key: str) -> bool:
    """Whether the user may open the seals of the item with this key."""
    return key.isdecimal() and dispatches_for(user).filter(pk=int(key)).exists()
