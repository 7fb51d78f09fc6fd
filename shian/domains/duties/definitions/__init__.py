"""What duties hand to the engine: case types, sources, measures, words for seals."""

from shian.domains.duties.definitions import roster, visits
from shian.domains.duties.definitions.cases import CASE_TYPES
from shian.domains.duties.definitions.roster_deeds import ROSTER_DEEDS
from shian.domains.duties.definitions.visit_deeds import VISIT_DEEDS
from shian.engine.cases.declarations import register_case_type
from shian.engine.measures.declarations import register_measure, register_source
from shian.kernel.notary.deeds import register_deeds


def register() -> None:
    """Hand them to the engine."""
    register_deeds(ROSTER_DEEDS)
    register_deeds(VISIT_DEEDS)
    for declared in CASE_TYPES:
        register_case_type(declared)
    for source in (*roster.SOURCES, *visits.SOURCES):
        register_source(source)
    for measure in (*roster.MEASURES, *visits.MEASURES):
        register_measure(measure)
