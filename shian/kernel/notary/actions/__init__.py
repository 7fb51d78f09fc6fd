"""Verbs of the log: seal, sequence, cosign. Sealing is called by every action, inside the transaction of its deed."""

from shian.kernel.notary.actions.exporting import Exported, NothingSealed, export_log, export_record
from shian.kernel.notary.actions.sealing import Deed, Rooted, SealedOutsideTransaction, seal, seal_batch, seal_several
from shian.kernel.notary.actions.sequencing import LogBroken, sequence
from shian.kernel.notary.actions.witnessing import CosignatureRefused, cosign

__all__ = [
    "CosignatureRefused",
    "Deed",
    "Exported",
    "LogBroken",
    "NothingSealed",
    "Rooted",
    "SealedOutsideTransaction",
    "cosign",
    "export_log",
    "export_record",
    "seal",
    "seal_batch",
    "seal_several",
    "sequence",
]
