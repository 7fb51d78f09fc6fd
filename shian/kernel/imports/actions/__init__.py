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
from shian.kernel.imports.actions.paths import ImportSummary, import_path

__all__ = [
    "BatchNotOpen",
    "BatchUnchanged",
    "ImportSummary",
    "Stated",
    "accept_batch",
    "accept_difference",
    "cancel_batch",
    "check_batch",
    "import_path",
    "start_work",
    "upload_file",
]
