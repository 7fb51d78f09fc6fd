"""Opening a week, filing, returning, confirming, locking, and correcting what is locked."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.models import ReportState, Week, WeekCorrection, WeekLine, WeekReport
from shian.domains.campaign.permissions import WEEK_CONFIRM, WEEK_FILE
from shian.domains.campaign.queries.weeks import (
    LINE_FIELDS,
    campaign_areas,
    lines_of,
    may_file,
    reporting_units,
    week_rule,
)
from shian.domains.campaign.rules.weeks import cut_off, lock_day, monday_of
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.rules import columns_of_key
from shian.kernel.workdays.queries import calendar

Lines = Sequence[Mapping[str, str]]
MOST_LINES = 40


class WeekRefused(ValueError):
    """The report cannot take this step; the text says why."""


@transaction.atomic
def open_week(*, area_key: str, monday: date, by: str, at: datetime) -> Week:
    """The week of an area with a row for each of its units; the same week again adds the units that came meanwhile."""
    rule, days = week_rule(monday), calendar()
    week, is_new = Week.objects.get_or_create(
        **{name: value for name, value in columns_of_key(area_key).items() if name in {"city", "county"}},
        monday=monday,
        defaults={
            **columns_of_key(area_key), "opened_at": at, "lock_on": lock_day(monday, rule, days),
            "cut_off_at": cut_off(monday, rule, timezone.get_current_timezone()),
        },
    )  # fmt: skip
    known = set(WeekReport.objects.filter(week=week).values_list("unit__code", flat=True))
    missing = [each for each in reporting_units(area_key, monday) if each.code not in known]
    WeekReport.objects.bulk_create(WeekReport(week=week, unit=each, **columns_of_key(each.area)) for each in missing)
    if is_new or missing:
        said = {"monday": monday.isoformat(), "units": [each.code for each in missing]}
        seal(action="campaign.week_opened", by=by, subject=f"campaign.week:{week.pk}", data=said, at=at)
    return week


def keep_weeks(*, by: str, at: datetime) -> None:
    """This week is open in every area with a campaign, and weeks whose day has come are locked."""
    today = timezone.localdate(at)
    for key in campaign_areas(today):
        open_week(area_key=key, monday=monday_of(today), by=by, at=at)
    for week in Week.objects.filter(locked_at__isnull=True, lock_on__lte=today):
        lock_week(week=week, by=by, at=at)


@transaction.atomic
def file_report(*, report: WeekReport, lines: Lines, by: Any, at: datetime) -> WeekReport:
    """Write the week's lines; until it is confirmed a report may be filed again. Raises WeekRefused, OutOfReach."""
    name = acting(WEEK_FILE, by)
    if not isinstance(by, str) and not may_file(by, report):
        raise OutOfReach(f"campaign.weekreport:{report.pk}")
    locked = WeekReport.objects.select_for_update().select_related("week").get(pk=report.pk)
    if locked.week.locked_at:
        raise WeekRefused(_("本周已锁定，只能由创建办更正。"))
    if locked.state == ReportState.CONFIRMED:
        raise WeekRefused(_("本周台账已确认，需要修改时请创建办退回。"))
    _check(lines)
    _write_lines(locked, lines)
    locked.state, locked.filed_at, locked.filed_by = ReportState.FILED, at, name
    locked.save(update_fields=["state", "filed_at", "filed_by"])
    _seal("campaign.week_filed", locked, name, at, lines=[dict(line) for line in lines])
    return locked


@transaction.atomic
def confirm_report(*, report: WeekReport, by: Any, at: datetime) -> WeekReport:
    """The office has read it. Raises WeekRefused, OutOfReach."""
    return _decide(report, ReportState.FILED, ReportState.CONFIRMED, "campaign.week_confirmed", by, at)


