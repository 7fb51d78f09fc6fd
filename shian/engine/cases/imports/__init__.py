"""Cases from files: `cases.<type>` opens them, `case_steps` says what happened; held to the rules of actions."""

from shian.engine.cases.declarations import CaseType, when_declared
from shian.engine.cases.imports.specs import STEPS, spec_of
from shian.kernel.imports.specs import register_importer


def register() -> None:
    """Offer one importer per declared type, now and later, and the one of steps."""
    register_importer(STEPS)
    when_declared(_offer)


def _offer(declared: CaseType) -> None:
    register_importer(spec_of(declared))
