"""Random tests of principals, directors and officers (监督抽考, C-21)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shian.domains.selfcontrol.models.own import PlacedOfOperator
from shian.domains.selfcontrol.models.staff import SafetyStaff
from shian.engine.forms.question_papers import TakenPaper


class Exam(PlacedOfOperator, TakenPaper):
    """called → begun → finished (or run out) → retest of `retest_of`.

    The seed's SHA-256 was sealed when the person was called. Tests that came from a file have no questions.
    """

    number = models.CharField(_("抽考编号"), max_length=40, unique=True)
    staff = models.ForeignKey(SafetyStaff, on_delete=models.PROTECT, related_name="exams")
    retest_of = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="retest")
    examined_on = models.DateField(_("抽考日期"))
    last_on = models.DateField(_("最迟参加日期"), null=True, blank=True)
    called_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(score__isnull=True, passed__isnull=True) | Q(score__range=(0, 100), passed__isnull=False),
                name="selfcontrol_exam_scored_and_judged",
            ),
        ]
        indexes = [models.Index(fields=["examined_on"], name="selfcontrol_exam_day")]

    def __str__(self) -> str:
        return self.number
