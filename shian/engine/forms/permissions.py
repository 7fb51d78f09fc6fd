"""Who may do what with forms."""

from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import Policy, any_user, role_in

FORM_READ: Policy = any_user  # rows: issued versions; drafts only for whoever writes them
FORM_WRITE: Policy = role_in(Role.OFFICE)
FORM_FILL: Policy = role_in(Role.OFFICE, Role.COUNTY, Role.DEPARTMENT, Role.STATION, Role.OFFICIAL)
FILLERS = frozenset({Role.ADMIN, Role.OFFICE, Role.COUNTY, Role.DEPARTMENT, Role.STATION, Role.OFFICIAL})
SUBMISSION_READ: Policy = any_user  # rows: one's own; others' once they are released, by area
SUBMISSION_RELEASE: Policy = role_in(Role.OFFICE)
