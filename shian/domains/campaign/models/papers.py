"""The library of issued papers: each version with its number, what it replaced, and a receipt for each unit."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shian.kernel.files.models import StoredFile
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.registers.people.models import Organisation

PAPER_KINDS = ("实施方案", "工作指南", "清单目录", "工作安排", "督导方案", "宣传方案", "专班方案", "议事规则", "其他")


class PaperState(models.TextChoices):
    DRAFT = "draft", _("草拟")
    APPROVED = "approved", _("已审定")
    ISSUED = "issued", _("已印发")


class Paper(AreaScoped):
    """One version of a paper of an area's campaign. It is superseded once another one that names it was issued."""

    doc_no = models.CharField(_("文号"), max_length=60)
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    title = models.CharField(_("文件名称"), max_length=200)
    kind = models.CharField(_("文件类别"), max_length=10)
    issuer = models.ForeignKey(
        Organisation, to_field="code", on_delete=models.PROTECT, related_name="+", verbose_name=_("印发单位")
    )
    applies_to = models.CharField(_("适用范围"), max_length=200, blank=True, default="")
    supersedes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors", verbose_name=_("替代")
    )
    state = models.CharField(_("状态"), max_length=8, choices=PaperState, default=PaperState.DRAFT)
    approved_on = models.DateField(_("审定日期"), null=True, blank=True)
    approved_at_meeting = models.CharField(_("审定会议"), max_length=100, blank=True, default="")
    issued_on = models.DateField(_("印发日期"), null=True, blank=True)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    file_name = models.CharField(_("文件"), max_length=255, blank=True, default="")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["doc_no", "version"], name="campaign_paper_once"),
            models.CheckConstraint(
                condition=Q(state="issued", issued_on__isnull=False) | (~Q(state="issued") & Q(issued_on__isnull=True)),
                name="campaign_paper_issued_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.doc_no} v{self.version}"


class PaperReceipt(models.Model):
    """A unit that an issued paper was sent to, and when it acknowledged it."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="receipts")
    unit = models.ForeignKey(
        Organisation, to_field="code", on_delete=models.PROTECT, related_name="+", verbose_name=_("单位")
    )
    sent_on = models.DateField(_("发送日期"))
    acknowledged_on = models.DateField(_("签收日期"), null=True, blank=True)
    acknowledged_by = models.CharField(_("签收人"), max_length=150, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "unit"], name="campaign_paperreceipt_once"),
            models.CheckConstraint(
                condition=Q(acknowledged_on__isnull=True) | Q(acknowledged_on__gte=models.F("sent_on")),
                name="campaign_paperreceipt_after_sending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.unit_id}"
