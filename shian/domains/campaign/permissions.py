"""Who may do what in the campaign; rows are cut by scope besides."""

from typing import Any

from django.utils.translation import gettext as _

from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import Verdict, any_user, role_in

EVALUATION_VIEW = any_user
STANDARD_MANAGE = role_in(Role.OFFICE)
WEIGHTS_ENTER = role_in(Role.OFFICE)
EVALUATION_RUN = role_in(Role.OFFICE)
CATALOGUE_ISSUE = role_in(Role.OFFICE)
DUTY_ACKNOWLEDGE = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY, Role.STATION)
VERDICT_ENTER = role_in(Role.OFFICE, Role.REVIEWER)
MEASURED_ENTER = role_in(Role.OFFICE)
REASON_STATE = role_in(Role.OFFICE)
REPORT_WRITE = role_in(Role.OFFICE)
CASE_VIEW = any_user
STEP_PLAN = role_in(Role.OFFICE)
TASK_ASSIGN = role_in(Role.OFFICE, Role.COUNTY, Role.DEPARTMENT)
CARD_ISSUE = role_in(Role.OFFICE, Role.COUNTY)
PROBLEM_REPORT = role_in(Role.OFFICE, Role.COUNTY, Role.DEPARTMENT, Role.STATION, Role.REVIEWER)
VISIT_PLAN = role_in(Role.OFFICE)
INSPECTION_PLAN = role_in(Role.OFFICE)
RECEPTION_PLAN = role_in(Role.OFFICE)
INTERVIEW_PREPARE = role_in(Role.OFFICE)
BRIEFING_READ = any_user
BRIEFING_EDIT = role_in(Role.OFFICE)
DISPATCH_SEND = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY, Role.STATION)
SELF_CHECK_ASK = role_in(Role.OFFICE, Role.COUNTY)
PROPOSAL_REGISTER = role_in(Role.OFFICE)
PROPOSAL_DRAFT = role_in(Role.OFFICE, Role.COUNTY, Role.DEPARTMENT)
KEEPING_OPEN = role_in(Role.OFFICE, Role.COUNTY, Role.DEPARTMENT, Role.STATION)
PAPER_READ = any_user
PAPER_WRITE = role_in(Role.OFFICE)
PAPER_ACKNOWLEDGE = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY, Role.STATION)
ORGANISATION_VIEW = any_user
LIAISON_NOTIFY = role_in(Role.OFFICE)
WEEK_FILE = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY)
WEEK_CONFIRM = role_in(Role.OFFICE)
WEEK_VIEW = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY, Role.REVIEWER, Role.ASSESSOR)
MEETING_READ = any_user
EVIDENCE_VIEW = any_user
EVIDENCE_FILE = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY, Role.STATION)
EVIDENCE_REVIEW = role_in(Role.OFFICE, Role.REVIEWER)
ROUND_OPEN = role_in(Role.OFFICE)
SUBMISSION_SEND = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY)
SUBMISSION_DECIDE = role_in(Role.OFFICE)
SUBMISSION_VIEW = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY)
MEETING_HOLD = role_in(Role.OFFICE)
UNIT_SCORES_VIEW = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY, Role.REVIEWER, Role.ASSESSOR)
UNIT_SCORES_KEEP = role_in(Role.OFFICE)
SCORE_APPEAL = role_in(Role.DEPARTMENT, Role.COUNTY)
APPRAISAL_VIEW = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY, Role.REVIEWER, Role.ASSESSOR)
APPRAISAL_KEEP = role_in(Role.OFFICE)
APPRAISAL_FILE = role_in(Role.DEPARTMENT, Role.COUNTY)


COMMENDATION_READ = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY, Role.STATION, Role.REVIEWER, Role.ASSESSOR)
COMMENDATION_KEEP = role_in(Role.OFFICE)


def _from_score_page(user: Any) -> Verdict:
    """An appeal is about one score: it is opened and corrected there, not on the general pages of cases."""
    return Verdict(False, _("请在该单位的得分页面办理。"))


def _from_cause_page(user: Any) -> Verdict:
    """An entry follows from a score or finding: it is proposed there, not on the general pages of cases."""
    return Verdict(False, _("请在得分、考核、问题、督办卡或者评价内容的页面提请。"))


APPEAL_OPEN = APPEAL_CORRECT = _from_score_page
COMMENDATION_OPEN = _from_cause_page
