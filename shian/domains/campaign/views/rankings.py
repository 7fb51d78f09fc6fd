"""The dynamic evaluation: units ranked by what is counted now or was confirmed for a period (A-16)."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.domains.campaign.actions.unit_scores import ScoresRefused, confirm_ranking, publish_ranking
from shian.domains.campaign.models import RankingState, UnitRanking
from shian.domains.campaign.permissions import UNIT_SCORES_KEEP, UNIT_SCORES_VIEW
from shian.domains.campaign.queries.liaisons import campaign_area
from shian.domains.campaign.queries.periods import period_text
from shian.domains.campaign.queries.rankings import (
    appeal_until,
    appeals_in,
    is_own,
    places_in,
    ranking_before,
    rankings_for,
    reads_all,
    scores_in,
)
from shian.domains.campaign.queries.unit_matters import Span, span_of
from shian.domains.campaign.queries.unit_scores import running_scores, score_rule
from shian.domains.campaign.rules.unit_scores import ScoreRule, period_of, periods_before
from shian.domains.campaign.tables.unit_scores import GROUPS, RANKING, ShownScore, kept, ranking_row, running
from shian.domains.campaign.views.sights import crumbs
from shian.engine.measures.rules import PeriodInvalid, Window, parse_period
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.actors import actor
from shian.kernel.ui.pages import ListPage
from shian.kernel.ui.pieces import Action, Callout, Filter, FilterBar, Option, Stat, Tab
from shian.kernel.ui.states import DONE, DUE
from shian.kernel.ui.tables import Empty, Table
from shian.registers.areas.queries import area_names, home_key


@dataclass(frozen=True)
class Campaign:
    """What a page of the evaluation is about: area, period, and the kept ranking of it that the reader may see."""

    area_key: str
    span: Span
    rule: ScoreRule
    rankings: list[UnitRanking]
    ranking: UnitRanking | None

    @property
    def period(self) -> str:
        return self.span.window.text


def campaign_of(request: HttpRequest) -> Campaign:
    """Area by the reader's posts, period by the URL (else the running one). Raises Http404 for what is no period."""
    today, user = timezone.localdate(), request.user
    area = campaign_area(user, today) or home_key(user, today)[:6]
    rule = score_rule(today)
    window = _window(request.GET.get("period", "") or period_of(today, rule.periods))
    if window.start > today or not area:
        raise Http404(window.text)
    rankings = list(rankings_for(user, area))
    ranking = next((each for each in rankings if each.period == window.text), None)
    if request.GET.get("live") == "1" and reads_all(user, area):
        ranking = None
    return Campaign(area, span_of(window, today), rule, rankings, ranking)


def _window(text: str) -> Window:
    try:
        return parse_period(text)
    except PeriodInvalid as error:
        raise Http404(text) from error


def shown_scores(user: Any, campaign: Campaign) -> list[ShownScore]:
    """The units that the reader sees, in order: all of a kept ranking; of running scores a unit sees its own."""
    if campaign.ranking:
        return [kept(each) for each in scores_in(campaign.ranking)]
    _found, rows = running_scores(campaign.area_key, campaign.span)
    is_reader = reads_all(user, campaign.area_key)
    return [running(each) for each in rows if is_reader or is_own(user, each.unit)]


@requires(UNIT_SCORES_VIEW)
def ranking_list(request: HttpRequest) -> HttpResponse:
    """The units of one kind by score; each number opens to its rows."""
    campaign = campaign_of(request)
    rows = shown_scores(request.user, campaign)
    groups = [key for key in GROUPS if any(each.group == key for each in rows)]
    group = request.GET.get("group", "")
    group = group if group in groups else next(iter(groups), "department")
    shown = [each for each in rows if each.group == group]
    former = places_in(ranking_before(campaign.rankings, campaign.span.window.start))
    empty = Empty(_("这个期间没有可以查看的得分"), _("公布后各单位都能看到；之前只能看到本单位的。"))
    page = ListPage(
        _("动态评价"), Table(RANKING, [ranking_row(each, campaign.period, former) for each in shown], empty=empty),
        unit=_("个单位"), crumbs=crumbs(), summary=_summary(campaign),
        tabs=[
            Tab(GROUPS[key], f"?period={campaign.period}&group={key}", sum(each.group == key for each in rows),
                is_active=key == group)
            for key in groups
        ],
        filters=FilterBar([
            Filter("period", _("期间"), options=_periods(campaign), value=campaign.period, default=campaign.period),
            Filter("group", "", "hidden", value=group),
        ]),
        actions=_actions(request.user, campaign),
    )  # fmt: skip
    context = {"list": page, "stats": _stats(shown), "notes": _notes(request.user, campaign), "tables": ()}
    return render(request, "campaign/overview.html", context)


def _summary(campaign: Campaign) -> str:
    name = area_names(campaign.span.day).get(campaign.area_key, "")
    told = {"area": name, "start": campaign.span.window.start, "day": campaign.span.day, "total": campaign.rule.total}
    return _("%(area)s %(start)s 至 %(day)s，满分 %(total)s 分；没有可计分事项的维度不计，其余维度折算。") % told


