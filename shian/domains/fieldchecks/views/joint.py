"""Joint checks: one record with several departments."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.fieldchecks.actions.joint import Assignment, JointPlan, assign_problems, hold_joint, plan_joint
from shian.domains.fieldchecks.actions.refusals import CheckRefused
from shian.domains.fieldchecks.forms.joint import AreaForm, AssignForm, HeldForm, JointForm
from shian.domains.fieldchecks.models import FieldPoint, JointCheck, JointState
from shian.domains.fieldchecks.permissions import JOINT_KEEP, JOINT_READ
from shian.domains.fieldchecks.queries.joint import (
    departments_of,
    joint_check_for,
    joint_checks_of,
    problems_of,
    works_on,
)
from shian.domains.fieldchecks.queries.points import points_of
from shian.domains.fieldchecks.tables.joint import JOINT, PROBLEMS, TONES, joint_row, joint_url, problem_row
from shian.domains.fieldchecks.tables.points import OF_OPERATOR, point_rows
from shian.domains.fieldchecks.views.forms import step_page
from shian.engine.cases.queries import cases_about
from shian.engine.cases.tables import CASES, case_row
from shian.kernel.accounts.permissions import requires
from shian.kernel.notary.timelines import timeline_of
from shian.kernel.scope.rules import Level, key_of_code
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FieldGroup, FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Section
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names
from shian.registers.areas.tables import area_choices

PLACES = (Level.CITY, Level.COUNTY)


@requires(JOINT_READ)
def joint_list(request: HttpRequest) -> HttpResponse:
    """Every joint check of the own areas, newest first."""
    names, query = area_names(timezone.localdate()), ListQuery.read(request.GET, JOINT, default_sort="-held_on")
    page = keyset_page(joint_checks_of(request.user), query)
    rows = [joint_row(each, names) for each in page.items]
    create = reverse("fieldchecks:joint_check_create")
    shown = ListPage(
        _("联合检查"),
        Table(JOINT, rows, query=query, page=page,
              empty=Empty(_("还没有联合检查"), _("几个部门一起检查，只记一份记录。"))),
        unit=_("次"), summary=_("几个部门一起检查、一起开现场会：一次一份记录，问题交办到部门。"),
        actions=[Action(_("计划联合检查"), create, icon="plus", kind="primary")]
        if JOINT_KEEP(request.user).allowed else [],
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": shown})


@requires(JOINT_READ)
def joint_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One joint check: departments, points, meeting, problems."""
    joint, user = joint_check_for(request.user, pk), request.user
    state, names = JointState(joint.state), area_names(timezone.localdate())
    page = RecordPage(
        joint.title, kind=_("联合检查"), state=TONES[state], state_label=state.label, actions=_actions(user, joint),
        crumbs=[Crumb(_("联合检查"), reverse("fieldchecks:joint_check_list"))],
        sections=[Section(_("检查"), [
            Fact(_("日期"), joint.held_on, kind="date"),
            Fact(_("区划"), names.get(joint.area, joint.area_code)),
            Fact(_("牵头部门"), joint.lead.name),
            Fact(_("参加部门"), _("、").join(each.name for each in joint.departments.order_by("code"))),
            Fact(_("现场会"), joint.meeting or None),
        ])],
        timeline=timeline_of(joint.subject),
    )  # fmt: skip
    problems = Table(PROBLEMS, [problem_row(each) for each in problems_of(joint)], id="problems",
                     empty=Empty(_("没有记录问题"), ""))  # fmt: skip
    points = points_of(user).filter(pk__in=joint.points.values("pk")).select_related("operator").order_by("code")
    rows = Table(OF_OPERATOR, list(point_rows(points, names, {})), id="points", empty=Empty(_("没有列出点位"), ""))
    tables = [(_("发现问题"), problems), *_cases(user, joint), (_("检查点位"), rows)]
    return render(request, "ui/page_record_tables.html", {"record": page, "notes": (), "tables": tables})


def _cases(user: Any, joint: JointCheck) -> list[tuple[str, Table]]:
    """How far the problems are that were assigned, as far as the reader sees them."""
    today = timezone.localdate()
    found = cases_about(user, subject=joint.subject).order_by("pk")
    rows = [case_row(each, today) for each in found]
    return [(_("问题整改"), Table(CASES, rows, id="cases"))] if rows else []


def _actions(user: Any, joint: JointCheck) -> list[Action]:
    if not JOINT_KEEP(user).allowed or not works_on(user, joint):
        return []
    if joint.state == JointState.PLANNED:
        url = reverse("fieldchecks:joint_check_close", args=[joint.pk])
        return [Action(_("记录检查情况"), url, icon="check", kind="primary")]
    if joint.state == JointState.HELD:
        url = reverse("fieldchecks:joint_check_assign", args=[joint.pk])
        return [Action(_("交办问题"), url, icon="check", kind="primary")]
    return []


