"""One table: the days of the half century that the system answers for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

FIRST_YEAR, LAST_YEAR = 2000, 2049


class CalendarDay(models.Model):
    """A day of the calendar; the migration makes a row for each day of FIRST_YEAR to LAST_YEAR.

    `notice_year` is the year of the notice that names the day (the last days of December may belong to the next
    New Year's Day); empty for an ordinary day. `is_provisional` until the notice of the day's own year was imported.
    `number` counts the working days from the first row on, this day included: adding n working days is one join.
    """

    day = models.DateField(_("日期"), unique=True)
    is_workday = models.BooleanField(_("工作日"))
    is_provisional = models.BooleanField(_("推算"), default=True)
    notice_year = models.PositiveSmallIntegerField(_("通知年份"), null=True, blank=True)
    holiday_name = models.CharField(_("节日"), max_length=20, blank=True, default="")
    source_doc = models.CharField(_("来源"), max_length=120, blank=True, default="")
    number = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["number"], name="workdays_day_number", condition=models.Q(is_workday=True)),
            models.Index(fields=["notice_year"], name="workdays_day_notice"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(notice_year__isnull=True, holiday_name="", source_doc="")
                | (models.Q(notice_year__isnull=False) & ~models.Q(holiday_name="") & ~models.Q(source_doc="")),
                name="workdays_calendarday_named_by_a_notice",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.holiday_name}".strip()
