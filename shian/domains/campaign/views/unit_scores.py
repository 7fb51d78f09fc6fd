"""One unit of the dynamic evaluation: its dimensions, what lost points, how it stood before; appeal and correction."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.actions.unit_scores import ScoresRefused, appeal_score, correct_score
from shian.domains.campaign.forms.unit_scores import AppealForm, CorrectionForm
from shian.domains.campaign.models import UnitScore
from shian.domains.campaign.permissions import SCORE_APPEAL, UNIT_SCORES_KEEP, UNIT_SCORES_VIEW
from shian.domains.campaign.queries.periods import period_text
from shian.domains.campaign.queries.rankings import (
    appeal_until,
    appeals_of,
    corrections_of,
    is_own,
    rankings_for,
    reads_all,
    trend_of,
    upheld_appeal,
)
from shian.domains.campaign.queries.unit_losses import Matter, losses_of, matters_of
from shian.domains.campaign.queries.unit_scores import Field, Standing, running_scores
from shian.domains.campaign.rules.commendations import SCORE, CauseKey
from shian.domains.campaign.rules.rounding import rounded
from shian.domains.campaign.tables.unit_scores import (
    CORRECTIONS,
    GROUPS,
    LOSSES,
    MATTERS,
    NAMES,
    PARTS,
    Loss,
    ShownScore,
    correction_row,
    kept,
    kept_losses,
    loss_row,
    matter_row,
    part_row,
    running,
    running_loss,
    unit_url,
)
from shian.domains.campaign.views.commendations import propose_action
from shian.domains.campaign.views.rankings import Campaign, campaign_of
from shian.domains.campaign.views.sights import crumbs
from shian.engine.cases.actions import CaseRefused, Evidence
from shian.engine.cases.actions.opening import EVIDENCE_KINDS
from shian.engine.cases.queries import visible_cases
from shian.engine.cases.tables import case_url
from shian.kernel.accounts.permissions import requires
from shian.kernel.files.actions import FileRefused, store_file
from shian.kernel.notary.deeds import deed_text
from shian.kernel.notary.queries import entries_of
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.actors import actor
from shian.kernel.ui.charts import Chart, Series
from shian.kernel.ui.pages import FormPage, RecordPage
from shian.kernel.ui.pieces import Action, Callout, Crumb, Fact, Section, TimelineEntry
from shian.kernel.ui.states import DONE, DUE
from shian.kernel.ui.tables import Empty, Table

STEPS = frozenset({"campaign.scores_confirmed", "campaign.scores_published", "campaign.score_corrected"})


@requires(UNIT_SCORES_VIEW)
def ranking_detail(request: HttpRequest, code: str) -> HttpResponse:
    """The unit's score in a period: as it was confirmed, or as it is counted now."""
    campaign = campaign_of(request)
    part = request.GET.get("part", "")
    if campaign.ranking:
        row = UnitScore.objects.select_related("unit").filter(ranking=campaign.ranking, unit__code=code).first()
        if row is None:
            raise Http404(code)
        shown, losses, matters = kept(row), kept_losses(row), None
    else:
        found, standing = _standing(request.user, campaign, code)
        row, shown = None, running(standing)
        losses = [running_loss(each.key, matter) for each, matter in losses_of(found, standing)]
        matters = matters_of(found, standing, part) if part in NAMES else None
    return render(request, "campaign/ranking_detail.html", {
        "record": _record(request.user, campaign, shown, row),
        "notes": _notes(request.user, row),
        "parts": Table(PARTS, [
            part_row(each, losses, unit_url(code, campaign.period, part=each.key)) for each in shown.parts
        ], empty=Empty(_("这个期间还没有可以计分的事项"), ""), id="parts"),
        "tables": _tables(campaign, shown, losses, matters, part, row),
        "chart": _trend(campaign, shown),
    })  # fmt: skip


def _standing(user: Any, campaign: Campaign, code: str) -> tuple[Field, Standing]:
    found, rows = running_scores(campaign.area_key, campaign.span)
    standing = next((each for each in rows if each.unit.code == code), None)
    if standing is None:
        raise Http404(code)
    if not reads_all(user, campaign.area_key) and not is_own(user, standing.unit):
        raise OutOfReach(f"people.organisation:{code}")
    return found, standing


