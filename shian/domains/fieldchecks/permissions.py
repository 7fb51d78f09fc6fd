"""Who may do what in field checks; rows are cut by scope besides.

What is covert is hidden from stations, which stand next to the operators, and from reviewers and assessors.
"""

from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import Policy, any_user, role_in

POINT_READ: Policy = any_user
POINT_KEEP: Policy = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY)
ROUND_READ: Policy = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY)
ROUND_PLAN: Policy = role_in(Role.OFFICE, Role.COUNTY)
JOINT_READ: Policy = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY)
JOINT_KEEP: Policy = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY)
SUPERVISION_READ: Policy = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY, Role.REVIEWER)
SUPERVISION_KEEP: Policy = role_in(Role.OFFICE)
PREPARATION_READ: Policy = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY, Role.STATION)
TEAM_READ: Policy = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY)
TEAM_KEEP: Policy = role_in(Role.OFFICE, Role.COUNTY)
VISIT_READ: Policy = any_user  # rows: overt ones by area; covert ones for their visitors and who sent them
VISIT_ASSIGN: Policy = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY)
VISIT_WORK: Policy = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY, Role.STATION)  # rows: the own visits
VISIT_RELEASE: Policy = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY)  # rows: of the unit that sent the visitor
FIELD_PROBLEM_REPORT: Policy = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY, Role.STATION)
FILING_PROPOSE: Policy = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY, Role.STATION)
