"""Plans: the timetable, laying a plan down, moving its final date."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.actions.schedules import (
    Movement,
    ScheduleRefused,
    lay_schedule,
    move_final_date,
    movement_of,
)
from shian.domains.campaign.forms.schedules import MoveForm, ScheduleForm
from shian.domains.campaign.models import Schedule
from shian.domains.campaign.permissions import CASE_VIEW, STEP_PLAN
from shian.domains.campaign.queries.schedules import (
    accountable,
    items_without_step,
    schedule_for,
    schedules_for,
    stages_of,
    standing_of_step,
    steps_of,
)
from shian.domains.campaign.queries.standards import standard_in_force
from shian.domains.campaign.queries.wording import problem_texts
from shian.domains.campaign.rules.problems import Invalid
from shian.domains.campaign.rules.schedules import Standing
from shian.domains.campaign.tables.schedules import (
    MOVED,
    STEPS,
    WORDS,
    moved_row,
    plan_tabs,
    step_row,
)
from shian.domains.campaign.views.sights import crumbs
from shian.engine.cases.actions import CaseChanged
from shian.engine.cases.models import Case
from shian.engine.cases.tables import unit_text
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.pages import FormPage, ListPage
from shian.kernel.ui.pieces import Action, Callout, Crumb, Fact, Filter, FilterBar, Option, Section
from shian.kernel.ui.tables import Empty, ListQuery, Table, sorted_rows
from shian.registers.areas.queries import home_key

MOST_NAMED = 12


def plan_of(request: HttpRequest) -> Schedule | None:
    """The plan of the address, else the reader's own. Raises Http404, OutOfReach."""
    return schedule_for(request.user, request.GET.get("plan", ""))


def keeps_plan(user: Any, schedule: Schedule) -> bool:
    """Does the user work in the office that keeps the plan?"""
    return STEP_PLAN(user).allowed and reach_of(user).covers(schedule.area)


def plan_url(name: str, schedule: Schedule) -> str:
    """A view of the plan."""
    return f"{reverse(name)}?{urlencode({'plan': schedule.key})}"


def plan_choice(request: HttpRequest, schedule: Schedule) -> list[Filter]:
    """Which plan, where the reader follows more than one."""
    found = schedules_for(request.user)
    if len(found) < 2:
        return [Filter("plan", _("工作计划"), kind="hidden", value=schedule.key)]
    options = [Option(each.key, each.title) for each in found]
    return [Filter("plan", _("工作计划"), options=options, value=schedule.key, default=schedule.key)]


def no_plan(request: HttpRequest) -> HttpResponse:
    """What every view says before there is a plan."""
    may = STEP_PLAN(request.user).allowed
    url, label = (reverse("campaign:plan_create"), _("导入工作计划")) if may else ("", "")
    empty = Empty(_("还没有工作计划"), _("创建办导入计划后，阶段、步骤和期限会出现在这里。"), url, label)
    page = ListPage(_("作战图"), Table(STEPS, [], empty=empty), unit=_("个步骤"), crumbs=crumbs())
    return render(request, "ui/page_list.html", {"list": page})


@requires(CASE_VIEW)
def timetable(request: HttpRequest) -> HttpResponse:
    """Every step in order of its day, each with unit, grid cell, duty and one person."""
    schedule, today = plan_of(request), timezone.localdate()
    if schedule is None:
        return no_plan(request)
    every, query = list(steps_of(schedule, request.user)), ListQuery.read(request.GET, STEPS, default_sort="")
    stages = {each.number: each.title for each in stages_of(schedule)}
    shown, owners = [each for each in every if _is_asked(request, each, today)], accountable(every, today)
    rows = [step_row(each, owners[each.pk], stages, today) for each in shown]
    page = ListPage(
        _("时间表"),
        Table(STEPS, sorted_rows(rows, query), query=query, empty=Empty(_("没有符合条件的步骤"))),
        unit=_("个步骤"),
        summary=_("%(plan)s · 最终期限 %(day)s；每个步骤定到网格、职责和一个责任人。")
        % {"plan": schedule.title, "day": schedule.final_on},
        crumbs=crumbs(),
        tabs=plan_tabs("campaign:step_list", schedule),
        filters=FilterBar(_filters(request, schedule, every, stages)),
        actions=[Action(_("打印"), "#print", icon="printer"), *office_actions(request.user, schedule)],
    )
    notes = _gaps(request.user, schedule, every, owners)
    return render(request, "campaign/board.html", {"list": page, "notes": notes, "chart": None})


def _is_asked(request: HttpRequest, case: Case, today: date) -> bool:
    stage, unit, standing = (request.GET.get(name, "") for name in ("stage", "unit", "standing"))
    return (
        stage in {"", str(case.data.get("stage"))}
        and unit in {"", case.unit_id}
        and standing in {"", standing_of_step(case, today)}
    )


def _filters(request: HttpRequest, schedule: Schedule, steps: list[Case], stages: dict[int, str]) -> list[Filter]:
    units = dict(sorted({each.unit_id or "": unit_text(each.unit) for each in steps if each.unit}.items()))
    return [
        *plan_choice(request, schedule),
        Filter("stage", _("阶段"), options=[Option(str(key), title) for key, title in stages.items()],
               value=request.GET.get("stage", "")),
        Filter("unit", _("承办单位"), options=[Option(code, name) for code, name in units.items()],
               value=request.GET.get("unit", "")),
        Filter("standing", _("进展"), options=[Option(each, WORDS[each][0]) for each in Standing],
               value=request.GET.get("standing", "")),
    ]  # fmt: skip


