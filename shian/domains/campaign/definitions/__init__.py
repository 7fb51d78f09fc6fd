"""What the campaign hands to the engine: case types, measures over its own tables, the report, the archive of items."""

from shian.domains.campaign.definitions.archive import EVALUATION_SET, accepted_files
from shian.domains.campaign.definitions.cases import CASE_TYPES
from shian.domains.campaign.definitions.closeouts import CLOSE_OUT_MEASURES
from shian.domains.campaign.definitions.contents import CONTENTS
from shian.domains.campaign.definitions.deeds import DEEDS
from shian.domains.campaign.definitions.evidence import EVIDENCE_MEASURES, EVIDENCE_SOURCE
from shian.domains.campaign.definitions.measures import MEASURES, SOURCES
from shian.domains.campaign.definitions.report import SELF_ASSESSMENT
from shian.domains.campaign.queries.contents import register_content
from shian.engine.archives.sets import register_contributor, register_set
from shian.engine.cases.declarations import register_case_type
from shian.engine.measures.declarations import register_measure, register_source
from shian.engine.reports.kinds import register_report
from shian.kernel.notary.deeds import register_deeds


def register() -> None:
    """Hand in case types, sources, measures, the report and the export set."""
    for case_type in CASE_TYPES:
        register_case_type(case_type)
    for source in (*SOURCES, EVIDENCE_SOURCE):
        register_source(source)
    for measure in (*MEASURES, *CLOSE_OUT_MEASURES, *EVIDENCE_MEASURES):
        register_measure(measure)
    register_report(SELF_ASSESSMENT)
    register_set(EVALUATION_SET)
    register_contributor("evidence", accepted_files)
    register_deeds(DEEDS)
    for content in CONTENTS:
        register_content(content)
