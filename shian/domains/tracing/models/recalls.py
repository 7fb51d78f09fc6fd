"""Recalls (E-09) and drills (E-03): a batch is called back from everybody who holds it.

A drill has the rows of a recall and is told apart by `is_drill` wherever rows are counted, told or published: it stops
no sale, raises no alert and is never published (the database says so too).
"""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shian.engine.trace.models import Ring
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.kernel.scope.reach import reach_of
from shian.registers.operators.models import Operator


class RecallLevel(models.IntegerChoices):
    """食品召回管理办法 第十三条: by the harm that has happened or is likely."""

    FIRST = 1, _("一级召回")
    SECOND = 2, _("二级召回")
    THIRD = 3, _("三级召回")


class RecallState(models.TextChoices):
    PROPOSED = "proposed", _("待决定")
    REFUSED = "refused", _("不予召回")
    RUNNING = "running", _("召回中")
    CLOSED = "closed", _("已办结")


class Cause(models.TextChoices):
    SAMPLE = "sample", _("抽检不合格")
    COMPLAINT = "complaint", _("投诉举报")
    OWN = "own", _("企业自查")
    MONITORING = "monitoring", _("监测和通报")
    DRILL = "drill", _("演练计划")


class Treatment(models.TextChoices):
    DESTROY = "destroy", _("销毁或者无害化处理")
    REMEDY = "remedy", _("补救后继续销售")
    RETURN = "return", _("退回供货者")


class Channel(models.TextChoices):
    """How a holder hears of a recall. LETTER: it lies in another city, whose authority is written to."""

    PORTAL = "portal", _("企业端")
    STATION = "station", _("属地送达")
    LETTER = "letter", _("协查函")
    PUBLIC = "public", _("公告")


class RecallQuerySet(ScopedQuerySet["Recall"]):
    def visible_to(self, user: Any) -> Self:
        """Those of the own area, those that one proposed, and those that somebody in reach was told of."""
        reach = reach_of(user)
        if reach.everything:
            return self.all()
        told = RecallHolder.objects.filter(recall=OuterRef("pk")).visible_to(user)
        if reach.operators:
            return self.filter(Exists(told))
        return self.filter(reach.area_filter() | Q(proposed_by=user.get_username()) | Exists(told))

    def real(self) -> Self:
        """No drills."""
        return self.filter(is_drill=False)

    def running(self) -> Self:
        """Real recalls that stop sales now."""
        return self.real().filter(state=RecallState.RUNNING)


class Recall(AreaScoped):
    """One recall, or one drill; lies in the county of all its holders, else in the city.

    roots: holdings of engine/trace where it begins. ring: how sure a holding is that gets a notice. known_at: when the
    problem was known; from there the clock of the level runs to start_due_at. told_at: the last notice was queued.
    watched: the version of the graph up to which later movements were looked at.

    Of a drill: source_code is whom its players found, source_at when; target_minutes and score.
    """

    number = models.CharField(_("召回编号"), max_length=40, unique=True)
    is_drill = models.BooleanField(_("演练"), default=False)
    title = models.CharField(_("产品"), max_length=120)
    level = models.PositiveSmallIntegerField(_("级别"), choices=RecallLevel)
    cause = models.CharField(_("来源"), max_length=10, choices=Cause)
    cause_no = models.CharField(_("来源编号"), max_length=60, blank=True, default="")
    reason = models.CharField(_("原因和危害"), max_length=500)
    treatment = models.CharField(pgettext_lazy("recall", "处理方式"), max_length=7, choices=Treatment)
    advice = models.CharField(_("告知内容"), max_length=500)
    contact = models.CharField(_("联系电话"), max_length=60, blank=True, default="")
    roots = ArrayField(models.BigIntegerField())
    ring = models.PositiveSmallIntegerField(_("通知范围"), choices=Ring, default=Ring.CONFIRMED)
    state = models.CharField(_("状态"), max_length=8, choices=RecallState, default=RecallState.PROPOSED)
    known_at = models.DateTimeField(_("知悉时间"))
    start_due_at = models.DateTimeField(_("启动期限"))
    finish_due_on = models.DateField(_("完成期限"), null=True, blank=True)
    proposed_at = models.DateTimeField(_("提出时间"))
    proposed_by = models.CharField(_("提出人"), max_length=150)
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    decided_by = models.CharField(_("决定人"), max_length=150, blank=True, default="")
    decision = models.CharField(_("决定意见"), max_length=300, blank=True, default="")
    told_at = models.DateTimeField(_("通知完毕"), null=True, blank=True)
    published_at = models.DateTimeField(_("公告时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    closed_by = models.CharField(_("办结人"), max_length=150, blank=True, default="")
    summary = models.CharField(_("总结"), max_length=1000, blank=True, default="")
    watched = models.BigIntegerField(default=0)
    source_code = models.CharField(_("查到的来源"), max_length=60, blank=True, default="")
    source_at = models.DateTimeField(_("查到来源时间"), null=True, blank=True)
    is_source_right = models.BooleanField(default=False)
    target_minutes = models.PositiveSmallIntegerField(_("目标（分钟）"), null=True, blank=True)
    score = models.PositiveSmallIntegerField(_("得分"), null=True, blank=True)

    objects = RecallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_drill=False, number__startswith="ZH") | Q(is_drill=True, number__startswith="YL"),
                name="tracing_recall_number_tells_drills",
            ),
            models.CheckConstraint(
                condition=Q(is_drill=False, score__isnull=True, source_at__isnull=True, target_minutes__isnull=True)
                | Q(is_drill=True, published_at__isnull=True, target_minutes__isnull=False),
                name="tracing_recall_drill_is_apart",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at__isnull=True, decided_by="")
                | (~Q(state="proposed") & Q(decided_at__isnull=False) & ~Q(decided_by="")),
                name="tracing_recall_decided_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=models.F("proposed_by")), name="tracing_recall_decided_by_another"
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(closed_by="")
                | (~Q(state="closed") & Q(closed_at__isnull=True, closed_by="")),
                name="tracing_recall_closed_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("running", "closed")) | Q(finish_due_on__isnull=False),
                name="tracing_recall_runs_to_a_day",
            ),
        ]
        indexes = [models.Index(fields=["is_drill", "-id"], name="tracing_recall_newest")]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"tracing.{'drill' if self.is_drill else 'recall'}:{self.number}"


