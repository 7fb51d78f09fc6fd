"""Forms, their versions, the phones that fill them in, and what came in.

A version that is issued and a submission that is in never change; migration 0002 makes the database refuse it.
"""

from dataclasses import replace
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shian.engine.forms.definition import Definition, definition_of
from shian.engine.forms.permissions import FORM_WRITE
from shian.kernel.accounts.models import Role
from shian.kernel.files.models import StoredFile
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import KEY_WIDTH, Level

MOST_KEPT = 200  # definitions of issued versions, a process: 33 sheets and their former versions
_definitions: dict[tuple[int, str, str], Definition] = {}


class FormQuerySet(models.QuerySet["Form"]):
    def visible_to(self, user: Any) -> Self:
        """Forms of which a version was issued; whoever writes forms sees drafts too. A sheet is no secret: what was
        found with it is (submissions)."""
        return self if FORM_WRITE(user).allowed else self.filter(versions__issued_at__isnull=False).distinct()


class Form(models.Model):
    """A question set by its key (XLSForm's form_id). title and series are those of its newest version."""

    key = models.CharField(_("表号"), max_length=60, unique=True)
    title = models.CharField(_("表名"), max_length=120)
    series = models.CharField(_("系列"), max_length=60, blank=True, default="")
    created_at = models.DateTimeField()

    objects = FormQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title


class VersionQuerySet(models.QuerySet["FormVersion"]):
    def visible_to(self, user: Any) -> Self:
        return self if FORM_WRITE(user).allowed else self.filter(issued_at__isnull=False)


class FormVersion(models.Model):
    """One edition: `content` is the definition as JSON, `digest` its SHA-256, `xform` what phones get, `file` the
    workbook that was uploaded (none: it came with a pack). It counts from valid_from until the next one, or until it is
    withdrawn; answers keep the version that they were given to."""

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    name = models.CharField(_("版本"), max_length=40)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    xform = models.TextField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField(_("启用日期"), null=True, blank=True)
    uploaded_at = models.DateTimeField(_("上传时间"))
    uploaded_by = models.CharField(_("上传人"), max_length=150)
    issued_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    issued_by = models.CharField(_("发布人"), max_length=150, blank=True, default="")
    withdrawn_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    withdrawn_by = models.CharField(_("停用人"), max_length=150, blank=True, default="")
    reason = models.CharField(_("停用理由"), max_length=300, blank=True, default="")

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "name"], name="forms_version_name_once"),
            models.UniqueConstraint(
                fields=["form"], name="forms_version_one_draft", condition=Q(issued_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(issued_at__isnull=True, issued_by="")
                | (Q(issued_at__isnull=False, valid_from__isnull=False) & ~Q(issued_by="")),
                name="forms_version_issued_at_with_issued_by",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by="", reason="")
                | (Q(withdrawn_at__isnull=False, issued_at__isnull=False) & ~Q(withdrawn_by="") & ~Q(reason="")),
                name="forms_version_withdrawn_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["form", "-valid_from", "-id"], name="forms_version_newest")]

    def __str__(self) -> str:
        return f"{self.form_id} {self.name}"

    @property
    def definition(self) -> Definition:
        """Read from `content`, once in a process where it no longer changes."""
        if self.issued_at is None:
            return definition_of(self.content)
        key = (self.pk, self.name, self.digest)
        if key not in _definitions:
            if len(_definitions) >= MOST_KEPT:
                _definitions.clear()
            _definitions[key] = definition_of(self.content)
        return _definitions[key]


class PhoneQuerySet(ScopedQuerySet["Phone"]):
    def visible_to(self, user: Any) -> Self:
        """A phone is its owner's business alone."""
        return self.filter(owner=user.pk)


class Phone(models.Model):
    """A secret by which ODK Collect on one phone acts as its owner; only its digest is kept."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("名称"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("接入时间"))
    expires_at = models.DateTimeField(_("到期时间"))
    used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    objects = PhoneQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("made_at")), name="forms_phone_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SubmissionQuerySet(ScopedQuerySet["FormSubmission"]):
    def visible_to(self, user: Any) -> Self:
        """One's own; those of the own area once they are released, and for the office of a city also before: a county's
        stands beside whoever is checked."""
        reach = reach_of(user)
        if reach.everything:
            return self.all()
        inside = reach.area_filter() & Q(released_at__isnull=False)
        if getattr(user, "role", "") == Role.OFFICE:
            inside |= replace(
                reach, keys=tuple(each for each in reach.keys if len(each) < KEY_WIDTH[Level.COUNTY])
            ).area_filter()
        return self.filter(Q(user=user.pk) | inside)


class Source(models.TextChoices):
    ODK = "odk", _("ODK Collect")
    PAGE = "page", _("网页")


class FormSubmission(AreaScoped):
    """A form that was filled in, once per instance_id, which the client made.

    original: the XML as it came ("" from a page); digest: SHA-256 of the body. started_at, ended_at: by the device's
    clock; sent_at: that clock when it was first sent, which beside received_at tells how wrong it was. lat, lon in
    degrees, accuracy in metres, of the first place in the form. files: names that the answers speak of; completed_at:
    when the last of them was here. entities: answers to lists, by question. released_at: others may see it. From a
    page besides: assignment (assignments.py), clock (seconds that the device's clock was ahead of the server's when the
    form was finished) and photos (page_posts.py), by file name.
    """

    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="submissions")
    instance_id = models.CharField(_("提交编号"), max_length=80, unique=True)
    source = models.CharField(_("来源"), max_length=4, choices=Source)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("填报人")
    )
    phone = models.ForeignKey(Phone, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    device = models.CharField(_("设备"), max_length=120, blank=True, default="")
    digest = models.CharField(max_length=64)
    original = models.TextField(blank=True, default="")
    answers = models.JSONField()
    entities = models.JSONField(default=dict, blank=True)
    files = models.JSONField(default=list, blank=True)
    earned = models.DecimalField(_("得分"), max_digits=8, decimal_places=2, null=True, blank=True)
    whole = models.DecimalField(_("应得分"), max_digits=8, decimal_places=2, null=True, blank=True)
    percent = models.DecimalField(_("百分制得分"), max_digits=5, decimal_places=2, null=True, blank=True)
    verdict = models.CharField(_("结论"), max_length=10, blank=True, default="")
    failed_keys = models.JSONField(default=list, blank=True)
    started_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    accuracy = models.FloatField(null=True, blank=True)
    received_at = models.DateTimeField(_("收到时间"))
    completed_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    assignment = models.CharField(max_length=80, blank=True, default="")
    clock = models.FloatField(null=True, blank=True)
    photos = models.JSONField(default=dict, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="") | Q(earned__isnull=False, whole__isnull=False),
                name="forms_submission_scored_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["version", "-id"], name="forms_submission_version"),
            models.Index(fields=["user", "-id"], name="forms_submission_user"),
            models.Index(fields=["city", "county", "-id"], name="forms_submission_area"),
        ]

    def __str__(self) -> str:
        return self.instance_id


class SubmissionFile(models.Model):
    """A photo or file that came with a submission, under the name that the answer gives it."""

    submission = models.ForeignKey(FormSubmission, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(_("文件名"), max_length=200)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "name"], name="forms_file_once")]

    def __str__(self) -> str:
        return self.name
