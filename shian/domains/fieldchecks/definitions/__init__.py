"""What field checks hand to the engine: sources, measures, case types, words for seals."""

from shian.domains.fieldchecks.definitions import points, visits
from shian.domains.fieldchecks.definitions.cases import CASE_TYPES
from shian.domains.fieldchecks.definitions.deeds import DEEDS
from shian.engine.cases.declarations import register_case_type
from shian.engine.measures.declarations import register_measure, register_source
from shian.kernel.notary.deeds import register_deeds


def register() -> None:
    """Hand them to the engine."""
    register_deeds(DEEDS)
    for declared in CASE_TYPES:
        register_case_type(declared)
    for source in (*points.SOURCES, *visits.SOURCES):
        register_source(source)
    for measure in (*points.MEASURES, *visits.MEASURES):
        register_measure(measure)
