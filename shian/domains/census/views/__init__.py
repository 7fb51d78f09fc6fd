"""Pages of the operator archive."""

from shian.domains.census.views.lists import operator_export, operator_list
from shian.domains.census.views.maps import operator_map, operator_points
from shian.domains.census.views.records import operator_detail
from shian.domains.census.views.stages import stage_report

__all__ = ["operator_detail", "operator_export", "operator_list", "operator_map", "operator_points", "stage_report"]