def _record(user: Any, campaign: Campaign, shown: ShownScore, row: UnitScore | None) -> RecordPage:
    place = _("第 %(place)s 名") % {"place": shown.place} if shown.place else _("可计分的维度不足，不排名")
    facts = [
        Fact(_("得分"), rounded(shown.score), kind="number", unit=_("分")) if shown.score is not None
        else Fact(_("得分"), _("未计分")),
        Fact(_("名次"), place, note=GROUPS[shown.group]),
        Fact(_("失分"), rounded(shown.lost) if shown.lost is not None else None, kind="number", unit=_("分")),
        Fact(_("期间"), f"{campaign.span.window.start} — {campaign.span.day}"),
    ]  # fmt: skip
    state, label = (DONE, row.ranking.get_state_display()) if row else (DUE, _("实时得分"))
    if shown.is_corrected:
        state, label = DONE, _("已更正")
    return RecordPage(
        shown.unit.name,
        code=period_text(campaign.period),
        kind=_("动态评价"),
        state=state,
        state_label=label,
        crumbs=crumbs(Crumb(_("动态评价"), f"{reverse('campaign:ranking_list')}?period={campaign.period}")),
        actions=_actions(user, campaign, row),
        sections=[Section(_("得分"), facts)],
        timeline=_timeline(row) if row else None,
    )


def _actions(user: Any, campaign: Campaign, row: UnitScore | None) -> list[Action]:
    found = [Action(_("打印"), "#print", icon="printer")]
    if row is None:
        return found
    if may_appeal(user, row):
        url = reverse("campaign:score_appeal", args=[row.pk])
        found.append(Action(_("申诉"), url, icon="messages", kind="primary"))
    found += propose_action(user, CauseKey(SCORE, campaign.period, row.unit.code), campaign.area_key)
    if UNIT_SCORES_KEEP(user).allowed and reach_of(user).covers(campaign.area_key) and upheld_appeal(row):
        url = reverse("campaign:score_correct", args=[row.pk])
        found.append(Action(_("更正得分"), url, icon="edit", kind="primary"))
    return found


def may_appeal(user: Any, row: UnitScore) -> bool:
    """Whether the page offers the appeal: the unit's own staff, within the days after the publication."""
    if not SCORE_APPEAL(user).allowed or row.unit_id not in reach_of(user).organisations:
        return False
    return row.ranking.published_at is not None and timezone.localdate() <= appeal_until(row.ranking)


def _notes(user: Any, row: UnitScore | None) -> list[Callout]:
    """The appeals against the score that the reader may open."""
    if row is None:
        return []
    rows = visible_cases(user).filter(pk__in=appeals_of(row).values("pk"))
    return [
        Callout(
            _("申诉 %(number)s：%(title)s") % {"number": each.number, "title": each.title}, each.body,
            DUE if each.is_open else DONE, [Action(_("查看"), case_url(each))],
        )
        for each in rows
    ]  # fmt: skip


def _tables(
    campaign: Campaign, shown: ShownScore, losses: Sequence[Loss], matters: list[Matter] | None, part: str,
    row: UnitScore | None,
) -> list[tuple[str, Table]]:  # fmt: skip
    found = []
    if matters is not None:
        found.append((_("计分事项：%(part)s") % {"part": NAMES[part]},
                      Table(MATTERS, [matter_row(each) for each in matters], id="matters",
                            empty=Empty(_("这一维度还没有可以计分的事项"), ""))))  # fmt: skip
    chosen = [each for each in losses if not part or each.part == part]
    lost = Table(LOSSES, [loss_row(each) for each in chosen], id="losses", empty=Empty(_("没有失分"), ""))
    found.append((_("失分事项"), lost))
    corrections = corrections_of(row) if row else []
    if corrections:
        found.append((_("更正"), Table(CORRECTIONS, [correction_row(each) for each in corrections], id="corrections")))
    return found


