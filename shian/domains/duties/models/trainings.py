"""Training of officials (C-14): sessions, who was there, what was asked and answered, tests on the phone."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shian.domains.duties.models.officials import Official
from shian.engine.forms.question_papers import TakenPaper
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet


class TrainingState(models.TextChoices):
    PLANNED = "planned", _("已计划")
    HELD = "held", _("已举办")
    RECORDED = "recorded", _("已归档")
    DROPPED = "dropped", _("已取消")


class Training(AreaScoped):
    """planned → held → recorded. level: whom it is for ("" all levels). handout: what is read on the phone before the
    test, a paragraph a line. Attendance counts from held_on, once the record is complete."""

    number = models.CharField(_("培训编号"), max_length=40, unique=True)
    topic = models.CharField(_("培训主题"), max_length=120)
    area_code = models.CharField(_("区划"), max_length=12)
    level = models.CharField(_("培训对象"), max_length=8, blank=True, default="")
    place = models.CharField(_("地点"), max_length=120, blank=True, default="")
    trainer = models.CharField(_("授课单位"), max_length=80, blank=True, default="")
    handout = models.TextField(_("培训讲义"), blank=True, default="")
    planned_on = models.DateField(_("计划日期"))
    held_on = models.DateField(_("举办日期"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=TrainingState, default=TrainingState.PLANNED)
    planned_at = models.DateTimeField()
    planned_by = models.CharField(_("组织人"), max_length=150)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["planned", "dropped"], held_on__isnull=True)
                | Q(state__in=["held", "recorded"], held_on__isnull=False),
                name="duties_training_held_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.topic

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"duties.training:{self.pk}"


class Attending(models.TextChoices):
    ON_SITE = "onsite", _("到场")
    PHONE = "phone", _("手机学习")


class TrainingAttendance(models.Model):
    """An official was there, or has read the handout on the phone and passed its test; score of 100 of the test, where
    there was one: of several tries on the phone the best."""

    way = models.CharField(_("参加方式"), max_length=6, choices=Attending, default=Attending.ON_SITE)
    training = models.ForeignKey(Training, on_delete=models.CASCADE, related_name="attendances")
    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="+", db_index=False)
    score = models.DecimalField(_("测试得分"), max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["official", "training"], name="duties_attendance_once"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100), name="duties_attendance_score"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class TrainingQuestion(models.Model):
    """What somebody asked at a training, and what was answered."""

    training = models.ForeignKey(Training, on_delete=models.CASCADE, related_name="questions")
    question = models.TextField(_("问题"))
    answer = models.TextField(_("解答"), blank=True, default="")
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.question[:40]


class TrainingTest(TakenPaper):
    """A try of an official at the test of a training, on the phone; `number` counts the tries: 1, 2, 3."""

    training = models.ForeignKey(Training, on_delete=models.CASCADE, related_name="tests")
    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(_("第几次"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["training", "official", "number"], name="duties_training_test_number"),
            models.UniqueConstraint(
                fields=["training", "official"], name="duties_training_test_one_open", condition=Q(score__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True, passed__isnull=True) | Q(score__range=(0, 100), passed__isnull=False),
                name="duties_training_test_judged",
            ),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.training_id}-{self.official_id}-{self.number}"

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"duties.trainingtest:{self.pk}"
