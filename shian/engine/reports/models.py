"""Documents and the figures that stand in them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.kernel.files.models import StoredFile
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.kernel.scope.rules import code_of_key


class DocumentState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    CHECKED = "checked", _("已核对")
    SIGNED = "signed", _("已签发")
    PUBLISHED = "published", _("已公布")


class FigureStatus(models.TextChoices):
    PRESENT = "present", _("一致")
    MISSING = "missing", _("待补充")
    CHANGED = "changed", _("有变化")


def _paired(at: str, by: str) -> models.CheckConstraint:
    """`at` and `by` are set together or not at all."""
    empty = models.Q(**{f"{at}__isnull": True, by: ""})
    filled = models.Q(**{f"{at}__isnull": False}) & ~models.Q(**{by: ""})
    return models.CheckConstraint(condition=empty | filled, name=f"reports_%(class)s_{at}_with_{by}")


class Document(AreaScoped):
    """One document about one area at one date. `file` is its docx; `tables` are the annex tables as printed.

    `version` counts its texts (第几稿): each writing anew makes the next, and the former stays as a DocumentVersion.
    `content_digest` is that of everything printed, so that writing the same again is recognised.
    """

    kind = models.CharField(_("种类"), max_length=40)
    title = models.CharField(_("标题"), max_length=120)
    area_name = models.CharField(_("地区"), max_length=60)
    as_of = models.DateField(_("数据时点"))
    state = models.CharField(_("状态"), max_length=10, choices=DocumentState, default=DocumentState.DRAFT)
    template = models.CharField(_("模板"), max_length=60)
    template_digest = models.CharField(max_length=64)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField(_("稿次"), default=1)
    content_digest = models.CharField(max_length=64)
    tables = models.JSONField(default=list)
    reading_order = models.JSONField(default=list)
    created_at = models.DateTimeField(_("起草时间"))
    created_by = models.CharField(_("起草人"), max_length=150)
    written_at = models.DateTimeField(_("成稿时间"))
    written_by = models.CharField(_("成稿人"), max_length=150)
    checked_at = models.DateTimeField(_("核对时间"), null=True, blank=True)
    checked_by = models.CharField(_("核对人"), max_length=150, blank=True, default="")
    signed_at = models.DateTimeField(_("签发时间"), null=True, blank=True)
    signed_by = models.CharField(_("签发人"), max_length=150, blank=True, default="")
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    published_by = models.CharField(_("公布人"), max_length=150, blank=True, default="")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            _paired("checked_at", "checked_by"),
            _paired("signed_at", "signed_by"),
            _paired("published_at", "published_by"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["checked", "signed", "published"]) | models.Q(checked_at__isnull=False),
                name="reports_document_checked_before_signing",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["signed", "published"], signed_at__isnull=False)
                | models.Q(state__in=["draft", "checked"], signed_at__isnull=True),
                name="reports_document_signed_state_with_signature",
            ),
            models.CheckConstraint(
                condition=models.Q(state="published", published_at__isnull=False)
                | (~models.Q(state="published") & models.Q(published_at__isnull=True)),
                name="reports_document_published_state_with_date",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="reports_document_recent"),
            models.Index(fields=["kind", "as_of"], name="reports_document_of_kind"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def area_code(self) -> str:
        """The area as people write it: 131000."""
        return code_of_key(self.area)


class DocumentVersion(models.Model):
    """A former text of a document, as it was when the next replaced it; a trigger refuses every change.

    `changes` are the figures that the next text printed otherwise: [{"title", "before", "after"}]; "" for one that is
    not in that text.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("稿次"))
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    template_digest = models.CharField(max_length=64)
    changes = models.JSONField(default=list)
    written_at = models.DateTimeField(_("成稿时间"))
    written_by = models.CharField(_("成稿人"), max_length=150)
    replaced_at = models.DateTimeField(_("替换时间"))
    replaced_by = models.CharField(_("替换人"), max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="reports_version_once")]
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.number}"


class DocumentFigure(models.Model):
    """One figure of a document: what was printed, what it is now, and who accepted a difference.

    `measure` is a key of engine/measures, or of the kind's own figures when `is_supplied`.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="figures")
    order = models.PositiveSmallIntegerField()
    slot = models.CharField(max_length=80)
    measure = models.CharField(max_length=120, blank=True, default="")
    is_supplied = models.BooleanField(default=False)
    title = models.CharField(_("指标"), max_length=120)
    area = models.CharField(_("地区"), max_length=12)
    as_of = models.DateField(_("数据时点"))
    period = models.CharField(max_length=40, blank=True, default="")  # as the template asked; "" for the measure's own
    window = models.CharField(_("统计期间"), max_length=60, blank=True, default="")  # the days that were counted
    value = models.DecimalField(max_digits=24, decimal_places=8, null=True, blank=True)
    part = models.DecimalField(max_digits=24, decimal_places=8, null=True, blank=True)
    whole = models.DecimalField(max_digits=24, decimal_places=8, null=True, blank=True)
    unit = models.CharField(_("单位"), max_length=20, blank=True, default="")
    decimals = models.PositiveSmallIntegerField(null=True, blank=True)
    shown = models.CharField(_("文中写法"), max_length=200)
    source = models.CharField(_("来源"), max_length=200, blank=True, default="")
    status = models.CharField(_("核对结果"), max_length=8, choices=FigureStatus)
    now_value = models.DecimalField(max_digits=24, decimal_places=8, null=True, blank=True)
    now_shown = models.CharField(_("现在的值"), max_length=200, blank=True, default="")
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.CharField(max_length=150, blank=True, default="")
    accepted_reason = models.CharField(_("采用写稿值的理由"), max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "order"], name="reports_figure_once"),
            _paired("accepted_at", "accepted_by"),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | ~models.Q(accepted_reason=""),
                name="reports_figure_accepted_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(status="changed"),
                name="reports_figure_only_changes_are_accepted",
            ),
        ]
        ordering = ["order"]

    def __str__(self) -> str:
        return f"{self.title} {self.shown}"

    @property
    def is_open(self) -> bool:
        """Changed since it was printed, and nobody has accepted the difference."""
        return self.status == FigureStatus.CHANGED and self.accepted_at is None
