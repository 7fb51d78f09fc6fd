"""What is assigned to a user to be filled in: a domain names it, phones show it, an answer tells which one it fulfils.

    register_assignments("fieldchecks", lambda user, day: [Assignment(key="visit:7", title=…, form="open_M18", …)])

An answer carries the key as the page told it (FormSubmission.assignment, SubmissionCompleted.assignment); whoever hears
of it looks whether that assignment was the sender's. An assignment that was withdrawn meanwhile still comes in.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

LONGEST = 80


@dataclass(frozen=True)
class Assignment:
    """One form to fill in at one place. key: the domain's own, unique among all, at most 80 of the characters
    A-Z a-z 0-9 _ : . / - ; form: the key of the form; lon, lat in degrees (WGS-84); answers: by question, given
    beforehand (such as the operator's key in a list of entities), which the user may change; is_optional: nothing waits
    for it, but it may be done (again), so that phones have it at hand without a network."""

    key: str
    title: str
    form: str
    place: str = ""
    note: str = ""
    due_on: date | None = None
    lon: float | None = None
    lat: float | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    is_optional: bool = False


Provider = Callable[[Any, date], Iterable[Assignment]]
_providers: dict[str, Provider] = {}


def register_assignments(name: str, provider: Provider) -> None:
    """Registering a name again replaces it. The provider answers with what the user has to do on the day, in few
    statements."""
    _providers[name] = provider


def assignments_of(user: Any, day: date) -> list[Assignment]:
    """Everything assigned to the user, what is due first on top; what has no date last."""
    found = [each for provider in _providers.values() for each in provider(user, day)]
    return sorted(found, key=lambda each: (each.is_optional, each.due_on or date.max, each.title, each.key))
