"""Makes packs/calendars/workdays-2019-2026.csv from chinesecalendar (PyPI).

    pip install --target LIB chinesecalendar
    PYTHONPATH=LIB python -m tools.calendars.extract --first 2019 --last 2026 --out packs/calendars

The package is MIT; it writes down the yearly notices of the State Council and stops at the last one announced when it
was released. The program itself never imports it: later years come from the notice, through the same importer.
"""

import argparse
import csv
from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
}
HEADINGS = ("通知年份", "日期", "类型", "节日", "来源")


def notice_year(day: date, name: str) -> int:
    """The year whose notice speaks of the day: the last days of December may belong to the next New Year's Day."""
    return day.year + (day.month == 12 and name == "元旦")


def rows(holidays: dict[date, str], workdays: dict[date, str], first: int, last: int) -> Iterator[tuple[Any, ...]]:
    """One row for each day that the notices of these years name, in order of days."""
    spoken = [(day, "放假", NAMES[name]) for day, name in holidays.items() if name in NAMES]
    spoken += [(day, "上班", NAMES[name]) for day, name in workdays.items() if name in NAMES]
    for day, kind, name in sorted(spoken):
        year = notice_year(day, name)
        if first <= year <= last:
            yield year, day.isoformat(), kind, name, f"国务院办公厅关于{year}年部分节假日安排的通知"


def main() -> None:
    """Writes the file and says how many rows it has."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, required=True)
    parser.add_argument("--last", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    from chinese_calendar import constants

    found = list(rows(constants.holidays, constants.workdays, asked.first, asked.last))
    target = asked.out / f"workdays-{asked.first}-{asked.last}.csv"
    with target.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(HEADINGS)
        writer.writerows(found)
    print(f"{target.name}: {len(found)} days, from chinesecalendar {version('chinesecalendar')}")


if __name__ == "__main__":
    main()
