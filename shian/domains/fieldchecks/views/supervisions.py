"""Special supervisions: topics by area, none empty without a reason."""

from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from shian.domains.fieldchecks.actions.supervisions import (
    SupervisionPlan,
    advance_supervision,
    draft_supervision_draw,
    fill_cell,
    plan_supervision,
    report_supervision,
)
from shian.domains.fieldchecks.forms.supervisions import CellForm, SupervisionForm
from shian.domains.fieldchecks.models import SpecialSupervision, SupervisionState
from shian.domains.fieldchecks.permissions import SUPERVISION_KEEP, SUPERVISION_READ
from shian.domains.fieldchecks.queries.supervisions import (
    AreaLine,
    area_lines,
    cell_for,
    supervision_for,
    supervisions_of,
)
from shian.domains.fieldchecks.tables.supervisions import (
    FINDINGS,
    SUPERVISIONS,
    TONES,
    finding_row,
    matrix_columns,
    matrix_row,
    supervision_row,
    supervision_url,
)
from shian.domains.fieldchecks.views.forms import step_button, step_page
from shian.engine.draws.forms import RandomnessForm
from shian.engine.draws.models import Draw
from shian.engine.draws.queries import draw_owned_by
from shian.kernel.accounts.permissions import requires
from shian.kernel.notary.timelines import timeline_of
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import Level
from shian.kernel.ui.pages import FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Section
from shian.kernel.ui.tables import Empty, Table
from shian.registers.areas.queries import area_names
from shian.registers.areas.tables import area_choices

NEXT = {
    SupervisionState.DRAWN: gettext_lazy("检查完毕"),
    SupervisionState.REPORTED: gettext_lazy("整改完毕"),
}


