"""Who may take which step of a case; cases are cut by scope besides."""

from typing import Any

from django.utils.translation import gettext as _

from shian.engine.cases.declarations import CaseType, Transition
from shian.engine.cases.models import Case, CaseEvent
from shian.engine.cases.rules import Side
from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import Policy, Verdict, any_user, role_in
from shian.kernel.scope.reach import reach_of

CASE_READ: Policy = any_user
CASE_WORK: Policy = any_user  # every step says itself who may take it
CASE_BY_ROLE: Policy = role_in(Role.OFFICE, Role.COUNTY, Role.DEPARTMENT, Role.STATION)


def unit_of_side(case: Case, side: Side) -> str:
    """The code of the unit on a side: the verifier is the issuer where none is named."""
    if side is Side.UNIT:
        return case.unit_id or ""
    if side is Side.VERIFIER:
        return case.verifier_id or case.issuer_id
    return case.issuer_id


def acting_unit(user: Any, case: Case, side: Side | None) -> str:
    """The unit in whose name the user would act; "" when it is none of the case's."""
    own = reach_of(user).organisations
    sides = [side] if side else [Side.VERIFIER, Side.ISSUER, Side.UNIT]
    return next((code for each in sides if (code := unit_of_side(case, each)) in own), "")


def may_take(user: Any, declared: CaseType, case: Case, step: Transition) -> Verdict:
    """Whether the user may take the step now; the reason is for the page. One query, where the step keeps people apart.

    The state is not looked at: a page offers only the steps that leave it.
    """
    for policy in (declared.view, step.policy):
        verdict = policy(user)
        if not verdict.allowed:
            return verdict
    unit = acting_unit(user, case, step.by)
    if step.by and not unit:
        return Verdict(False, _only(case, step.by))
    return _kept_apart(user, case, step, unit)


def _only(case: Case, side: Side) -> str:
    who = {Side.UNIT: _("承办单位"), Side.ISSUER: _("交办单位"), Side.VERIFIER: _("核实单位")}[side]
    return _("这一步由%(side)s办理。") % {"side": who}


def _kept_apart(user: Any, case: Case, step: Transition, unit: str) -> Verdict:
    if not step.apart_from:
        return Verdict(True)
    last = CaseEvent.objects.filter(case=case, step__in=step.apart_from).order_by("-number").first()
    if last is None:
        return Verdict(True)
    if last.by == user.get_username():
        return Verdict(False, _("您办理过前一环节，这一步须由另一人办理。"))
    if step.apart_units and last.unit and last.unit == unit:
        return Verdict(False, _("前一环节由本单位办理，这一步须由另一个单位办理。"))
    return Verdict(True)
