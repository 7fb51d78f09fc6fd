"""Drafting the reply to a proposal with figures out of the registers, frozen with their day."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.models import ReplyDraft
from shian.domains.campaign.permissions import PROPOSAL_DRAFT
from shian.domains.campaign.rules.proposals import figures_in, with_figures
from shian.engine.cases.actions import CaseRefused
from shian.engine.cases.models import Case
from shian.engine.measures.declarations import measure
from shian.engine.measures.queries import figure
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.figures import figure_text
from shian.kernel.ui.languages import language_of_record

DRAFTING = ("assigned",)


@transaction.atomic
def draft_reply(*, case: Case, template: str, as_of: date, by: Any, at: datetime) -> ReplyDraft:
    """Write the reply anew with the figures of that day, frozen beside it.

    Only the unit that answers the proposal, while it drafts. Raises CaseRefused, PermissionDenied.
    """
    name = acting(PROPOSAL_DRAFT, by)
    if not isinstance(by, str) and case.unit_id not in reach_of(by).organisations:
        raise CaseRefused(_("答复由承办单位起草。"))
    if case.type != "proposal" or case.state not in DRAFTING:
        raise CaseRefused(_("只有起草中的建议提案可以写答复。"))
    if not template.strip():
        raise CaseRefused("", template=_("请写明答复正文。"))
    if as_of > timezone.localdate(at):
        raise CaseRefused("", as_of=_("数据时点不能晚于今天。"))
    figures = [_frozen(key, case.area, as_of) for key in figures_in(template)]
    text = with_figures(template, {each["measure"]: each["text"] for each in figures})
    last = ReplyDraft.objects.filter(case=case).order_by("-number").values_list("number", flat=True).first()
    draft = ReplyDraft.objects.create(
        case=case, number=(last or 0) + 1, template=template.strip(), text=text.strip(), figures=figures, as_of=as_of,
        drafted_at=at, drafted_by=name,
    )  # fmt: skip
    told = {"number": draft.number, "text": draft.text, "figures": figures, "as_of": as_of.isoformat()}
    seal(action="campaign.reply_drafted", by=name, subject=f"cases.case:{case.pk}", data=told, at=at)
    return draft


def _frozen(key: str, area: str, as_of: date) -> dict[str, str]:
    """The figure of the area on the day, as it will be printed. Raises CaseRefused for one that cannot be told."""
    try:
        declared, found = measure(key), figure(key, area=area, as_of=as_of)
    except LookupError:
        raise CaseRefused("", template=_("没有统计口径 %(key)s。") % {"key": key}) from None
    if found.value is None:
        told = {"title": declared.title, "reason": found.reason}
        raise CaseRefused("", template=_("“%(title)s”没有数值：%(reason)s") % told)
    with language_of_record():
        return {
            "measure": key, "title": str(declared.title), "area": area, "as_of": as_of.isoformat(),
            "text": figure_text(found.value, str(declared.unit), declared.decimals),
        }  # fmt: skip
