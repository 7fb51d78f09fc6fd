"""The graph of holdings. Its tables are only added to, hold no foreign keys in the database and no texts but the
identifiers': they are what grows, and may be distributed (actions.distributing)."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.kernel.scope.reach import reach_of


class Ring(models.IntegerChoices):
    """How sure a movement is. Told apart wherever movements are counted, never added up."""

    CONFIRMED = 1, pgettext_lazy("ring", "确认")  # scanned, or declared with its lot
    POSSIBLE = 2, _("可能")  # inferred: same holder and product within shelf life


class MovementKind(models.IntegerChoices):
    """What a movement was. A sale and its receipt are two tellings of one movement: the larger counts."""

    SENT = 1, _("发出")
    RECEIVED = 2, _("收到")
    USED = 3, _("投入")
    MADE = 4, _("产出")
    PACKED = 5, _("装入")
    UNPACKED = 6, _("取出")


class ByParty(models.QuerySet["Any"]):
    """Rows that stand in the hands of a party."""

    def visible_to(self, user: Any) -> Self:
        """Rows of parties in the user's reach."""
        return self.filter(reach_of(user).area_filter("party__"))


class Identifier(models.Model):
    """A URI in canonical form and its number. `digest`: the first 16 bytes of its SHA-256."""

    id = models.BigAutoField(primary_key=True)
    digest = models.BinaryField(unique=True)
    uri = models.TextField()
    product = models.BigIntegerField(null=True)  # of a lot: the identifier of its product class

    class Meta:
        indexes = [
            models.Index(fields=["product"], name="trace_identifier_product", condition=models.Q(product__isnull=False))
        ]

    def __str__(self) -> str:
        return self.uri


class Party(AreaScoped):
    """Somebody who holds goods, by the URI that events use. Lies in the area of the operator that it is, or of whoever
    told of it first."""

    identifier = models.BigIntegerField(unique=True)
    operator = models.ForeignKey("operators.Operator", null=True, on_delete=models.DO_NOTHING, db_constraint=False)

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"party {self.pk}"


class Holding(models.Model):
    """A lot, a thing or a batch of work in one party's hands: a node of the graph."""

    id = models.BigAutoField(primary_key=True)
    lot = models.BigIntegerField()
    party = models.ForeignKey(Party, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    first_at = models.DateTimeField(_("最早"))
    made = models.FloatField(_("产出数量"), null=True)  # by its commissioning, in `uom`
    uom = models.CharField(_("单位"), max_length=3, default="")

    objects = ByParty.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "party"], name="trace_holding_once")]
        indexes = [models.Index(fields=["party"], name="trace_holding_party")]

    def __str__(self) -> str:
        return f"holding {self.pk}"


class Movement(models.Model):
    """From one holding to another: an edge of the graph."""

    id = models.BigAutoField(primary_key=True)
    source = models.BigIntegerField()
    target = models.BigIntegerField()
    event = models.BigIntegerField(null=True)  # what told of it; domains keep the way from their rows themselves
    at = models.DateTimeField()
    quantity = models.FloatField(null=True)
    seller = models.IntegerField()
    buyer = models.IntegerField()
    kind = models.SmallIntegerField(choices=MovementKind)
    ring = models.SmallIntegerField(choices=Ring, default=Ring.CONFIRMED)
    uom = models.CharField(max_length=3, default="")

    class Meta:
        # All that a walk asks lies in the index: it never reads the table.
        indexes = [
            models.Index(fields=["source"], include=["target", "buyer", "at", "ring"], name="trace_movement_forward"),
            models.Index(fields=["target"], include=["source", "seller", "at", "ring"], name="trace_movement_backward"),
            # What an event that turns out wrong has drawn; what domains draw is not in it.
            models.Index(fields=["event"], name="trace_movement_event", condition=models.Q(event__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="trace_movement_moves"),
            models.CheckConstraint(
                condition=models.Q(quantity__isnull=True) | models.Q(quantity__gte=0), name="trace_movement_quantity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


class Graph(models.Model):
    """One row: which state of the graph a kept answer belongs to. A sequence gives the versions, so that one which was
    rolled back never comes again."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    version = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="trace_graph_is_one")]

    def __str__(self) -> str:
        return f"graph {self.version}"
