"""How a page with a form ends: done and said, or shown again with what was refused."""

from shian.domains.selfcontrol.actions.refusals import DutyRefused
from shian.kernel.ui.acting import Steps

STEPS = Steps(DutyRefused)
step_page, step_button = STEPS.page, STEPS.button
