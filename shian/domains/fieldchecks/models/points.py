"""The point register: places that evaluators might visit, each prepared for one format and one way of checking."""

from datetime import date
from typing import Self

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _

from shian.domains.fieldchecks.models.covert import CovertQuerySet, Mode
from shian.engine.ledgers.models import LedgerRow
from shian.engine.ledgers.queries import valid_at
from shian.kernel.scope.models import AreaScoped
from shian.registers.operators.models import Operator

BENCHMARKS, BENCHMARK = "benchmark_sites", "标杆点位"  # a ledger, and the kind of its rows that points are


class PointState(models.TextChoices):
    LISTED = "listed", _("已列入")
    PREPARED = "prepared", _("已整备")
    CHECKED = "checked", _("已检查")
    READY = "ready", _("已就绪")
    WITHDRAWN = "withdrawn", _("已退出")


class FieldPointQuerySet(CovertQuerySet["FieldPoint"]):
    """Field points as CovertQuerySet cuts them."""

    def with_benchmarks(self, day: date) -> Self:
        """With `is_benchmark`: whether the ledger of benchmarks holds the operator on the day, or the place by its name
        and county. A covert point is none, whatever the same operator is openly."""
        sites = LedgerRow.objects.filter(valid_at(day), ledger=BENCHMARKS, data__kind=BENCHMARK)
        at_operator = sites.filter(operator_code=OuterRef("operator__code"))
        named = sites.annotate(called=KT("data__name")).filter(operator_code="", county=OuterRef("county"))
        at_place = named.filter(called=OuterRef("name"))
        held = Exists(at_operator) | (Q(operator__isnull=True) & Exists(at_place))
        return self.annotate(is_benchmark=Q(mode=Mode.OVERT) & held)


class FieldPoint(AreaScoped):
    """An operator, or a named place without one, under the code of its format in the ledger of formats.

    The days say how far it is; `state` repeats them for lists and filters. An operator is a point once per mode, so
    that it belongs to exactly one format of each. `uid` is what seals name it by: it betrays neither place nor format.
    `checked_on`: when it was first checked on the spot, by whoever prepares it or in a round. `is_benchmark` is there
    after with_benchmarks: what is a benchmark stands in the ledger, not here.
    """

    is_benchmark: bool

    uid = models.UUIDField(unique=True, db_default=RandomUUID())
    code = models.CharField(_("点位编号"), max_length=40, unique=True)
    mode = models.CharField(_("检查方式"), max_length=6, choices=Mode)
    format = models.CharField(_("业态代码"), max_length=20)
    operator = models.ForeignKey(
        Operator, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("经营主体")
    )
    name = models.CharField(_("点位名称"), max_length=120)
    address = models.CharField(_("地址"), max_length=200, blank=True, default="")
    area_code = models.CharField(_("所在区划"), max_length=12)
    lon = models.DecimalField(_("经度"), max_digits=9, decimal_places=6, null=True, blank=True)
    lat = models.DecimalField(_("纬度"), max_digits=8, decimal_places=6, null=True, blank=True)
    department = models.CharField(_("主管部门"), max_length=40, blank=True, default="")
    state = models.CharField(_("状态"), max_length=9, choices=PointState, default=PointState.LISTED)
    listed_on = models.DateField(_("列入日期"))
    prepared_on = models.DateField(_("整备日期"), null=True, blank=True)
    checked_on = models.DateField(_("检查日期"), null=True, blank=True)
    ready_on = models.DateField(_("就绪日期"), null=True, blank=True)
    withdrawn_on = models.DateField(_("退出日期"), null=True, blank=True)
    reason = models.CharField(_("退出原因"), max_length=200, blank=True, default="")

    objects = FieldPointQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "mode"], name="fieldchecks_fieldpoint_one_format_per_mode",
                condition=Q(operator__isnull=False, withdrawn_on__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["area_code", "name", "mode"], name="fieldchecks_fieldpoint_place_once",
                condition=Q(operator__isnull=True, withdrawn_on__isnull=True),
            ),
            models.CheckConstraint(
                condition=~Q(format="") & ~Q(name=""), name="fieldchecks_fieldpoint_has_format_and_name"
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="withdrawn", withdrawn_on__isnull=False)
                    | Q(state="ready", withdrawn_on__isnull=True, ready_on__isnull=False)
                    | Q(state="checked", withdrawn_on__isnull=True, ready_on__isnull=True, checked_on__isnull=False)
                    | Q(
                        state="prepared", withdrawn_on__isnull=True, ready_on__isnull=True, checked_on__isnull=True,
                        prepared_on__isnull=False,
                    )
                    | Q(
                        state="listed", withdrawn_on__isnull=True, ready_on__isnull=True, checked_on__isnull=True,
                        prepared_on__isnull=True,
                    )
                ),
                name="fieldchecks_fieldpoint_state_follows_days",
            ),
            models.CheckConstraint(
                condition=(Q(prepared_on__isnull=True) | Q(prepared_on__gte=F("listed_on")))
                & (Q(checked_on__isnull=True) | Q(checked_on__gte=F("listed_on")))
                & (Q(ready_on__isnull=True) | (Q(checked_on__isnull=False) & Q(ready_on__gte=F("checked_on"))))
                & (Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("listed_on"))),
                name="fieldchecks_fieldpoint_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True) | Q(lon__isnull=False, lat__isnull=False),
                name="fieldchecks_fieldpoint_lon_with_lat",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["city", "county", "mode", "format", "code"], name="fieldchecks_fieldpoint_area"),
            models.Index(fields=["mode", "format", "state"], name="fieldchecks_fieldpoint_format"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """Under which subject everything about the point is sealed."""
        return f"fieldchecks.point:{self.uid}"
