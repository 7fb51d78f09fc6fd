"""Draws, their frozen frames, what was drawn, and where the randomness came from."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.engine.draws.permissions import closed_kinds
from shian.kernel.notary.rules import uuid7
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet


class DrawState(models.TextChoices):
    DRAFT = "draft", _("起草")
    FROZEN = "frozen", _("已冻结，等随机数")
    SEEDED = "seeded", _("随机数已定，可抽签")
    DRAWN = "drawn", _("已抽出，待确认")
    CONFIRMED = "confirmed", _("已确认")
    CANCELLED = "cancelled", _("已作废")


class Method(models.TextChoices):
    PUBLIC = "public", _("公开数据，两人分别录入")
    COMMITMENTS = "commitments", _("各方先承诺、后揭示")


class DrawQuerySet(ScopedQuerySet["Draw"]):
    def visible_to(self, user: Any) -> Self:
        """Draws of areas in the user's reach, but not of lists that are closed to them."""
        return super().visible_to(user).exclude(frame_kind__in=closed_kinds(user))


class Draw(AreaScoped):
    """One draw over one frame. Frame, parameters and method are fixed from `frozen_at` on; the database sees to it.

    `owner`: what an app made the draw for ("fieldchecks.round:7"); "" for one that was drafted by hand.

    `parameters`: rules.sampling.Parameters as JSON. `sources`: [{name, kind}] in the order in which they make the key.
    `team_rules`: rules.recusal.TeamRules as JSON, empty where no people are drawn.
    `known_at`: when public values become known. `parties`: user names of those who commit and reveal, in order.
    """

    uid = models.UUIDField(unique=True, default=uuid7)
    title = models.CharField(_("名称"), max_length=120)
    basis = models.CharField(_("依据"), max_length=400, blank=True, default="")
    area_key = models.CharField(_("区划"), max_length=12)
    frame_kind = models.CharField(_("名册"), max_length=40)
    owner = models.CharField(max_length=80, blank=True, default="")
    as_of = models.DateField(_("名册时点"))
    state = models.CharField(_("状态"), max_length=10, choices=DrawState, default=DrawState.DRAFT)
    parameters = models.JSONField(default=dict)
    method = models.CharField(_("随机数来源"), max_length=12, choices=Method, default=Method.PUBLIC)
    sources = models.JSONField(default=list)
    known_at = models.DateTimeField(_("数据公布时间"), null=True, blank=True)
    parties = models.JSONField(default=list)
    frame_count = models.PositiveIntegerField(_("总体数"), default=0)
    frame_digest = models.CharField(max_length=64, blank=True, default="")
    team_rules = models.JSONField(default=dict, blank=True)
    people_count = models.PositiveIntegerField(_("检查人员数"), default=0)
    people_digest = models.CharField(max_length=64, blank=True, default="")
    key = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(_("起草时间"))
    created_by = models.CharField(_("起草人"), max_length=150)
    frozen_at = models.DateTimeField(_("冻结时间"), null=True, blank=True)
    drawn_at = models.DateTimeField(_("抽签时间"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    reason = models.CharField(_("作废原因"), max_length=400, blank=True, default="")

    objects = DrawQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=("draft", "cancelled"))
                | (models.Q(frozen_at__isnull=False) & ~models.Q(frame_digest="")),
                name="draws_draw_frozen_has_frame",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("seeded", "drawn", "confirmed")) | ~models.Q(key=""),
                name="draws_draw_seeded_has_key",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="cancelled") | ~models.Q(reason=""), name="draws_draw_cancelled_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["area_key", "-id"], name="draws_draw_area"),
            models.Index(fields=["owner"], name="draws_draw_owner", condition=~models.Q(owner="")),
        ]

    def __str__(self) -> str:
        return self.title


