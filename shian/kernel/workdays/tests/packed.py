"""The pack's calendar without a database, as the rules see it."""

import csv
from datetime import date
from functools import cache

from django.conf import settings

from shian.kernel.workdays.rules import Calendar, NamedDay, Year

PACK = settings.SHIAN_PACKS / "calendars" / "workdays-2019-2026.csv"


@cache
def packed_days() -> dict[date, NamedDay]:
    with PACK.open(encoding="utf-8") as handle:
        return {
            date.fromisoformat(row["日期"]): NamedDay(row["类型"] == "上班", row["节日"])
            for row in csv.DictReader(handle)
        }


def packed_calendar() -> Calendar:
    """2019 to 2026 known, every other year provisional."""

    def year_of(number: int) -> Year:
        named = {day: each for day, each in packed_days().items() if day.year == number}
        return Year(number, named, is_provisional=not 2019 <= number <= 2026)

    return Calendar(year_of)
