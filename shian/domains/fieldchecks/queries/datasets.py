"""What phones get of field checks: the operators to be checked, and what is assigned to their user."""

from collections.abc import Iterable
from typing import Any

from shian.domains.fieldchecks.models import FieldVisit
from shian.domains.fieldchecks.queries.visits import assignments_for, entity_of, mine
from shian.engine.forms.assignments import register_assignments
from shian.engine.forms.datasets import Dataset, Entity, register_dataset
from shian.kernel.scope.walls import system_scope
from shian.registers.operators.models import Operator

LIST = "operators"


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


def register() -> None:
    """Tell the engine of forms."""
    register_dataset(Dataset(LIST, entities=entities_of, area_of=area_of_entity))
    register_assignments("fieldchecks", assignments_for)