def _periods(campaign: Campaign) -> list[Option]:
    """The last periods, and whatever was confirmed before them."""
    windows = periods_before(timezone.localdate(), campaign.rule.periods, campaign.rule.trend)
    words = dict.fromkeys([*(each.text for each in windows), *(each.period for each in campaign.rankings)])
    words |= {campaign.period: None}
    return [Option(each, period_text(each)) for each in sorted(words, reverse=True)]


def _stats(rows: list[ShownScore]) -> list[Stat]:
    scores = [each.score for each in rows if each.score is not None and each.place]
    if len(scores) < 2:
        return []
    return [
        Stat(_("最高分"), max(scores), unit=_("分"), decimals=2),
        Stat(_("平均分"), sum(scores) / len(scores), unit=_("分"), decimals=2),
        Stat(_("最低分"), min(scores), unit=_("分"), decimals=2),
    ]


def _notes(user: Any, campaign: Campaign) -> list[Callout]:
    """Whether the scores still move, and since when they do not."""
    ranking, confidence = campaign.ranking, _confidence(campaign.rule)
    if ranking is None:
        title = _("实时得分：材料、结论、事项一有变化，得分和名次立即变化。")
        if not reads_all(user, campaign.area_key):
            title = _("实时得分：公布前只显示本单位。")
        return [Callout(title, confidence)]
    if ranking.state == RankingState.CONFIRMED:
        return [Callout(_("%(by)s已确认，还没有公布。") % {"by": actor(ranking.confirmed_by)}, confidence, DUE)]
    found = appeals_in(ranking)
    parts = [_("申诉截止 %(day)s") % {"day": appeal_until(ranking)}]
    if found:
        told = {"all": sum(found.values()), "corrected": found.get("corrected", 0)}
        parts.append(_("申诉 %(all)s 件，已更正 %(corrected)s 件") % told)
    day = timezone.localdate(ranking.published_at)
    return [Callout(_("%(day)s 公布") % {"day": day}, _("；").join([*parts, confidence]), DONE)]


def _confidence(rule: ScoreRule) -> str:
    """What the weights rest on, as of their day."""
    told = {"day": rule.valid_from, "basis": rule.basis, "confidence": rule.confidence}
    return _("权重 %(day)s 起，可信度 %(confidence)s：%(basis)s") % told


def _actions(user: Any, campaign: Campaign) -> list[Action]:
    found = [Action(_("打印"), "#print", icon="printer")]
    if not UNIT_SCORES_KEEP(user).allowed or not reach_of(user).covers(campaign.area_key):
        return found
    kept_one = next((each for each in campaign.rankings if each.period == campaign.period), None)
    if kept_one and campaign.ranking:
        url = f"?period={campaign.period}&live=1"
        found.append(Action(_("查看实时得分"), url, icon="refresh", kind="quiet"))
    if kept_one and kept_one.state == RankingState.CONFIRMED:
        asked = _("公布后各单位都能看到得分、名次和失分事项，并可在期限内申诉。")
        url = reverse("campaign:ranking_publish", args=[kept_one.pk])
        found.append(Action(_("公布"), url, icon="speakerphone", kind="primary", method="post", consequence=asked))
    if kept_one is None or kept_one.state == RankingState.CONFIRMED:
        label = _("重新确认") if kept_one else _("确认本期得分")
        asked = _("以现在的得分和名次作为本期结果；公布前可以重新确认。")
        kind, url = "secondary" if kept_one else "primary", reverse("campaign:ranking_confirm")
        found.append(Action(label, url, icon="check", kind=kind, method="post", name="period", value=campaign.period,
                            consequence=asked))  # fmt: skip
    return found


@requires(UNIT_SCORES_KEEP)
@require_POST
def ranking_confirm(request: HttpRequest) -> HttpResponseBase:
    """Keep what is counted now as the period's result."""
    today, window = timezone.localdate(), _window(request.POST.get("period", ""))
    area = campaign_area(request.user, today)
    if not area:
        raise Http404(window.text)
    try:
        confirm_ranking(area_key=area, window=window, by=request.user, at=timezone.now())
    except ScoresRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("已确认 %(period)s 的得分和名次。") % {"period": period_text(window.text)})
    return redirect(f"{reverse('campaign:ranking_list')}?period={window.text}")


@requires(UNIT_SCORES_KEEP)
@require_POST
def ranking_publish(request: HttpRequest, pk: int) -> HttpResponseBase:
    """All units may read it now."""
    ranking = UnitRanking.objects.get_visible(request.user, pk=pk)
    try:
        told = publish_ranking(ranking=ranking, by=request.user, at=timezone.now())
    except ScoresRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("已公布，通知联络员 %(count)s 人。") % {"count": told})
    return redirect(f"{reverse('campaign:ranking_list')}?period={ranking.period}")
