"""What the campaign hands to the engine: measures over its own tables, the report, the archive of items."""

from shian.domains.campaign.definitions.archive import EVALUATION_SET
from shian.domains.campaign.definitions.measures import MEASURES, SOURCES
from shian.domains.campaign.definitions.report import SELF_ASSESSMENT
from shian.engine.archives.sets import register_set
from shian.engine.measures.declarations import register_measure, register_source
from shian.engine.reports.kinds import register_report


def register() -> None:
    """Hand in sources, measures, the report and the export set."""
    for source in SOURCES:
        register_source(source)
    for measure in MEASURES:
        register_measure(measure)
    register_report(SELF_ASSESSMENT)
    register_set(EVALUATION_SET)
