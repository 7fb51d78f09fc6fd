"""Forms and their versions. A version that is issued never changes; migration 0002 makes the database refuse it."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shian.engine.forms.definition import Definition, definition_of
from shian.engine.forms.permissions import FORM_WRITE
from shian.kernel.files.models import StoredFile


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
        return definition_of(self.content)
