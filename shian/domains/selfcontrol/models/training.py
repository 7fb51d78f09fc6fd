"""Training of operators' people (C-21, J-12): sessions, and who came."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.domains.selfcontrol.models.own import PlacedOfOperator
from shian.domains.selfcontrol.models.staff import SafetyStaff
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet


class SessionKind(models.TextChoices):
    COURSE = "course", _("集中培训")
    LAW = "law", _("送法进企业")
    ONLINE = "online", _("线上课程")
    OWN = "own", _("企业内训")


class TrainingSession(AreaScoped):
    """planned → held → counted: what was taught, where, how many hours."""

    code = models.CharField(_("培训编号"), max_length=40, unique=True)
    title = models.CharField(_("培训名称"), max_length=80)
    topic = models.CharField(_("主题"), max_length=80, blank=True, default="")
    kind = models.CharField(_("形式"), max_length=8, choices=SessionKind)
    organiser = models.CharField(_("组织单位"), max_length=80)
    area_code = models.CharField(_("区划代码"), max_length=12)
    held_on = models.DateField(_("培训日期"))
    hours = models.DecimalField(_("学时"), max_digits=4, decimal_places=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(hours__gt=0), name="selfcontrol_session_has_hours")]
        indexes = [models.Index(fields=["held_on"], name="selfcontrol_session_held")]

    def __str__(self) -> str:
        return self.title


class Attendance(PlacedOfOperator):
    """Who of an operator came: a named person of its staff, or so many people without names (`people`)."""

    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="attendances")
    staff = models.ForeignKey(SafetyStaff, on_delete=models.PROTECT, null=True, blank=True, related_name="attendances")
    people = models.PositiveIntegerField(_("人数"), default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "operator", "staff"], nulls_distinct=False, name="selfcontrol_attendance_once"
            ),
            models.CheckConstraint(
                condition=models.Q(people=1) | models.Q(people__gt=1, staff__isnull=True),
                name="selfcontrol_attendance_of_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.operator_id}"
