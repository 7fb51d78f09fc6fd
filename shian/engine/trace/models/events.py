"""Events of the outside world: documents that were sent, what they said in full, and the tables that index it."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.engine.trace.models.graph import ByParty, Party
from shian.kernel.notary.rules import uuid7
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet


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
    marks = ArrayField(models.BigIntegerField(), default=list)  # what it says in fields (rules.fields)
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
    """What an event is known by, once in the whole table: the beginning of its digest, or that of the identifier it
    came with."""

    key = models.UUIDField(primary_key=True)
    event = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.key)


class EventItem(models.Model):
    """An identifier in an event: answers every MATCH_ of a query. `role`: rules.events.Role. The database gives it no
    key, only an index of the identifier (migration 0002): what is asked often costs a few bytes each time."""

    pk = models.CompositePrimaryKey("identifier", "role", "event")
    identifier = models.BigIntegerField()
    event = models.BigIntegerField()
    role = models.SmallIntegerField()
    is_class = models.BooleanField()
    quantity = models.FloatField(null=True)
    uom = models.CharField(max_length=3, default="")

    class Meta:
        managed = False
        db_table = "trace_eventitem"

    def __str__(self) -> str:
        return f"{self.identifier} in {self.event}"


class EventFigure(models.Model):
    """What can be compared in a field of an event (rules.fields)."""

    pk = models.CompositePrimaryKey("name", "value", "event")
    name = models.BigIntegerField()
    value = models.FloatField()
    event = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.name} of {self.event}"


class EventPlace(models.Model):
    """An identifier that events name as their place, with its text: a place lies in another whose text it goes on."""

    identifier = models.BigIntegerField(primary_key=True)
    uri = models.TextField(db_collation="C")

    class Meta:
        indexes = [models.Index(fields=["uri"], name="trace_place_uri")]

    def __str__(self) -> str:
        return self.uri


class EventReading(models.Model):
    """A sensor report of an event. Values are in the SI unit where the unit is known; `uom` is as told."""

    pk = models.CompositePrimaryKey("event", "number")
    event = models.BigIntegerField()
    time = models.DateTimeField(null=True)
    device = models.BigIntegerField(null=True)
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    mean = models.FloatField(null=True)
    deviation = models.FloatField(null=True)
    quantile = models.FloatField(null=True)
    rank = models.FloatField(null=True)
    number = models.SmallIntegerField()
    uom = models.CharField(max_length=3, default="")
    kind = models.CharField(max_length=512, default="")

    class Meta:
        indexes = [models.Index(fields=["kind", "value"], name="trace_reading_value")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.event}"
