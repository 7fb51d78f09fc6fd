"""What is planned for an area concerns everybody below it as well."""

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q

from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import columns_of_key, parent_key

M = TypeVar("M", bound=models.Model, covariant=True)


class UpwardQuerySet(ScopedQuerySet[M]):
    """Rows of the own areas and of those above them: a county sees the city's."""

    def visible_to(self, user: Any) -> Self:
        """Rows inside the reach or above part of it."""
        reach = reach_of(user)
        if reach.everything:
            return self.all()
        above = Q(pk__in=[])
        for key in reach.keys:
            upper = parent_key(key)
            while upper:
                above |= Q(**columns_of_key(upper))
                upper = parent_key(upper)
        return self.filter(reach.area_filter() | above)
