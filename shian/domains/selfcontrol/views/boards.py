"""What stations, counties and the city see: who has nobody, who did not record, who did not report."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.selfcontrol.models import Duty
from shian.domains.selfcontrol.permissions import DUTY_READ
from shian.domains.selfcontrol.queries.coverage import (
    class_rates,
    day_coverage,
    names_first,
    unreported,
    without_record,
)
from shian.domains.selfcontrol.queries.numbers import SELFEXAMS, controls_began
from shian.domains.selfcontrol.queries.staff import coverage, missing
from shian.domains.selfcontrol.tables.boards import (
    CLASSES,
    DAYS,
    OPERATORS,
    STAFFING,
    class_row,
    day_row,
    operator_rows,
    staffing_row,
)
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.rules import level_of_key
from shian.kernel.ui.pages import ListPage
from shian.kernel.ui.pieces import Crumb, Filter, FilterBar, Stat, picked_area, picked_year
from shian.kernel.ui.tables import Empty, Table
from shian.registers.areas.queries import area_names, home_key
from shian.registers.areas.tables import area_picker, in_reach, without_area


@requires(DUTY_READ)
def staff_board(request: HttpRequest) -> HttpResponse:
    """Officers and directors by area: those that need one, those that have one."""
    area, today, title = _area(request), timezone.localdate(), _("食品安全员配备")
    if not area:
        return render(request, "ui/page_list.html", {"list": without_area(title)})
    found, names = coverage(request.user, area, today), area_names(today)
    listed = reverse("selfcontrol:safety_staff_list")
    rows = [staffing_row(each, names, listed) for each in found]
    page = ListPage(
        title, Table(STAFFING, rows, empty=Empty(_("辖区内没有应配备的主体"))), unit=_("个区划"),
        summary=_("按规模和业态应配备的主体为分母；暂停上岗的不计入在任。"),
        filters=FilterBar(area=area_picker(request.user, area, today)),
    )  # fmt: skip
    officers, due = sum(each.officers for each in found), sum(each.officers_due for each in found)
    directors, owed = sum(each.directors for each in found), sum(each.directors_due for each in found)
    stats = [
        Stat(_("食品安全员"), officers, unit=_("家"), part=officers, whole=due, url=_figure("staffed")),
        Stat(_("食品安全总监"), directors, unit=_("家"), part=directors, whole=owed, url=_figure("directors")),
    ]
    return render(request, "ui/page_overview.html", {"list": page, "stats": stats, "notes": []})


@requires(DUTY_READ)
def staff_list(request: HttpRequest) -> HttpResponse:
    """Operators that need a post filled and have nobody."""
    area, today = _area(request), timezone.localdate()
    duty = Duty.DIRECTOR if request.GET.get("duty") == "director" else Duty.OFFICER
    rows = missing(request.user, duty, today)
    title = _("未配备%(duty)s的主体") % {"duty": duty.label}
    return _listed(request, title, _in_area(rows, area), "selfcontrol:safety_staff_board", _("食品安全员配备"))


@requires(DUTY_READ)
def day_board(request: HttpRequest) -> HttpResponse:
    """A day by area: recorded, gaps, closed, problems, late."""
    area, day, title = _area(request), _day(request), _("日管控")
    if not area:
        return render(request, "ui/page_list.html", {"list": without_area(title)})
    found, names = day_coverage(request.user, area, day), area_names(day)
    listed = f"{reverse('selfcontrol:daily_control_list')}?day={day.isoformat()}"
    page = ListPage(
        title, Table(DAYS, [day_row(each, names, listed) for each in found], empty=Empty(_("没有应记录的主体"))),
        unit=_("个区划"), summary=_("没有记录的日子是缺报，不是正常；申报停业的不计缺报。"),
        filters=FilterBar([Filter("day", _("日期"), "date", value=day.isoformat())],
                          area=area_picker(request.user, area, day)),
    )  # fmt: skip
    recorded, due = sum(each.recorded for each in found), sum(each.due for each in found)
    stats = [
        Stat(_("已记录"), recorded, unit=_("家"), part=recorded, whole=due, url=_figure("days")),
        Stat(_("缺报"), sum(each.gaps for each in found), unit=_("家")),
        Stat(_("迟报和补录"), sum(each.late for each in found), unit=_("家")),
        Stat(_("有问题"), sum(each.problems for each in found), unit=_("家")),
    ]
    return render(request, "ui/page_overview.html", {"list": page, "stats": stats, "notes": []})


@requires(DUTY_READ)
def day_list(request: HttpRequest) -> HttpResponse:
    """Operators whose day is a gap."""
    area, day = _area(request), _day(request)
    if not area:
        raise Http404
    rows = without_record(request.user, area, day)
    title = _("%(day)s 缺报的主体") % {"day": day.isoformat()}
    return _listed(request, title, rows, "selfcontrol:daily_control_board", _("日管控"))


@requires(DUTY_READ)
def exam_board(request: HttpRequest) -> HttpResponse:
    """Self-examinations by class; the totals come from the register of operators."""
    area, today, title = _area(request), timezone.localdate(), _("企业自查报告")
    if not area:
        return render(request, "ui/page_list.html", {"list": without_area(title)})
    year = picked_year(request.GET.get("year", "")) or today.year
    listed = f"{reverse('selfcontrol:self_exam_list')}?area={area}&year={year}"
    rows = [class_row(each, year, listed) for each in class_rates(request.user, area, year, today)]
    page = ListPage(
        title, Table(CLASSES, rows), unit=_("类"), summary=_("各类主体总数取自主体库；逾期报告不计入按期。"),
        filters=FilterBar([Filter("year", _("年度"), "text", value=str(year))],
                          area=area_picker(request.user, area, today)),
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": page})


@requires(DUTY_READ)
def exam_list(request: HttpRequest) -> HttpResponse:
    """Operators of a class that did not report on a year."""
    area, today = _area(request), timezone.localdate()
    told = next((each for each in SELFEXAMS.at(today).classes if each.key == request.GET.get("class")), None)
    if told is None or not area:
        raise Http404
    year = picked_year(request.GET.get("year", "")) or today.year
    rows = unreported(request.user, area, told, year, today)
    title = _("%(year)s年未报告的%(title)s") % {"year": year, "title": told.title}
    return _listed(request, title, rows, "selfcontrol:self_exam_board", _("企业自查报告"))


def _listed(request: HttpRequest, title: str, rows: Any, back: str, word: str) -> HttpResponse:
    found, count = names_first(rows)
    names = area_names(timezone.localdate())
    page = ListPage(
        title, Table(OPERATORS, operator_rows(found, names), empty=Empty(_("没有这样的主体"))),
        count=count, unit=_("家"), crumbs=[Crumb(word, reverse(back))],
        summary=_("先列前 200 家，请按区划缩小范围。") if count > len(found) else "",
        filters=FilterBar(area=area_picker(request.user, _area(request), timezone.localdate())),
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": page})


def _area(request: HttpRequest) -> str:
    return in_reach(request.user, picked_area(request.GET.getlist("area"))) or home_key(
        request.user, timezone.localdate()
    )


def _in_area(rows: Any, area: str) -> Any:
    return rows.filter(**{level_of_key(area).value: area}) if area else rows


def _day(request: HttpRequest) -> date:
    """The day that was asked for; today for none, and for one before anything was owed."""
    try:
        found = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return timezone.localdate()
    return found if found >= controls_began() else timezone.localdate()


def _figure(name: str) -> str:
    return reverse("figures:figure_detail", args=[f"selfcontrol.{name}"])
