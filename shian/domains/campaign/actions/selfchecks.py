"""Asking for self-check reports: a merged report, and one for each unit below that it will be made of (A-26)."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.engine.cases.actions import CaseRefused, Opening, open_case
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.kernel.scope.rules import KEY_WIDTH, Level
from shian.kernel.ui.languages import language_of_record
from shian.registers.people.models import Organisation
from shian.registers.people.queries import organisations_valid_at

SELF_CHECK, BUREAU, TOWN = "self_check", "SAMR", "TOWN"


def reporting_units(area_key: str, day: date) -> list[Organisation]:
    """Who reports to an area: the market bureaus of a city's counties, the governments of a county's townships."""
    units = organisations_valid_at(day)
    if len(area_key) >= KEY_WIDTH[Level.COUNTY]:
        units = units.filter(county=area_key[: KEY_WIDTH[Level.COUNTY]], department_code=TOWN).exclude(township="")
    else:
        units = units.filter(city=area_key, department_code=BUREAU, township="").exclude(county="")
    return list(units.order_by("code"))


@transaction.atomic
def ask_self_checks(
    *, issuer: Organisation, period: str, due_on: date, merged_due_on: date, by: Any, at: datetime,
    merged: Case | None = None,
) -> Case:  # fmt: skip
    """Ask every unit below for its report by `due_on`. `merged`: the report that they go into, which was asked of the
    issuer from above; without it a new one is opened. Returns the merged report. Raises CaseRefused, OutOfReach.
    """
    if merged_due_on < due_on:
        raise CaseRefused("", merged_due_on=_("汇总期限不能早于报送期限。"))
    units = reporting_units(issuer.area, timezone.localdate(at))
    if not units:
        raise CaseRefused(_("本级以下没有需要报送的单位。"))
    if merged is not None and merged.unit_id != issuer.code:
        raise CaseRefused(_("只有承办汇总的单位可以布置下级报送。"))
    if merged is not None and Case.objects.filter(parent=merged).exists():
        raise CaseRefused(_("这次自查已经布置过下级报送。"))
    declared, data = case_type(SELF_CHECK), {"period": period}
    with language_of_record():
        all_of_it, own = _("自查报告（汇总）：%(period)s"), _("%(unit)s自查报告：%(period)s")
    if merged is None:
        opening = Opening(all_of_it % data, issuer.area, issuer, unit=issuer, due_on=merged_due_on, data=data)
        merged = open_case(declared=declared, opening=opening, by=by, at=at)
    for unit in units:
        title = own % {**data, "unit": unit.short_name or unit.name}
        opening = Opening(title, unit.area, issuer, unit=unit, due_on=due_on, parent=merged, data=data)
        open_case(declared=declared, opening=opening, by=by, at=at)
    return merged
