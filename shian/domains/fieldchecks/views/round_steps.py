"""What is done to a round: planned, its frame frozen, begun, closed."""

from collections import Counter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.domains.fieldchecks.actions.crosschecks import pair_areas
from shian.domains.fieldchecks.actions.rounds import (
    RoundPlan,
    assign_sample,
    begin_visits,
    close_round,
    draft_round_draw,
    plan_round,
    replace_site,
)
from shian.domains.fieldchecks.actions.visits import Team
from shian.domains.fieldchecks.forms.rounds import HUNDRED, ReplacementForm, RoundForm, SampleForm
from shian.domains.fieldchecks.models import FieldRound, Mode, RoundFormat, RoundState
from shian.domains.fieldchecks.permissions import ROUND_PLAN
from shian.domains.fieldchecks.queries.checkers import checkers_for
from shian.domains.fieldchecks.queries.formats import CheckFormat
from shian.domains.fieldchecks.queries.numbers import numbers_at
from shian.domains.fieldchecks.queries.points import point_for
from shian.domains.fieldchecks.queries.rounds import key_in_sample, round_for, unassigned
from shian.domains.fieldchecks.queries.teams import teams_of
from shian.domains.fieldchecks.tables.rounds import round_url
from shian.domains.fieldchecks.views.forms import step_button, step_page
from shian.domains.fieldchecks.views.points import formats_for
from shian.engine.cases.choices import own_unit_choices
from shian.engine.draws.forms import RandomnessForm
from shian.engine.draws.queries import draw_owned_by
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import Level
from shian.kernel.ui.pages import FieldGroup, FormPage
from shian.kernel.ui.pieces import Crumb
from shian.registers.areas.queries import area_names
from shian.registers.areas.tables import area_choices
from shian.registers.people.models import Organisation

PLACES = (Level.CITY, Level.COUNTY)


@requires(ROUND_PLAN)
def round_create(request: HttpRequest) -> HttpResponseBase:
    """Plan a round: its formats as the dictionary has them today."""
    user, today = request.user, timezone.localdate()
    formats = {f"{each.mode}:{each.code}": each for each in formats_for(user, "")}
    teams = {each.code: each for each in teams_of(user)}
    form = RoundForm(
        request.POST or None, areas=area_choices(user, PLACES, today), numbers=numbers_at(today),
        formats=[(key, _format_label(each)) for key, each in formats.items()],
        teams=[(code, each.name) for code, each in teams.items()],
        initial={"teams": list(teams), "starts_on": today},
    )  # fmt: skip

    def step() -> str:
        told = form.cleaned_data
        plan = RoundPlan(
            told["title"], told["area"], told["starts_on"], told["ends_on"], told["ratio"] / HUNDRED, told["least"],
            told["reserves"] / HUNDRED, told["quiet_days"], [formats[key] for key in told["formats"]],
            [teams[code] for code in told["teams"]],
        )  # fmt: skip
        made = plan_round(plan=plan, by=user, at=timezone.now())
        return _("已计划：%(number)s。下一步抽取样本。") % {"number": made.number}

    listed = reverse("fieldchecks:field_round_list")
    page = FormPage(
        _("计划一轮"), form, _("计划"), cancel_url=listed, crumbs=[Crumb(_("明查暗访轮次"), listed)],
        groups=[
            FieldGroup(_("安排"), ["title", "area", "starts_on", "ends_on"]),
            FieldGroup(_("抽取"), ["ratio", "least", "reserves", "quiet_days"]),
            FieldGroup(_("范围"), ["formats", "teams"]),
        ],
    )  # fmt: skip
    return step_page(request, page, step, listed)


def _format_label(form: CheckFormat | RoundFormat) -> str:
    return f"{Mode(form.mode).label} {form.code} {form.name}"


