"""Proposing a commendation or an accountability entry: only for a score or a finding that is there (A-18)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.permissions import COMMENDATION_KEEP
from shian.domains.campaign.queries.commendations import KEY, cause_of
from shian.domains.campaign.queries.rankings import campaign_office
from shian.engine.cases.actions import Opening, open_case
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.kernel.accounts.permissions import acting
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.languages import language_of_record
from shian.registers.people.models import Organisation


class CommendationRefused(ValueError):
    """The entry cannot be made; the text says why."""


@transaction.atomic
def propose_commendation(*, cause: str, told: Mapping[str, str], by: Any, at: datetime) -> Case:
    """An entry that links to what caused it; its title names no person. `told`: kind, target_unit, and where they are
    meant target_person, target_post; body.

    Raises PermissionDenied, OutOfReach, CommendationRefused, CaseRefused.
    """
    with language_of_record():
        found = cause_of(cause)
    name = acting(COMMENDATION_KEEP, by, found.area_key if found else None)
    if found is None:
        raise CommendationRefused(_("没有找到起因：表彰问责须由得分、考核、问题、督办卡或者评价内容引起。"))
    issuer = _issuer(by, found.area_key, at)
    if issuer is None:
        raise CommendationRefused(_("没有登记创建办，不能提请。"))
    data = {field: told[field] for field in ("kind", "target_unit", "target_person", "target_post") if told.get(field)}
    opening = Opening(
        title=_title(told)[:200], area_key=found.area_key, issuer=issuer, body=told.get("body", ""),
        source=found.key.source, subject=str(found.key), data={**data, "grounds": found.label[:200]},
    )  # fmt: skip
    return open_case(declared=case_type(KEY), opening=opening, by=name, at=at)


def _title(told: Mapping[str, str]) -> str:
    """What it is and whom it concerns, without a person's name."""
    named = {"kind": told.get("kind", ""), "unit": told.get("target_unit", "")}
    with language_of_record():
        words = _("%(kind)s：%(unit)s工作人员") if told.get("target_person") else _("%(kind)s：%(unit)s")
    return words % named


def _issuer(by: Any, area_key: str, at: datetime) -> Organisation | None:
    """The office in whose name it is proposed: the proposer's own unit where that lies in the campaign."""
    own = () if isinstance(by, str) else reach_of(by).organisations
    rows = Organisation.objects.filter(code__in=own, city=area_key[:4])
    office = campaign_office(area_key[:4], timezone.localdate(at))
    if office and (isinstance(by, str) or office.code in own):
        return office
    return rows.order_by("code").first() or office
