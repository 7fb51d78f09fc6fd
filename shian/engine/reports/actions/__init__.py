"""Verbs of documents. Views state who may act; here stand the rule, the write, the seal and the event.

A document is Chinese, in whichever language its writer reads the pages.
"""

from shian.engine.reports.actions.checks import accept_changes, check_document
from shian.engine.reports.actions.drafts import (
    Outcome,
    ReportBlocked,
    Writing,
    WrongLevel,
    rewrite_document,
    write_document,
)
from shian.engine.reports.actions.publication import ChangedFigures, publish_document, sign_document
from shian.engine.reports.actions.steps import StateForbids

__all__ = [
    "ChangedFigures",
    "Outcome",
    "ReportBlocked",
    "StateForbids",
    "Writing",
    "WrongLevel",
    "accept_changes",
    "check_document",
    "publish_document",
    "rewrite_document",
    "sign_document",
    "write_document",
]
