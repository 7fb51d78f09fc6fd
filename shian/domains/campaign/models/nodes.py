"""What measures count of a standard: a view with one row per node and city."""

from django.db import models

from shian.kernel.scope.models import AreaScoped, ScopedQuerySet


class StandardNode(AreaScoped):
    """A section, point, item or declared count of an edition that was once in force, for every city.

    A database view (migration 0002): the standard knows no area, a figure always has one. `key` is unique per kind.
    """

    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    channel = models.CharField(max_length=10)
    number = models.IntegerField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "campaign_standardnode"

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
