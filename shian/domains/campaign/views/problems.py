"""The problem list: how much was found, how much is struck off, and what stays open by name (A-11)."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.permissions import CASE_VIEW, PROBLEM_REPORT
from shian.domains.campaign.queries.problems import PROBLEM, listed_problems, open_problems, problem_years
from shian.domains.campaign.tables.closeouts import CLOSE_OUTS, close_out_row
from shian.engine.cases.declarations import case_type
from shian.engine.cases.queries import CaseChoice, CloseOut, close_out, close_out_by
from shian.engine.cases.tables import CASES, case_row
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.rules import KEY_WIDTH, Level
from shian.kernel.ui.formats import percent_text
from shian.kernel.ui.pages import ListPage
from shian.kernel.ui.pieces import Action, Filter, FilterBar, Option, Stat, Tab, picked_area, picked_year
from shian.kernel.ui.states import OVERDUE
from shian.kernel.ui.tables import Empty, Table
from shian.registers.areas.queries import area_names
from shian.registers.areas.tables import area_picker, in_reach
from shian.registers.people.queries import organisation_names

SHOWN = 50
PROBLEMS = tuple(each for each in CASES if each.key != "type")  # all of one type


@requires(CASE_VIEW)
def problem_board(request: HttpRequest) -> HttpResponse:
    """Found, struck off, and the open ones by name; the same by area, unit and source."""
    today, user = timezone.localdate(), request.user
    choice, year = _choice(request)
    rows = listed_problems(choice, user, today)
    out, names = close_out(rows, today), area_names(today)
    opened = [case_row(each, today, names) for each in open_problems(rows)[:SHOWN]]
    page = ListPage(
        _("问题清单"),
        Table(PROBLEMS, opened, empty=Empty(_("没有未销号的问题"), _("已发现的问题全部核实销号。"))),
        count=out.open,
        unit=_("个未销号"),
        summary=_("每个问题有编号、责任单位和期限，整改后由另一单位核实才能销号。"),
        tabs=_tabs(request, problem_years(user, today), year),
        filters=_filters(request, choice, year, today),
        actions=_actions(request),
    )
    context = {"list": page, "stats": _stats(out, choice), "tables": _tables(rows, choice, names, today)}
    return render(request, "campaign/overview.html", context)


def _choice(request: HttpRequest) -> tuple[CaseChoice, int | None]:
    year, area = picked_year(request.GET.get("year", "")), picked_area(request.GET.getlist("area"))
    choice = CaseChoice(
        type=PROBLEM,
        area=in_reach(request.user, area) if area else "",
        source=request.GET.get("source", ""),
        opened_from=date(year, 1, 1) if year else None,
        opened_to=date(year, 12, 31) if year else None,
    )
    return choice, year


def _asked(choice: CaseChoice) -> dict[str, str]:
    """The choice as the list of cases reads it."""
    told = {"area": choice.area, "source": choice.source, "from": choice.opened_from, "to": choice.opened_to}
    return {"whose": "all", **{name: str(value) for name, value in told.items() if value}}


def _list_url(choice: CaseChoice, **more: str) -> str:
    return f"{reverse('cases:type_list', args=[PROBLEM])}?{urlencode({**_asked(choice), **more})}"


def _stats(out: CloseOut, choice: CaseChoice) -> list[Stat]:
    return [
        Stat(_("发现问题"), out.total, unit=_("个"), url=_list_url(choice)),
        Stat(_("已销号"), out.closed, unit=_("个"), url=_list_url(choice, standing="closed")),
        Stat(_("销号率"), percent_text(out.closed, out.total), note=_("已核实销号 ÷ 发现")),
        Stat(_("未销号"), out.open, unit=_("个"), url=_list_url(choice, standing="open"),
             state=OVERDUE if out.overdue else "",
             note=_("其中逾期 %(count)s 个") % {"count": out.overdue} if out.overdue else ""),
    ]  # fmt: skip


def _tables(rows: QuerySet[Any], choice: CaseChoice, names: Mapping[str, str], today: date) -> list[tuple[str, Table]]:
    sources = {key: str(title) for key, title in case_type(PROBLEM).sources}
    below = "township" if len(choice.area) >= KEY_WIDTH[Level.COUNTY] else "county"
    by_area, by_unit = close_out_by(rows, below, today), close_out_by(rows, "unit", today)
    units = organisation_names([key for key in by_unit if key])
    parts = [
        (_("按区划"), "area", by_area, names),
        (_("按整改单位"), "unit", by_unit, units),
        (_("按来源"), "source", close_out_by(rows, "source", today), sources),
    ]
    return [
        (title, Table(CLOSE_OUTS, _lines(choice, column, found, words), id=f"by-{column}"))
        for title, column, found, words in parts
        if found
    ]


def _lines(choice: CaseChoice, column: str, found: Mapping[Any, CloseOut], words: Mapping[str, str]) -> list[Any]:
    """Most open first; what has no area, unit or source of its own comes last."""
    nothing = {"area": _("市本级"), "unit": _("未交办"), "source": _("未注明")}[column]
    order = sorted(found, key=lambda key: (not key, -found[key].open, -found[key].total, str(key)))
    return [
        close_out_row(words.get(key, key) if key else nothing, found[key], _list_url(choice, **{column: key or ""}))
        for key in order
    ]


def _tabs(request: HttpRequest, years: list[int], chosen: int | None) -> list[Tab]:
    kept = [(name, value) for name, value in request.GET.items() if name in ("area", "source") and value]
    every = Tab(_("全部"), f"?{urlencode(kept)}", is_active=chosen is None)
    return [every] + [
        Tab(_("%(year)s 年") % {"year": year}, f"?{urlencode([*kept, ('year', year)])}", is_active=year == chosen)
        for year in years
    ]


def _filters(request: HttpRequest, choice: CaseChoice, year: int | None, today: date) -> FilterBar:
    words = [Option(key, title) for key, title in case_type(PROBLEM).sources]
    found = [
        Filter("year", "", kind="hidden", value=str(year or "")),
        Filter("source", _("来源"), options=words, value=choice.source),
    ]
    return FilterBar(found, area_picker(request.user, choice.area, today))


def _actions(request: HttpRequest) -> list[Action]:
    listed = Action(_("全部问题"), reverse("cases:type_list", args=[PROBLEM]), icon="list-check")
    if not PROBLEM_REPORT(request.user).allowed:
        return [listed]
    url = reverse("cases:case_create", args=[PROBLEM])
    return [Action(_("登记问题"), url, icon="plus", kind="primary"), listed]
