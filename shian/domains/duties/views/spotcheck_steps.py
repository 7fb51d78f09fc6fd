"""What is done to a spot check: planned, its draw begun, visits looked at, scored, published, a finding withdrawn."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.domains.duties.actions.spotchecks import (
    Judgement,
    SpotPlan,
    draft_check_draw,
    judge_item,
    plan_check,
    publish_check,
    score_check,
)
from shian.domains.duties.actions.untrue import explain_untrue, withdraw_finding
from shian.domains.duties.forms.spotchecks import HUNDRED, TRUE, JudgeForm, SpotPlanForm, WordForm
from shian.domains.duties.models import SpotCheck, SpotItem, SpotState, Truth
from shian.domains.duties.permissions import OFFICIAL_WORK, SPOT_KEEP
from shian.domains.duties.queries.spotchecks import (
    NUMBERS,
    check_for,
    item_for,
    own_untrue,
    periods_offered,
    spot_numbers,
)
from shian.domains.duties.queries.visit_numbers import earliest_quarter
from shian.domains.duties.tables.spotchecks import check_url, sample_url
from shian.domains.duties.tables.visits import visit_url
from shian.domains.duties.views.shown import step_button, step_page, today
from shian.domains.duties.views.spotchecks import listed, may_keep
from shian.engine.draws.forms import RandomnessForm
from shian.engine.draws.queries import draw_owned_by
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.rules import Level
from shian.kernel.scope.walls import system_scope
from shian.kernel.ui.pages import FieldGroup, FormPage
from shian.kernel.ui.pieces import Crumb
from shian.registers.areas.tables import area_choices

PLACES = (Level.CITY, Level.COUNTY)


@requires(SPOT_KEEP)
def spotcheck_create(request: HttpRequest) -> HttpResponseBase:
    """Plan a check of quarters that are over."""
    user, now = request.user, today()
    periods = {
        f"{first}/{last}": (words, first, last) for words, first, last in periods_offered(now, earliest_quarter())
    }
    form = SpotPlanForm(
        request.POST or None, areas=area_choices(user, PLACES, now), numbers=NUMBERS.at(now),
        periods=[(key, told[0]) for key, told in periods.items()],
    )  # fmt: skip
    made: list[SpotCheck] = []

    def step() -> str:
        told = form.cleaned_data
        _words, since, until = periods[told["period"]]
        plan = SpotPlan(told["title"], told["area"], since, until, told["team"], told["share"] / HUNDRED, told["least"])
        made.append(plan_check(plan=plan, by=user, at=timezone.now()))
        return _("已计划：%(number)s。下一步抽取督导记录。") % {"number": made[0].number}

    page = FormPage(
        _("计划督查"), form, _("计划"), cancel_url=reverse("duties:spotcheck_list"), crumbs=[listed()],
        groups=[
            FieldGroup(_("安排"), ["title", "area", "period", "team"]), FieldGroup(_("抽取"), ["share", "least"]),
        ],
    )  # fmt: skip
    answer = step_page(request, page, step, reverse("duties:spotcheck_list"))
    return redirect(check_url(made[0])) if made else answer


@requires(SPOT_KEEP)
def spotcheck_freeze(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Freeze the visits of the period; the other steps of the draw follow on its own page."""
    check = _kept(request, pk, SpotState.PLANNED)
    if draw_owned_by(check.subject) is not None:
        raise Http404(str(pk))
    form = RandomnessForm(request.POST or None)

    def step() -> str:
        draft_check_draw(check=check, randomness=form.randomness(), by=request.user, at=timezone.now())
        return _("名册和参数已冻结并存证；到公布时间后两人分别录入数据。")

    page = FormPage(
        _("抽取督导记录"), form, _("冻结名册"), intro=f"{check.number} {check.title}", cancel_url=check_url(check),
        consequence=_("冻结后名册和参数不能再改；随机数此后才产生，抽取结果任何人都能重算。"),
        crumbs=[listed(), Crumb(check.title, check_url(check))],
    )  # fmt: skip
    return step_page(request, page, step, check_url(check))


def _kept(request: HttpRequest, pk: int, state: SpotState) -> SpotCheck:
    """The check in that state, for who keeps it. Raises Http404, OutOfReach."""
    check = check_for(request.user, pk)
    if check.state != state or not may_keep(request.user, check):
        raise Http404(str(pk))
    return check


