"""The versioned standard: sections, points, 94 indicators and the measures inside them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class StandardState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    IN_FORCE = "in_force", _("现行")
    SUPERSEDED = "superseded", _("已被取代")


class Method(models.TextChoices):
    DOCUMENT = "document", _("资料审查")
    FIELD = "field", _("现场核查")
    STATISTIC = "statistic", _("数据核算")
    SURVEY = "survey", _("社会测评")
    BONUS = "bonus", _("示范加分")
    VETO = "veto", _("否决")


class Channel(models.TextChoices):
    """The one channel through which an item is chiefly checked (our judgement, see the standard's note)."""

    DOCUMENT = "document", _("资料审查")
    FIELD = "field", _("现场核查")
    EXTERNAL = "external", _("外部结果")
    VETO = "veto", _("否决")


class Standard(models.Model):
    """One edition of the criteria as loaded from one source file. `declared` holds the counts that the sources state
    (36 points, 45 document, 39 field)."""

    key = models.CharField(_("版本"), max_length=20)
    revision = models.PositiveSmallIntegerField(_("修订"), default=1)
    title = models.CharField(_("名称"), max_length=120)
    title_en = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(_("状态"), max_length=12, choices=StandardState, default=StandardState.DRAFT)
    effective_from = models.DateField(_("文本实施日期"))
    in_force_from = models.DateField(_("启用日期"), null=True, blank=True)
    superseded_on = models.DateField(_("停用日期"), null=True, blank=True)
    source_name = models.CharField(_("来源文件"), max_length=200)
    source_digest = models.CharField(_("来源摘要"), max_length=64)
    status_note = models.TextField(blank=True, default="")
    channel_note = models.TextField(blank=True, default="")
    declared = models.JSONField(default=dict)
    registers = models.JSONField(default=dict)
    department_map = models.JSONField(default=dict)  # area key → lines, first match counts (rules.departments)
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "revision"], name="campaign_standard_revision"),
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="in_force"), name="campaign_standard_one_in_force"
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", in_force_from__isnull=True)
                | (~models.Q(state="draft") & models.Q(in_force_from__isnull=False)),
                name="campaign_standard_in_force_with_date",
            ),
            models.CheckConstraint(
                condition=models.Q(state="superseded", superseded_on__isnull=False)
                | (~models.Q(state="superseded") & models.Q(superseded_on__isnull=True)),
                name="campaign_standard_superseded_with_date",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Department(models.Model):
    """A department as the standard names it (a county's names); organisations carry the same code."""

    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="departments")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=100, blank=True, default="")
    aliases = ArrayField(models.CharField(max_length=40), default=list)
    is_group = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["standard", "code"], name="campaign_department_once")]

    def __str__(self) -> str:
        return self.name


class Section(models.Model):
    """A category (大项)."""

    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="sections")
    number = models.PositiveSmallIntegerField(_("序号"))
    title = models.CharField(_("大项"), max_length=40)
    title_en = models.CharField(max_length=100, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["standard", "number"], name="campaign_section_once")]
        ordering = ["number"]

    def __str__(self) -> str:
        return self.title


class Point(models.Model):
    """A key point (考评要点). The vetoes stand under point 0, which no source counts."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="points")
    number = models.PositiveSmallIntegerField(_("序号"))
    title = models.CharField(_("考评要点"), max_length=60)
    title_en = models.CharField(max_length=120, blank=True, default="")
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["section", "number"], name="campaign_point_once")]
        ordering = ["number"]

    def __str__(self) -> str:
        return self.title


class Indicator(models.Model):
    """One evaluation item (评价内容). `lead_codes` are department codes; an inferred lead is no lead."""

    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="indicators")
    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="indicators")
    section_number = models.PositiveSmallIntegerField()
    order = models.PositiveSmallIntegerField()
    code = models.CharField(_("编号"), max_length=12)
    title = models.CharField(_("评价内容"), max_length=80)
    title_en = models.CharField(max_length=200, blank=True, default="")
    gist = models.TextField(_("内容要义"))
    gist_en = models.TextField(blank=True, default="")
    methods = ArrayField(models.CharField(max_length=10, choices=Method), default=list)
    primary_channel = models.CharField(_("主渠道"), max_length=10, choices=Channel)
    computability = models.CharField(_("取得方式"), max_length=20)
    levels = ArrayField(models.CharField(max_length=8), default=list)
    lead_codes = ArrayField(models.CharField(max_length=20), default=list)
    is_lead_inferred = models.BooleanField(_("牵头为推断"), default=False)
    responsible_codes = ArrayField(models.CharField(max_length=20), default=list)
    registers = ArrayField(models.CharField(max_length=40), default=list)
    evidence = ArrayField(models.CharField(max_length=80), default=list)
    field_sites = ArrayField(models.CharField(max_length=40), default=list)
    tracks = models.JSONField(default=list)
    supporting = models.JSONField(default=list)  # measures beside the item that decide nothing: measure, period
    is_veto = models.BooleanField(_("否决项"), default=False)
    veto = models.JSONField(default=dict)
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standard", "code"], name="campaign_indicator_once"),
            models.UniqueConstraint(fields=["standard", "order"], name="campaign_indicator_order"),
        ]
        ordering = ["order"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def stated_leads(self) -> list[str]:
        """The lead departments that the source names; an inferred lead counts as none."""
        return [] if self.is_lead_inferred else list(self.lead_codes)


class IndicatorMeasure(models.Model):
    """A number inside an item. `measure` is the key of the bound measure; without it `unknown_reason` says why."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="measures")
    order = models.PositiveSmallIntegerField()
    key = models.CharField(_("指标编号"), max_length=16)
    title = models.CharField(_("指标名称"), max_length=60)
    kind = models.CharField(max_length=10)
    numerator = models.TextField(blank=True, default="")
    denominator = models.TextField(blank=True, default="")
    unit = models.CharField(_("单位"), max_length=20, blank=True, default="")
    operator = models.CharField(_("比较"), max_length=2)
    threshold = models.DecimalField(_("目标值"), max_digits=14, decimal_places=4)
    threshold_source = models.CharField(max_length=10, blank=True, default="")
    threshold_source_label = models.CharField(_("目标值来源"), max_length=20, blank=True, default="")
    levels = ArrayField(models.CharField(max_length=8), default=list)
    period = models.CharField(max_length=20, blank=True, default="none")
    period_label = models.CharField(max_length=40, blank=True, default="")
    measure = models.CharField(_("绑定口径"), max_length=80, blank=True, default="")
    bound_period = models.CharField(max_length=20, blank=True, default="")
    unknown_reason = models.CharField(_("未取数原因"), max_length=200, blank=True, default="")
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "key"], name="campaign_measure_once"),
            models.CheckConstraint(
                condition=~models.Q(measure="", unknown_reason=""), name="campaign_measure_bound_or_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(operator__in=["=", ">=", "<=", ">", "<"]), name="campaign_measure_operator"
            ),
        ]
        ordering = ["order"]

    def __str__(self) -> str:
        return self.title
