"""What is wrong with something that was sent, and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fault:
    """`path`: a JSON pointer into what was sent; `reason`: a key of wording.FAULTS, whose text `more` fills."""

    path: str
    reason: str
    more: Mapping[str, str] = field(default_factory=dict)

    def below(self, path: str) -> "Fault":
        """The same fault as seen from further outside."""
        return Fault(path + self.path, self.reason, self.more)
