"""How far a quarter is: the county's quarter, the township's week, what is left; and the closing of a quarter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.domains.duties.actions.quarters import close_quarter
from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.models import Match, Official, QuarterFigure, TierLetter
from shian.domains.duties.permissions import QUARTER_CLOSE, VISIT_READ
from shian.domains.duties.queries.coverage import (
    ALL,
    Coverage,
    coverages,
    due_matches,
    quarters_known,
    visits_within,
    whole_of,
)
from shian.domains.duties.queries.visit_numbers import earliest_quarter
from shian.domains.duties.rules.visits import Quarter
from shian.domains.duties.tables.visits import DUE_ROWS, coverage_columns, coverage_row, due_rows
from shian.domains.duties.views.trends import charts_of
from shian.engine.ledgers.exports import FORMATS, make_export
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import KEY_WIDTH, LEVELS, Level, level_of_key
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import ListPage
from shian.kernel.ui.pieces import Action, Callout, Crumb, Filter, FilterBar, Option, Stat, picked_area
from shian.kernel.ui.states import DONE, DUE, OVERDUE
from shian.kernel.ui.tables import Empty, ListQuery, Row, Table
from shian.registers.areas.queries import area_names, areas_valid_at, home_key
from shian.registers.areas.tables import area_picker, in_reach

WEEK = timedelta(days=7)
LAGGARDS = 10
LONG = 20  # areas that fit a screen: what sums them up stands above a longer list


@dataclass(frozen=True)
class Sight:
    """What the reader looks at: an area and a quarter, as far as it has come by `day`."""

    area: str
    quarter: Quarter
    day: date

    @property
    def is_over(self) -> bool:
        """What is left now was missed."""
        return timezone.localdate() > self.quarter.last

    @property
    def below(self) -> Level:
        """The level whose areas are listed: the next one, villages last."""
        levels: list[Level] = [level for level in LEVELS if level != Level.PROVINCE]
        if not self.area or len(self.area) < KEY_WIDTH[Level.CITY]:
            return Level.CITY
        return levels[min(levels.index(level_of_key(self.area)) + 1, len(levels) - 1)]


def read_sight(request: HttpRequest) -> Sight:
    """Unknown words mean the present quarter and the own area, a quarter before the first one means that.
    Raises OutOfReach for an area beyond the reach."""
    today = timezone.localdate()
    area = in_reach(request.user, picked_area(request.GET.getlist("area"))) or home_key(request.user, today)
    try:
        quarter = Quarter.read(request.GET.get("quarter", ""))
    except ValueError:
        quarter = Quarter.of(today)
    quarter = max(earliest_quarter(), min(quarter, Quarter.of(today)))
    return Sight(area, quarter, quarter.until(today))


@requires(VISIT_READ)
def coverage_detail(request: HttpRequest) -> HttpResponse:
    """The quarter of an area: how far it is, by the areas below and by tier, and what came in this week."""
    sight = read_sight(request)
    if not reach_of(request.user).covers(sight.area):
        raise Http404(sight.area)
    frozen, names = _frozen(sight), _names(sight)
    told = {"is_over": sight.is_over, "is_frozen": bool(frozen)}
    groups, before = (sight.below.value, "tier", "official", ALL), max(sight.day - WEEK, sight.quarter.first)
    told_of = coverages(sight.area, sight.day, groups, before=before, most=LAGGARDS)
    found, whole = sorted(told_of[sight.below.value], key=_worst_first), whole_of(told_of)
    tiers = [
        coverage_row(each, str(TierLetter(each.key).label), url=_url("duties:due_list", sight, tier=each.key),
                     frozen=frozen.get((sight.area, each.key)), is_over=sight.is_over)
        for each in told_of["tier"]
    ]  # fmt: skip
    page = ListPage(
        _("督导进度"),
        Table(coverage_columns(_("区划"), **told), [_area_row(each, sight, names, frozen) for each in found],
              empty=Empty(_("这里还没有包保对接"), _("对接批准以后才有督导任务。"))),
        unit=_("个区划"), summary=_("完成率是本期已督导的主体占当日有包保干部的主体；待督导的就是二者之差。"),
        crumbs=[Crumb(_("包保督导"), reverse("duties:visit_list"))], filters=_filters(request, sight),
        actions=_actions(request.user, sight, frozen),
    )  # fmt: skip
    laggards = _laggards(told_of["official"], sight)
    officials = Table(coverage_columns(_("干部"), is_over=sight.is_over), laggards, id="officials",
                      empty=Empty(_("没有待督导的主体")))  # fmt: skip
    return render(
        request, "duties/coverage.html",
        {"list": page, "stats": _stats(sight, whole), "notes": _notes(sight, frozen),
         "charts": charts_of(sight.area, sight.quarter, sight.day, whole), "is_long": len(found) > LONG, "tables": [
            (_("按层级"), Table(coverage_columns(_("包保层级"), **told), tiers, id="tiers")),
            (_("干部：没有督导最多的") if sight.is_over else _("干部：待督导最多的"), officials),
        ]},
    )  # fmt: skip


def _worst_first(found: Coverage) -> tuple[float, int]:
    return (_rate(found) or 0, -found.due)


def _url(name: str, sight: Sight, **more: str) -> str:
    told = "&".join(f"{key}={value}" for key, value in more.items())
    return f"{reverse(name)}?area={sight.area}&quarter={sight.quarter.key}{'&' if told else ''}{told}"


def _names(sight: Sight) -> dict[str, str]:
    names = area_names(sight.day)
    if sight.below == Level.VILLAGE:
        rows = areas_valid_at(sight.day).filter(level="village", key__startswith=sight.area)
        names |= dict(rows.values_list("key", "name"))
    return names


def _frozen(sight: Sight) -> dict[tuple[str, str], tuple[int, int]]:
    """(area, tier) → visited and in force when the quarter was closed; nothing before that."""
    rows = QuarterFigure.objects.filter(quarter=sight.quarter.key, area_key__startswith=sight.area)
    deeper = {level.value: "" for level in LEVELS if KEY_WIDTH[level] > KEY_WIDTH[sight.below]}
    found = rows.filter(tier="", **{sight.below.value + "__gt": ""}, **deeper) | rows.filter(area_key=sight.area)
    told = found.values_list("area_key", "tier", "visited", "in_force")
    return {(key, tier): (visited, in_force) for key, tier, visited, in_force in told}


def _area_row(found: Coverage, sight: Sight, names: dict[str, str], frozen: Any) -> Row:
    if not found.key:
        return coverage_row(found, _("没有村（社区）的"), url=_url("duties:due_list", sight), is_over=sight.is_over)
    inner = Sight(found.key, sight.quarter, sight.day)
    name = "duties:due_list" if sight.below == Level.VILLAGE else "duties:coverage_detail"
    return coverage_row(found, names.get(found.key, found.key), url=_url(name, inner),
                        frozen=frozen.get((found.key, "")), is_over=sight.is_over)  # fmt: skip


def _laggards(officials: Sequence[Coverage], sight: Sight) -> list[Row]:
    """Those with most left first."""
    left = sorted((each for each in officials if each.due), key=lambda each: (-each.due, each.key))
    people = Official.objects.in_bulk([int(each.key) for each in left])
    return [
        coverage_row(each, f"{people[int(each.key)].name} {people[int(each.key)].post}",
                     url=_url("duties:due_list", sight, official=each.key), is_over=sight.is_over)
        for each in left
    ]  # fmt: skip


def _stats(sight: Sight, whole: Coverage) -> list[Stat]:
    inside = visits_within(sight.area, sight.quarter.first, sight.day)
    days = (sight.quarter.last - sight.day).days
    return [
        Stat(_("督导完成率"), _rate(whole), unit="%", decimals=1, part=whole.visited, whole=whole.in_force,
             state=DONE if whole.in_force and not whole.due else ""),
        Stat(_("未督导") if sight.is_over else _("待督导"), whole.due, unit=_("家"),
             state=(OVERDUE if sight.is_over else DUE) if whole.due else DONE, url=_url("duties:due_list", sight),
             note=_("本季度还有 %(days)s 天") % {"days": days} if days else ""),
        Stat(_("最后七天新督导") if sight.is_over else _("近七天新督导"), whole.visited - whole.visited_before,
             unit=_("家")),
        Stat(_("发现问题的督导"), inside.filter(faults__gt=0).count(), unit=_("次"),
             url=_url("duties:visit_list", sight, faults="1")),
    ]  # fmt: skip


def _rate(found: Coverage) -> float | None:
    return 100 * found.visited / found.in_force if found.in_force else None


def _notes(sight: Sight, frozen: Any) -> list[Callout]:
    if not frozen:
        return []
    late = visits_within(sight.area, sight.quarter.first, sight.quarter.last).filter(is_late=True)
    told = {"quarter": sight.quarter.key, "late": late.count()}
    return [Callout(_("%(quarter)s的数字已经冻结；冻结后补报 %(late)s 次，不改变冻结的完成率。") % told, state=DONE)]


def _filters(request: HttpRequest, sight: Sight) -> FilterBar:
    options = [Option(each.key, each.key) for each in quarters_known(request.user, timezone.localdate())]
    quarter = Filter("quarter", _("季度"), options=options, value=sight.quarter.key,
                     default=Quarter.of(timezone.localdate()).key)  # fmt: skip
    return FilterBar([quarter], area_picker(request.user, sight.area, timezone.localdate()))


def _actions(user: Any, sight: Sight, frozen: Any) -> list[Action]:
    over = timezone.localdate() > sight.quarter.last
    if frozen or not over or not QUARTER_CLOSE(user).allowed or len(sight.area) != KEY_WIDTH[Level.CITY]:
        return []
    return [Action(_("冻结本季度"), _url("duties:quarter_close", sight), icon="lock", method="post",
                   consequence=_("冻结后本季度的完成率不再改变，以后补报的督导记为补报。"))]  # fmt: skip


@requires(QUARTER_CLOSE)
@require_POST
def quarter_close(request: HttpRequest) -> HttpResponse:
    """Freeze the quarter of the reader's city."""
    sight = read_sight(request)
    try:
        close_quarter(quarter=sight.quarter, city=sight.area, by=request.user, at=timezone.now())
        messages.success(request, _("已冻结%(quarter)s。") % {"quarter": sight.quarter.key})
    except DutyRefused as refused:
        messages.error(request, str(refused))
    return redirect(_url("duties:coverage_detail", sight))