@transaction.atomic
def return_report(*, report: WeekReport, reason: str, by: Any, at: datetime) -> WeekReport:
    """Back to the unit, which files again; the lines stay. Raises WeekRefused, OutOfReach."""
    if not reason.strip():
        raise WeekRefused(_("请写明退回的理由。"))
    return _decide(
        report, ReportState.CONFIRMED, ReportState.FILED, "campaign.week_returned", by, at, reason=reason.strip()
    )


def _decide(
    report: WeekReport, before: ReportState, after: ReportState, action: str, by: Any, at: datetime, **said: str
) -> WeekReport:
    locked = WeekReport.objects.select_for_update().select_related("week").get(pk=report.pk)
    name = acting(WEEK_CONFIRM, by, locked.week.area)
    if locked.week.locked_at:
        raise WeekRefused(_("本周已锁定，只能更正。"))
    if locked.state != before:
        raise WeekRefused(_("此台账现在是“%(state)s”，不能这样办理。") % {"state": locked.get_state_display()})
    is_confirmed = after == ReportState.CONFIRMED
    locked.state = after
    locked.confirmed_at, locked.confirmed_by = (at, name) if is_confirmed else (None, "")
    locked.save(update_fields=["state", "confirmed_at", "confirmed_by"])
    _seal(action, locked, name, at, **said)
    return locked


@transaction.atomic
def lock_week(*, week: Week, by: str, at: datetime) -> bool:
    """Nothing of the week changes any more except by a recorded correction; False when it was locked before."""
    if not Week.objects.filter(pk=week.pk, locked_at__isnull=True).update(locked_at=at):
        return False
    late = WeekReport.objects.filter(week=week, state=ReportState.OPEN).order_by("unit_id")
    said = {"monday": week.monday.isoformat(), "not_filed": list(late.values_list("unit_id", flat=True))}
    seal(action="campaign.week_locked", by=by, subject=f"campaign.week:{week.pk}", data=said, at=at)
    return True


@transaction.atomic
def correct_report(*, report: WeekReport, lines: Lines, reason: str, by: Any, at: datetime) -> WeekCorrection:
    """Change the lines of a locked week; what they said stays beside it. Raises WeekRefused, OutOfReach."""
    locked = WeekReport.objects.select_for_update().select_related("week").get(pk=report.pk)
    name = acting(WEEK_CONFIRM, by, locked.week.area)
    if not locked.week.locked_at:
        raise WeekRefused(_("本周还没有锁定，请由填报单位修改。"))
    if not reason.strip():
        raise WeekRefused(_("请写明更正的理由。"))
    _check(lines)
    before, after = lines_of(locked), [dict(line) for line in lines]
    if before == after:
        raise WeekRefused(_("内容没有变化。"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('shian.correction', 'on', true)")
        _write_lines(locked, lines)
        cursor.execute("SELECT set_config('shian.correction', '', true)")
    entry = _seal("campaign.week_corrected", locked, name, at, before=before, after=after, reason=reason.strip())
    return WeekCorrection.objects.create(
        report=locked, before=before, after=after, reason=reason.strip(), at=at, by=name, seal=entry.uid
    )


def _check(lines: Lines) -> None:
    if not lines:
        raise WeekRefused(_("请至少填写一行。"))
    if len(lines) > MOST_LINES:
        raise WeekRefused(_("一周最多填写 %(most)s 行。") % {"most": MOST_LINES})
    for number, line in enumerate(lines, 1):
        if not line["done"].strip():
            raise WeekRefused(_("第 %(number)s 行没有填写本周完成情况。") % {"number": number})


def _write_lines(report: WeekReport, lines: Lines) -> None:
    WeekLine.objects.filter(report=report).delete()
    WeekLine.objects.bulk_create(
        WeekLine(report=report, number=number, **{name: line.get(name, "") for name in LINE_FIELDS})
        for number, line in enumerate(lines, 1)
    )


def _seal(action: str, report: WeekReport, by: str, at: datetime, **said: Any) -> Any:
    data = {"week": report.week.monday.isoformat(), "unit": report.unit_id, "state": report.state, **said}
    return seal(action=action, by=by, subject=f"campaign.weekreport:{report.pk}", data=data, at=at)
