"""What tracing hands to the engine and the kernel."""

from shian.domains.tracing.definitions import deeds, measures


def register() -> None:
    """Registers them all."""
    deeds.register()
    measures.register()
