"""Drafts of replies to proposals: the text as written, the text as it reads, and the figures frozen in it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.engine.cases.models import Case


class ReplyDraft(models.Model):
    """One writing of a reply; the newest one counts.

    template: the text with {measure} in place of each figure. figures: what each was on the day, in order of
    appearance: measure, title, text, area, as_of.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="replies")
    number = models.PositiveSmallIntegerField(_("稿次"))
    template = models.TextField(_("正文"))
    text = models.TextField()
    figures = models.JSONField(default=list)
    as_of = models.DateField(_("数据时点"))
    drafted_at = models.DateTimeField(_("起草时间"))
    drafted_by = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="campaign_reply_once")]
        ordering = ["case", "-number"]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number}"
