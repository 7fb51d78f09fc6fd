"""One row for each time that personal data was opened or a file was taken."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    VIEW = "view", _("查看完整信息")
    EXPORT = "export", _("导出")
    FILE = "file", _("下载文件")
    LOOK = "look", _("评估查阅")


class Disclosure(models.Model):
    """What was shown or taken. `subject` is "app.model:key", `personal` kinds of masking.Personal (`is_masked`: none of
    them in full), `entry` its seal. An export is made of rows; a file is one that somebody sent, a photograph say; a
    look is a page that an assessor opened.

    Guarded: administrators read it. Rows are never changed.
    """

    kind = models.CharField(_("类型"), max_length=6, choices=Kind)
    actor = models.CharField(_("人员"), max_length=150)
    subject = models.CharField(max_length=200)
    title = models.CharField(_("对象"), max_length=200)
    reason = models.CharField(_("理由"), max_length=300, blank=True, default="")
    personal = models.CharField(max_length=100, blank=True, default="")
    is_masked = models.BooleanField(default=False)
    rows = models.PositiveIntegerField(_("行数"), default=1)
    details = models.JSONField(default=dict)
    at = models.DateTimeField(_("时间"))
    entry = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(fields=["actor", "-id"], name="disclosures_of_actor"),
            models.Index(fields=["subject", "-id"], name="disclosures_of_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="view") | ~models.Q(reason=""), name="disclosures_view_has_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} by {self.actor}"
