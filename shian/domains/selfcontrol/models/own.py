"""What the rows of one operator share: staff see them by the operator's area, its own people by the operator."""

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q

from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import LEVELS
from shian.registers.operators.models import Operator

M = TypeVar("M", bound=models.Model, covariant=True)


class OwnQuerySet(ScopedQuerySet[M]):
    """Rows that belong to an operator, wherever it lies today."""

    def visible_to(self, user: Any) -> Self:
        """Rows of operators inside the user's areas, and of those that the user works for."""
        reach = reach_of(user)
        if reach.operators:
            return self.filter(operator__in=reach.operators)
        return self.filter(reach.area_filter("operator__"))


class OfOperator(models.Model):
    """A row of one operator."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")

    objects = OwnQuerySet.as_manager()

    class Meta:
        abstract = True


class PlacedOfOperator(OfOperator, AreaScoped):
    """A row that figures count: the area columns are those of the operator when it was written."""

    class Meta:
        abstract = True


def place_of(operator: Operator) -> dict[str, str]:
    """The area columns of a row about the operator."""
    return {level.value: getattr(operator, level.value) for level in LEVELS}


def in_order(first: str, last: str) -> Q:
    """A condition: the last day is open or not before the first."""
    return Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gte": models.F(first)})
