"""Evidence for the document review: what is owed for each item and area, files with versions, rounds, verdicts."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shian.kernel.files.models import StoredFile
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.registers.people.models import Organisation


class NeedState(models.TextChoices):
    """Where an item stands; a single file of it has all of these but the first."""

    NONE = "none", _("未提交")
    FILED = "filed", _("待审核")
    RETURNED = "returned", pgettext_lazy("state", "退回")
    CONDITIONAL = "conditional", _("有条件通过")
    PASSED = "passed", _("通过")


class ReviewWord(models.TextChoices):
    PASSED = "passed", _("通过")
    CONDITIONAL = "conditional", _("有条件通过")
    RETURNED = "returned", pgettext_lazy("state", "退回")


class EvidenceNeed(AreaScoped):
    """One item of the standard for one area: evidence is owed by `unit`. `passed_on`: since when all of it passes."""

    item_code = models.CharField(_("评价内容"), max_length=12)
    unit = models.ForeignKey(
        Organisation, to_field="code", on_delete=models.PROTECT, related_name="+", verbose_name=_("责任单位"),
        null=True, blank=True,
    )  # fmt: skip
    state = models.CharField(_("状态"), max_length=11, choices=NeedState, default=NeedState.NONE)
    since = models.DateField(_("起始日期"))
    filed_on = models.DateField(_("首次提交日期"), null=True, blank=True)
    passed_on = models.DateField(_("通过日期"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item_code", "province", "city", "county", "township", "village"], name="campaign_need_once"
            ),
            models.CheckConstraint(
                condition=Q(state="passed", passed_on__isnull=False) | (~Q(state="passed") & Q(passed_on__isnull=True)),
                name="campaign_need_passed_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_code} {self.area}"


class ReviewRound(AreaScoped):
    """A round of review over an area and the areas below it: one is open at a time."""

    number = models.PositiveSmallIntegerField(_("轮次"))
    title = models.CharField(_("名称"), max_length=80)
    levels = ArrayField(models.CharField(max_length=8), default=list)
    opened_at = models.DateTimeField(_("开始时间"))
    opened_by = models.CharField(max_length=150)
    due_on = models.DateField(_("审核截止"))
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    closed_by = models.CharField(max_length=150, blank=True, default="")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city", "county", "number"], name="campaign_round_once"),
            models.UniqueConstraint(
                fields=["city", "county"], condition=Q(closed_at__isnull=True), name="campaign_round_one_open"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class RoundItem(models.Model):
    """An item on a round's list: `before` is where it stood when the round opened, `outcome` where the round left it.

    Rows are written once, when the round opens: the list of round two is the gap list of round one.
    """

    round = models.ForeignKey(ReviewRound, on_delete=models.CASCADE, related_name="items")
    need = models.ForeignKey(EvidenceNeed, on_delete=models.PROTECT, related_name="rounds")
    before = models.CharField(_("列入原因"), max_length=11, choices=NeedState)
    outcome = models.CharField(_("本轮结论"), max_length=11, choices=NeedState)
    decided_at = models.DateTimeField(_("审核时间"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "need"], name="campaign_rounditem_once")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.need_id}"


class Evidence(AreaScoped):
    """A document that proves something. Four dates: issued, the period that it covers, uploaded (of each version),
    expires. The same document may serve several items."""

    title = models.CharField(_("材料名称"), max_length=200)
    doc_no = models.CharField(_("文号"), max_length=60, blank=True, default="")
    unit = models.ForeignKey(
        Organisation, to_field="code", on_delete=models.PROTECT, related_name="+", verbose_name=_("提交单位")
    )
    issued_on = models.DateField(_("印发日期"))
    period_from = models.DateField(_("覆盖期间起"), null=True, blank=True)
    period_to = models.DateField(_("覆盖期间止"), null=True, blank=True)
    expires_on = models.DateField(_("有效期至"), null=True, blank=True)
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    filed_at = models.DateTimeField(_("上传时间"))
    filed_by = models.CharField(max_length=150)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(period_from__isnull=True, period_to__isnull=True) | Q(period_to__gte=F("period_from")),
                name="campaign_evidence_period_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("issued_on")),
                name="campaign_evidence_expires_after_issue",
            ),
        ]
        indexes = [models.Index(fields=["expires_on"], name="campaign_evidence_expiry")]

    def __str__(self) -> str:
        return self.title


class EvidenceVersion(models.Model):
    """The content of a document at one time; rows are only added. `stored` keeps the bytes under their SHA-256."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("版本"))
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("文件名"), max_length=255)
    note = models.CharField(_("修改说明"), max_length=500, blank=True, default="")
    uploaded_at = models.DateTimeField(_("上传时间"))
    uploaded_by = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evidence", "number"], name="campaign_evidenceversion_once")]
        ordering = ["evidence", "number"]

    def __str__(self) -> str:
        return self.name


class EvidenceLink(models.Model):
    """A document under an item. `accepted` is the version that a reviewer passed, `accepted_sha256` its content: a
    newer version is filed again, while what was accepted stays."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="links")
    need = models.ForeignKey(EvidenceNeed, on_delete=models.PROTECT, related_name="links")
    state = models.CharField(_("状态"), max_length=11, choices=NeedState, default=NeedState.FILED)
    accepted = models.ForeignKey(EvidenceVersion, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    accepted_sha256 = models.CharField(max_length=64, blank=True, default="")
    archived_at = models.DateTimeField(_("归档时间"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evidence", "need"], name="campaign_evidencelink_once"),
            models.CheckConstraint(
                condition=~Q(state="passed") | (Q(accepted__isnull=False) & ~Q(accepted_sha256="")),
                name="campaign_evidencelink_passed_is_pinned",
            ),
            models.CheckConstraint(condition=~Q(state="none"), name="campaign_evidencelink_is_filed"),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.need_id}"


class ReviewVerdict(models.Model):
    """What a reviewer said of a version under an item in a round. Rows are only added; the newest of a round counts."""

    round = models.ForeignKey(ReviewRound, on_delete=models.PROTECT, related_name="verdicts")
    link = models.ForeignKey(EvidenceLink, on_delete=models.PROTECT, related_name="verdicts")
    version = models.ForeignKey(EvidenceVersion, on_delete=models.PROTECT, related_name="verdicts")
    sha256 = models.CharField(max_length=64)
    verdict = models.CharField(_("结论"), max_length=11, choices=ReviewWord)
    comment = models.TextField(_("审核意见"), max_length=1000, blank=True, default="")
    at = models.DateTimeField(_("审核时间"))
    by = models.CharField(max_length=150)
    seal = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="passed") | ~Q(comment=""), name="campaign_reviewverdict_says_why"
            )
        ]
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.round_id} {self.link_id} {self.verdict}"
