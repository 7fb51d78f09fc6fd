"""What operators' own duty hands to the engine: words for seals."""

from shian.domains.selfcontrol.definitions.deeds import DEEDS
from shian.kernel.notary.deeds import register_deeds


def register() -> None:
    """Hand them to the engine."""
    register_deeds(DEEDS)
