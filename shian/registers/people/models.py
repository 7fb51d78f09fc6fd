"""Organisations, persons, posts."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.kernel.scope.models import AreaScoped, ScopedQuerySet

ORGANISATION_KINDS = (
    "政府部门", "党委部门", "委员会", "委员会办公室", "指挥部", "指挥部办公室", "工作组", "街乡镇政府",
    "街乡镇党委", "监管所", "议事机构", "督查片区", "司法机关", "其他",
)  # fmt: skip
POST_KINDS = (
    "领导", "联络员", "副联络员", "监管人员", "站长", "创建办人员", "评审人员", "评估人员", "包保干部",
)  # fmt: skip


class Organisation(AreaScoped):
    """A unit. `department_code` ties it to the standard's departments (SAMR, AGRI …)."""

    code = models.CharField(_("单位编码"), max_length=40, unique=True)
    name = models.CharField(_("单位名称"), max_length=80)
    short_name = models.CharField(_("简称"), max_length=30, blank=True, default="")
    kind = models.CharField(_("单位类别"), max_length=10)
    area_code = models.CharField(_("所在区划"), max_length=12)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    department_code = models.CharField(_("部门代码"), max_length=20, blank=True, default="")
    is_campaign_department = models.BooleanField(_("创建部门"), default=False)
    valid_from = models.DateField(_("成立日期"))
    valid_to = models.DateField(_("撤销日期"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["department_code", "county"], name="people_org_department")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="people_organisation_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return self.short_name or self.name


class Person(models.Model):
    """A person in public service; `user` once there is an account."""

    person_no = models.CharField(_("人员编号"), max_length=30, unique=True)
    name = models.CharField(_("姓名"), max_length=30)
    phone = models.CharField(_("手机"), max_length=20, blank=True, default="")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="person"
    )

    def __str__(self) -> str:
        return self.name


class Post(AreaScoped):
    """A person's post in an organisation, for an area, between dates."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(_("职务"), max_length=40)
    kind = models.CharField(_("岗位类别"), max_length=10)
    area_code = models.CharField(_("任职区划"), max_length=12)
    valid_from = models.DateField(_("任职日期"))
    valid_to = models.DateField(_("离任日期"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation", "kind", "valid_from"], name="people_post_once"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="people_post_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.title}"
