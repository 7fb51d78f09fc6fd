"""The road map of a plan: its stages with their gates, opening a stage, recording what it leaves behind."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.domains.campaign.actions.schedules import ScheduleRefused, open_stage, record_output
from shian.domains.campaign.forms.schedules import OutputForm
from shian.domains.campaign.models import Schedule, Stage
from shian.domains.campaign.permissions import CASE_VIEW, STEP_PLAN
from shian.domains.campaign.queries.schedules import (
    moves_of,
    output_for,
    stage_for,
    stages_of,
    standing_of_step,
    steps_of,
)
from shian.domains.campaign.rules.schedules import Standing
from shian.domains.campaign.tables.schedules import OUTPUTS, output_row, plan_tabs
from shian.domains.campaign.views.schedules import keeps_plan, no_plan, office_actions, plan_crumbs, plan_of, plan_url
from shian.domains.campaign.views.sights import crumbs
from shian.engine.cases.models import Case
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.actors import actor
from shian.kernel.ui.pages import FormPage
from shian.kernel.ui.pieces import Action, Step, TimelineEntry
from shian.kernel.ui.tables import Empty, Table


@dataclass(frozen=True)
class Gate:
    """A stage on the road map: its standing, its outputs, its steps, and the button that opens it."""

    stage: Stage
    title: str
    note: str
    outputs: Table
    actions: list[Action]


@requires(CASE_VIEW)
def road_map(request: HttpRequest) -> HttpResponse:
    """The stages in order with their gates: what each must leave behind before the next one opens."""
    schedule, today = plan_of(request), timezone.localdate()
    if schedule is None:
        return no_plan(request)
    stages, steps = stages_of(schedule), list(steps_of(schedule, request.user))
    opened = max((each.number for each in stages if each.opened_at), default=0)
    marks = [_mark(each, opened, schedule) for each in stages]
    gates = [_gate(request.user, each, steps, today, opened) for each in stages]
    context = {
        "schedule": schedule, "marks": marks, "gates": gates, "tabs": plan_tabs("campaign:road_map", schedule),
        "crumbs": crumbs(), "timeline": _timeline(schedule),
        "actions": [Action(_("打印"), "#print", icon="printer"), *office_actions(request.user, schedule)],
    }  # fmt: skip
    return render(request, "campaign/road_map.html", context)


def _mark(stage: Stage, opened: int, schedule: Schedule) -> Step:
    state = "done" if stage.number < opened else "due" if stage.number == opened else "waiting"
    note = _("%(first)s 至 %(last)s") % {"first": stage.starts_on, "last": stage.ends_on}
    return Step(stage.title, state, note, f"{plan_url('campaign:step_list', schedule)}&stage={stage.number}")


def _gate(user: Any, stage: Stage, steps: list[Case], today: date, opened: int) -> Gate:
    own = [standing_of_step(each, today) for each in steps if each.data.get("stage") == stage.number]
    may = keeps_plan(user, stage.schedule)
    rows = [output_row(each, is_due=stage.number <= opened, may_record=may) for each in stage.outputs.all()]
    late = sum(each is Standing.OVERDUE for each in own)
    done = sum(each is Standing.DONE for each in own)
    told = _("步骤 %(done)s / %(all)s 已完成") % {"done": done, "all": len(own)}
    told += _("，%(late)s 个逾期") % {"late": late} if late else ""
    title = _("第 %(number)s 阶段 %(title)s") % {"number": stage.number, "title": stage.title}
    actions = []
    if may and stage.number == opened + 1:
        url = reverse("campaign:stage_open", args=[stage.pk])
        actions = [Action(_("启动%(title)s") % {"title": stage.title}, url, icon="flag", kind="primary", method="post")]
    outputs = Table(OUTPUTS, rows, empty=Empty(_("这个阶段没有规定成果")), id=f"stage-{stage.number}")
    return Gate(stage, title, told, outputs, actions)


def _timeline(schedule: Schedule) -> list[TimelineEntry]:
    """How the final date was moved, and when stages were opened; newest first."""
    found = [
        TimelineEntry(
            _("最终期限由 %(before)s 调整为 %(after)s") % {"before": each.before, "after": each.after}, each.at,
            by=actor(each.by), body=_("%(reason)s；%(count)s 个步骤随之调整")
            % {"reason": each.reason, "count": each.steps}, icon="calendar",
        )
        for each in moves_of(schedule)
    ]  # fmt: skip
    found += [
        TimelineEntry(_("启动%(title)s") % {"title": each.title}, each.opened_at, by=actor(each.opened_by), icon="flag")
        for each in schedule.stages.all()
        if each.opened_at
    ]
    found.append(TimelineEntry(_("制定计划"), schedule.made_at, by=actor(schedule.made_by), body=schedule.basis,
                               icon="plus"))  # fmt: skip
    return sorted(found, key=lambda each: str(each.at), reverse=True)


@requires(STEP_PLAN)
@require_POST
def stage_open(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Open the stage, or say which outputs of the stages before it are missing."""
    stage = stage_for(request.user, pk)
    try:
        open_stage(stage=stage, by=request.user, at=timezone.now())
    except ScheduleRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(title)s已启动。") % {"title": stage.title})
    return redirect(plan_url("campaign:road_map", stage.schedule))


@requires(STEP_PLAN)
def output_record(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Record an output of a stage with the document that shows it."""
    output = output_for(request.user, pk)
    schedule = output.stage.schedule
    form = OutputForm(request.POST or None, initial={"reference": output.reference})
    if request.method == "POST" and form.is_valid():
        try:
            record_output(output=output, reference=form.cleaned_data["reference"], by=request.user, at=timezone.now())
        except ScheduleRefused as refused:
            form.add_error("reference", str(refused))
        else:
            messages.success(request, _("已登记：%(title)s。") % {"title": output.title})
            return redirect(plan_url("campaign:road_map", schedule))
    page = FormPage(
        _("登记阶段成果"), form, _("登记"), intro=f"{output.stage.title} · {output.title}",
        cancel_url=plan_url("campaign:road_map", schedule), crumbs=plan_crumbs(schedule),
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page})
