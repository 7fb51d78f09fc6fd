"""Plans of matches: what the rule would do (nothing is written), proposed, approved, not approved."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.domains.duties.actions.matches import approve_plan, propose_plan, refuse_plan
from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.forms.roster import ReasonForm
from shian.domains.duties.models import MatchPlan, PlanKind, PlanLine, PlanState, Tier
from shian.domains.duties.permissions import DUTY_KEEP
from shian.domains.duties.queries.lists import plans_of
from shian.domains.duties.queries.matching import Outcome, officials_named, outcome_of
from shian.domains.duties.rules.matching import WHY
from shian.domains.duties.tables.roster import LINES, PLAN_TONES, PLANS, operator_url, plan_rows
from shian.domains.duties.views.shown import names, paged, step_button, step_page, today
from shian.kernel.accounts.permissions import requires
from shian.kernel.notary.timelines import timeline_of
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.actors import actor
from shian.kernel.ui.languages import language_of_record
from shian.kernel.ui.pages import FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Callout, Crumb, Fact, Filter, FilterBar, Option, Section, Stat, picked_area
from shian.kernel.ui.states import DONE, DUE, NEUTRAL, OVERDUE
from shian.kernel.ui.tables import Empty, Row, Table
from shian.registers.areas.tables import area_picker, in_reach

SHOWN = 200
OFFERED = (PlanKind.FILL, PlanKind.BALANCE)


@requires(DUTY_KEEP)
def match_plan_list(request: HttpRequest) -> HttpResponse:
    """Plans of the reach, the newest first."""
    named = names()
    empty = Empty(_("还没有对接方案"), _("有主体未对接时先试算，再提交。"))
    table = paged(request, plans_of(request.user), PLANS, lambda items: plan_rows(items, named), empty)
    act = Action(_("试算对接"), reverse("duties:match_plan_create"), icon="list-check", kind="primary")
    page = ListPage(_("对接方案"), table, unit=_("个"), actions=[act], crumbs=[_listed()],
                    summary=_("方案由另一人批准后一次生效；生效前主体、干部有变动的，方案失效。"))  # fmt: skip
    return render(request, "ui/page_list.html", {"list": page})


@requires(DUTY_KEEP)
def match_plan_create(request: HttpRequest) -> HttpResponse:
    """What the rule would do, computed and shown; a POST proposes it for approval."""
    user: Any = request.user
    told = request.POST if request.method == "POST" else request.GET
    area = in_reach(user, picked_area(told.getlist("area"))) or next(iter(sorted(reach_of(user).keys)), "")
    kind = told.get("kind") if told.get("kind") in {each.value for each in OFFERED} else PlanKind.FILL
    if request.method == "POST":
        with language_of_record():  # plan, matches and letters keep it
            reason = str(PlanKind(str(kind)).label)
        try:
            plan = propose_plan(kind=PlanKind(str(kind)), area_key=area, reason=reason, by=user, at=timezone.now())
        except DutyRefused as refused:
            messages.error(request, str(refused))
            return redirect("duties:match_list")
        return redirect("duties:match_plan_detail", pk=plan.pk)
    found = outcome_of(str(kind), area, today())
    named = names()
    options = [Option(each.value, each.label) for each in OFFERED]
    bar = FilterBar(
        [Filter("kind", _("方案类别"), options=options, value=str(kind), default=PlanKind.FILL)],
        area=area_picker(user, area, today(), named),
    )  # fmt: skip
    submit = Action(
        _("提交方案"), f"{reverse('duties:match_plan_create')}?kind={kind}", icon="check", kind="primary",
        method="post", name="area", value=area, consequence=_("提交后由另一人批准；批准以前不生效。"),
    )  # fmt: skip
    empty = Empty(_("没有需要对接的主体"), _("已分级的主体都有包保干部，也没有人超过负荷提醒线。"))
    table = Table(LINES, _lines(found), empty=empty)
    page = ListPage(
        _("试算对接"), table, count=len(found.proposals), unit=_("户"), filters=bar, crumbs=[_listed()],
        actions=[submit] if found.matched else [],
        summary=_("只是试算，什么也没有写入：同层级、同区划、负荷最低者优先，学校等由分管领域的干部包保。"),
    )  # fmt: skip
    context = {"list": page, "stats": _stats(found), "notes": _cut(len(found.proposals))}
    return render(request, "ui/page_overview.html", context)


def _stats(found: Outcome) -> list[Stat]:
    counts = found.counts()
    gaps, after = counts["unmatched"], counts["heaviest_after"]
    return [
        Stat(_("拟对接"), found.matched, unit=_("户")),
        Stat(_("无人可接"), gaps, unit=_("户"), state=OVERDUE if gaps else DONE,
             state_label=_("本区划没有该层级干部") if gaps else _("没有")),
        Stat(_("现在最大负荷"), counts["heaviest"], unit=_("户")),
        Stat(_("调整后最大负荷"), after, unit=_("户"), state=DUE if after > found.warned else DONE,
             state_label=_("超过提醒线") if after > found.warned else _("在提醒线以内")),
    ]  # fmt: skip


def _cut(count: int) -> list[Callout]:
    if count <= SHOWN:
        return []
    return [
        Callout(_("只显示前 %(shown)s 户，共 %(count)s 户") % {"shown": SHOWN, "count": f"{count:,}"}, state=NEUTRAL)
    ]


def _lines(found: Outcome) -> list[Row]:
    shown = found.proposals[:SHOWN]
    tiers = Tier.objects.select_related("operator").in_bulk([each.need.key for each in shown])
    people = officials_named([*(each.official for each in shown), *(found.former[each.need.key] for each in shown)])
    return [
        _line(tiers[each.need.key], people.get(each.official or 0), people.get(found.former[each.need.key] or 0),
              WHY[each.why])
        for each in shown
    ]  # fmt: skip


def _line(tier: Tier, official: Any, former: Any, why: str) -> Row:
    cells = {
        "operator": tier.operator.name, "tier": tier.get_tier_display(),
        "official": f"{official.name}（{official.unit}{official.post}）" if official else None,
        "former": former.name if former else None, "why": why,
    }  # fmt: skip
    return Row(cells, url=operator_url(tier.operator), key=str(tier.pk), state="" if official else OVERDUE)


@requires(DUTY_KEEP)
def match_plan_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A plan with its lines and what became of it."""
    plan: MatchPlan = MatchPlan.objects.get_visible(request.user, pk=pk)
    state, counts = PlanState(plan.state), plan.counts
    lines = PlanLine.objects.filter(plan=plan).select_related("tier__operator", "official", "former").order_by("pk")
    rows = [_line(each.tier, each.official, each.former, each.reason) for each in lines[:SHOWN]]
    facts = [
        Fact(_("方案类别"), plan.get_kind_display()), Fact(_("原因"), plan.reason),
        Fact(_("区划"), names().get(plan.area, _("全市"))),
        Fact(_("主体"), counts.get("lines"), kind="number", unit=_("户")),
        Fact(_("无人可接"), counts.get("unmatched"), kind="number", unit=_("户")),
        Fact(_("最大负荷"), f"{counts.get('heaviest', 0)} → {counts.get('heaviest_after', 0)}"),
        Fact(_("提出人"), actor(plan.made_by)), Fact(_("提出时间"), plan.seen_at, kind="moment"),
        Fact(_("批准人"), actor(plan.decided_by) if plan.decided_by else None),
        Fact(_("不批准的理由"), counts.get("refused_because")),
    ]  # fmt: skip
    page = RecordPage(
        plan.reason, code=str(plan.pk), kind=_("对接方案"), state=PLAN_TONES[state], state_label=state.label,
        crumbs=[_listed(), Crumb(_("对接方案"), reverse("duties:match_plan_list"))],
        actions=_actions(request.user, plan),
        sections=[Section(_("方案"), facts)], timeline=timeline_of(plan.subject),
    )  # fmt: skip
    tables = [(_("明细"), Table(LINES, rows, empty=Empty(_("没有明细"))))]
    context = {"record": page, "notes": _cut(counts.get("lines", 0)), "tables": tables}
    return render(request, "ui/page_record_tables.html", context)