@requires(SUPERVISION_READ)
def supervision_list(request: HttpRequest) -> HttpResponse:
    """Every special supervision of the own areas and of those above."""
    found = supervisions_of(request.user).annotate(whole=Count("cells"), filled=Count("cells__filled_at"))
    create = reverse("fieldchecks:special_supervision_create")
    shown = ListPage(
        _("专项督查"),
        Table(SUPERVISIONS, [supervision_row(each, each.filled, each.whole) for each in found], empty=Empty(
            _("还没有专项督查"), _("计划一次，随机抽取乡镇，逐县逐专题填写。"))),
        unit=_("次"), summary=_("每个县（市、区）的每个专题都要写明发现情况，或者未检查的原因。"),
        actions=[Action(_("计划专项督查"), create, icon="plus", kind="primary")]
        if SUPERVISION_KEEP(request.user).allowed else [],
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": shown})


@requires(SUPERVISION_READ)
def supervision_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The report: scores by topic and area, then the findings in words."""
    found, user = supervision_for(request.user, pk), request.user
    state, lines, names = SupervisionState(found.state), area_lines(found, user), area_names(timezone.localdate())
    draw = draw_owned_by(found.subject)
    is_open = state == SupervisionState.DRAWN and SUPERVISION_KEEP(user).allowed
    page = RecordPage(
        found.title, code=found.number, kind=_("专项督查"), state=TONES[state], state_label=state.label,
        crumbs=[Crumb(_("专项督查"), reverse("fieldchecks:special_supervision_list"))],
        actions=_actions(user, found, draw),
        sections=[Section(_("安排"), [
            Fact(_("开始日期"), found.starts_on, kind="date"), Fact(_("结束日期"), found.ends_on, kind="date"),
            Fact(_("每个县抽取乡镇"), found.per_area, kind="number", unit=_("个")),
            Fact(_("抽签"), draw.get_state_display() if draw else _("尚未起草")),
            Fact(_("报告时间"), found.reported_at, kind="datetime"),
        ])],
        timeline=timeline_of(found.subject),
    )  # fmt: skip
    context = {"record": page, "notes": (), "tables": _tables(lines, names, is_open=is_open)}
    return render(request, "ui/page_record_tables.html", context)


def _tables(lines: list[AreaLine], names: dict[str, str], *, is_open: bool) -> list[tuple[str, Table]]:
    topics = [cell.topic for cell in lines[0].cells] if lines else []
    matrix = Table(matrix_columns(topics), [matrix_row(each, names, is_open=is_open) for each in lines], id="matrix",
                   empty=Empty(_("辖区内没有督查对象"), ""))  # fmt: skip
    words = [finding_row(cell, names) for line in lines for cell in line.cells]
    return [(_("各专题得分"), matrix), (_("各专题情况"), Table(FINDINGS, words, id="findings"))]


def _actions(user: Any, found: SpecialSupervision, draw: Draw | None) -> list[Action]:
    printed = Action(_("打印"), "#print", icon="printer")
    if not SUPERVISION_KEEP(user).allowed or not reach_of(user).covers(found.area):
        return [printed]
    state = SupervisionState(found.state)
    if state == SupervisionState.PLANNED:
        if draw is None:
            url = reverse("fieldchecks:special_supervision_freeze", args=[found.pk])
            return [Action(_("随机抽取"), url, icon="hierarchy-2", kind="primary"), printed]
        url = reverse("draws:draw_detail", args=[draw.pk])
        return [Action(_("办理抽签"), url, icon="hierarchy-2", kind="primary"), printed]
    if state == SupervisionState.CHECKED:
        url = reverse("fieldchecks:special_supervision_report", args=[found.pk])
        told = _("报告形成后，各专题情况不能再改。")
        return [Action(_("形成报告"), url, icon="check", kind="primary", method="post", consequence=told), printed]
    if state in NEXT:
        url = reverse("fieldchecks:special_supervision_confirm", args=[found.pk])
        return [Action(NEXT[state], url, icon="check", kind="primary", method="post"), printed]
    return [printed]


@requires(SUPERVISION_KEEP)
def supervision_create(request: HttpRequest) -> HttpResponseBase:
    """Plan one, with every topic of every county."""
    user, today = request.user, timezone.localdate()
    form = SupervisionForm(
        request.POST or None, areas=area_choices(user, (Level.CITY,), today), initial={"starts_on": today}
    )

    def step() -> str:
        told = form.cleaned_data
        plan = SupervisionPlan(told["title"], told["area"], told["starts_on"], told["ends_on"], told["per_area"])
        made = plan_supervision(plan=plan, by=user, at=timezone.now())
        return _("已计划：%(number)s。下一步随机抽取。") % {"number": made.number}

    listed = reverse("fieldchecks:special_supervision_list")
    page = FormPage(_("计划专项督查"), form, _("计划"), cancel_url=listed, crumbs=[Crumb(_("专项督查"), listed)])
    return step_page(request, page, step, listed)


@requires(SUPERVISION_KEEP)
def supervision_freeze(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Freeze the townships; the other steps of the draw follow on its own page."""
    found = supervision_for(request.user, pk)
    if found.state != SupervisionState.PLANNED or draw_owned_by(found.subject) is not None:
        raise Http404(pk)
    form = RandomnessForm(request.POST or None)

    def step() -> str:
        draft_supervision_draw(
            supervision=found, randomness=form.randomness(), by=request.user, at=timezone.now()
        )  # fmt: skip
        return _("名册和参数已冻结并存证；到公布时间后两人分别录入数据。")

    page = _page(found, _("随机抽取"), form, _("冻结名册"))
    return step_page(request, page, step, supervision_url(found))


@requires(SUPERVISION_KEEP)
def cell_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One topic of one area."""
    cell = cell_for(request.user, pk)
    found = cell.supervision
    if found.state != SupervisionState.DRAWN:
        raise Http404(pk)
    initial = {"findings": cell.findings, "score": cell.score, "reason": cell.reason}
    form = CellForm(request.POST or None, initial=initial)

    def step() -> str:
        told = form.cleaned_data
        fill_cell(cell=cell, findings=told["findings"], score=told["score"], reason=told["reason"], by=request.user,
                  at=timezone.now())  # fmt: skip
        return _("已填写。")

    names = area_names(timezone.localdate())
    title = f"{names.get(cell.area_key, cell.area_key)} · {cell.topic}"
    return step_page(request, _page(found, title, form, _("保存")), step, supervision_url(found))


def _page(found: SpecialSupervision, title: str, form: Any, submit: str) -> FormPage:
    listed = Crumb(_("专项督查"), reverse("fieldchecks:special_supervision_list"))
    return FormPage(
        title, form, submit, intro=f"{found.number} {found.title}", cancel_url=supervision_url(found),
        crumbs=[listed, Crumb(found.title, supervision_url(found))],
    )  # fmt: skip


@requires(SUPERVISION_KEEP)
@require_POST
def supervision_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Checked, or rectified."""
    found = supervision_for(request.user, pk)
    return step_button(
        request, lambda: advance_supervision(supervision=found, by=request.user, at=timezone.now()), _("已办理。"),
        supervision_url(found),
    )  # fmt: skip


@requires(SUPERVISION_KEEP)
@require_POST
def supervision_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report stands."""
    found = supervision_for(request.user, pk)
    return step_button(
        request, lambda: report_supervision(supervision=found, by=request.user, at=timezone.now()),
        _("报告已形成。"), supervision_url(found),
    )  # fmt: skip
