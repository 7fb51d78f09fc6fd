"""What scoped tables share: the five area columns and `visible_to(user)`."""

from typing import Any, Self, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404

from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.walls import system_scope

M = TypeVar("M", bound=models.Model, covariant=True)


class OutOfReach(Http404):
    """The row exists but lies outside the user's reach: shown as 404, logged as a refusal."""

    def __init__(self, subject: str) -> None:
        super().__init__("Not found.")
        self.subject = subject


class ScopedQuerySet(models.QuerySet[M]):
    """Rows of scoped tables are read through `visible_to(user)`, always."""

    def visible_to(self, user: Any) -> Self:
        """Rows inside the user's reach."""
        return self.filter(reach_of(user).area_filter())

    def get_visible(self, user: Any, **lookup: Any) -> M:
        """The one row of `lookup`, or Http404; OutOfReach when it exists beyond the user's reach."""
        row = self.visible_to(user).filter(**lookup).first()
        if row is not None:
            return row
        with system_scope():
            is_elsewhere = self.filter(**lookup).exists()
        if is_elsewhere:
            raise OutOfReach(f"{self.model._meta.label_lower}:{'/'.join(str(v) for v in lookup.values())}")
        raise Http404("Not found.")

    def has_visible(self, user: Any, **lookup: Any) -> bool:
        """Does a row of `lookup` exist for the user? A value that its column cannot hold (a damaged number, a uid that
        is none) names no row."""
        try:
            return self.visible_to(user).filter(**lookup).exists()
        except (ValueError, ValidationError):
            return False


class AreaScoped(models.Model):
    """Five text columns with area keys; empty below the level of the row's own area."""

    province = models.CharField(max_length=2, default="", blank=True)
    city = models.CharField(max_length=4, default="", blank=True)
    county = models.CharField(max_length=6, default="", blank=True)
    township = models.CharField(max_length=9, default="", blank=True)
    village = models.CharField(max_length=12, default="", blank=True)

    class Meta:
        abstract = True

    @property
    def area(self) -> str:
        """The row's own area key: the deepest filled column."""
        return self.village or self.township or self.county or self.city or self.province
