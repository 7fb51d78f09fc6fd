"""The war map (挂图作战): units × stages in colours, on a page and on a meeting room's screen."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.models import Schedule, Stage
from shian.domains.campaign.permissions import CASE_VIEW
from shian.domains.campaign.queries.schedules import (
    Square,
    UnitRow,
    counts_of,
    stages_of,
    steps_of,
    unit_rows,
)
from shian.domains.campaign.rules.schedules import Standing
from shian.domains.campaign.tables.schedules import WORDS, plan_tabs
from shian.domains.campaign.views.schedules import no_plan, plan_choice, plan_of, plan_url
from shian.domains.campaign.views.sights import crumbs
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pieces import Action, FilterBar
from shian.kernel.ui.states import Text
from shian.kernel.workdays.queries import calendar

REFRESH_SECONDS = 20  # a reported step is on the wall within a minute, whatever one answer takes


@dataclass(frozen=True)
class Shown:
    """A square as it is drawn; an empty one says that the unit has nothing in the stage. `worst`: how many steps are
    late or near their day, where the colour says so."""

    standing: str = ""
    word: Text = ""
    icon: str = ""
    done: int = 0
    whole: int = 0
    late: int = 0
    worst: int = 0
    url: str = ""


@dataclass(frozen=True)
class ShownRow:
    name: str
    url: str
    squares: list[Shown]
    whole: Shown


@dataclass(frozen=True)
class ShownStage:
    title: str
    first: date
    last: date
    is_present: bool
    days_left: int | None


@requires(CASE_VIEW)
def war_map(request: HttpRequest) -> HttpResponse:
    """The chart with its legend; asked for again by itself."""
    schedule = plan_of(request)
    if schedule is None:
        return no_plan(request)
    context = {
        **_chart(request, schedule),
        "crumbs": crumbs(),
        "tabs": plan_tabs("campaign:war_map", schedule),
        "bar": FilterBar(plan_choice(request, schedule)),
        "actions": [
            Action(_("打印"), "#print", icon="printer"),
            Action(_("大屏显示"), plan_url("campaign:war_live", schedule), icon="device-desktop-analytics",
                   kind="primary"),
        ],
    }  # fmt: skip
    return render(request, "campaign/war_map.html", context)


@requires(CASE_VIEW)
def war_screen(request: HttpRequest) -> HttpResponse:
    """The chart alone, in big type."""
    schedule = plan_of(request)
    if schedule is None:
        return no_plan(request)
    context = {**_chart(request, schedule), "back_url": plan_url("campaign:war_map", schedule)}
    return render(request, "campaign/war_live.html", context)


def _chart(request: HttpRequest, schedule: Schedule) -> dict[str, Any]:
    today = timezone.localdate()
    stages, rows = stages_of(schedule), unit_rows(steps_of(schedule, request.user), today)
    counts = counts_of(rows)
    return {
        "schedule": schedule,
        "stages": _stages(stages, today),
        "rows": [_row(row, stages, schedule) for row in rows],
        "legend": [(each.value, *WORDS[each], counts[each]) for each in WORDS],
        "days_left": calendar().workdays_between(today, schedule.final_on),
        "refresh": REFRESH_SECONDS,
        "now": timezone.localtime(),
    }


def _stages(stages: list[Stage], today: date) -> list[ShownStage]:
    opened = max((each.number for each in stages if each.opened_at), default=0)
    return [
        ShownStage(
            each.title, each.starts_on, each.ends_on, each.number == opened,
            calendar().workdays_between(today, each.ends_on) if each.number == opened else None,
        )
        for each in stages
    ]  # fmt: skip


def _row(row: UnitRow, stages: list[Stage], schedule: Schedule) -> ShownRow:
    def url(**more: object) -> str:
        asked = {"plan": schedule.key, "unit": row.code, **more}
        return f"{reverse('campaign:step_list')}?{urlencode(asked)}"

    squares = [_shown(row.squares.get(each.number), url(stage=each.number)) for each in stages]
    return ShownRow(row.name or _("未定单位"), url(), squares, _shown(row.whole, url()))


def _shown(square: Square | None, url: str) -> Shown:
    standing = square.standing if square else None
    if square is None or standing is None:
        return Shown()
    word, _state, icon = WORDS[standing]
    worst = square.count(standing) if standing in {Standing.OVERDUE, Standing.AT_RISK} else 0
    late = square.count(Standing.OVERDUE)
    return Shown(standing, word, icon, square.done, len(square.steps), late, worst, url)
