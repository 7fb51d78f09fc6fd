"""The graph of holdings, and the events of the outside world that it was drawn from.

Tables of the graph and of events are only added to, hold no foreign keys in the database and no texts but the
identifiers': they are what grows (a province's year is a thousand million movements), and may be distributed
(distribution.py). What an event says in full lies compressed in CaptureBlob; the tables are its index.
"""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.kernel.notary.rules import uuid7
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.kernel.scope.reach import reach_of


class Ring(models.IntegerChoices):
    """How sure a movement is. Told apart wherever movements are counted, never added up."""

    CONFIRMED = 1, _("确认")  # scanned, or declared with its lot
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
        indexes = [models.Index(fields=["party", "-id"], name="trace_holding_party")]

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


class CaptureState(models.TextChoices):
    WAITING = "waiting", _("等待")
    DONE = "done", _("完成")
    FAILED = "failed", _("失败")


class CaptureQuerySet(ScopedQuerySet["Capture"]):
    def of(self, user: Any) -> Self:
        """What the user sent."""
        return self.filter(by=user.username)


class Capture(AreaScoped):
    """A document that was sent, and what came of it."""

    uid = models.UUIDField(unique=True, default=uuid7)
    state = models.CharField(_("状态"), max_length=7, choices=CaptureState, default=CaptureState.WAITING)
    keeps_good = models.BooleanField(default=False)  # GS1-Capture-Error-Behaviour: proceed
    header = models.JSONField(default=dict)  # the document without its events
    digest = models.CharField(max_length=64)
    sent = models.IntegerField(_("事件数"))
    taken = models.IntegerField(_("接收"), default=0)
    known = models.IntegerField(_("重复"), default=0)
    faults = models.JSONField(default=list)  # [{path, reason, more}], at most 1,000
    by = models.CharField(_("发送人"), max_length=150)
    created_at = models.DateTimeField(_("发送时间"))
    finished_at = models.DateTimeField(_("完成时间"), null=True)

    objects = CaptureQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["by", "-id"], name="trace_capture_by")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="waiting", finished_at__isnull=True)
                | (~models.Q(state="waiting") & models.Q(finished_at__isnull=False)),
                name="trace_capture_finished_has_time",
            )
        ]

    def __str__(self) -> str:
        return str(self.uid)


class CaptureBlob(models.Model):
    """Some hundred events as they were sent: a JSON list, compressed."""

    pk = models.CompositePrimaryKey("capture", "number")
    capture = models.BigIntegerField()
    number = models.IntegerField()
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.capture}/{self.number}"


class TraceEvent(models.Model):
    """An event's index row. The database parts the table by months of `record_time` (migration 0002)."""

    pk = models.CompositePrimaryKey("id", "record_time")
    id = models.BigIntegerField()
    record_time = models.DateTimeField()
    time = models.DateTimeField()
    read_point = models.BigIntegerField(null=True)
    biz_location = models.BigIntegerField(null=True)
    transformation = models.BigIntegerField(null=True)
    capture = models.BigIntegerField()
    blob = models.IntegerField()
    place = models.SmallIntegerField()  # in the blob
    party = models.ForeignKey(Party, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    kind = models.SmallIntegerField()  # place in vocabulary.EVENT_TYPES
    action = models.SmallIntegerField(null=True)  # place in vocabulary.ACTIONS
    digest = models.BinaryField()
    biz_step = models.CharField(max_length=512, default="")
    disposition = models.CharField(max_length=512, default="")
    error_reason = models.CharField(max_length=512, default="")
    error_at = models.DateTimeField(null=True)

    objects = ByParty.as_manager()

    class Meta:
        managed = False
        db_table = "trace_event"

    def __str__(self) -> str:
        return f"event {self.id}"


class EventKey(models.Model):
    """What an event is known by, once in the whole table: its digest, or that of the identifier it came with."""

    key = models.BinaryField(primary_key=True)
    event = models.BigIntegerField()
    record_time = models.DateTimeField()

    def __str__(self) -> str:
        return bytes(self.key).hex()


class EventItem(models.Model):
    """An identifier in an event: answers every MATCH_ of a query. `role`: rules.events.Role."""

    pk = models.CompositePrimaryKey("identifier", "role", "event")
    identifier = models.BigIntegerField()
    event = models.BigIntegerField()
    role = models.SmallIntegerField()
    is_class = models.BooleanField()
    quantity = models.FloatField(null=True)
    uom = models.CharField(max_length=3, default="")

    def __str__(self) -> str:
        return f"{self.identifier} in {self.event}"


class EventTransaction(models.Model):
    """A business transaction of an event."""

    pk = models.CompositePrimaryKey("identifier", "kind", "event")
    identifier = models.BigIntegerField()
    event = models.BigIntegerField()
    kind = models.CharField(max_length=512)

    def __str__(self) -> str:
        return f"{self.kind} of {self.event}"


class EventParty(models.Model):
    """A source or destination of an event. `side`: rules.events.Side."""

    pk = models.CompositePrimaryKey("identifier", "side", "kind", "event")
    identifier = models.BigIntegerField()
    event = models.BigIntegerField()
    side = models.SmallIntegerField()
    kind = models.CharField(max_length=512)

    def __str__(self) -> str:
        return f"{self.kind} of {self.event}"


class EventReading(models.Model):
    """A sensor report of an event. Values are in the SI unit where the unit is known; `uom` is as told."""

    pk = models.CompositePrimaryKey("event", "number")
    event = models.BigIntegerField()
    time = models.DateTimeField(null=True)
    device = models.BigIntegerField(null=True)
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    number = models.SmallIntegerField()
    uom = models.CharField(max_length=3, default="")
    kind = models.CharField(max_length=512, default="")

    class Meta:
        indexes = [models.Index(fields=["kind", "value"], name="trace_reading_value")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.event}"
