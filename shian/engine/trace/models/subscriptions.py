"""Queries that programs keep under a name, and where their answers are sent."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.kernel.notary.rules import uuid7
from shian.kernel.notices.outgoing import Outgoing


class OwnQuerySet(models.QuerySet[Any]):
    """Each program sees its owner's queries and subscriptions only."""

    def visible_to(self, user: Any) -> Self:
        return self.filter(by=user.get_username())


class NamedQuery(models.Model):
    """Parameters of a query under its owner's name. `context`: the JSON-LD context that its fields stand in."""

    by = models.CharField(_("所有人"), max_length=150)
    name = models.CharField(_("名称"), max_length=200)
    parameters = models.JSONField(default=dict)
    context = models.JSONField(default=list)
    created_at = models.DateTimeField(_("建立时间"))

    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "name"], name="trace_query_name_once")]

    def __str__(self) -> str:
        return self.name


class Subscription(models.Model):
    """Where new events of a query are sent, and when.

    `schedule` in the standard's words (second … dayOfWeek), empty for a stream, which is asked each minute. Events are
    new that were recorded after (`after_time`, `after_event`). `secret` signs what is sent; it is never shown again.
    """

    uid = models.UUIDField(unique=True, default=uuid7)
    query = models.ForeignKey(NamedQuery, on_delete=models.CASCADE, related_name="subscriptions")
    by = models.CharField(_("所有人"), max_length=150)
    url = models.CharField(max_length=500)
    secret = models.CharField(max_length=200, blank=True, default="")
    schedule = models.JSONField(default=dict)
    reports_empty = models.BooleanField(default=False)
    after_time = models.DateTimeField()
    after_event = models.BigIntegerField(default=0)
    next_at = models.DateTimeField(_("下次"))
    created_at = models.DateTimeField(_("建立时间"))

    objects = OwnQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="trace_subscription_due")]

    def __str__(self) -> str:
        return str(self.uid)


class Delivery(Outgoing):
    """One answer on its way to a subscriber: a query document, compressed; emptied when it has arrived."""

    uid = models.UUIDField(unique=True, default=uuid7)
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="deliveries")
    content = models.BinaryField()
    events = models.IntegerField(_("事件数"))

    def __str__(self) -> str:
        return str(self.uid)
