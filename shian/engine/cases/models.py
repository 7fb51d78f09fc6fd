"""Cases, their clocks, what happened to them, their evidence, and who subscribes to a calendar."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shian.engine.cases.rules import turn_keys
from shian.kernel.files.models import StoredFile
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.kernel.scope.reach import reach_of
from shian.registers.people.models import Organisation, Person


class CaseQuerySet(ScopedQuerySet["Case"]):
    """A case is seen by the units that issued it, must do it, verify it or are asked to take it over, by its named
    owner, and in its area by those whose reach is not `by_unit`. Migration 0002 says the same in SQL."""

    def visible_to(self, user: Any) -> Self:
        reach = reach_of(user)
        if reach.everything:
            return self.all()
        units = list(reach.organisations)
        mine = Q(unit__in=units) | Q(issuer__in=units) | Q(verifier__in=units) | Q(asked_unit__in=units)
        mine |= Q(turn__in=turn_keys(user.pk, ()))
        return self.filter(mine if reach.by_unit else mine | reach.area_filter())


class Case(AreaScoped):
    """One matter on its way. `type` and `state` are keys of a declaration; `turn` says whose move it is (rules.py).

    asked_unit is the unit that must answer an open request. due_on repeats the earliest running clock, level and
    next_rung_on where the ladder stands; opened_on decides the version of the parameters. round counts from 1: evidence
    of earlier rounds closes nothing. version rises with every step: a step names the version that its taker saw.
    """

    type = models.CharField(_("类别"), max_length=40)
    number = models.CharField(_("编号"), max_length=60)
    title = models.CharField(_("事项"), max_length=200)
    body = models.TextField(_("内容"), blank=True, default="")
    source = models.CharField(_("来源"), max_length=20, blank=True, default="")
    subject = models.CharField(_("缘由"), max_length=200, blank=True, default="")
    item_code = models.CharField(_("评价内容"), max_length=12, blank=True, default="")
    operator_code = models.CharField(_("主体编号"), max_length=40, blank=True, default="")
    state = models.CharField(_("状态"), max_length=20)
    is_open = models.BooleanField(default=True)
    is_urgent = models.BooleanField(_("加急"), default=False)
    issuer = models.ForeignKey(
        Organisation, to_field="code", on_delete=models.PROTECT, related_name="+", verbose_name=_("交办单位"),
        db_index=False,
    )  # fmt: skip
    unit = models.ForeignKey(
        Organisation, to_field="code", on_delete=models.PROTECT, related_name="+", verbose_name=_("承办单位"),
        db_index=False, null=True, blank=True,
    )  # fmt: skip
    verifier = models.ForeignKey(
        Organisation, to_field="code", on_delete=models.PROTECT, related_name="+", verbose_name=_("核实单位"),
        db_index=False, null=True, blank=True,
    )  # fmt: skip
    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("责任人"),
        db_index=False,
    )  # fmt: skip
    owner_name = models.CharField(max_length=30, blank=True, default="")
    turn = models.CharField(max_length=50, blank=True, default="")
    asked_unit = models.CharField(max_length=40, blank=True, default="")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    data = models.JSONField(default=dict, blank=True)
    opened_on = models.DateField(_("提出日期"))
    due_on = models.DateField(_("期限"), null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    level = models.PositiveSmallIntegerField(_("升级级别"), default=0)
    climbed = models.PositiveSmallIntegerField(default=0)
    next_rung_on = models.DateField(null=True, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    reopened = models.PositiveSmallIntegerField(_("重开次数"), default=0)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    batch = models.BigIntegerField(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["type", "number"], name="cases_case_number_once"),
            models.CheckConstraint(
                condition=Q(is_open=True, closed_at__isnull=True) | Q(is_open=False, closed_at__isnull=False),
                name="cases_case_closed_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(is_open=True) | Q(turn="", asked_unit="", next_rung_on__isnull=True),
                name="cases_case_closed_is_at_rest",
            ),
        ]
        indexes = [
            models.Index(fields=["turn", "due_on"], name="cases_case_turn", condition=Q(is_open=True)),
            models.Index(fields=["asked_unit"], name="cases_case_asked", condition=~Q(asked_unit="")),
            models.Index(fields=["unit", "due_on"], name="cases_case_unit", condition=Q(is_open=True)),
            models.Index(fields=["next_rung_on"], name="cases_case_rung", condition=Q(next_rung_on__isnull=False)),
            models.Index(fields=["type", "-id"], name="cases_case_type"),
            models.Index(fields=["type", "city", "county", "township"], name="cases_case_area"),
            models.Index(fields=["subject"], name="cases_case_subject", condition=~Q(subject="")),
            models.Index(fields=["item_code"], name="cases_case_item", condition=~Q(item_code="")),
            models.Index(fields=["operator_code"], name="cases_case_operator", condition=~Q(operator_code="")),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class CaseClock(models.Model):
    """A clock of a case. `due_at` only for hours. `paused_on`: it stands still since that day; `pauses` are past ones,
    pairs of days. A clock that is set going anew is a new row."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="clocks")
    key = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    amount = models.PositiveSmallIntegerField(null=True, blank=True)  # none: the last day was given
    unit = models.CharField(max_length=5, blank=True, default="")
    counts_start = models.BooleanField(default=False)
    extension = models.PositiveSmallIntegerField(default=0)
    pauses = models.JSONField(default=list, blank=True)
    paused_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "key"], name="cases_clock_runs_once", condition=Q(stopped_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.key}"


