"""The first wall around what is covert: who finds it at all."""

from typing import Any, Self, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.kernel.accounts.models import Role
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.reach import reach_of

M = TypeVar("M", bound=models.Model, covariant=True)
COVERT_ROLES = (Role.ADMIN, Role.OFFICE, Role.DEPARTMENT, Role.COUNTY)


class Mode(models.TextChoices):
    OVERT = "overt", _("明查")
    COVERT = "covert", _("暗访")


def sees_covert(user: Any) -> bool:
    """Is the user one of those who prepare covert checks? The database asks the same (migration 0002)."""
    return reach_of(user).everything or getattr(user, "role", "") in COVERT_ROLES


class CovertQuerySet(ScopedQuerySet[M]):
    """Rows with a `mode`: covert ones exist for COVERT_ROLES only."""

    def visible_to(self, user: Any) -> Self:
        """Rows inside the reach; without what is covert for everybody who does not prepare it."""
        rows = super().visible_to(user)
        return rows if sees_covert(user) else rows.filter(mode=Mode.OVERT)
