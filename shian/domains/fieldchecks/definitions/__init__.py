"""What field checks hand to the engine: sources and measures."""

from shian.domains.fieldchecks.definitions import points
from shian.engine.measures.declarations import register_measure, register_source


def register() -> None:
    """Hand them to the engine."""
    for source in points.SOURCES:
        register_source(source)
    for measure in points.MEASURES:
        register_measure(measure)
