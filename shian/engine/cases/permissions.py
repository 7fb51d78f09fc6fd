"""Who may take which step of a case; cases are cut by scope besides."""

from typing import Any

from shian.engine.cases.checks import Taken, kept_apart, only_for
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
        return Verdict(False, only_for(step.by))
    reason = kept_apart(step, last_taken(case, step), Taken(user.get_username(), unit))
    return Verdict(not reason, reason)


def last_taken(case: Case, step: Transition) -> Taken | None:
    """Who last took one of the steps that this one is kept apart from. One query, where it is kept apart."""
    if not step.apart_from:
        return None
    last = CaseEvent.objects.filter(case=case, step__in=step.apart_from).order_by("-number").first()
    return Taken(last.by, last.unit) if last else None
