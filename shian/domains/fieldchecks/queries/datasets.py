"""What phones get of field checks: the operators to be checked, and what is assigned to their user."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Q

from shian.domains.fieldchecks.models import FieldVisit
from shian.domains.fieldchecks.permissions import VISIT_ASSIGN
from shian.domains.fieldchecks.queries.visits import assignments_for, entity_of, mine
from shian.engine.forms.assignments import register_assignments
from shian.engine.forms.datasets import Dataset, Entity, Nearby, register_dataset, register_offer
from shian.engine.forms.queries import versions_in_force
from shian.kernel.scope.walls import system_scope
from shian.registers.operators.models import Operator

LIST = "operators"
MOST_NEARBY = 10_000  # about 0.8 MB: a county; whoever sees more finds an operator by its code


def entities_of(user: Any) -> Iterable[Entity]:
    """The operators and places of the user's visits that are under way."""
    rows = FieldVisit.objects.filter(mine(user)).select_related("point__operator").order_by("pk")
    found = {entity_of(each): each.point for each in rows}
    return [Entity(key, point.name, properties={"address": point.address}) for key, point in found.items()]


def area_of_entity(user: Any, key: str) -> str:
    """The area of a point that the user was sent to; else of an operator inside the
    user's reach; "" for any other."""
    rows = FieldVisit.objects.filter(mine(user))
    for visit in rows.select_related("point__operator"):
        if entity_of(visit) == key:
            return visit.area
    with system_scope():
        operator = Operator.objects.visible_to(user).filter(code=key).first()
    return operator.area if operator else ""


def nearby_of(user: Any, day: date) -> Nearby:
    """The operators in business inside the user's reach, by name."""
    rows = Operator.objects.visible_to(user).filter(Q(closed_on=None) | Q(closed_on__gt=day), opened_on__lte=day)
    if (count := rows.count()) > MOST_NEARBY:
        return Nearby(count=count, most=MOST_NEARBY)
    told = rows.order_by("name_pinyin", "id").values_list("code", "name", "address")
    return Nearby([(code, f"{name} · {address}".rstrip(" ·")) for code, name, address in told], count, MOST_NEARBY)


def offer_for(user: Any, day: date) -> Collection[str] | None:
    """Every form, to whoever may send visitors; a station, which stands next to the operators, gets a sheet of covert
    checks only with a visit."""
    if VISIT_ASSIGN(user).allowed:
        return None
    shown = versions_in_force(day).exclude(content__contains={"is_withheld": True})
    return {*shown.values_list("form__key", flat=True), *(each.form for each in assignments_for(user, day))}


def register() -> None:
    """Tell the engine of forms."""
    register_dataset(Dataset(LIST, entities=entities_of, area_of=area_of_entity, nearby=nearby_of))
    register_offer(offer_for)
    register_assignments("fieldchecks", assignments_for)
