"""Who may do what in the campaign; rows are cut by scope besides."""

from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import any_user, role_in

EVALUATION_VIEW = any_user
STANDARD_MANAGE = role_in(Role.OFFICE)
EVALUATION_RUN = role_in(Role.OFFICE)
CATALOGUE_ISSUE = role_in(Role.OFFICE)
DUTY_ACKNOWLEDGE = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY)
VERDICT_ENTER = role_in(Role.OFFICE, Role.REVIEWER)
MEASURED_ENTER = role_in(Role.OFFICE)
REASON_STATE = role_in(Role.OFFICE)
REPORT_WRITE = role_in(Role.OFFICE)
