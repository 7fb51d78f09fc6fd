"""What the veto monitor remembers: each time that a condition came nearer to its line, crossed it or went back."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shian.kernel.scope.models import AreaScoped, ScopedQuerySet


class WatchState(models.TextChoices):
    """`near` lies before the line, where the early warning is given."""

    CLEAR = "clear", _("未触发")
    NEAR = "near", _("临近")
    TRIGGERED = "triggered", _("已触发")
    UNKNOWN = "unknown", _("未定")


class VetoCrossing(AreaScoped):
    """A veto of an area changed its state; rows are only added. `counted_on` is the day that was looked at."""

    item_code = models.CharField(_("否决情形"), max_length=12)
    before = models.CharField(_("原状态"), max_length=9, choices=WatchState)
    after = models.CharField(_("现状态"), max_length=9, choices=WatchState)
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    margin = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    counted_on = models.DateField(_("截至"))
    at = models.DateTimeField(_("时间"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(before=F("after")), name="campaign_vetocrossing_changes_something")
        ]
        indexes = [models.Index(fields=["city", "item_code", "-at"], name="campaign_vetocrossing_last")]

    def __str__(self) -> str:
        return f"{self.item_code} {self.before} {self.after}"
