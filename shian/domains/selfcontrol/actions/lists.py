"""The operator's own list: adapted from the template of its format, approved, revised; each version with its days."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.selfcontrol.actions.refusals import DutyRefused
from shian.domains.selfcontrol.actions.steps import acting_for, seal_own
from shian.domains.selfcontrol.models import RiskList
from shian.domains.selfcontrol.permissions import EVERYBODY, MANAGERS
from shian.domains.selfcontrol.queries.lists import draft_of, is_small, list_in_force, own_template, versions_of
from shian.domains.selfcontrol.queries.numbers import CONTROLS
from shian.domains.selfcontrol.rules.controls import ListWrong, check_items
from shian.registers.operators.models import Operator

WRONG = {
    "empty": gettext_lazy("清单里没有风险点。"),
    "twice": gettext_lazy("有两个风险点编号相同。"),
    "blank": gettext_lazy("每个风险点都要写明环节、风险和管控措施。"),
    "many": gettext_lazy("简化清单的风险点过多，请合并或删减。"),
}


@transaction.atomic
def write_list(
    *, operator: Operator, items: Sequence[Mapping[str, str]], reason: str, by: Any, at: datetime
) -> RiskList:
    """A draft of the next version; one that is there is written over. Raises DutyRefused for a list that is wrong."""
    acting_for(by, operator, EVERYBODY, at)
    kept = [{name: str(each.get(name, "")).strip() for name in ("key", "process", "risk", "control")} for each in items]
    _check(operator, kept, at)
    template, draft = own_template(operator), draft_of(operator)
    if draft is None:
        newest = next(iter(versions_of(operator)), None)
        draft = RiskList(operator=operator, version=newest.version + 1 if newest else 1)
    draft.template, draft.template_version, draft.is_simplified = template.key, template.version, is_small(operator)
    draft.items, draft.reason, draft.written_by = kept, reason, by.get_username()
    draft.save()
    seal_own("list_written", operator, by.get_username(), at, {"version": draft.version, "items": len(kept)})
    return draft


@transaction.atomic
def approve_list(*, operator: Operator, by: Any, at: datetime) -> RiskList:
    """The draft holds from today; the version before ends. Principal or director, where there is one.

    Raises PermissionDenied, OutOfReach; DutyRefused without a draft, or when another was approved today.
    """
    duty = acting_for(by, operator, MANAGERS, at)
    draft, today = draft_of(operator), timezone.localdate(at)
    if draft is None:
        raise DutyRefused(_("没有待批准的清单。"))
    _check(operator, draft.items, at)
    former = list_in_force(operator, today)
    if former is not None:
        if former.valid_from == today:
            raise DutyRefused(_("今天已批准过一版，请明天再批准新版。"))
        former.valid_to = today
        former.save(update_fields=["valid_to"])
    draft.valid_from, draft.approved_at, draft.approved_by = today, at, by.get_username()
    draft.save(update_fields=["valid_from", "approved_at", "approved_by"])
    told = {"version": draft.version, "items": draft.items, "duty": str(duty)}
    seal_own("list_approved", operator, by.get_username(), at, told)
    return draft


def _check(operator: Operator, items: Sequence[Mapping[str, str]], at: datetime) -> None:
    most = CONTROLS.at(timezone.localdate(at)).simplified_items if is_small(operator) else 0
    try:
        check_items(items, most)
    except ListWrong as wrong:
        raise DutyRefused(str(WRONG[str(wrong)])) from None
