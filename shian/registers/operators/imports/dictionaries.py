"""What the dictionaries say about formats and kinds of operators; the register works without them, with fewer checks.

Entries are dated: a renamed format is two entries of one code, the first with `valid_to`, the second with `valid_from`.
An area restricts an entry to a place. Rows keep the name that was in force, so an old figure shows it. Read anew for
every import, because a city adds and ends formats.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

from shian.registers.dictionaries.queries import terms_of
from shian.registers.dictionaries.rules import Term
from shian.registers.operators.models import LICENCE_KINDS, OPERATOR_KINDS, SMALL_KINDS


@dataclass(frozen=True)
class Dictionaries:
    """`terms`: the dated formats; `formats`: every name that ever was one;

    `format_kinds`, `format_stages`: format → kind, stage; `licences`: kind or small kind → licence kinds.
    """

    terms: tuple[Term, ...]
    formats: tuple[str, ...]
    format_kinds: dict[str, str]
    format_stages: dict[str, str]
    licences: dict[str, list[str]]


def read_dictionaries() -> Dictionaries:
    """Formats and kinds as the packs bring them and as cities have added to them. One query."""
    formats = terms_of("formats")
    licences = {term.name: list(term.details["licence_kinds"]) for term in terms_of("operator_kinds")}
    return Dictionaries(
        terms=tuple(formats),
        formats=tuple(dict.fromkeys(term.name for term in formats)),
        format_kinds={term.name: str(term.details["kind"]) for term in formats if "kind" in term.details},
        format_stages={term.name: str(term.details["stage"]) for term in formats if "stage" in term.details},
        licences=licences or {kind: list(LICENCE_KINDS) for kind in (*OPERATOR_KINDS, *SMALL_KINDS)},
    )


class FormatNames(Sequence[str]):
    """Every name that ever was a format, read when it is asked for: an importer is declared long before it runs."""

    def __iter__(self) -> Iterator[str]:
        return iter(read_dictionaries().formats)

    def __len__(self) -> int:
        return len(read_dictionaries().formats)

    def __bool__(self) -> bool:
        return True

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: Any) -> Any:
        return read_dictionaries().formats[index]
