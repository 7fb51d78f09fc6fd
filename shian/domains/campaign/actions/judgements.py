"""What people decide: verdicts, and reasons for items left without a score."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shian.domains.campaign.actions.evaluation import rescore_inside
from shian.domains.campaign.models import Evaluation, ItemResult, StatedReason, Verdict, VerdictWord
from shian.domains.campaign.permissions import REASON_STATE, VERDICT_ENTER
from shian.domains.campaign.queries.evaluations import report_blockers
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.scope.rules import code_of_key, columns_of_key, key_of_code
from shian.kernel.ui.languages import language_of_record

FIXED_RATIO = {VerdictWord.MET: Decimal(1), VerdictWord.UNMET: Decimal(0), VerdictWord.NOT_APPLICABLE: Decimal(0)}


class VerdictRefused(ValueError):
    """The verdict contradicts itself or the item; the text says why."""


@transaction.atomic
def enter_verdict(
    *,
    evaluation: Evaluation,
    code: str,
    area: str,
    verdict: str,
    reviewer: str,
    reviewed_on: date,
    by: Any,
    at: datetime,
    ratio: Decimal | None = None,
    reason: str = "",
) -> ItemResult:
    """Record a reviewer's verdict and rescore the item in the evaluation. A verdict of the same day is superseded.

    `ratio` is wanted for 部分达标 only. Raises VerdictRefused, PermissionDenied, OutOfReach.
    """
    key = key_of_code(area)
    name = acting(VERDICT_ENTER, by, key)
    ratio = _ratio_of(verdict, ratio)
    _refuse(evaluation, code, key, verdict, reviewed_on, reason)
    place = {"standard_id": evaluation.standard_id, "indicator_code": code, "area_code": code_of_key(key)}
    Verdict.objects.filter(**place, reviewed_on=reviewed_on, superseded_at__isnull=True).update(superseded_at=at)
    Verdict.objects.create(
        **place,
        **columns_of_key(key),
        verdict=verdict,
        ratio=ratio,
        reason=reason,
        reviewer=reviewer,
        reviewed_on=reviewed_on,
        entered_at=at,
        entered_by=name,
    )
    said = {"verdict": verdict, "ratio": ratio, "reviewer": reviewer, "reviewed_on": reviewed_on, "reason": reason}
    return rescore_inside(
        evaluation, code, key, action="campaign.verdict_entered", said=said, by=name, at=at, is_figures_read=False
    )


@transaction.atomic
def state_reason(*, evaluation: Evaluation, code: str, area: str, reason: str, by: Any, at: datetime) -> ItemResult:
    """Say why an unknown item has no score; the report may then be made.

    Raises VerdictRefused for an empty reason; PermissionDenied, OutOfReach.
    """
    key = key_of_code(area)
    name = acting(REASON_STATE, by, key)
    if not reason.strip():
        raise VerdictRefused(_("请写明理由。"))
    StatedReason.objects.create(
        standard_id=evaluation.standard_id,
        indicator_code=code,
        area_code=code_of_key(key),
        reason=reason.strip(),
        stated_on=evaluation.as_of,
        stated_at=at,
        stated_by=name,
        **columns_of_key(key),
    )
    return rescore_inside(
        evaluation, code, key, action="campaign.reason_stated", said={"reason": reason}, by=name, at=at,
        is_figures_read=False,
    )  # fmt: skip


@transaction.atomic
def adopt_reasons(*, evaluation: Evaluation, area: str, by: Any, at: datetime) -> int:
    """State, for every unknown item of the area that has none, the reason that the evaluation itself gives.

    One deliberate act of the office: it says that these items are known to be open, and why, in the language of
    record. Returns how many. Raises PermissionDenied, OutOfReach.
    """
    key = key_of_code(area)
    name = acting(REASON_STATE, by, key)
    with language_of_record():
        open_items = {item.code: item.reason for item in report_blockers(evaluation, key)}
    StatedReason.objects.bulk_create(
        StatedReason(
            standard_id=evaluation.standard_id,
            indicator_code=code,
            area_code=code_of_key(key),
            reason=reason,
            stated_on=evaluation.as_of,
            stated_at=at,
            stated_by=name,
            **columns_of_key(key),
        )
        for code, reason in open_items.items()
    )
    for code in open_items:
        rescore_inside(evaluation, code, key, action="", said={}, by=name, at=at, is_figures_read=False)
    seal(
        action="campaign.reasons_adopted",
        by=name,
        subject=f"campaign.evaluation:{evaluation.pk}",
        data={"area": code_of_key(key), "items": list(open_items)},
        at=at,
    )
    return len(open_items)


def _ratio_of(verdict: str, ratio: Decimal | None) -> Decimal:
    if verdict in FIXED_RATIO:
        return FIXED_RATIO[VerdictWord(verdict)]
    if verdict != VerdictWord.PARTLY:
        raise VerdictRefused(_("结论“%(verdict)s”不认识。") % {"verdict": verdict})
    if ratio is None or not 0 < ratio < 1:
        raise VerdictRefused(_("部分达标须填写 0 和 1 之间的得分率。"))
    return ratio


def _refuse(evaluation: Evaluation, code: str, key: str, verdict: str, reviewed_on: date, reason: str) -> None:
    if reviewed_on > evaluation.as_of:
        raise VerdictRefused(
            _("评审日期 %(reviewed_on)s 晚于评价截止日期 %(as_of)s。")
            % {"reviewed_on": reviewed_on, "as_of": evaluation.as_of}
        )
    if verdict != VerdictWord.MET and not reason.strip():
        raise VerdictRefused(_("不是达标的结论须写明理由。"))
    if not key.startswith(evaluation.area_key):
        raise VerdictRefused(_("该区划不在本次评价范围内。"))