@requires(JOINT_KEEP)
def joint_create(request: HttpRequest) -> HttpResponseBase:
    """Plan a joint check: first where, then what, with the departments of that place."""
    user, today = request.user, timezone.localdate()
    areas = dict(area_choices(user, PLACES, today))
    area = next(iter(areas)) if len(areas) == 1 else request.GET.get("area", "")
    if area not in areas:
        return _where(request, list(areas.items()))
    units = {each.code: each for each in departments_of(key_of_code(area), user, today)}
    form = JointForm(
        request.POST or None, departments=[(code, each.name) for code, each in units.items()],
        initial={"held_on": today},
    )  # fmt: skip

    def step() -> str:
        told = form.cleaned_data
        plan = JointPlan(
            told["title"], area, told["held_on"], units[told["lead"]],
            [units[code] for code in told["departments"]], _points(user, told["points"]),
        )  # fmt: skip
        plan_joint(plan=plan, by=user, at=timezone.now())
        return _("已计划联合检查。")

    listed = reverse("fieldchecks:joint_check_list")
    page = FormPage(
        _("计划联合检查"), form, _("计划"), intro=str(areas[area]), cancel_url=listed,
        crumbs=[Crumb(_("联合检查"), listed)],
    )  # fmt: skip
    return step_page(request, page, step, listed)


def _where(request: HttpRequest, areas: list[tuple[str, str]]) -> HttpResponseBase:
    form, listed = AreaForm(request.POST or None, areas=areas), reverse("fieldchecks:joint_check_list")
    if request.method == "POST" and form.is_valid():
        return redirect(f"{request.path}?{urlencode(form.cleaned_data)}")
    page = FormPage(
        _("计划联合检查"), form, _("下一步"), cancel_url=listed, crumbs=[Crumb(_("联合检查"), listed)]
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page})


def _points(user: Any, text: str) -> list[FieldPoint]:
    codes = text.split()
    found = {each.code: each for each in points_of(user).filter(code__in=codes)}
    if unknown := [code for code in codes if code not in found]:
        raise CheckRefused(_("没有这些点位：%(codes)s。") % {"codes": _("、").join(unknown)}, "points")
    return list(found.values())


@requires(JOINT_KEEP)
def joint_close(request: HttpRequest, pk: int) -> HttpResponseBase:
    """It was held: the meeting and what was found."""
    joint = _in(request, pk, JointState.PLANNED)
    form = HeldForm(request.POST or None)

    def step() -> str:
        told = form.cleaned_data
        held = hold_joint(joint=joint, meeting=told["meeting"], problems=told["problems"].splitlines(),
                          by=request.user, at=timezone.now())  # fmt: skip
        return _("已记录；下一步交办问题。") if held.state == JointState.HELD else _("已记录，没有发现问题。")

    return step_page(request, _page(joint, _("记录检查情况"), form), step, joint_url(joint))


@requires(JOINT_KEEP)
def joint_assign(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Each problem gets a department and a day."""
    joint = _in(request, pk, JointState.HELD)
    problems = problems_of(joint)
    units = {each.code: each for each in joint.departments.order_by("code")}
    form = AssignForm(
        request.POST or None, problems=problems, departments=[(code, each.name) for code, each in units.items()]
    )

    def step() -> str:
        told = form.cleaned_data
        given = [
            Assignment(each, units[told[f"unit_{each.pk}"]], told[f"due_{each.pk}"], told[f"severity_{each.pk}"])
            for each in problems
        ]
        assign_problems(joint=joint, given=given, by=request.user, at=timezone.now())
        return _("问题已交办。")

    page = replace(
        _page(joint, _("交办问题"), form), groups=[FieldGroup(*each) for each in form.groups],
        consequence=_("交办后按期限催办；整改后由牵头部门核实，牵头部门自己整改的由另一部门核实。"),
    )  # fmt: skip
    return step_page(request, page, step, joint_url(joint))


def _in(request: HttpRequest, pk: int, state: JointState) -> JointCheck:
    joint = joint_check_for(request.user, pk)
    if joint.state != state:
        raise Http404(pk)
    return joint


def _page(joint: JointCheck, title: str, form: Any) -> FormPage:
    listed = Crumb(_("联合检查"), reverse("fieldchecks:joint_check_list"))
    return FormPage(
        title, form, _("提交"), intro=joint.title, cancel_url=joint_url(joint),
        crumbs=[listed, Crumb(joint.title, joint_url(joint))],
    )  # fmt: skip
