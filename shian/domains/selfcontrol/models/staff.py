"""Directors and officers of operators (C-15): persons, and what they were appointed to between which days."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shian.domains.selfcontrol.models.accounts import Duty
from shian.domains.selfcontrol.models.own import OfOperator, PlacedOfOperator, in_order


class SafetyStaff(OfOperator):
    """A person in a business. `person_no` tells the same person in two businesses; barred ones may hold no post (食品
    安全法 第一百三十五条): barred_from ≤ day < barred_to, for good without an end."""

    person_no = models.CharField(_("人员编号"), max_length=40)
    person_name = models.CharField(_("姓名"), max_length=30)
    phone = models.CharField(_("手机"), max_length=20, blank=True, default="")
    barred_from = models.DateField(_("禁业起始"), null=True, blank=True)
    barred_to = models.DateField(_("禁业届满"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operator", "person_no"], name="selfcontrol_staff_once"),
            models.CheckConstraint(
                condition=Q(barred_to__isnull=True) | Q(barred_from__isnull=False, barred_to__gte=F("barred_from")),
                name="selfcontrol_staff_bar_in_order",
            ),
        ]
        indexes = [models.Index(fields=["person_no"], name="selfcontrol_staff_person")]

    def __str__(self) -> str:
        return self.person_no


class Appointment(PlacedOfOperator):
    """required → appointed → trained → examined → replaced, each with its day. In post: appointed_on ≤ day < ended_on,
    and not from `suspended_on` on: whoever failed the supervisors' test leaves the post until passing it."""

    staff = models.ForeignKey(SafetyStaff, on_delete=models.PROTECT, related_name="appointments")
    duty = models.CharField(_("职责"), max_length=10, choices=Duty)
    document_no = models.CharField(_("任命文件"), max_length=60, blank=True, default="")
    appointed_on = models.DateField(_("任命日期"))
    trained_on = models.DateField(_("岗前培训日期"), null=True, blank=True)
    assessed_on = models.DateField(_("上岗考核日期"), null=True, blank=True)
    suspended_on = models.DateField(_("暂停上岗日期"), null=True, blank=True)
    ended_on = models.DateField(_("离任日期"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "duty", "appointed_on"], name="selfcontrol_appointment_once"),
            models.UniqueConstraint(
                fields=["staff", "duty"], condition=Q(ended_on__isnull=True), name="selfcontrol_appointment_open_once"
            ),
            models.CheckConstraint(
                condition=in_order("appointed_on", "ended_on"), name="selfcontrol_appointment_in_order"
            ),
        ]
        indexes = [
            models.Index(
                fields=["duty", "operator"],
                include=["appointed_on", "ended_on", "suspended_on"],
                name="selfcontrol_in_post",
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.duty}"