class HolderQuerySet(ScopedQuerySet["RecallHolder"]):
    def visible_to(self, user: Any) -> Self:
        """Those in the own area, and those of a recall of the own area who lie in another city and get a letter; for
        people of an operator its own rows, once they were told."""
        reach = reach_of(user)
        if reach.operators:
            return self.filter(operator__in=reach.operators, told_at__isnull=False)
        if reach.everything:
            return self.all()
        return self.filter(reach.area_filter() | (Q(channel=Channel.LETTER) & reach.area_filter("recall__")))


class RecallHolder(AreaScoped):
    """One party that holds or held what is recalled, and its notice; lies in the party's area. There is one for each
    party of a recall: that is what makes a notice go out once.

    Kilograms. received: what confirmed movements brought. told_at: the notice was queued. on_hand: found in stock when
    it acknowledged; returned, destroyed: what became of it. is_late: it came to the goods after the notices went out.
    """

    id = models.BigAutoField(primary_key=True)
    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="holders", db_index=False)
    party = models.IntegerField()
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ring = models.PositiveSmallIntegerField(choices=Ring)
    depth = models.PositiveSmallIntegerField(_("层级"))
    lots = models.PositiveIntegerField(_("批次数"), default=1)
    received = models.DecimalField(_("收到（千克）"), max_digits=14, decimal_places=2, default=0)
    first_at = models.DateTimeField(_("最早到货"))
    channel = models.CharField(_("送达方式"), max_length=7, choices=Channel, default=Channel.STATION)
    told_at = models.DateTimeField(_("通知时间"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    acknowledged_by = models.CharField(_("确认人"), max_length=150, blank=True, default="")
    on_hand = models.DecimalField(_("现存（千克）"), max_digits=14, decimal_places=2, null=True, blank=True)
    returned = models.DecimalField(_("退回（千克）"), max_digits=14, decimal_places=2, default=0)
    destroyed = models.DecimalField(_("销毁（千克）"), max_digits=14, decimal_places=2, default=0)
    handled_at = models.DateTimeField(_("处置时间"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True, default="")
    is_late = models.BooleanField(default=False)

    objects = HolderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recall", "party"], name="tracing_holder_once"),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, on_hand__isnull=True, acknowledged_by="")
                | Q(acknowledged_at__isnull=False, on_hand__isnull=False) & ~Q(acknowledged_by=""),
                name="tracing_holder_acknowledges_with_stock",
            ),
            models.CheckConstraint(
                condition=Q(returned=0, destroyed=0)
                | Q(returned__gte=0, destroyed__gte=0, on_hand__gte=models.F("returned") + models.F("destroyed")),
                name="tracing_holder_handles_what_it_has",
            ),
        ]
        indexes = [
            models.Index(fields=["recall", "id"], name="tracing_holder_listed"),
            models.Index(fields=["recall"], name="tracing_holder_untold", condition=Q(told_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.recall_id}: {self.party}"

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"tracing.recallholder:{self.pk}"


class RecallLine(models.Model):
    """One holding of a recall: what its holder has to look for. `kilos` came by confirmed movements."""

    id = models.BigAutoField(primary_key=True)
    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="lines", db_index=False)
    holder = models.ForeignKey(RecallHolder, on_delete=models.PROTECT, related_name="lines")
    holding = models.BigIntegerField()
    lot = models.BigIntegerField()
    ring = models.PositiveSmallIntegerField(choices=Ring)
    depth = models.PositiveSmallIntegerField()
    kilos = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    first_at = models.DateTimeField()
    is_late = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recall", "holding"], name="tracing_line_once")]
        indexes = [
            models.Index(fields=["holding"], name="tracing_line_holding"),
            models.Index(fields=["lot"], name="tracing_line_lot"),
        ]

    def __str__(self) -> str:
        return f"{self.recall_id}: {self.holding}"


class RecallAlert(AreaScoped):
    """Goods of a recalled lot moved after its recall began: a sale that should have been stopped. Lies in the seller's
    area; each movement alerts once."""

    id = models.BigAutoField(primary_key=True)
    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="alerts", db_index=False)
    movement = models.BigIntegerField()
    seller = models.IntegerField()
    buyer = models.IntegerField()
    lot = models.BigIntegerField()
    kilos = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    moved_at = models.DateTimeField(_("流出时间"))
    found_at = models.DateTimeField(_("发现时间"))
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.CharField(max_length=150, blank=True, default="")
    outcome = models.CharField(_("处置结果"), max_length=300, blank=True, default="")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recall", "movement"], name="tracing_alert_once"),
            models.CheckConstraint(
                condition=Q(handled_at__isnull=True, handled_by="", outcome="")
                | Q(handled_at__isnull=False) & ~Q(handled_by="") & ~Q(outcome=""),
                name="tracing_alert_handled_with_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recall_id}: {self.movement}"
