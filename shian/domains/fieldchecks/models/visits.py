"""Visits: one point checked once, openly or covertly, by a team that the issuing unit sends."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shian.domains.fieldchecks.models.covert import Mode
from shian.domains.fieldchecks.models.points import FieldPoint
from shian.engine.forms.models import FormSubmission
from shian.engine.forms.scoring import Verdict
from shian.kernel.files.models import StoredFile
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.kernel.scope.reach import reach_of
from shian.registers.people.models import Organisation


class VisitState(models.TextChoices):
    """assigned → arrived → checked → signed → uploaded openly; assigned → visited → scored → released covertly. Where
    the site was closed or refused, a reserve is visited instead (replaced), or the point counts with 0 (refused)."""

    ASSIGNED = "assigned", _("已安排")
    ARRIVED = "arrived", _("已到场")
    CHECKED = "checked", _("已检查")
    SIGNED = "signed", _("已签字")
    UPLOADED = "uploaded", _("已归档")
    VISITED = "visited", _("已到访")
    SCORED = "scored", _("已打分")
    RELEASED = "released", _("已公布")
    REPLACED = "replaced", _("已替换")
    REFUSED = "refused", _("未能检查")


OVERT_STATES = (VisitState.ARRIVED, VisitState.CHECKED, VisitState.SIGNED, VisitState.UPLOADED)
COVERT_STATES = (VisitState.VISITED, VisitState.SCORED, VisitState.RELEASED)
BEFORE_SHEET = (VisitState.ASSIGNED, VisitState.ARRIVED, VisitState.VISITED)
UNDER_WAY = (*BEFORE_SHEET, VisitState.CHECKED, VisitState.SIGNED)
RELEASABLE = (VisitState.SCORED, VisitState.REFUSED)
COUNTED = (VisitState.UPLOADED, VisitState.SCORED, VisitState.RELEASED, VisitState.REFUSED)
PASSED = (Verdict.PASSED.value, Verdict.EXCELLENT.value)


class FieldVisitQuerySet(ScopedQuerySet["FieldVisit"]):
    """A covert visit exists for its visitors and for the unit that sent them, until it is released; nobody's role and
    nobody's area shows it. Migration 0003 says the same in SQL."""

    def visible_to(self, user: Any) -> Self:
        reach = reach_of(user)
        if reach.everything:
            return self.all()
        if not getattr(user, "pk", None):
            return self.none()
        own = Q(lead=user.pk) | Q(second=user.pk) | Q(issuer__in=list(reach.organisations))
        return self.filter(own | (OPEN & reach.area_filter()))

    def open_to_all(self) -> Self:
        """Without covert visits that nobody has released: what figures count."""
        return self.filter(OPEN)


OPEN = Q(mode=Mode.OVERT) | Q(released_at__isnull=False)


