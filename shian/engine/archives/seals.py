"""The seals of a folder. A leaf hash with its path proves that an entry stands in the log and when, and betrays neither
who acted nor what was said: whoever may open the record exports the entries themselves from its page."""

from collections.abc import Sequence
from typing import Any

from shian.kernel.notary.models import Checkpoint, Entry
from shian.kernel.notary.queries import checkpoint_note, entries_of, head, inclusion_of

FORMAT = "shian-seal-hashes/1"


class Sealer:
    """Reads seals under one checkpoint, so that every path of a set leads to the same root."""

    def __init__(self) -> None:
        self.checkpoint: Checkpoint | None = head()

    @property
    def note(self) -> str:
        """The signed checkpoint; "" before the first."""
        return checkpoint_note(self.checkpoint) if self.checkpoint else ""

    def seals_of(self, subjects: Sequence[str]) -> dict[str, Any]:
        """Every seal about these subjects as JSON, newest first within each."""
        entries = [entry for subject in subjects for entry in entries_of(subject)]
        size = self.checkpoint.size if self.checkpoint else 0
        return {"format": FORMAT, "size": size, "seals": [self._seal(entry) for entry in entries]}

    def _seal(self, entry: Entry) -> dict[str, Any]:
        number = getattr(entry, "leaf_number", None)
        told = {
            "action": entry.action,
            "subject": entry.subject,
            "at": entry.at.isoformat(),
            "leaf_data": bytes(entry.leaf_data).hex(),
        }
        if self.checkpoint is None or number is None or number >= self.checkpoint.size:
            return {**told, "leaf": None, "path": []}
        path = inclusion_of(number, self.checkpoint).path
        return {**told, "leaf": number, "path": [bytes(step).hex() for step in path]}
