"""The calendar of one year."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pieces import Action, Callout, Stat, Tab
from shian.kernel.workdays.models import FIRST_YEAR, LAST_YEAR, CalendarDay
from shian.kernel.workdays.months import kind_of, months_of
from shian.kernel.workdays.permissions import CALENDAR_IMPORT, CALENDAR_VIEW
from shian.kernel.workdays.queries import days_of, known_years

IMPORT_URL = "imports:batch_create"
SHOWN_YEARS = 8
WEEKDAYS = (
    (pgettext_lazy("weekday", "一"), gettext_lazy("星期一")),
    (pgettext_lazy("weekday", "二"), gettext_lazy("星期二")),
    (pgettext_lazy("weekday", "三"), gettext_lazy("星期三")),
    (pgettext_lazy("weekday", "四"), gettext_lazy("星期四")),
    (pgettext_lazy("weekday", "五"), gettext_lazy("星期五")),
    (pgettext_lazy("weekday", "六"), gettext_lazy("星期六")),
    (pgettext_lazy("weekday", "日"), gettext_lazy("星期日")),
)


@requires(CALENDAR_VIEW)
def year_current(request: HttpRequest) -> HttpResponse:
    return _show(request, timezone.localdate().year)


@requires(CALENDAR_VIEW)
def year_detail(request: HttpRequest, number: int) -> HttpResponse:
    if not FIRST_YEAR <= number <= LAST_YEAR:
        raise Http404(str(number))
    return _show(request, number)


def _show(request: HttpRequest, number: int) -> HttpResponse:
    today, rows = timezone.localdate(), days_of(number)
    is_provisional = rows[0].is_provisional
    context = {
        "number": number,
        "is_provisional": is_provisional,
        "tabs": _tabs(number, today.year),
        "months": months_of(rows, today),
        "weekdays": WEEKDAYS,
        "stats": _stats(rows),
        "sources": sorted({row.source_doc for row in rows if row.source_doc}),
        "note": _provisional_note(number) if is_provisional else None,
        "actions": _actions(request, is_primary=is_provisional),
    }
    return render(request, "workdays/year_detail.html", context)


def _tabs(number: int, this_year: int) -> list[Tab]:
    """The newest known years, this year and the next, and the one that is shown; the newest first."""
    known = known_years()
    wanted = {*known[-SHOWN_YEARS:], this_year, this_year + 1, number}
    return [
        Tab(
            str(year) if year in known else _("%(year)s（推算）") % {"year": year},
            reverse("workdays:year_detail", args=[year]),
            is_active=year == number,
        )
        for year in sorted(wanted, reverse=True)
    ]


def _stats(rows: list[CalendarDay]) -> list[Stat]:
    kinds = [kind_of(row) for row in rows]
    worked = sum(row.is_workday for row in rows)
    return [
        Stat(_("工作日"), worked, _("天")),
        Stat(_("休息日"), len(rows) - worked, _("天")),
        Stat(_("节日放假"), kinds.count("holiday"), _("天"), note=_("含其中的周末")),
        Stat(_("周末上班"), kinds.count("makeup"), _("天")),
    ]


def _provisional_note(number: int) -> Callout:
    body = _(
        "国务院办公厅通常在上一年十一月公布放假安排。在此之前本年只按周一至周五推算，用到本年的期限都会注明；"
        "导入通知后即按通知计算。"
    )
    return Callout(_("%(year)s年放假安排尚未导入") % {"year": number}, body, state="due")


def _actions(request: HttpRequest, *, is_primary: bool) -> list[Action]:
    """The importer stands above this app, so only its address is known here."""
    if not CALENDAR_IMPORT(request.user).allowed:
        return []
    kind = "primary" if is_primary else "secondary"
    return [Action(_("导入放假安排"), f"{reverse(IMPORT_URL)}?importer=workdays", icon="upload", kind=kind)]
