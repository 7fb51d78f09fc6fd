"""Inspection teams (F-11): who belongs to them between which days, with which enforcement certificate."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.registers.people.models import Organisation, Person


class FieldTeam(AreaScoped):
    """A team of one area. formed → trained → active → rotated, each with its day; `region` is the half of the city that
    it works in. `organisation` sends it."""

    code = models.CharField(_("队伍编号"), max_length=40, unique=True)
    name = models.CharField(_("队伍名称"), max_length=60)
    area_code = models.CharField(_("所属区划"), max_length=12)
    region = models.CharField(_("片区"), max_length=30, blank=True, default="")
    organisation = models.ForeignKey(
        Organisation, to_field="code", on_delete=models.PROTECT, related_name="+", verbose_name=_("组建单位")
    )
    formed_on = models.DateField(_("组建日期"))
    trained_on = models.DateField(_("培训日期"), null=True, blank=True)
    active_on = models.DateField(_("上岗日期"), null=True, blank=True)
    rotated_on = models.DateField(_("轮换日期"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(trained_on__isnull=True) | Q(trained_on__gte=F("formed_on")))
                & (Q(active_on__isnull=True) | Q(trained_on__isnull=False, active_on__gte=F("trained_on")))
                & (Q(rotated_on__isnull=True) | Q(rotated_on__gte=F("formed_on"))),
                name="fieldchecks_team_days_in_order",
            ),
        ]
        indexes = [models.Index(fields=["city", "county"], name="fieldchecks_team_area")]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """A person in a team: joined_on ≤ day < left_on. A certificate counts up to and including its last day."""

    team = models.ForeignKey(FieldTeam, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("人员"))
    unit = models.CharField(_("所在单位"), max_length=80, blank=True, default="")
    certificate_no = models.CharField(_("执法证号"), max_length=40, blank=True, default="")
    certificate_valid_to = models.DateField(_("执法证有效期至"), null=True, blank=True)
    joined_on = models.DateField(_("加入日期"))
    left_on = models.DateField(_("离队日期"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "person", "joined_on"], name="fieldchecks_member_once"),
            models.UniqueConstraint(
                fields=["person"], name="fieldchecks_member_of_one_team", condition=Q(left_on__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="fieldchecks_member_leaves_after_joining",
            ),
            models.CheckConstraint(
                condition=Q(certificate_no="", certificate_valid_to__isnull=True)
                | (~Q(certificate_no="") & Q(certificate_valid_to__isnull=False)),
                name="fieldchecks_member_certificate_has_its_last_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} {self.person_id}"
