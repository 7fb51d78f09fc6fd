"""Who may do what in duties; rows are cut by scope besides. Officials see their own businesses whatever their reach."""

from typing import Any

from django.utils.translation import gettext as _

from shian.engine.forms.permissions import FORM_FILL
from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import Policy, Verdict, any_account, any_user, role_in

DUTY_READ: Policy = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY, Role.STATION, Role.REVIEWER, Role.ASSESSOR)
DUTY_KEEP: Policy = role_in(Role.OFFICE, Role.COUNTY)
CENSUS_KEEP: Policy = role_in(Role.OFFICE, Role.COUNTY, Role.STATION)
DUTY_OWN: Policy = any_user  # rows: the own businesses, letters
LETTER_SIGN: Policy = any_user  # rows: the own letter; letters on paper by who keeps the roster
BOARD_KEEP: Policy = role_in(Role.OFFICE, Role.COUNTY, Role.STATION)
BOARD_POST: Policy = any_account  # rows: of who keeps boards, of the business's own people, of its official
TRAINING_KEEP: Policy = role_in(Role.OFFICE, Role.COUNTY, Role.STATION)
VISIT_READ: Policy = role_in(
    Role.OFFICE, Role.DEPARTMENT, Role.COUNTY, Role.STATION, Role.REVIEWER, Role.ASSESSOR, Role.OFFICIAL
)
OFFICIAL_WORK: Policy = FORM_FILL  # rows: the own businesses of whoever is an official
QUARTER_CLOSE: Policy = role_in(Role.OFFICE)
SPOT_KEEP: Policy = role_in(Role.OFFICE, Role.COUNTY)  # plans, looks again, publishes; rows: the own area
NOTICE_KEEP: Policy = role_in(Role.OFFICE, Role.COUNTY)
UPLOAD_SEND: Policy = role_in(Role.OFFICE, Role.COUNTY)
UPLOAD_DECIDE: Policy = role_in(Role.OFFICE)  # rows: areas inside the own one
DUTY_PROBLEM_REPORT: Policy = role_in(Role.OFFICE, Role.COUNTY, Role.STATION)
DUTY_SUPPORT_ASK: Policy = role_in(Role.OFFICE, Role.COUNTY)


def OWN_PAGE_ONLY(user: Any) -> Verdict:  # noqa: N802 (a policy is a constant)
    """Only the official who reported it, on the page of the visit."""
    return Verdict(False, _("由包保干部在自己的督导记录中办理。"))


def ON_CHECK_ONLY(user: Any) -> Verdict:  # noqa: N802 (a policy is a constant)
    """Only where the visit was found untrue, on the page of the spot check: the finding goes with it."""
    return Verdict(False, _("由督查组在督查抽查中办理。"))
