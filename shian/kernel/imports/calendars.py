"""The importer of working-day calendars: a State Council notice as a table. It stands here because imports stand above
the calendar.

A file states whole notices: what it does not name in a notice's year is an ordinary day again, and the year is known.
"""

from django.utils.translation import gettext_lazy as _

from shian.kernel.imports.specs import (
    WARNING,
    Counts,
    ImportField,
    ImportSpec,
    SetCheck,
    Staged,
    register_importer,
)
from shian.kernel.workdays.models import FIRST_YEAR, LAST_YEAR
from shian.kernel.workdays.queries import forget_calendar

STATUTORY_DAYS = 11  # a year's public holidays since 2008; 13 since 2025 (国令795)
HOLIDAYS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
_OF_FILE = "(SELECT DISTINCT notice_year FROM {staging} WHERE is_good)"
_WORKED = "(s.kind = 'work')"
_DIFFERS = (
    f"(c.is_workday, c.notice_year, c.holiday_name, c.source_doc) IS DISTINCT FROM "
    f"({_WORKED}, s.notice_year, s.holiday_name, s.source_doc)"
)


def write_days(run: Staged) -> Counts:
    """Set the days of the notices in the file, take back what their years no longer name, and number the days anew."""
    joined = "FROM {staging} s JOIN workdays_calendarday c ON c.day = s.day WHERE s.is_good"
    new, changed, total = run.rows(
        f"SELECT count(*) FILTER (WHERE c.notice_year IS NULL), count(*) FILTER (WHERE c.notice_year IS NOT NULL AND "
        f"{_DIFFERS}), count(*) {joined}"
    )[0]
    run.execute(
        "UPDATE workdays_calendarday c SET is_workday = extract(isodow FROM c.day) < 6, notice_year = NULL, "
        f"holiday_name = '', source_doc = '' WHERE c.notice_year IN {_OF_FILE} "
        "AND NOT EXISTS (SELECT 1 FROM {staging} s WHERE s.day = c.day AND s.is_good)"
    )
    run.execute(
        f"UPDATE workdays_calendarday c SET is_workday = {_WORKED}, notice_year = s.notice_year, "
        "holiday_name = s.holiday_name, source_doc = s.source_doc "
        f"FROM {{staging}} s WHERE s.day = c.day AND s.is_good AND {_DIFFERS}"
    )
    run.execute(
        "UPDATE workdays_calendarday SET is_provisional = FALSE "
        f"WHERE is_provisional AND extract(year FROM day)::int IN {_OF_FILE}"
    )
    run.execute("SELECT workdays_renumber()")
    forget_calendar()
    return Counts(new=new, changed=changed, same=total - new - changed)


WORKDAYS = ImportSpec(
    key="workdays",
    title=_("工作日历"),
    description=_("国务院办公厅公布的年度放假安排：每个放假日和调休上班日一行，一份文件写全年"),
    order=5,
    natural_key=("day",),
    roles=(),
    fields=(
        ImportField(
            "notice_year", _("通知年份"), "year", ("年份",), required=True, minimum=FIRST_YEAR, maximum=LAST_YEAR,
            hint=_("该日由哪一年的通知安排；上年十二月底的元旦假期写次年"),
        ),
        ImportField("day", _("日期"), "date", required=True),
        ImportField(
            "kind", _("类型"), required=True,
            choices={"放假": "off", "休": "off", "上班": "work", "班": "work", "调休上班": "work"},
        ),
        ImportField("holiday_name", _("节日"), required=True, choices=HOLIDAYS),
        ImportField("source_doc", _("来源"), aliases=("依据", "文件"), required=True, max_length=120),
    ),
    checks=(
        SetCheck(
            "day",
            "extract(year FROM s.day) <> s.notice_year AND s.day NOT BETWEEN make_date(s.notice_year - 1, 12, 20) "
            "AND make_date(s.notice_year - 1, 12, 31)",
            _("日期不在通知年份内"),
            _("只有上年十二月下旬可以由次年的通知安排"),
        ),
        SetCheck(
            "day",
            f"extract(year FROM s.day) NOT BETWEEN {FIRST_YEAR} AND {LAST_YEAR}",
            _("日期超出日历范围（2000—2049年）"),
        ),
        SetCheck(
            "notice_year",
            "(SELECT count(*) FROM {staging} o WHERE o.notice_year = s.notice_year AND o.kind = 'off') "
            f"< {STATUTORY_DAYS}",
            _("该年放假日不足11天"),
            _("一份文件须写全年的安排，请补齐"),
        ),
        SetCheck(
            "kind",
            "s.kind = 'work' AND extract(isodow FROM s.day) < 6",
            _("该日本来就是工作日"),
            _("请核对日期；调休上班日应在周末"),
            severity=WARNING,
        ),
    ),
    apply=write_days,
)  # fmt: skip


def register() -> None:
    """Registers the importer."""
    register_importer(WORKDAYS)
