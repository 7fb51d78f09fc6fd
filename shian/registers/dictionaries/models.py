"""Entries that a city adds beside those of the pack."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.kernel.scope.models import AreaScoped, ScopedQuerySet


class EntryState(models.TextChoices):
    """A draft holds for nobody; what ended still reads as it did on its days."""

    DRAFT = "draft", _("草稿")
    VALID = "valid", _("生效")
    ENDED = "ended", _("已停用")


class DictionaryEntry(AreaScoped):
    """A word of a dictionary for one area, in force from `valid_from` until before `valid_to`.

    A row with the code and first day of a pack's term takes that term's place in its area. Words are never rewritten:
    a new name is a new row.
    """

    dictionary = models.CharField(_("字典"), max_length=40)
    code = models.CharField(_("编码"), max_length=20)
    name = models.CharField(_("名称"), max_length=30)
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True, default="")
    details = models.JSONField(default=dict)
    area_code = models.CharField(_("适用区划"), max_length=12)
    valid_from = models.DateField(_("启用日期"))
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=5, choices=EntryState, default=EntryState.DRAFT)
    reason = models.CharField(_("依据"), max_length=200)
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=150)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=150, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=150, blank=True, default="")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dictionary", "code", "area_code", "valid_from"], name="dictionaries_entry_once"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="dictionaries_entry_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", confirmed_at__isnull=True, confirmed_by="")
                | (~models.Q(state="draft") & models.Q(confirmed_at__isnull=False) & ~models.Q(confirmed_by="")),
                name="dictionaries_entry_confirmed_at_with_by",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(state="ended", valid_to__isnull=False, ended_at__isnull=False) & ~models.Q(ended_by="")
                )
                | (~models.Q(state="ended") & models.Q(valid_to__isnull=True, ended_at__isnull=True, ended_by="")),
                name="dictionaries_entry_ended_at_with_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dictionary} {self.code} {self.name}"
