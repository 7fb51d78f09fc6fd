"""Meetings and circulars of the standing mechanisms: agenda, attendance with receipts, decisions that are tasks."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shian.engine.cases.models import Case
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.registers.people.models import Organisation


class Mechanism(models.TextChoices):
    FRIDAY = "friday", _("周五调度会")
    REGULAR = "regular", _("定期例会")
    JOINT = "joint", _("联席会议")
    EXCHANGE = "exchange", _("信息通报")
    REVIEW = "review", _("形势会商")
    PLENARY = "plenary", _("食安委全体会议")


class MeetingState(models.TextChoices):
    SCHEDULED = "scheduled", _("已安排")
    FROZEN = "frozen", _("议程已定")
    ISSUED = "issued", _("纪要已印发")


class Meeting(AreaScoped):
    """One meeting, or one circular (信息通报), which has a text and receipts but no agenda."""

    mechanism = models.CharField(_("机制"), max_length=8, choices=Mechanism)
    title = models.CharField(_("名称"), max_length=120)
    held_on = models.DateField(_("日期"))
    place = models.CharField(_("地点"), max_length=80, blank=True, default="")
    chair = models.CharField(_("主持"), max_length=60, blank=True, default="")
    state = models.CharField(_("状态"), max_length=9, choices=MeetingState, default=MeetingState.SCHEDULED)
    minutes = models.TextField(_("纪要"), blank=True, default="")
    frozen_at = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField(_("印发时间"), null=True, blank=True)
    made_by = models.CharField(max_length=150)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["city", "county", "mechanism", "held_on"], name="campaign_meeting_friday_once",
                condition=Q(mechanism="friday"),
            ),
            models.CheckConstraint(
                condition=Q(state="issued", issued_at__isnull=False) | (~Q(state="issued") & Q(issued_at__isnull=True)),
                name="campaign_meeting_issued_has_its_moment",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


class AgendaItem(models.Model):
    """A point of the agenda: a case as it stood when the agenda was frozen, or a topic somebody added."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    number = models.PositiveSmallIntegerField(_("序号"))
    reason = models.CharField(_("缘由"), max_length=8)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(_("议题"), max_length=200)
    unit_name = models.CharField(_("单位"), max_length=80, blank=True, default="")
    due_on = models.DateField(_("期限"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="campaign_agendaitem_once")]
        ordering = ["meeting", "number"]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """A member unit of a meeting: whether it came, and when it acknowledged the minutes."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    unit = models.ForeignKey(Organisation, to_field="code", on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    read_by = models.CharField(max_length=150, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "unit"], name="campaign_attendance_once")]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.unit_id}"


class Decision(models.Model):
    """What a meeting decided: a task with an owner and a day from the moment that it is written down."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField(_("序号"))
    text = models.CharField(_("决定"), max_length=200)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="campaign_decision_once")]
        ordering = ["meeting", "number"]

    def __str__(self) -> str:
        return self.text
