"""What census hands to the engine: the sources and measures over the registers."""

from shian.domains.census.definitions import codes
from shian.domains.census.definitions.measures import SOURCES, all_declared
from shian.engine.measures.declarations import register_measure, register_source


def register() -> None:
    """Hand the sources and measures to the engine."""
    for source in (*SOURCES, *codes.SOURCES):
        register_source(source)
    for measure in (*all_declared(), *codes.MEASURES):
        register_measure(measure)
