"""What an official signs (C-05, C-06), and the boards at the operators' doors (C-22)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shian.domains.duties.models.matches import Match
from shian.domains.duties.models.officials import Official
from shian.kernel.files.models import StoredFile
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.registers.operators.models import Operator


class LetterState(models.TextChoices):
    DUE = "due", _("待签订")
    SIGNED = "signed", _("待对签")
    IN_FORCE = "in_force", _("已生效")
    INVALID = "invalid", _("已失效")


OPEN_LETTERS = (LetterState.DUE, LetterState.SIGNED, LetterState.IN_FORCE)


class Letter(AreaScoped):
    """The letter of commitment of an official: due → signed → in force → invalid.

    It stands for the operators that the official had at `issued_at`; when they or the official change, it is invalid at
    that moment, and the next one, which names it in `replaces`, is due. `counter_post` is who signs on the other side:
    the head of the party committee or government of the same level, or of the community. `number` is issued in order
    within the official: 1, 2, 3. The five area columns are the official's.
    """

    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="letters")
    number = models.PositiveIntegerField(_("第几份"))
    state = models.CharField(_("状态"), max_length=8, choices=LetterState, default=LetterState.DUE)
    reason = models.CharField(_("签订原因"), max_length=200)
    subjects = models.PositiveIntegerField(_("包保主体数"))
    issued_at = models.DateTimeField(_("生成时间"))
    due_on = models.DateField(_("签订期限"))
    counter_post = models.CharField(_("对签人职务"), max_length=80)
    counter_name = models.CharField(_("对签人"), max_length=30, blank=True, default="")
    signed_at = models.DateTimeField(_("签字时间"), null=True, blank=True)
    signed_by = models.CharField(_("签字账号"), max_length=150, blank=True, default="")
    signature = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    countersigned_at = models.DateTimeField(_("对签时间"), null=True, blank=True)
    countersigned_by = models.CharField(_("对签账号"), max_length=150, blank=True, default="")
    counter_signature = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(_("失效时间"), null=True, blank=True)
    ended_because = models.CharField(_("失效原因"), max_length=200, blank=True, default="")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="renewal")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["official", "number"], name="duties_letter_number"),
            models.UniqueConstraint(
                fields=["official"], name="duties_letter_one_open", condition=Q(state__in=OPEN_LETTERS)
            ),
            models.CheckConstraint(
                condition=Q(state="due", signed_at__isnull=True, ended_at__isnull=True)
                | Q(state="signed", signed_at__isnull=False, countersigned_at__isnull=True, ended_at__isnull=True)
                | Q(state="in_force", signed_at__isnull=False, countersigned_at__isnull=False, ended_at__isnull=True)
                | Q(state="invalid", ended_at__isnull=False),
                name="duties_letter_state_follows_days",
            ),
            models.CheckConstraint(
                condition=Q(countersigned_by="") | ~Q(countersigned_by=F("signed_by")), name="duties_letter_two_persons"
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="duties_letter_state")]

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"duties.letter:{self.pk}"

    def __str__(self) -> str:
        return f"{self.official_id}-{self.number}"


class BoardState(models.TextChoices):
    GENERATED = "generated", _("待张贴")
    POSTED = "posted", _("已张贴")
    REPLACED = "replaced", _("已更换")


class Board(AreaScoped):
    """A notice board as it was printed for one match: generated → posted → replaced.

    `content` is what stands on it (official, officer, phones); a board whose match has ended, or whose content is no
    longer true, must be printed again. `version` counts within the operator. `delivered_on`: the day on which the
    operator got it; `ledger_on`: that on which it got its paper ledger, which the next version goes on telling.
    """

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+", verbose_name=_("经营主体"))
    match = models.ForeignKey(Match, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(_("版本"))
    state = models.CharField(_("状态"), max_length=9, choices=BoardState, default=BoardState.GENERATED)
    content = models.JSONField()
    printed_on = models.DateField(_("打印日期"))
    delivered_on = models.DateField(_("送达日期"), null=True, blank=True)
    ledger_on = models.DateField(_("主体台账送达日期"), null=True, blank=True)
    posted_on = models.DateField(_("张贴日期"), null=True, blank=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    photo = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operator", "version"], name="duties_board_version"),
            models.UniqueConstraint(
                fields=["operator"], name="duties_board_one_current", condition=~Q(state="replaced")
            ),
            models.CheckConstraint(
                condition=~Q(state="posted") | Q(posted_on__isnull=False), name="duties_board_posted_on_a_day"
            ),
            models.CheckConstraint(
                condition=Q(posted_on__isnull=True) | Q(delivered_on__isnull=False, posted_on__gte=F("delivered_on")),
                name="duties_board_posted_once_delivered",
            ),
            models.CheckConstraint(
                condition=Q(delivered_on__isnull=True) | Q(delivered_on__gte=F("printed_on")),
                name="duties_board_delivered_once_printed",
            ),
        ]
        indexes = [models.Index(fields=["match"], name="duties_board_match")]

    def __str__(self) -> str:
        return f"{self.operator_id} {self.version}"
