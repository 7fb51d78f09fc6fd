"""Tiers in force and proposals; proposed by the rule, confirmed, refused, overridden."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.domains.duties.actions.tiers import confirm_tiers, override_tier, propose_tiers, refuse_tier
from shian.domains.duties.filters import filters_of, read_choice
from shian.domains.duties.forms.roster import ReasonForm, TierForm
from shian.domains.duties.models import Tier, TierLetter, TierState
from shian.domains.duties.permissions import DUTY_KEEP, DUTY_READ
from shian.domains.duties.queries.lists import Choice, tier_counts, tiers_chosen
from shian.domains.duties.queries.standards import tier_rules_at
from shian.domains.duties.tables.roster import TIERS, operator_url, tier_rows
from shian.domains.duties.views.shown import figure_url, home_of, names, paged, step_button, step_page, today
from shian.kernel.accounts.permissions import requires
from shian.kernel.imports.permissions import import_into
from shian.kernel.imports.specs import importer
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.pages import FormPage, ListPage
from shian.kernel.ui.pieces import Action, Callout, Crumb, Stat, Tab
from shian.kernel.ui.states import NEUTRAL
from shian.kernel.ui.tables import Empty
from shian.registers.areas.tables import in_reach
from shian.registers.operators.models import Operator

PROPOSED = TierState.PROPOSED.value


@requires(DUTY_READ)
def tier_list(request: HttpRequest) -> HttpResponse:
    """The tiers of the reach; with ?state=proposed what waits for confirmation."""
    user: Any = request.user
    choice, named = read_choice(request.GET, user), names()
    proposed = choice.state == PROPOSED
    advice = _("用“按规则分级”算出建议，或导入。") if not proposed else _("规则的结果与现行层级一致。")
    empty = Empty(_("没有待确认的层级") if proposed else _("还没有包保层级"), advice)
    rows = tiers_chosen(user, choice)
    keeps = DUTY_KEEP(user).allowed
    table = paged(
        request, rows, TIERS, lambda items: tier_rows(items, named), empty, sort="tier", has_ticks=proposed and keeps
    )
    bulk = [
        Action(_("确认所选"), reverse("duties:tier_confirm"), icon="check", kind="primary", method="post",
               consequence=_("今日起生效；层级改变的，原对接即时终止，有关承诺书失效。"))
    ] if proposed and keeps else []  # fmt: skip
    waiting = Tier.objects.visible_to(user).filter(choice.inside, state=PROPOSED).count()
    page = ListPage(
        _("包保层级"), table, unit=_("户"), tabs=_tabs(choice, waiting), bulk_actions=bulk,
        actions=_actions(user, choice),
        filters=filters_of(choice, user, named, today(), with_tier=True),
        summary=_("层级按规模定，与风险等级不是一回事；A 级由市级、B 级由县级、C 级由乡级、D 级由村级干部包保。"),
    )  # fmt: skip
    rules = tier_rules_at(today())
    told = {"version": rules.version, "basis": rules.basis}
    note = Callout(_("现行规则：%(version)s") % told, rules.basis, state=NEUTRAL)
    stats = _stats(user, choice)
    return render(request, "ui/page_overview.html", {"list": page, "stats": stats, "notes": (note,)})


def _tabs(choice: Choice, waiting: int) -> list[Tab]:
    own, more = reverse("duties:tier_list"), f"area={choice.area}" if choice.area else ""
    return [
        Tab(_("现行"), f"{own}?{more}", is_active=choice.state != PROPOSED),
        Tab(_("待确认"), f"{own}?state={PROPOSED}&{more}", count=waiting, is_active=choice.state == PROPOSED),
    ]


def _stats(user: Any, choice: Choice) -> list[Stat]:
    counts, area = tier_counts(user, choice), home_of(user, choice.area)
    total = sum(counts.values())
    tiles = [Stat(_("已分级"), total, unit=_("户"), url=figure_url("duty_tiers.total", area))]
    tiles += [
        Stat(
            each.label,
            counts.get(each.value, 0),
            unit=_("户"),
            url=figure_url(f"duty_tiers.{each.value.lower()}", area),
        )
        for each in TierLetter
    ]
    return tiles


def _actions(user: Any, choice: Choice) -> list[Action]:
    if not DUTY_KEEP(user).allowed:
        return []
    found = [
        Action(_("按规则分级"), reverse("duties:tier_run"), icon="refresh", method="post", name="area",
               value=choice.area,
               consequence=_("对已核实的主体按现行规则算出建议，替换以前未确认的建议；确认以前不生效。")),
    ]  # fmt: skip
    if import_into(importer("duty_tiers"))(user).allowed:
        url = f"{reverse('imports:batch_create')}?importer=duty_tiers"
        found.append(Action(_("导入"), url, icon="file-import", kind="primary"))
    return found


@requires(DUTY_KEEP)
@require_POST
def tier_run(request: HttpRequest) -> HttpResponse:
    """The rule over the area that the reader stands in or chose."""
    user: Any = request.user
    area = in_reach(user, request.POST.get("area", "")) or next(iter(sorted(reach_of(user).keys)), "")
    said = _("已按规则算出建议，请在“待确认”中核对。")
    then = f"{reverse('duties:tier_list')}?state={PROPOSED}"
    return step_button(request, lambda: propose_tiers(area_key=area, by=user, at=timezone.now()), said, then)


@requires(DUTY_KEEP)
@require_POST
def tier_confirm(request: HttpRequest) -> HttpResponse:
    """The ticked proposals come into force."""
    user: Any = request.user
    keys = [int(key) for key in request.POST.getlist("key") if key.isdecimal()]
    rows = list(Tier.objects.visible_to(user).filter(pk__in=keys))
    then = f"{reverse('duties:tier_list')}?state={PROPOSED}"
    return step_button(
        request, lambda: confirm_tiers(rows=rows, by=user, at=timezone.now()), _("已确认，今日起生效。"), then
    )


@requires(DUTY_KEEP)
def tier_edit(request: HttpRequest, code: str) -> HttpResponseBase:
    """A tier against the rule, for a second person to confirm."""
    operator: Operator = Operator.objects.get_visible(request.user, code=code)
    form = TierForm(request.POST or None)

    def step() -> str:
        told = form.cleaned_data
        override_tier(operator=operator, letter=told["tier"], reason=told["reason"], by=request.user, at=timezone.now())
        return _("已提出，须由另一人确认。")

    page = FormPage(
        _("人工调整层级"), form, _("提出"), intro=f"{operator.code} {operator.name}", cancel_url=operator_url(operator),
        crumbs=_crumbs(operator), consequence=_("由另一人确认后生效。"),
    )  # fmt: skip
    return step_page(request, page, step, operator_url(operator))


@requires(DUTY_KEEP)
def tier_reject(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A proposal is not taken."""
    row = get_object_or_404(Tier.objects.visible_to(request.user).select_related("operator"), pk=pk, state=PROPOSED)
    form = ReasonForm(request.POST or None)

    def step() -> str:
        refuse_tier(row=row, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        return _("已登记不通过。")

    intro = f"{row.operator.name} → {row.get_tier_display()}"
    page = FormPage(_("不通过"), form, _("提交"), intro=intro, cancel_url=operator_url(row.operator),
                    crumbs=_crumbs(row.operator))  # fmt: skip
    return step_page(request, page, step, operator_url(row.operator))


def _crumbs(operator: Operator) -> list[Crumb]:
    return [Crumb(_("包保层级"), reverse("duties:tier_list")), Crumb(operator.name, operator_url(operator))]
