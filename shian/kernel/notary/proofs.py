"""The proof of one entry, verified from its row up to the signature before anybody is shown it."""

from dataclasses import dataclass
from typing import Any

from shian.kernel.notary.models import Checkpoint, Entry
from shian.kernel.notary.notes import BadKey, BadNote, CheckpointText, VerifierKey, open_note
from shian.kernel.notary.queries import Inclusion, canonical_of, checkpoint_note, first_covering, head, inclusion_of
from shian.kernel.notary.rules import leaf_data
from shian.kernel.notary.tree import ProofFailed, verify_inclusion


@dataclass(frozen=True)
class Proof:
    """An entry's way to a signed checkpoint. `inclusion` is None while it waits; `problem` says what does not hold."""

    content: bytes
    salt: bytes
    leaf_data: bytes
    inclusion: Inclusion | None
    first: Checkpoint | None
    problem: str

    def as_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {
            "entry": self.content.decode(),
            "salt": self.salt.hex(),
            "leaf_data": self.leaf_data.hex(),
        }
        if self.inclusion:
            told |= {
                "leaf": self.inclusion.number,
                "path": [step.hex() for step in self.inclusion.path],
                "checkpoint": checkpoint_note(self.inclusion.checkpoint),
                "keys": self.inclusion.checkpoint.keys.splitlines(),
            }
        return told


def proof_of(entry: Entry) -> Proof:
    """The proof under the newest checkpoint. The entry carries `leaf_number` (queries.numbered)."""
    number, newest = getattr(entry, "leaf_number", None), head()
    content, salt = canonical_of(entry), bytes(entry.salt)
    data = leaf_data(salt, content)
    if number is None or newest is None or number >= newest.size:
        problem = "" if data == bytes(entry.leaf_data) else "entry"
        return Proof(content, salt, data, None, None, problem)
    inclusion = inclusion_of(number, newest)
    return Proof(content, salt, data, inclusion, first_covering(number), _problem(data, inclusion))


def _problem(data: bytes, inclusion: Inclusion) -> str:
    checkpoint = inclusion.checkpoint
    try:
        verify_inclusion(data, inclusion.number, checkpoint.size, inclusion.path, bytes(checkpoint.root))
    except ProofFailed:
        return "entry"
    try:
        keys = [VerifierKey.parse(line) for line in checkpoint.keys.splitlines()]
        told = CheckpointText.parse(open_note(checkpoint.note, keys))
    except (BadNote, BadKey):
        return "signature"
    return "" if (told.size, told.root) == (checkpoint.size, bytes(checkpoint.root)) else "signature"
