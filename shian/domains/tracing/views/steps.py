"""How the steps of tracing end."""

from shian.domains.tracing.actions.refusals import TradeRefused
from shian.kernel.ui.acting import Steps

STEPS = Steps(TradeRefused)
step_page, step_button = STEPS.page, STEPS.button
