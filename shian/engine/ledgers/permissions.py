"""Who may do what with ledgers. Rows are cut by scope; importing asks the importer's own roles."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from shian.engine.ledgers.declarations import Ledger
from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import Policy, Verdict, any_user, role_in
from shian.registers.people.queries import posts_of

ENTERING_ROLES = (Role.OFFICE, Role.DEPARTMENT, Role.COUNTY)
LEDGER_READ: Policy = any_user
LEDGER_EXPORT: Policy = any_user
LEDGER_ENTER: Policy = role_in(*ENTERING_ROLES)


def enter_into(ledger: Ledger) -> Policy:
    """Who may type and correct rows of this ledger: the importing roles; of the departments only the owning units.

    `owners` are ends of unit codes (PROP of 1310-PROP); a ledger without owners is open to every department.
    """

    def policy(user: Any) -> Verdict:
        verdict = LEDGER_ENTER(user)
        owners = ledger.aspects.owners
        if not verdict.allowed or not owners or user.role != Role.DEPARTMENT:
            return verdict
        codes = posts_of(user, timezone.localdate()).values_list("organisation__code", flat=True)
        is_owner = any(code.rpartition("-")[2] in owners for code in codes)
        return Verdict(is_owner, _("“%(ledger)s”由主管单位登记，您所在的单位不是主管单位。") % {"ledger": ledger.title})

    return policy
