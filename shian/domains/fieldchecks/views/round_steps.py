"""What is done to a round: planned, its frame frozen, begun, closed."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.domains.fieldchecks.actions.crosschecks import pair_areas
from shian.domains.fieldchecks.actions.rounds import RoundPlan, begin_visits, close_round, draft_round_draw, plan_round
from shian.domains.fieldchecks.forms.rounds import HUNDRED, RandomnessForm, RoundForm
from shian.domains.fieldchecks.models import Mode, RoundState
from shian.domains.fieldchecks.permissions import ROUND_PLAN
from shian.domains.fieldchecks.queries.formats import CheckFormat
from shian.domains.fieldchecks.queries.numbers import numbers_at
from shian.domains.fieldchecks.queries.rounds import draw_of, round_for
from shian.domains.fieldchecks.queries.teams import teams_of
from shian.domains.fieldchecks.tables.rounds import round_url
from shian.domains.fieldchecks.views.forms import step_button, step_page
from shian.domains.fieldchecks.views.points import formats_for
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.rules import Level
from shian.kernel.ui.pages import FieldGroup, FormPage
from shian.kernel.ui.pieces import Crumb
from shian.registers.areas.tables import area_choices

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


def _format_label(form: CheckFormat) -> str:
    return f"{Mode(form.mode).label} {form.code} {form.name}"


@requires(ROUND_PLAN)
def round_freeze(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take the frame of today and freeze it; the other steps of the draw follow on its own page."""
    found = round_for(request.user, pk)
    if found.state != RoundState.PLANNED or draw_of(found) is not None:
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


def _moved(request: HttpRequest, pk: int, action: Any, said: str) -> HttpResponse:
    found = round_for(request.user, pk)
    return step_button(
        request, lambda: action(round=found, by=request.user, at=timezone.now()), said, round_url(found)
    )  # fmt: skip