def _actions(user: Any, plan: MatchPlan) -> list[Action]:
    if plan.state != PlanState.PROPOSED or plan.made_by == user.get_username():
        return []
    asked = _("全部明细即时生效：对接开始和终止，有关承诺书失效并待重新签订。")
    return [
        Action(_("批准"), reverse("duties:match_plan_approve", args=[plan.pk]), icon="check", kind="primary",
               method="post", consequence=asked),
        Action(_("不批准"), reverse("duties:match_plan_reject", args=[plan.pk]), icon="ban", kind="danger-quiet"),
    ]  # fmt: skip


@requires(DUTY_KEEP)
@require_POST
def match_plan_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The matches of the plan come into force."""
    plan: MatchPlan = MatchPlan.objects.get_visible(request.user, pk=pk)
    then = reverse("duties:match_plan_detail", args=[pk])

    def step() -> None:
        approve_plan(plan=plan, by=request.user, at=timezone.now())

    return step_button(request, step, _("已办理，结果见方案状态。"), then)


@requires(DUTY_KEEP)
def match_plan_reject(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The plan is not taken."""
    plan: MatchPlan = MatchPlan.objects.get_visible(request.user, pk=pk)
    form, then = ReasonForm(request.POST or None), reverse("duties:match_plan_detail", args=[pk])

    def step() -> str:
        refuse_plan(plan=plan, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        return _("已登记不批准。")

    page = FormPage(_("不批准方案"), form, _("提交"), intro=plan.reason, cancel_url=then, crumbs=[_listed()])
    return step_page(request, page, step, then)


def _listed() -> Crumb:
    return Crumb(_("包保对接"), reverse("duties:match_list"))
