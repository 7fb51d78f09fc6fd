"""How a page with a form ends: done and said, or shown again with what was refused."""

from shian.domains.fieldchecks.actions.refusals import CheckRefused
from shian.engine.cases.actions import CaseRefused
from shian.engine.draws.actions import DrawRefused
from shian.kernel.files.actions import FileRefused
from shian.kernel.ui.acting import Steps

STEPS = Steps(CheckRefused, DrawRefused, CaseRefused, FileRefused)
step_page, step_button = STEPS.page, STEPS.button