@requires(SPOT_KEEP)
@require_POST
def spotcheck_grade(request: HttpRequest, pk: int) -> HttpResponse:
    """Score the areas."""
    check = check_for(request.user, pk)
    return _moved(request, check, lambda: score_check(check=check, by=request.user, at=timezone.now()), _("已计分。"))


@requires(SPOT_KEEP)
@require_POST
def spotcheck_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """The areas may read it."""
    check = check_for(request.user, pk)
    return _moved(request, check, lambda: publish_check(check=check, by=request.user, at=timezone.now()), _("已公布。"))


def _moved(request: HttpRequest, check: SpotCheck, act: Any, said: str) -> HttpResponse:
    return step_button(request, act, said, check_url(check))


@requires(SPOT_KEEP)
def spotitem_check(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Look at one drawn visit on the spot."""
    item = item_for(request.user, pk)
    if (
        item.truth != Truth.OPEN
        or item.check_of.state != SpotState.SAMPLED
        or not may_keep(request.user, item.check_of)
    ):
        raise Http404(str(pk))
    sheet, visit = spot_numbers(item.check_of).items, item.visit
    form = JudgeForm(request.POST or None, request.FILES or None, items=sheet)

    def step() -> str:
        told, photo = form.cleaned_data, form.cleaned_data.get("photo")
        judgement = Judgement(told["truth"] == TRUE, form.answers(), told["note"], photo.file if photo else None)
        judge_item(item=item, judgement=judgement, by=request.user, at=timezone.now())
        return _("已登记：%(name)s。") % {"name": visit.operator.name}

    page = FormPage(
        _("现场核查"), form, _("提交核查结果"), intro=_intro(item), cancel_url=sample_url(item.check_of),
        consequence=_("判为不属实的，这次督导即时不计入完成率，并转包保干部说明。"),
        crumbs=[*_sample_crumbs(item), Crumb(visit.number, visit_url(visit))],
        groups=[
            FieldGroup(_("督导是否属实"), ["truth", "note", "photo"]),
            FieldGroup(_("核查表"), [each.key for each in sheet], _("只在属实时填写。")),
        ],
    )  # fmt: skip
    return step_page(request, page, step, sample_url(item.check_of, truth="open"))


def _intro(item: SpotItem) -> str:
    visit = item.visit
    told = {
        "name": visit.operator.name, "address": visit.operator.address or "—", "official": visit.official.name,
        "day": visit.visited_on, "way": visit.get_way_display(),
    }  # fmt: skip
    return _("%(name)s，%(address)s；%(official)s于 %(day)s %(way)s") % told


def _sample_crumbs(item: SpotItem) -> list[Crumb]:
    check = item.check_of
    return [listed(), Crumb(check.title, check_url(check)), Crumb(_("抽中的督导"), sample_url(check))]


@requires(SPOT_KEEP)
def spotitem_withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The finding was wrong: the visit counts again."""
    item = item_for(request.user, pk)
    if item.truth != Truth.UNTRUE or not may_keep(request.user, item.check_of):
        raise Http404(str(pk))
    form, then = WordForm(request.POST or None), visit_url(item.visit)

    def step() -> str:
        withdraw_finding(item=item, note=form.cleaned_data["note"], by=request.user, at=timezone.now())
        return _("已撤销，这次督导重新计入完成率。")

    page = FormPage(
        _("撤销不属实的认定"), form, _("撤销"), intro=item.note, cancel_url=then, crumbs=_sample_crumbs(item),
        consequence=_("这次督导重新计入完成率；已经计分的，得分和名次即时更正。"),
    )  # fmt: skip
    return step_page(request, page, step, then)


@requires(OFFICIAL_WORK)
def untrue_answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The official says how it was."""
    with system_scope():
        item = own_untrue(request.user).filter(pk=pk).first()
    if item is None:
        raise Http404(str(pk))
    form, then = WordForm(request.POST or None), reverse("duties:mine_detail")

    def step() -> str:
        explain_untrue(item=item, note=form.cleaned_data["note"], by=request.user, at=timezone.now())
        return _("已提交说明。")

    visit = item.visit
    told = {"name": visit.operator.name, "day": visit.visited_on, "note": item.note}
    page = FormPage(
        _("说明督导情况"), form, _("提交"), cancel_url=then, crumbs=[Crumb(_("我的包保"), then)],
        intro=_("%(name)s，%(day)s 的督导经核查认定不属实：%(note)s") % told,
        consequence=_("这次督导已不计入完成率，请尽快重新督导。"),
    )  # fmt: skip
    return step_page(request, page, step, then)
