"""Named reads of the campaign."""

from shian.domains.campaign.queries.answers import evaluation, evaluation_as_json
from shian.domains.campaign.queries.evaluations import NotEvaluated, report_blockers

__all__ = ["NotEvaluated", "evaluation", "evaluation_as_json", "report_blockers"]
