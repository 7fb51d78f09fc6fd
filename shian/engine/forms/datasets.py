"""What a domain says of phones: which forms a user fills in, and lists of which each phone gets its own rows.

    register_dataset(Dataset("operators", entities=points_of, area_of=area_of_point))
    register_offer(lambda user, day: keys_of_the_rounds_of(user, day))

Without an offer every form in force is offered; a list that nobody registers is empty, and an answer to it is refused.
"""

import csv
import io
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

NAME, LABEL, VERSION = "name", "label", "__version"


@dataclass(frozen=True)
class Entity:
    """A row of a list: `key` goes into the answer (no spaces), `label` is shown; `version` rises when it changes."""

    key: str
    label: str
    version: int = 1
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Nearby:
    """Rows (key and label) of the user's area that a form without an assignment may choose from, for working off line.
    `count`: how many there are; more than `most` are not taken along, and `rows` is empty: their keys are typed."""

    rows: list[tuple[str, str]] = field(default_factory=list)
    count: int = 0
    most: int = 0


@dataclass(frozen=True)
class Dataset:
    """A list by its name, without ".csv". `entities` are the user's own; `area_of` answers with the area key of one of
    them, "" for one that is not the user's; `nearby` with what else the user may choose on a day."""

    name: str
    entities: Callable[[Any], Iterable[Entity]]
    area_of: Callable[[Any, str], str]
    nearby: Callable[[Any, date], Nearby] = lambda _user, _day: Nearby()


Offer = Callable[[Any, date], Collection[str] | None]
_datasets: dict[str, Dataset] = {}
_offers: list[Offer] = []


def register_dataset(dataset: Dataset) -> None:
    """Registering a name again replaces it."""
    _datasets[dataset.name] = dataset


def register_offer(offer: Offer) -> None:
    """Name the function that says which forms a user fills in on a day, by key; None: every form."""
    _offers[:] = [offer]


def offered_keys(user: Any, day: date) -> Collection[str] | None:
    """The keys of the user's forms; None for every form."""
    return _offers[0](user, day) if _offers else None


def area_of_entity(name: str, user: Any, key: str) -> str:
    """The area key of an entity of the user's; "" for any other."""
    dataset = _datasets.get(name)
    return dataset.area_of(user, key) if dataset else ""


def entities_of(name: str, user: Any) -> list[Entity]:
    """The user's own rows of a list; none of one that nobody registered."""
    dataset = _datasets.get(name)
    return list(dataset.entities(user)) if dataset else []


def nearby_of(name: str, user: Any, day: date) -> Nearby | None:
    """What a form without an assignment may choose from; None for a list that nobody registered."""
    dataset = _datasets.get(name)
    return dataset.nearby(user, day) if dataset else None


def csv_of(name: str, user: Any) -> bytes:
    """The user's rows as ODK reads them: name, label, __version, properties."""
    rows = entities_of(name, user)
    more = sorted({key for row in rows for key in row.properties})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([NAME, LABEL, VERSION, *more])
    writer.writerows([row.key, row.label, row.version, *(row.properties.get(key, "") for key in more)] for row in rows)
    return out.getvalue().encode()
