"""Verbs of imports: batches on pages, and whole files or data packages from the command line."""

from shian.kernel.imports.actions.batches import (
    BatchNotOpen,
    BatchUnchanged,
    Stated,
    accept_batch,
    accept_difference,
    cancel_batch,
    check_batch,
    start_work,
    upload_file,
)
from shian.kernel.imports.actions.headings import forget_headings, match_headings
from shian.kernel.imports.actions.paths import ImportSummary, import_path
from shian.kernel.imports.actions.queueing import queue_package
from shian.kernel.imports.actions.sources import SourceUnusable, add_source, collect_source, due_sources, end_source
from shian.kernel.imports.actions.undo import forget_replaced, undo_batch
from shian.kernel.imports.undo import UndoRefused

__all__ = [
    "BatchNotOpen",
    "BatchUnchanged",
    "ImportSummary",
    "SourceUnusable",
    "Stated",
    "UndoRefused",
    "accept_batch",
    "accept_difference",
    "add_source",
    "cancel_batch",
    "check_batch",
    "collect_source",
    "due_sources",
    "end_source",
    "forget_headings",
    "forget_replaced",
    "import_path",
    "match_headings",
    "queue_package",
    "start_work",
    "undo_batch",
    "upload_file",
]
