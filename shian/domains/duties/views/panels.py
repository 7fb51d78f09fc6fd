"""Duties on the record of an operator: tier, official, what can be done, history."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shian.domains.duties.models import CensusEntry, Match, Tier, TierState
from shian.domains.duties.permissions import CENSUS_KEEP, DUTY_KEEP, DUTY_READ
from shian.domains.duties.tables.roster import OF_OPERATOR, TIERS, match_rows, official_url, tier_rows
from shian.domains.duties.views.shown import names
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.pieces import Action, Crumb, Fact, Section
from shian.kernel.ui.states import OVERDUE
from shian.kernel.ui.tables import Empty, Table

HISTORY = tuple(each for each in TIERS if each.key in {"tier", "reason", "employees", "output", "since", "set_by"})


def operator_duty_panel(request: HttpRequest, operator: Any) -> SafeString:
    """Who answers for the operator, why its tier is what it is, and both histories."""
    user, named = request.user, names()
    entry = CensusEntry.objects.filter(operator=operator, valid_to=None).first()
    tiers = list(Tier.objects.filter(operator=operator).exclude(state=TierState.REFUSED).select_related("operator")
                 .order_by("-valid_from", "-pk"))  # fmt: skip
    matches = list(Match.objects.filter(operator=operator).select_related("operator", "official")
                   .order_by("-valid_from", "-pk"))  # fmt: skip
    tables = [
        (
            _("包保干部"),
            Table(OF_OPERATOR, list(match_rows(matches, named)), empty=Empty(_("还没有包保干部")), id="matches"),
        ),
        (_("层级沿革"), Table(HISTORY, list(tier_rows(tiers, named)), empty=Empty(_("还没有包保层级")), id="tiers")),
    ]
    context = {
        "actions": _actions(user, operator, tiers), "sections": [_now(entry, tiers, matches)], "tables": tables,
    }  # fmt: skip
    return render_to_string("duties/panel.html", context, request)


def _now(entry: CensusEntry | None, tiers: list[Tier], matches: list[Match]) -> Section:
    tier = next((each for each in tiers if each.state == TierState.CONFIRMED and each.valid_to is None), None)
    match = next((each for each in matches if each.valid_to is None), None)
    waiting = next((each for each in tiers if each.state == TierState.PROPOSED), None)
    facts = [
        Fact(_("摸底状态"), entry.get_state_display() if entry else _("待摸底")),
        Fact(_("包保层级"), tier.get_tier_display() if tier else None),
        Fact(_("分级依据"), tier.reason if tier else None),
        Fact(_("待确认的层级"), f"{waiting.get_tier_display()}：{waiting.reason}" if waiting else None),
        Fact(_("包保干部"), match.official.name, url=official_url(match.official)) if match else
        Fact(_("包保干部"), _("没有"), state=OVERDUE if tier else ""),
        Fact(_("职务"), f"{match.official.unit}{match.official.post}" if match else None),
        Fact(_("办公电话"), match.official.office_phone if match else None),
    ]  # fmt: skip
    if entry and entry.exclusion:
        facts.insert(1, Fact(_("不纳入原因"), entry.get_exclusion_display()))
    return Section(_("包保"), facts)


def _actions(user: Any, operator: Any, tiers: list[Tier]) -> list[Action]:
    found = []
    covered = reach_of(user).covers(operator.area)
    if DUTY_READ(user).allowed:
        url = f"{reverse('duties:responsibility_detail')}?code={operator.code}"
        found.append(Action(_("谁在负责"), url, icon="history"))
        ledger = reverse("duties:ledger_print", args=[operator.code])
        found.append(Action(_("主体台账"), ledger, icon="notebook"))
    if CENSUS_KEEP(user).allowed and covered:
        found.append(Action(_("登记摸底"), reverse("duties:census_edit", args=[operator.code]), icon="clipboard-check"))
    if not (DUTY_KEEP(user).allowed and covered):
        return found
    found.append(Action(_("调整层级"), reverse("duties:tier_edit", args=[operator.code]), icon="edit"))
    if any(each.state == TierState.CONFIRMED and each.valid_to is None for each in tiers):
        found.append(Action(_("调整干部"), reverse("duties:match_edit", args=[operator.code]), icon="users"))
    waiting = next((each for each in tiers if each.state == TierState.PROPOSED), None)
    if waiting is not None:
        confirm, reject = reverse("duties:tier_confirm"), reverse("duties:tier_reject", args=[waiting.pk])
        asked = _("今日起生效；层级改变的，原对接即时终止，有关承诺书失效。")
        found.append(Action(_("确认层级"), confirm, icon="check", kind="primary", method="post", name="key",
                            value=str(waiting.pk), consequence=asked))  # fmt: skip
        found.append(Action(_("层级不通过"), reject, icon="ban", kind="danger-quiet"))
    return found


def page_of_check(owner: str) -> Crumb:
    """Where a draw that was made for a spot check leads back to."""
    return Crumb(_("督查抽查"), reverse("duties:spotcheck_detail", args=[int(owner.rpartition(":")[2])]))
