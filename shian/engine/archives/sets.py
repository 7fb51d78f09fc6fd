"""What an export set holds: kinds of sets by domains, files of an item by whoever keeps them.

register_set(SetKind("evaluation", _("评价档案"), content))       # content(SetAsk) -> SetContent
register_contributor("evidence", evidence_of)                     # (ItemAsk) -> Iterable[Contribution]
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from shian.kernel.scope.reach import EVERYWHERE, Reach
from shian.kernel.ui.states import Text


class SetNotReady(LookupError):
    """There is nothing to archive for this area and day; the text says what to do first."""


class UnknownSet(LookupError):
    """No kind of set has this key."""


@dataclass(frozen=True)
class SetAsk:
    """For which area (a key) and day; `reader` is who it is made for: rows are cut to that reach."""

    area: str
    as_of: date
    reader: Any


@dataclass(frozen=True)
class ItemAsk:
    """One folder of a set, as contributors are asked for its files."""

    kind: str
    code: str
    area: str
    as_of: date
    reader: Any


@dataclass(frozen=True)
class Contribution:
    """A file of an item: under which name, where its content lies, and where it comes from."""

    name: str
    path: Path
    title: Text
    source: Text


@dataclass(frozen=True)
class FigureAsk:
    """A figure whose rows lie in the folder; `period` as it was computed, "" for the measure's own."""

    measure: str
    period: str = ""


@dataclass(frozen=True)
class Group:
    """A titled list of names and values on a folder's page."""

    title: Text
    lines: Sequence[tuple[Text, Text]]


@dataclass(frozen=True)
class ItemFolder:
    """One item. `tone` is a key of kernel.ui.states; `data` is JSON; `subjects` name what was sealed about it."""

    code: str
    title: str
    section: Text
    state: Text
    tone: str
    score: str
    value: str
    groups: Sequence[Group]
    data: Mapping[str, Any]
    figures: Sequence[FigureAsk] = ()
    subjects: Sequence[str] = ()


@dataclass(frozen=True)
class SetContent:
    """Everything of a set but rows, files and seals, which the engine adds."""

    title: Text
    area_name: str
    facts: Sequence[tuple[Text, Text]]
    items: Sequence[ItemFolder]
    notes: Sequence[Text] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SetKind:
    """A kind of set. `content` raises SetNotReady, OutOfReach."""

    key: str
    title: Text
    content: Callable[[SetAsk], SetContent]


@dataclass(frozen=True)
class SystemReader:
    """Who reads when the command line asks: no account, everything in reach."""

    name: str
    is_authenticated: bool = True
    is_active: bool = True
    is_superuser: bool = False
    _reach: Reach = EVERYWHERE

    def get_username(self) -> str:
        return self.name


Contributor = Callable[[ItemAsk], Iterable[Contribution]]
_kinds: dict[str, SetKind] = {}
_contributors: dict[str, Contributor] = {}


def register_set(kind: SetKind) -> None:
    """Name a kind of set; registering the same key again replaces it."""
    _kinds[kind.key] = kind


def register_contributor(key: str, contributor: Contributor) -> None:
    """Name a function that gives the files of an item; registering the same key again replaces it."""
    _contributors[key] = contributor


def set_kind(key: str) -> SetKind:
    """The kind with this key. Raises UnknownSet."""
    try:
        return _kinds[key]
    except KeyError:
        raise UnknownSet(key) from None


def set_kinds() -> list[SetKind]:
    """All kinds, by key."""
    return [_kinds[key] for key in sorted(_kinds)]


def contributions(ask: ItemAsk) -> list[Contribution]:
    """The files of one item, contributor by contributor."""
    return [each for key in sorted(_contributors) for each in _contributors[key](ask)]