def _gaps(user: Any, schedule: Schedule, steps: list[Case], owners: dict[int, str]) -> list[Callout]:
    """For the office: steps that are nobody's, and items that no step names."""
    if not keeps_plan(user, schedule):
        return []
    found, nobody = [], [each.title for each in steps if not owners[each.pk]]
    if nobody:
        found.append(Callout(_("%(count)s 个步骤没有落实到人") % {"count": len(nobody)}, _named(nobody), state="due"))
    items = items_without_step(steps, standard_in_force())
    if items:
        found.append(Callout(_("%(count)s 项评价内容没有步骤") % {"count": len(items)}, _named(items), state="due"))
    return found


def _named(words: list[str]) -> str:
    told = "、".join(words[:MOST_NAMED])
    return told if len(words) <= MOST_NAMED else _("%(names)s 等") % {"names": told}


def office_actions(user: Any, schedule: Schedule) -> list[Action]:
    """What the keeper of the plan may do with it."""
    if not keeps_plan(user, schedule):
        return []
    move = Action(_("调整最终期限"), plan_url("campaign:plan_move", schedule), icon="calendar", kind="primary")
    return [Action(_("导入工作计划"), reverse("campaign:plan_create"), icon="upload"), move]


def plan_crumbs(schedule: Schedule) -> list[Crumb]:
    """Where a form over the plan stands."""
    return crumbs(Crumb(_("路线图"), plan_url("campaign:road_map", schedule)))


@requires(STEP_PLAN)
def schedule_create(request: HttpRequest) -> HttpResponseBase:
    """Lay down a plan from its file."""
    standard, form = standard_in_force(), ScheduleForm(request.POST or None, request.FILES or None)
    if standard is None:
        raise Http404("No standard is in force.")
    if request.method == "POST" and form.is_valid():
        told, now = form.cleaned_data, timezone.now()
        key = home_key(request.user, timezone.localdate())
        try:
            laid = lay_schedule(
                content=told["file"].read(), clauses=told["clauses"].read() if told["clauses"] else b"",
                standard=standard, area=code_of_key(key), final_on=told["final_on"], by=request.user, at=now,
            )  # fmt: skip
        except Invalid as refused:
            for problem in problem_texts(refused):
                form.add_error("file", problem)
        except ScheduleRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("计划已导入，共 %(count)s 个步骤。") % {"count": laid.steps})
            if laid.without_unit:
                names = {"names": _named(laid.without_unit)}
                messages.warning(request, _("没有承办单位的步骤，暂由指挥部办公室承办：%(names)s") % names)
            return redirect(plan_url("campaign:step_list", laid.schedule))
    page = FormPage(
        _("导入工作计划"), form, _("导入"), intro=_("阶段和步骤从最终期限倒排，每个步骤交给一个单位的一个人。"),
        cancel_url=reverse("campaign:road_map"), crumbs=crumbs(), has_files=True,
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page})


@requires(STEP_PLAN)
def schedule_move(request: HttpRequest) -> HttpResponseBase:
    """Ask for the new final date, show every step before and after, then do it."""
    schedule = plan_of(request)
    if schedule is None:
        raise Http404("plan")
    form, movement = MoveForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        seen = request.POST.get("seen", "")
        try:
            movement = movement_of(schedule, told["final_on"])
            if seen:
                moved = move_final_date(schedule=schedule, final_on=told["final_on"], reason=told["reason"],
                                        seen=seen, by=request.user, at=timezone.now())  # fmt: skip
                messages.success(request, _("最终期限已调整，%(count)s 个步骤随之调整。") % {"count": moved.steps})
                return redirect(plan_url("campaign:road_map", schedule))
        except (ScheduleRefused, CaseChanged) as refused:
            form.add_error(None, str(refused))
    return render(request, "campaign/plan_move.html", _move_context(schedule, form, movement))


def _move_context(schedule: Schedule, form: MoveForm, movement: Movement | None) -> dict[str, Any]:
    today, table, stages = timezone.localdate(), None, []
    if movement:
        rows = [moved_row(each.case, each.due_on, today) for each in movement.steps]
        table = Table(MOVED, rows, empty=Empty(_("没有需要调整的步骤")), id="moved")
        stages = [Fact(stage.title, _("%(first)s 至 %(last)s") % {"first": new.starts_on, "last": new.ends_on},
                       note=_("原为 %(first)s 至 %(last)s") % {"first": stage.starts_on, "last": stage.ends_on})
                  for stage, new in movement.stages]  # fmt: skip
    page = FormPage(
        _("调整最终期限"), form, _("确认调整") if movement else _("预览"),
        intro=_("%(plan)s，现最终期限 %(day)s。先预览各阶段和步骤的新期限，再确认。")
        % {"plan": schedule.title, "day": schedule.final_on},
        cancel_url=plan_url("campaign:road_map", schedule), crumbs=plan_crumbs(schedule),
        hidden={"seen": movement.digest} if movement else {},
    )  # fmt: skip
    section = Section(_("阶段"), stages) if stages else None
    stay = len(movement.stay) if movement else 0
    return {"page": page, "moved": table, "section": section, "stay": stay}