class FieldVisit(AreaScoped):
    """A visit. `uid` is what seals name it by; `number` is what people do. format, form: those of the point on the day
    of the assignment. lead, second: the two who go; their names stay as they were. submission: the sheet that was
    filled in; its score is the program's own, percent and verdict repeat it. lat, lon in degrees, accuracy in metres.

    batch: it came from a file of records on paper, which stay with whoever brought them.
    """

    uid = models.UUIDField(unique=True, db_default=RandomUUID())
    number = models.CharField(_("检查编号"), max_length=40, unique=True)
    point = models.ForeignKey(FieldPoint, on_delete=models.PROTECT, related_name="visits")
    round_no = models.CharField(_("轮次"), max_length=40, blank=True, default="")
    mode = models.CharField(_("检查方式"), max_length=6, choices=Mode)
    format = models.CharField(_("业态代码"), max_length=20)
    form = models.CharField(_("打分表"), max_length=60, blank=True, default="")
    state = models.CharField(_("状态"), max_length=8, choices=VisitState, default=VisitState.ASSIGNED)
    issuer = models.ForeignKey(
        Organisation, to_field="code", on_delete=models.PROTECT, related_name="+", verbose_name=_("组织单位"),
        db_index=False,
    )  # fmt: skip
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lead_name = models.CharField(_("检查人员"), max_length=60, blank=True, default="")
    second_name = models.CharField(_("同行人员"), max_length=60, blank=True, default="")
    assigned_at = models.DateTimeField(_("安排时间"))
    due_on = models.DateField(_("期限"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("到场时间"), null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    accuracy = models.FloatField(null=True, blank=True)
    submission = models.OneToOneField(
        FormSubmission, on_delete=models.PROTECT, null=True, blank=True, related_name="visit"
    )
    visited_on = models.DateField(_("检查日期"), null=True, blank=True)
    started_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    percent = models.DecimalField(_("得分"), max_digits=5, decimal_places=2, null=True, blank=True)
    verdict = models.CharField(_("结论"), max_length=10, blank=True, default="")
    opinion = models.TextField(_("指导意见"), blank=True, default="")
    operator_signature = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    team_signature = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(_("签字时间"), null=True, blank=True)
    uploaded_at = models.DateTimeField(_("归档时间"), null=True, blank=True)
    released_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    released_by = models.CharField(max_length=150, blank=True, default="")
    reason = models.CharField(_("未检查原因"), max_length=300, blank=True, default="")
    batch = models.BigIntegerField(null=True, blank=True)

    objects = FieldVisitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(mode=Mode.OVERT, state__in=OVERT_STATES) | Q(mode=Mode.COVERT, state__in=COVERT_STATES)
                | Q(state__in=[VisitState.ASSIGNED, VisitState.REPLACED, VisitState.REFUSED]),
                name="fieldchecks_visit_state_of_its_mode",
            ),
            models.CheckConstraint(
                condition=~Q(state=VisitState.UPLOADED) | Q(batch__isnull=False)
                | (
                    Q(submission__isnull=False, lat__isnull=False, lon__isnull=False, signed_at__isnull=False)
                    & Q(operator_signature__isnull=False, team_signature__isnull=False)
                    & ~Q(lead_name="") & ~Q(second_name="") & ~Q(lead_name=models.F("second_name"))
                ),
                name="fieldchecks_visit_closed_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=COUNTED) | Q(visited_on__isnull=False, percent__isnull=False)
                | Q(verdict=Verdict.NONE.value, visited_on__isnull=False),
                name="fieldchecks_visit_counted_has_its_score",
            ),
            models.CheckConstraint(
                condition=Q(lead__isnull=True) | Q(second__isnull=True) | ~Q(lead=models.F("second")),
                name="fieldchecks_visit_two_people",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by="")
                | (Q(released_at__isnull=False, mode=Mode.COVERT, state=VisitState.RELEASED) & ~Q(released_by="")),
                name="fieldchecks_visit_released_at_with_by",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[VisitState.REPLACED, VisitState.REFUSED]) | ~Q(reason=""),
                name="fieldchecks_visit_not_done_says_why",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["city", "county", "mode", "-visited_on"], name="fieldchecks_visit_area"),
            models.Index(fields=["lead", "state"], name="fieldchecks_visit_lead"),
            models.Index(fields=["second", "state"], name="fieldchecks_visit_second"),
            models.Index(fields=["issuer", "-id"], name="fieldchecks_visit_issuer"),
            models.Index(fields=["round_no", "mode", "format"], name="fieldchecks_visit_round"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """Under which subject everything about the visit is sealed."""
        return f"fieldchecks.visit:{self.uid}"

    @property
    def told_percent(self) -> str:
        """The score as seals tell it; "" where nothing was scored."""
        return "" if self.percent is None else str(self.percent)

    @property
    def is_covert(self) -> bool:
        return self.mode == Mode.COVERT

    @property
    def is_hidden(self) -> bool:
        """Is it still hidden from whoever was checked?"""
        return self.is_covert and self.released_at is None
