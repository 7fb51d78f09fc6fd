"""Joint checks (F-14): one record, several departments, and the meeting in the trade that went with it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shian.domains.fieldchecks.models.points import FieldPoint
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.registers.people.models import Organisation


class JointState(models.TextChoices):
    PLANNED = "planned", _("已计划")
    HELD = "held", _("已开展")
    ASSIGNED = "assigned", _("问题已交办")


class JointCheck(AreaScoped):
    """planned → held → assigned. `departments`: two at least, the first to call is `lead`. What was found is written
    down when it was held; each problem names who puts it right once the problems are assigned."""

    title = models.CharField(_("名称"), max_length=80)
    area_code = models.CharField(_("区划"), max_length=12)
    held_on = models.DateField(_("日期"))
    state = models.CharField(_("状态"), max_length=8, choices=JointState, default=JointState.PLANNED)
    lead = models.ForeignKey(
        Organisation, to_field="code", on_delete=models.PROTECT, related_name="+", verbose_name=_("牵头部门")
    )
    departments = models.ManyToManyField(Organisation, related_name="+", verbose_name=_("参加部门"))
    points = models.ManyToManyField(FieldPoint, related_name="+", blank=True, verbose_name=_("检查点位"))
    meeting = models.TextField(_("现场会"), blank=True, default="")
    planned_at = models.DateTimeField()
    planned_by = models.CharField(max_length=150)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["city", "county", "-held_on"], name="fieldchecks_joint_area")]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """Under which subject everything about the check is sealed, and its problems are found."""
        return f"fieldchecks.joint:{self.pk}"


class JointProblem(models.Model):
    """Something found in a joint check; who puts it right until when, once it is assigned."""

    check_record = models.ForeignKey(JointCheck, on_delete=models.CASCADE, related_name="problems")
    text = models.CharField(_("问题"), max_length=300)
    department = models.ForeignKey(
        Organisation, to_field="code", on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("整改部门"),
    )  # fmt: skip
    due_on = models.DateField(_("整改期限"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(department__isnull=True, due_on__isnull=True)
                | Q(department__isnull=False, due_on__isnull=False),
                name="fieldchecks_jointproblem_assigned_until_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.text
