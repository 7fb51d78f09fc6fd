"""Where imported cold-chain food lies (E-02, E-10): stores, what measures in them, and what went wrong there."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.kernel.scope.reach import reach_of
from shian.registers.operators.models import Operator


class StoreKind(models.TextChoices):
    SUPERVISED = "supervised", _("集中监管仓")
    STORE = "store", _("冷库")
    VEHICLE = "vehicle", _("冷藏车")
    COUNTER = "counter", _("冷柜")


class OfOperator(ScopedQuerySet[Any]):
    """Rows of the own area; for people of operators those that name their operator."""

    def visible_to(self, user: Any) -> Self:
        reach = reach_of(user)
        return self.filter(operator__in=reach.operators) if reach.operators else self.filter(reach.area_filter())


class ColdStore(AreaScoped):
    """A warehouse, cold store, vehicle or counter in use while opened_on ≤ day < closed_on. low, high: °C between which
    goods are to lie there; None: no bound on that side."""

    code = models.CharField(_("冷藏点编号"), max_length=40, unique=True)
    name = models.CharField(_("冷藏点名称"), max_length=80)
    kind = models.CharField(_("类型"), max_length=10, choices=StoreKind, default=StoreKind.STORE)
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    area_code = models.CharField(_("区划代码"), max_length=12)
    low = models.DecimalField(_("下限（℃）"), max_digits=5, decimal_places=1, null=True, blank=True)
    high = models.DecimalField(_("上限（℃）"), max_digits=5, decimal_places=1, null=True, blank=True)
    opened_on = models.DateField(_("启用日期"))
    closed_on = models.DateField(_("停用日期"), null=True, blank=True)

    objects = OfOperator.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")), name="tracing_store_in_order"
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lt=F("high")),
                name="tracing_store_low_below_high",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"tracing.coldstore:{self.code}"


class DeviceQuerySet(models.QuerySet["ColdDevice"]):
    def visible_to(self, user: Any) -> Self:
        """Those of stores that the user sees."""
        return self.filter(store__in=ColdStore.objects.visible_to(user))

    def running(self, day: date) -> Self:
        """Those that measure on that day."""
        return self.filter(Q(retired_on__isnull=True) | Q(retired_on__gt=day), connected_on__lte=day)


class ColdDevice(models.Model):
    """What measures in a store, every so many minutes. `secret`: its key, encrypted; "" until one was given. last_at,
    last_celsius: its newest reading."""

    number = models.CharField(_("设备编号"), max_length=40, unique=True)
    store = models.ForeignKey(ColdStore, on_delete=models.PROTECT, related_name="devices")
    every_minutes = models.PositiveSmallIntegerField(_("采集间隔（分钟）"), default=10)
    connected_on = models.DateField(_("接入日期"))
    retired_on = models.DateField(_("停用日期"), null=True, blank=True)
    secret = models.TextField(blank=True, default="")
    keyed_at = models.DateTimeField(_("密钥发放时间"), null=True, blank=True)
    last_at = models.DateTimeField(_("最近读数时间"), null=True, blank=True)
    last_celsius = models.DecimalField(_("最近温度（℃）"), max_digits=5, decimal_places=2, null=True, blank=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(every_minutes__gte=1), name="tracing_device_measures"),
            models.CheckConstraint(
                condition=Q(secret="", keyed_at__isnull=True) | (~Q(secret="") & Q(keyed_at__isnull=False)),
                name="tracing_device_key_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"tracing.colddevice:{self.number}"


class ReadingQuerySet(models.QuerySet["ColdReading"]):
    def visible_to(self, user: Any) -> Self:
        """Those of devices that the user sees."""
        return self.filter(device__in=ColdDevice.objects.visible_to(user))


class ColdReading(models.Model):
    """A device at a moment: °C, and per cent of relative humidity where it measures that. The database parts the table
    by months of `at` (migration 0002)."""

    pk = models.CompositePrimaryKey("device", "at")
    device = models.ForeignKey(ColdDevice, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    at = models.DateTimeField()
    celsius = models.DecimalField(max_digits=5, decimal_places=2)
    humidity = models.DecimalField(max_digits=5, decimal_places=2, null=True)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "tracing_coldreading"

    def __str__(self) -> str:
        return f"{self.device_id} {self.at:%Y-%m-%d %H:%M}"


class AlertKind(models.TextChoices):
    WARM = "warm", _("温度过高")
    COLD = "cold", _("温度过低")
    SILENT = "silent", _("设备失联")
    UNKNOWN = "unknown", _("追溯码查无此码")
    UNRELEASED = "unreleased", _("未放行货物")


class ColdAlert(AreaScoped):
    """A temperature beyond the store's limits, a device that fell silent, or a code at retail that should not be there.

    `goods`: what lay there when it began: [{code, name, holder, kilos}]. peak, bound: °C, of temperatures only. times:
    how often a code was shown. What is done about it is a case with this subject.
    """

    kind = models.CharField(_("类型"), max_length=10, choices=AlertKind)
    store = models.ForeignKey(ColdStore, on_delete=models.PROTECT, null=True, blank=True, related_name="alerts")
    device = models.ForeignKey(ColdDevice, on_delete=models.PROTECT, null=True, blank=True, related_name="alerts")
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    code = models.CharField(_("追溯码"), max_length=60, blank=True, default="")
    began_at = models.DateTimeField(_("开始时间"))
    last_at = models.DateTimeField(_("最近时间"))
    ended_at = models.DateTimeField(_("恢复时间"), null=True, blank=True)
    peak = models.DecimalField(_("最高或最低（℃）"), max_digits=5, decimal_places=2, null=True, blank=True)
    bound = models.DecimalField(_("限值（℃）"), max_digits=5, decimal_places=1, null=True, blank=True)
    times = models.PositiveIntegerField(_("次数"), default=1)
    goods = models.JSONField(default=list)

    objects = OfOperator.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["warm", "cold"], device__isnull=False, peak__isnull=False, code="")
                | Q(kind="silent", device__isnull=False, peak__isnull=True, code="")
                | (Q(kind__in=["unknown", "unreleased"], operator__isnull=False, device__isnull=True) & ~Q(code="")),
                name="tracing_alert_of_a_device_or_a_code",
            ),
            models.UniqueConstraint(
                fields=["device"],
                condition=Q(ended_at__isnull=True) & ~Q(kind="silent"),
                name="tracing_alert_one_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["device"],
                condition=Q(ended_at__isnull=True, kind="silent"),
                name="tracing_alert_one_silence",
            ),
            models.UniqueConstraint(fields=["operator", "code"], condition=~Q(code=""), name="tracing_alert_code_once"),
        ]
        indexes = [
            models.Index(fields=["-began_at", "-id"], name="tracing_alert_newest"),
            models.Index(fields=["store", "-began_at"], name="tracing_alert_store"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.began_at:%Y-%m-%d %H:%M}"

    @property
    def subject(self) -> str:
        """What seals about it, and its case, name."""
        return f"tracing.coldalert:{self.pk}"
