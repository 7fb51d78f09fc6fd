"""Scores of units: confirmed for a period, published, appealed against, corrected (A-16)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shian.domains.campaign.models import RankingState, ScoreCorrection, UnitRanking, UnitScore
from shian.domains.campaign.permissions import SCORE_APPEAL, UNIT_SCORES_KEEP
from shian.domains.campaign.queries.liaisons import officers_of
from shian.domains.campaign.queries.periods import period_text
from shian.domains.campaign.queries.rankings import (
    appeal_until,
    campaign_office,
    open_appeal,
    score_subject,
    upheld_appeal,
)
from shian.domains.campaign.queries.unit_losses import losses_of
from shian.domains.campaign.queries.unit_matters import span_of
from shian.domains.campaign.queries.unit_scores import Field, Standing, running_scores
from shian.domains.campaign.rules.rounding import rounded
from shian.domains.campaign.rules.unit_scores import FOUR, places
from shian.engine.cases.actions import Evidence, Given, Opening, move_case, open_case
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.measures.rules import Window
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.notices.actions import Draft, send_notices
from shian.kernel.notices.ladders import Wording
from shian.kernel.notices.models import NoticeLevel
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import columns_of_key
from shian.kernel.ui.languages import language_of_record

RULE = "campaign.unit_scores"
PUBLISHED = Wording(
    gettext_noop("动态评价结果已公布：%(period)s"), gettext_noop("如有异议，请于 %(until)s 前提出申诉。")
)
APPEAL = "score_appeal"


class ScoresRefused(ValueError):
    """The ranking or score cannot take this step; the text says why."""


@transaction.atomic
def confirm_ranking(*, area_key: str, window: Window, by: Any, at: datetime) -> UnitRanking:
    """Keep what is counted now as the period's scores; until they are published they may be confirmed anew.

    Raises PermissionDenied, OutOfReach, ScoresRefused.
    """
    name = acting(UNIT_SCORES_KEEP, by, area_key)
    today = timezone.localdate(at)
    if window.start > today:
        raise ScoresRefused(_("这个期间还没有开始。"))
    own = columns_of_key(area_key)
    former = _locked(city=own["city"], county=own["county"], period=window.text)
    if former and former.state == RankingState.PUBLISHED:
        raise ScoresRefused(_("这个期间的结果已经公布，只能按申诉更正。"))
    found, rows = running_scores(area_key, span_of(window, today))
    if not any(each.score is not None for each in rows):
        raise ScoresRefused(_("这个期间还没有可以计分的事项。"))
    if former:
        former.delete()
    try:
        with transaction.atomic():  # two at once: the second waits here for the first
            ranking = UnitRanking.objects.create(
                period=window.text, started_on=window.start, counted_on=found.span.day, rule_from=found.rule.valid_from,
                total=found.rule.total, confirmed_at=at, confirmed_by=name, **own,
            )  # fmt: skip
    except IntegrityError as clash:
        raise ScoresRefused(_("此事项刚刚被他人办理，您的操作没有保存。")) from clash
    with language_of_record():
        UnitScore.objects.bulk_create(_kept(ranking, each, found) for each in rows)
    scores = {each.unit.code: str(each.score) for each in rows}
    _seal("campaign.scores_confirmed", ranking, name, at, scores=scores, rule=str(found.rule.valid_from))
    return ranking


def _locked(**lookup: Any) -> UnitRanking | None:
    return UnitRanking.objects.select_for_update().filter(**lookup).first()


def _kept(ranking: UnitRanking, row: Standing, found: Field) -> UnitScore:
    losses: dict[str, list[dict[str, str]]] = {}
    for part, each in losses_of(found, row):
        told = {"code": each.code, "title": each.title, "reason": each.reason, "lost": str(_four(each.lost)),
                "url": each.url}  # fmt: skip
        losses.setdefault(part.key, []).append(told)
    parts = [
        {"key": each.key, "maximum": str(_four(each.maximum)), "score": str(_four(each.score)),
         "losses": losses.get(each.key, [])}
        for each in row.parts
    ]  # fmt: skip
    return UnitScore(
        ranking=ranking, unit=row.unit, group=row.group, score=row.score, place=row.place, parts=parts
    )  # fmt: skip


def _four(number: Decimal) -> Decimal:
    return number.quantize(FOUR, ROUND_HALF_UP)


@transaction.atomic
def publish_ranking(*, ranking: UnitRanking, by: Any, at: datetime) -> int:
    """Every unit may read it from now on; how many officers were told. Raises PermissionDenied, OutOfReach,
    ScoresRefused."""
    name = acting(UNIT_SCORES_KEEP, by, ranking.area)
    locked = _locked(pk=ranking.pk)
    if locked is None or locked.state != RankingState.CONFIRMED:
        raise ScoresRefused(_("结果已经公布。"))
    locked.state, locked.published_at, locked.published_by = RankingState.PUBLISHED, at, name
    locked.save(update_fields=["state", "published_at", "published_by"])
    _seal("campaign.scores_published", locked, name, at)
    codes = sorted(locked.scores.values_list("unit__code", flat=True))
    told = officers_of(codes, timezone.localdate(at))
    users = sorted({user for found in told.values() for user in found})
    params = {"period": locked.period, "until": str(appeal_until(locked))}
    link = f"{reverse('campaign:ranking_list')}?period={locked.period}"
    draft = Draft(users, RULE, f"campaign.unitranking:{locked.pk}", NoticeLevel.INFO, PUBLISHED, params, link)
    return send_notices(drafts=[draft], by=name, at=at)


@transaction.atomic
def appeal_score(*, score: UnitScore, text: str, files: Sequence[Evidence], by: Any, at: datetime) -> Case:
    """The unit disputes its published score; the office has to decide. Raises PermissionDenied, OutOfReach,
    ScoresRefused."""
    name = acting(SCORE_APPEAL, by)
    if not isinstance(by, str) and score.unit_id not in reach_of(by).organisations:
        raise OutOfReach(f"campaign.unitscore:{score.pk}")
    ranking = score.ranking
    if ranking.state != RankingState.PUBLISHED:
        raise ScoresRefused(_("结果还没有公布，不能申诉。"))
    if timezone.localdate(at) > (until := appeal_until(ranking)):
        raise ScoresRefused(_("申诉期限 %(day)s 已过。") % {"day": until})
    if not text.strip():
        raise ScoresRefused(_("请写明申诉理由。"))
    UnitScore.objects.select_for_update().get(pk=score.pk)  # of two at the same moment the second finds the first's
    if open_appeal(score):
        raise ScoresRefused(_("本单位对这一期得分的申诉还在办理。"))
    office = campaign_office(ranking.area, timezone.localdate(at))
    if office is None:
        raise ScoresRefused(_("没有登记创建办，无法受理申诉。"))
    with language_of_record():
        told = {"unit": score.unit.name, "period": period_text(ranking.period)}
        title = _("%(unit)s对 %(period)s 动态评价得分的申诉") % told
    opening = Opening(
        title=title[:200], area_key=ranking.area, issuer=score.unit, unit=office, body=text.strip(),
        subject=score_subject(score), files=files,
    )  # fmt: skip
    return open_case(declared=case_type(APPEAL), opening=opening, by=name, at=at)


@transaction.atomic
def correct_score(
    *, score: UnitScore, part: str, after: Decimal, reason: str, by: Any, at: datetime
) -> ScoreCorrection:
    """Change one dimension of a score whose appeal was upheld, rank anew, close the appeal; the former stays.

    Raises PermissionDenied, OutOfReach, ScoresRefused.
    """
    name = acting(UNIT_SCORES_KEEP, by, score.ranking.area)
    _locked(pk=score.ranking_id)
    locked = UnitScore.objects.select_for_update().select_related("ranking", "unit").get(pk=score.pk)
    appeal = upheld_appeal(locked)
    if appeal is None:
        raise ScoresRefused(_("没有成立的申诉，不能更正已公布的得分。"))
    if not reason.strip():
        raise ScoresRefused(_("请写明更正理由。"))
    told = next((each for each in locked.parts if each["key"] == part), None)
    if told is None:
        raise ScoresRefused(_("这个单位没有这一维度的得分。"))
    before = _rescored(locked, told, _four(after))
    _rank_anew(locked)
    entry = _seal("campaign.score_corrected", locked.ranking, name, at, unit=locked.unit_id, part=part,
                  before=str(before), after=told["score"], reason=reason.strip(), appeal=appeal.number)  # fmt: skip
    correction = ScoreCorrection.objects.create(
        score=locked, part=part, before=before, after=Decimal(told["score"]), reason=reason.strip(), appeal=appeal,
        at=at, by=name, seal=entry.uid,
    )  # fmt: skip
    declared = case_type(APPEAL)
    move_case(declared=declared, case=appeal, step=declared.step("correct"), seen=appeal.version,
              given=Given(note=reason.strip()), by=name, at=at)  # fmt: skip
    return correction


def _rescored(score: UnitScore, told: dict[str, Any], after: Decimal) -> Decimal:
    """Write the dimension's points into the score; what they were."""
    before, maximum = Decimal(told["score"]), Decimal(told["maximum"])
    if not 0 <= after <= rounded(maximum):
        raise ScoresRefused(_("得分应在 0 和 %(maximum)s 之间。") % {"maximum": f"{maximum:.2f}"})
    if after == before:
        raise ScoresRefused(_("得分没有变化。"))
    after = min(after, maximum)  # the page shows two decimals
    told["score"] = str(after)
    score.score = (score.score or Decimal(0)) + after - before
    score.save(update_fields=["score", "parts"])
    return before


def _rank_anew(score: UnitScore) -> None:
    """The places of the units of the same kind in the same ranking."""
    rows = list(UnitScore.objects.filter(ranking=score.ranking_id, group=score.group))
    found: Mapping[int, int] = places({each.pk: each.score for each in rows if each.place})
    for each in rows:
        each.place = found.get(each.pk)
    UnitScore.objects.bulk_update(rows, ["place"])


def _seal(action: str, ranking: UnitRanking, by: str, at: datetime, **said: Any) -> Any:
    data = {"period": ranking.period, **said}
    return seal(action=action, by=by, subject=f"campaign.unitranking:{ranking.pk}", data=data, at=at)
