"""Pages of the log: the public half (what the world verifies), the private one (for readers of a record)."""

from shian.kernel.notary.views.private import entry_detail, proof_detail, record_export
from shian.kernel.notary.views.public import (
    bundle_detail,
    checkpoint_detail,
    consistency_detail,
    cosignature_add,
    inclusion_detail,
    key_detail,
    log_detail,
    script_detail,
    tile_detail,
)

__all__ = [
    "bundle_detail",
    "checkpoint_detail",
    "consistency_detail",
    "cosignature_add",
    "entry_detail",
    "inclusion_detail",
    "key_detail",
    "log_detail",
    "proof_detail",
    "record_export",
    "script_detail",
    "tile_detail",
]
