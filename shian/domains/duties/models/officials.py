"""The officials who answer for operators (C-03), in four levels."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.registers.people.models import Person


class OfficialLevel(models.TextChoices):
    CITY = "city", pgettext_lazy("level of an official", "市级")
    COUNTY = "county", pgettext_lazy("level of an official", "县级")
    TOWNSHIP = "township", pgettext_lazy("level of an official", "乡级")
    VILLAGE = "village", pgettext_lazy("level of an official", "村级")


class Official(AreaScoped):
    """A person in a post who takes operators of one tier, from valid_from until before valid_to.

    Who is replaced keeps the row; the successor gets one of its own and names it in `replaces`. Name, post and office
    phone stand on the notice boards of the operators. `person` ties it to an account. `charge`: the line of work that
    special cases ask for (教育). `is_head`: heads of party committees and governments take the largest first. A
    village official of an industrial park, which has no villages, stands for the township.
    """

    code = models.CharField(_("干部编号"), max_length=40, unique=True)
    name = models.CharField(_("姓名"), max_length=30)
    level = models.CharField(_("层级"), max_length=8, choices=OfficialLevel)
    post = models.CharField(_("职务"), max_length=60)
    unit = models.CharField(_("单位"), max_length=80, blank=True, default="")
    charge = models.CharField(_("分管领域"), max_length=20, blank=True, default="")
    is_head = models.BooleanField(_("党政主要负责人"), default=False)
    office_phone = models.CharField(_("办公电话"), max_length=20, blank=True, default="")
    area_code = models.CharField(_("任职区划"), max_length=12)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("人员")
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successor", verbose_name=_("接替")
    )
    valid_from = models.DateField(_("任职日期"))
    valid_to = models.DateField(_("离任日期"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "level"], name="duties_official_as_matched"),
            models.UniqueConstraint(
                fields=["person", "level"],
                name="duties_official_person_once",
                condition=Q(valid_to__isnull=True, person__isnull=False),
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(post=""), name="duties_official_has_name_and_post"),
            models.CheckConstraint(
                condition=(Q(level="city") & ~Q(city="") & Q(county=""))
                | (Q(level="county") & ~Q(county="") & Q(township=""))
                | (Q(level="township") & ~Q(township="") & Q(village=""))
                | (Q(level="village") & ~Q(township="")),
                name="duties_official_area_of_level",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="duties_official_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "township", "level"], name="duties_official_area"),
            models.Index(fields=["level", "code"], name="duties_official_roster"),
        ]  # fmt: skip

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"duties.official:{self.code}"

    def __str__(self) -> str:
        return self.name