def _trend(campaign: Campaign, shown: ShownScore) -> Chart | None:
    """The unit's scores in the kept periods up to the one shown, and the running one."""
    start = campaign.span.window.start
    before = [each for each in campaign.rankings if each.started_on <= start][: campaign.rule.trend]
    if campaign.ranking is None:
        before = [each for each in before if each.started_on < start]
    points = [(period_text(period), float(score)) for period, score in trend_of(shown.unit.code, before)]
    if campaign.ranking is None and shown.score is not None:
        points.append((period_text(campaign.period), float(shown.score)))
    if len(points) < 2:
        return None
    return Chart(
        "trend", _("各期得分"), [name for name, _score in points],
        [Series(_("得分"), [round(score, 2) for _name, score in points])], kind="line", unit=_("分"),
    )  # fmt: skip


def _timeline(row: UnitScore) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            deed_text(entry.action), entry.at, by=actor(entry.actor), body=entry.data.get("reason", ""),
            seal=entry.seal, seal_url=reverse("notary:entry_detail", args=[entry.uid]),
        )
        for entry in entries_of(f"campaign.unitranking:{row.ranking_id}")
        if entry.action in STEPS and entry.data.get("unit", row.unit_id) == row.unit_id
    ]  # fmt: skip


def _score(user: Any, pk: int) -> UnitScore:
    found = UnitScore.objects.select_related("ranking", "unit").filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    if not rankings_for(user, found.ranking.area).filter(pk=found.ranking_id).exists():
        raise OutOfReach(f"campaign.unitscore:{pk}")
    return found


@requires(SCORE_APPEAL)
def score_appeal(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The unit disputes its published score."""
    score = _score(request.user, pk)
    if score.unit_id not in reach_of(request.user).organisations:
        raise OutOfReach(f"campaign.unitscore:{pk}")
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AppealForm(*sent)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            case = appeal_score(score=score, text=form.cleaned_data["text"], files=_files(request, form, now),
                                by=request.user, at=now)  # fmt: skip
        except (ScoresRefused, CaseRefused, FileRefused) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已提出申诉 %(number)s。") % {"number": case.number})
            return redirect(case_url(case))
    consequence = _("提出后由创建办复核；成立的更正得分并重排名次，原得分保留。")
    return _form_page(request, form, score, _("申诉"), consequence, has_files=True)


def _files(request: HttpRequest, form: AppealForm, now: Any) -> list[Evidence]:
    by = str(request.user)
    return [
        Evidence(store_file(name=each.name, stream=each, kinds=EVIDENCE_KINDS, by=by, at=now), each.name, "proof")
        for each in form.cleaned_data["files"] or ()
    ]


@requires(UNIT_SCORES_KEEP)
def score_correct(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The office corrects a score whose appeal was upheld."""
    score = _score(request.user, pk)
    parts = [(each.key, f"{NAMES[each.key]}（{each.score:.2f} / {each.maximum:.2f}）") for each in kept(score).parts]
    form = CorrectionForm(request.POST or None, parts=parts)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            correct_score(score=score, part=told["part"], after=told["after"], reason=told["reason"], by=request.user,
                          at=timezone.now())  # fmt: skip
        except (ScoresRefused, CaseRefused) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已更正得分并重排名次，申诉办结。"))
            return redirect(unit_url(score.unit_id, score.ranking.period))
    consequence = _("原得分、更正理由和申诉编号保留在该单位的得分页面；同类单位的名次随之重排。")
    return _form_page(request, form, score, _("更正得分"), consequence)


def _form_page(
    request: HttpRequest, form: Any, score: UnitScore, title: str, consequence: str, *, has_files: bool = False
) -> HttpResponse:
    url = unit_url(score.unit_id, score.ranking.period)
    period = score.ranking.period
    page = FormPage(
        title, form, _("提交"), intro=f"{score.unit.name} · {period_text(period)}", consequence=consequence,
        cancel_url=url, has_files=has_files, draft=f"score-{score.pk}",
        crumbs=crumbs(Crumb(_("动态评价"), f"{reverse('campaign:ranking_list')}?period={period}"),
                      Crumb(score.unit.name, url)),
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page})
