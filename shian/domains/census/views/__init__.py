"""Pages of the operator archive."""

from shian.domains.census.views.codes import (
    code_download,
    code_issue,
    code_panel,
    code_replace,
    code_resume,
    code_revoke,
    code_suspend,
)
from shian.domains.census.views.labels import label_print, sheet_print
from shian.domains.census.views.lists import operator_export, operator_list
from shian.domains.census.views.maps import operator_map, operator_points
from shian.domains.census.views.records import operator_detail
from shian.domains.census.views.stages import stage_report

__all__ = [
    "code_download",
    "code_issue",
    "code_panel",
    "code_replace",
    "code_resume",
    "code_revoke",
    "code_suspend",
    "label_print",
    "operator_detail",
    "operator_export",
    "operator_list",
    "operator_map",
    "operator_points",
    "sheet_print",
    "stage_report",
]