@requires(ROUND_PLAN)
def round_freeze(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take the frame of today and freeze it; the other steps of the draw follow on its own page."""
    found = round_for(request.user, pk)
    if found.state != RoundState.PLANNED or draw_owned_by(found.subject) is not None:
        raise Http404(pk)
    form = RandomnessForm(request.POST or None)

    def step() -> str:
        draft_round_draw(round=found, randomness=form.randomness(), by=request.user, at=timezone.now())
        return _("名册和参数已冻结并存证；到公布时间后两人分别录入数据。")

    page = FormPage(
        _("抽取样本"), form, _("冻结名册"), intro=f"{found.number} {found.title}", cancel_url=round_url(found),
        consequence=_("冻结后名册和参数不能再改；随机数此后才产生，抽取结果任何人都能重算。"),
        crumbs=[Crumb(_("明查暗访轮次"), reverse("fieldchecks:field_round_list")),
                Crumb(found.title, round_url(found))],
    )  # fmt: skip
    return step_page(request, page, step, round_url(found))


@requires(ROUND_PLAN)
@require_POST
def round_start(request: HttpRequest, pk: int) -> HttpResponse:
    """The teams set out."""
    return _moved(request, pk, begin_visits, _("检查开始。"))


@requires(ROUND_PLAN)
@require_POST
def round_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing more is visited."""
    return _moved(request, pk, close_round, _("本轮已结束。"))


@requires(ROUND_PLAN)
@require_POST
def round_pair(request: HttpRequest, pk: int) -> HttpResponse:
    """Who checks whom, by the round's own randomness."""
    return _moved(request, pk, pair_areas, _("已配对：没有队伍检查本区划。"))


@requires(ROUND_PLAN)
def sample_assign(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send a team to a part of the sample."""
    found, user, today = round_for(request.user, pk), request.user, timezone.localdate()
    if found.state != RoundState.VISITING or not reach_of(user).covers(found.area):
        raise Http404(pk)
    waiting, names, people = unassigned(found, user), area_names(today), checkers_for(user, today)
    counties = Counter(point.county for point in waiting)
    form = SampleForm(
        request.POST or None, issuers=own_unit_choices(user, today),
        kinds=[(f"{each.mode}:{each.code}", _format_label(each)) for each in found.formats.order_by("-mode", "code")],
        counties=[(key, f"{names.get(key, key)}（{count}）") for key, count in sorted(counties.items())],
        people=[(str(each.pk), name) for each, name in people],
    )  # fmt: skip

    def step() -> str:
        told, accounts = form.cleaned_data, {str(each.pk): each for each, _name in people}
        chosen = [
            point for point in waiting
            if point.county == told["county"] and told["kind"] in ("", f"{point.mode}:{point.format}")
        ]  # fmt: skip
        team = Team(Organisation.objects.get(code=told["issuer"]), accounts[told["lead"]], accounts.get(told["second"]))
        made = assign_sample(round=found, points=chosen[: told["most"]], team=team, due_on=told["due_on"], by=user,
                             at=timezone.now())  # fmt: skip
        return _("已安排 %(count)s 次检查。") % {"count": len(made)}

    left = _("样本中还有 %(count)s 个点位没有安排。") % {"count": len(waiting)}
    page = FormPage(
        _("安排检查"), form, _("安排"), intro=left, cancel_url=round_url(found), crumbs=_crumbs(found)
    )  # fmt: skip
    return step_page(request, page, step, round_url(found))


@requires(ROUND_PLAN)
def sample_replace(request: HttpRequest, pk: int, point: int) -> HttpResponseBase:
    """A drawn point is closed or gone: the next reserve steps in."""
    found, gone = round_for(request.user, pk), point_for(request.user, point)
    is_held = reach_of(request.user).covers(found.area)
    if found.state == RoundState.CLOSED or not is_held or not key_in_sample(found, gone):
        raise Http404(point)
    form = ReplacementForm(request.POST or None)

    def step() -> str:
        reason = form.cleaned_data["reason"]
        made = replace_site(round=found, point=gone, reason=reason, by=request.user, at=timezone.now())
        return _("由 %(name)s 递补。") % {"name": made.stand_in.row.label}

    page = FormPage(
        _("替换点位"), form, _("替换"), intro=f"{gone.code} {gone.name}", crumbs=_crumbs(found),
        consequence=_("由同一层的下一个备选递补，存证后不能撤回；已经安排的检查由原来的人员去递补的点位。"),
        cancel_url=reverse("fieldchecks:sample_list", args=[found.pk]),
    )  # fmt: skip
    return step_page(request, page, step, reverse("fieldchecks:sample_list", args=[found.pk]))


def _crumbs(found: FieldRound) -> list[Crumb]:
    listed = Crumb(_("明查暗访轮次"), reverse("fieldchecks:field_round_list"))
    return [listed, Crumb(found.title, round_url(found))]


def _moved(request: HttpRequest, pk: int, action: Any, said: str) -> HttpResponse:
    found = round_for(request.user, pk)
    return step_button(
        request, lambda: action(round=found, by=request.user, at=timezone.now()), said, round_url(found)
    )  # fmt: skip
