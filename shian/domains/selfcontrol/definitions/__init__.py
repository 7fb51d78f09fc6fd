"""What operators' own duty hands to the engine: sources, measures, words for seals."""

from shian.domains.selfcontrol.definitions import measures
from shian.domains.selfcontrol.definitions.deeds import DEEDS
from shian.kernel.notary.deeds import register_deeds


def register() -> None:
    """Hand them to the engine."""
    register_deeds(DEEDS)
    measures.register()