@dataclass(frozen=True)
class DueChoice:
    """What the filters of the list of due businesses leave."""

    tier: str = ""
    official: int | None = None


def _due(request: HttpRequest) -> tuple[Sight, DueChoice, Any]:
    sight, told = read_sight(request), request.GET
    official = told.get("official", "")
    choice = DueChoice(
        told.get("tier", "") if told.get("tier") in TierLetter.values else "",
        int(official) if official.isdecimal() and len(official) < 18 else None,
    )
    rows = Match.objects.visible_to(request.user).select_related("operator", "official")
    if sight.area:
        rows = rows.filter(**{Level(level_of_key(sight.area)).value: sight.area})
    if choice.tier:
        rows = rows.filter(tier=choice.tier)
    if choice.official:
        rows = rows.filter(official=choice.official)
    return sight, choice, due_matches(rows, sight.day)


@requires(VISIT_READ)
def due_list(request: HttpRequest) -> HttpResponse:
    """The businesses that nobody visited yet in the period: what the completion leaves."""
    sight, choice, rows = _due(request)
    query = ListQuery.read(request.GET, DUE_ROWS)
    page = keyset_page(rows.order_by(), query)
    tiers = Filter("tier", _("包保层级"), options=[Option(each.value, each.label) for each in TierLetter],
                   value=choice.tier)  # fmt: skip
    bar = _filters(request, sight)
    own = [Filter("official", "", kind="hidden", value=str(choice.official))] if choice.official else []
    found = ListPage(
        _("待督导主体"),
        Table(DUE_ROWS, list(due_rows(page.items, area_names(sight.day))), query=query, page=page,
              empty=Empty(_("没有待督导的主体"), _("本期应督导的主体都已督导。"))),
        unit=_("家"), filters=FilterBar([*bar.filters, tiers, *own], bar.area),
        crumbs=[Crumb(_("包保督导"), reverse("duties:visit_list")),
                Crumb(_("督导进度"), _url("duties:coverage_detail", sight))],
        export_url=reverse("duties:due_export"), export_formats=FORMATS,
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": found})


@requires(VISIT_READ)
def due_export(request: HttpRequest) -> HttpResponseBase:
    """Every row of the list."""
    sight, _choice, rows = _due(request)
    file_format, now = request.GET.get("format", FORMATS[0]), timezone.now()
    if file_format not in FORMATS:
        raise Http404(file_format)
    door = Door.of_page(request)
    made = make_export(
        name=str(_("待督导主体")), format=file_format, columns=DUE_ROWS,
        rows=due_rows(list(rows.order_by("township", "operator__code")), area_names(sight.day)),
        facts={_("季度"): sight.quarter.key, _("数据时点"): sight.day.isoformat()},
        by=request.user.get_username(), at=now, door=door,
    )  # fmt: skip
    return made.leave(door, subject="duties.due:list", at=now)