class CaseEvent(models.Model):
    """A step that was taken, in order of `number`. `step` is a transition's key or a verb of the engine.

    data: what changed, name → new value; of a sealed personal value also the key of its digest. seal: the entry of the
    notary; batch: the import whose seal holds it.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    number = models.PositiveIntegerField()
    step = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    unit = models.CharField(max_length=40, blank=True, default="")
    note = models.TextField(blank=True, default="")
    data = models.JSONField(default=dict, blank=True)
    seal = models.UUIDField(null=True, blank=True)
    batch = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="cases_event_once")]
        ordering = ["case", "number"]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number} {self.step}"


class CaseFile(models.Model):
    """Evidence: a stored file, given with a step, in a round of the case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="files")
    event = models.ForeignKey(CaseEvent, on_delete=models.CASCADE, related_name="files")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("文件名"), max_length=255)
    kind = models.CharField(_("种类"), max_length=20, blank=True, default="")
    round = models.PositiveSmallIntegerField(default=1)

    def __str__(self) -> str:
        return self.name


class RequestKind(models.TextChoices):
    EXTENSION = "extension", _("延期")
    TRANSFER = "transfer", _("移送")


class CaseRequest(models.Model):
    """What one side asks of the other: more days, or to take the case over. One at a time, decided once, by the other
    side; a case that closes answers what was open with no."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="requests")
    kind = models.CharField(max_length=9, choices=RequestKind)
    days = models.PositiveSmallIntegerField(_("延长"), null=True, blank=True)
    to_unit = models.ForeignKey(
        Organisation, to_field="code", on_delete=models.PROTECT, related_name="+", verbose_name=_("移送至"),
        db_index=False, null=True, blank=True,
    )  # fmt: skip
    to_area = models.CharField(max_length=12, blank=True, default="")
    reason = models.TextField(_("理由"))
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=150)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=150, blank=True, default="")
    is_granted = models.BooleanField(null=True, blank=True)
    answer = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="cases_request_one_open", condition=Q(decided_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class CaseCounter(models.Model):
    """The last number given in a series: numbers run without a gap, because the row is locked until the commit."""

    series = models.CharField(max_length=120, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series} {self.last}"


class CalendarFeed(models.Model):
    """A user's calendar address: `digest` is the SHA-256 of the secret in it. One at a time; a new one ends the old."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.user)
