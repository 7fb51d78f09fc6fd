"""What tracing hands to the engine and the kernel."""

from shian.domains.tracing.definitions import deeds, measures
from shian.domains.tracing.definitions.letters import RECALL_LETTER
from shian.engine.cases.declarations import register_case_type


def register() -> None:
    """Registers them all."""
    deeds.register()
    register_case_type(RECALL_LETTER)
    measures.register()
