"""The codes that operators show to the public, and how often they were scanned."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shian.registers.operators.models import Operator


class CodeState(models.TextChoices):
    ACTIVE = "active", _("有效")
    SUSPENDED = "suspended", _("已暂停")
    REVOKED = "revoked", pgettext_lazy("code", "已作废")


class ScanRole(models.TextChoices):
    """Who held the phone: anybody, or somebody signed in whose reach covers the operator."""

    VISITOR = "visitor", _("公众")
    STAFF = "staff", _("监管人员")


class OperatorCode(models.Model):
    """A code of an operator. Live until it is revoked, and of live ones an operator has at most one.

    Undoing an import takes its new operators away with their codes: the references cascade in the database itself
    (0002_cascades.py), because an undo deletes rows by statement.

    `seal` is the notary entry of its issue; `issued_on` and `ended_on` are the days that figures read.
    """

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="codes", db_constraint=False)
    serial = models.CharField(max_length=16, unique=True)
    state = models.CharField(max_length=10, choices=CodeState.choices, default=CodeState.ACTIVE)
    reason = models.CharField(max_length=200, blank=True, default="")
    seal = models.UUIDField()
    issued_by = models.CharField(max_length=150)
    issued_at = models.DateTimeField()
    issued_on = models.DateField()
    changed_by = models.CharField(max_length=150, blank=True, default="")
    changed_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operator"], condition=~Q(state="revoked"), name="census_code_one_live"),
            models.CheckConstraint(
                condition=Q(state="revoked", ended_on__isnull=False)
                | (Q(state__in=["active", "suspended"]) & Q(ended_on__isnull=True)),
                name="census_code_revoked_has_end",
            ),
            models.CheckConstraint(
                condition=Q(state="active") | ~Q(reason=""), name="census_code_stopped_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(changed_at__isnull=True, changed_by="") | (Q(changed_at__isnull=False) & ~Q(changed_by="")),
                name="census_code_changed_at_by",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.serial


class CodeScan(models.Model):
    """How often a code was scanned on a day, by whom in the broadest sense. Nothing tells one visitor from another."""

    code = models.ForeignKey(OperatorCode, on_delete=models.CASCADE, related_name="scans", db_constraint=False)
    day = models.DateField()
    role = models.CharField(max_length=10, choices=ScanRole.choices)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "day", "role"], name="census_scan_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.role} {self.count}"