class DrawRow(models.Model):
    """One unit of a frame. `label` is for readers of the pages; it is neither hashed nor published."""

    draw = models.ForeignKey(Draw, on_delete=models.CASCADE, related_name="rows")
    key = models.CharField(_("编号"), max_length=60)
    stratum = models.CharField(_("层"), max_length=80)
    grade = models.CharField(_("等级"), max_length=20, blank=True, default="")
    area_key = models.CharField(_("区划"), max_length=12, blank=True, default="")
    excluded = models.CharField(_("不参加抽取的原因"), max_length=120, blank=True, default="")
    label = models.CharField(_("名称"), max_length=120, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draw", "key"], name="draws_row_once")]
        indexes = [models.Index(fields=["draw", "stratum", "key"], name="draws_row_stratum")]

    def __str__(self) -> str:
        return self.label or self.key


class DrawCell(models.Model):
    """What came out for a stratum, or for one grade of it where grades have weights."""

    draw = models.ForeignKey(Draw, on_delete=models.CASCADE, related_name="cells")
    stratum = models.CharField(_("层"), max_length=80)
    grade = models.CharField(_("等级"), max_length=20, blank=True, default="")
    population = models.PositiveIntegerField(_("总体"))
    eligible = models.PositiveIntegerField(_("可抽"))
    wanted = models.PositiveIntegerField(_("应抽"))
    drawn = models.PositiveIntegerField(_("抽中"))
    reserves = models.PositiveIntegerField(_("备选"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draw", "stratum", "grade"], name="draws_cell_once")]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.stratum, self.grade]))


class DrawPick(models.Model):
    """A unit that was drawn, or stands by: `number` is its place in the order of its cell, from 1."""

    draw = models.ForeignKey(Draw, on_delete=models.CASCADE, related_name="picks")
    cell = models.ForeignKey(DrawCell, on_delete=models.CASCADE, related_name="picks")
    row = models.OneToOneField(DrawRow, on_delete=models.PROTECT, related_name="pick")
    is_reserve = models.BooleanField(_("备选"), default=False)
    number = models.PositiveIntegerField(_("次序"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cell", "is_reserve", "number"], name="draws_pick_place_once")]

    def __str__(self) -> str:
        return str(self.row)


class DrawPerson(models.Model):
    """Someone who could be drawn: `facts` is rules.recusal.Person as a list. `label` stays here, as with DrawRow."""

    draw = models.ForeignKey(Draw, on_delete=models.CASCADE, related_name="people")
    key = models.CharField(_("编号"), max_length=60)
    label = models.CharField(_("姓名"), max_length=120, blank=True, default="")
    area_key = models.CharField(_("区划"), max_length=12, blank=True, default="")
    facts = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draw", "key"], name="draws_person_once")]

    def __str__(self) -> str:
        return self.label or self.key


class DrawMember(models.Model):
    """A person goes to a place that was drawn, or that stepped in."""

    pick = models.ForeignKey(DrawPick, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(DrawPerson, on_delete=models.PROTECT, related_name="places")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pick", "person"], name="draws_member_once")]

    def __str__(self) -> str:
        return f"{self.pick} {self.person}"


class Replacement(models.Model):
    """`gone` could not be visited; `stand_in`, the first reserve left, steps in."""

    draw = models.ForeignKey(Draw, on_delete=models.CASCADE, related_name="replacements")
    gone = models.OneToOneField(DrawPick, on_delete=models.PROTECT, related_name="replaced")
    stand_in = models.OneToOneField(DrawPick, on_delete=models.PROTECT, related_name="replaces")
    reason = models.CharField(_("原因"), max_length=200)
    at = models.DateTimeField(_("时间"))
    by = models.CharField(_("经办"), max_length=150)

    def __str__(self) -> str:
        return f"{self.gone} → {self.stand_in}"


class Reading(models.Model):
    """The public values as one person read them. The last of each person counts; two who agree fix the key."""

    draw = models.ForeignKey(Draw, on_delete=models.CASCADE, related_name="readings")
    values = models.JSONField()
    key = models.TextField()
    at = models.DateTimeField(_("录入时间"))
    by = models.CharField(_("录入人"), max_length=150)

    def __str__(self) -> str:
        return self.key


class Commitment(models.Model):
    """What a party bound itself to, the SHA-256 of a secret, and the secret once all have."""

    draw = models.ForeignKey(Draw, on_delete=models.CASCADE, related_name="commitments")
    party = models.CharField(_("参与方"), max_length=150)
    digest = models.CharField(_("承诺值"), max_length=64)
    committed_at = models.DateTimeField(_("承诺时间"))
    secret = models.CharField(max_length=64, blank=True, default="")
    revealed_at = models.DateTimeField(_("揭示时间"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "party"], name="draws_commitment_once"),
            models.UniqueConstraint(fields=["draw", "digest"], name="draws_commitment_not_copied"),
            models.CheckConstraint(
                condition=models.Q(secret="", revealed_at__isnull=True)
                | (~models.Q(secret="") & models.Q(revealed_at__isnull=False)),
                name="draws_commitment_revealed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.party
