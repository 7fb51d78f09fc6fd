"""What phones get of duties: the businesses of an official, and those that are due."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from shian.domains.duties.queries.visits import assignments_for, businesses_of, own_matches
from shian.engine.forms.assignments import register_assignments
from shian.engine.forms.datasets import Dataset, Entity, register_dataset
from shian.kernel.scope.rules import LEVELS
from shian.kernel.scope.walls import system_scope

LIST = "covered"
AREAS = tuple(f"operator__{level.value}" for level in reversed(LEVELS))


def entities_of(user: Any) -> Iterable[Entity]:
    """The businesses that the user answers for today."""
    rows = businesses_of(user, timezone.localdate())
    return [Entity(each.operator.code, each.operator.name, properties={"address": each.operator.address})
            for each in rows]  # fmt: skip


def area_of_entity(user: Any, key: str) -> str:
    """The area of a business that the user answers for, or did; "" for any other."""
    with system_scope():  # an official's own businesses, wherever the own posts reach
        found = own_matches(user).filter(operator__code=key).values_list(*AREAS)[:1]
        return next((area for row in found for area in row if area), "")


def register() -> None:
    """Tell the engine of forms."""
    register_dataset(Dataset(LIST, entities=entities_of, area_of=area_of_entity))
    register_assignments("duties", assignments_for)
