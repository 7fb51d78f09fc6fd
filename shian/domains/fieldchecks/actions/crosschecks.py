"""Pairing areas for a cross check."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shian.domains.fieldchecks.actions.refusals import CheckRefused
from shian.domains.fieldchecks.models import CrossCheck, FieldRound, FieldTeam
from shian.domains.fieldchecks.permissions import ROUND_PLAN
from shian.domains.fieldchecks.rules.crosschecks import pairing
from shian.engine.draws.queries import draw_owned_by
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.scope.rules import columns_of_key


@transaction.atomic
def pair_areas(*, round: FieldRound, by: Any, at: datetime) -> Sequence[CrossCheck]:
    """Give every area of the round's teams another team, by the key of the round's draw, which nobody chose.

    Raises PermissionDenied, OutOfReach, CheckRefused.
    """
    name = acting(ROUND_PLAN, by, round.area)
    locked = FieldRound.objects.select_for_update().get(pk=round.pk)
    draw = draw_owned_by(locked.subject)
    if draw is None or not draw.key:
        raise CheckRefused(_("先抽取样本：配对用本轮抽签的随机数，谁也不能挑选。"))
    if CrossCheck.objects.filter(round=locked).exists():
        raise CheckRefused(_("这一轮已经配对。"))
    teams: dict[str, FieldTeam] = {}
    for team in locked.teams.order_by("code"):
        if teams.setdefault(team.area, team) is not team:
            raise CheckRefused(_("%(area)s有两支队伍，不能配对。") % {"area": team.area_code})
    try:
        pairs = pairing(teams, draw.key)
    except ValueError:
        raise CheckRefused(_("至少要有两个区划的队伍才能互查。")) from None
    made = CrossCheck.objects.bulk_create(
        CrossCheck(
            round=locked, team=teams[own], own_key=own, checked_key=checked, paired_at=at, **columns_of_key(checked)
        )
        for own, checked in pairs
    )
    told = {"key": draw.key, "pairs": [f"{own}→{checked}" for own, checked in pairs]}
    seal(action="fieldchecks.round_paired", by=name, subject=locked.subject, data=told, at=at)
    return made
