"""Selection as RFC 3797 has it: public values in one canonical form, MD5 over them, a place in the pool at each turn.

Canonical form (RFC 3797 §4), source by source: numbers are written as decimals that end in a period, or have one before
their fraction, without leading zeros (one stays before a fraction) and without trailing zeros after the period; they
are ordered from the smallest to the largest and joined. Text keeps its ASCII letters and digits, in capitals. A "/"
ends each source. So 9319; 2 5 12 8 10; 9 18 26 34 41 45 give `9319./2.5.8.10.12./9.18.26.34.41.45./`.

Turn k (from 0) takes MD5(k ‖ key ‖ k), k being two octets, most significant first; the digest as a whole number of 128
bits, modulo what is left in the pool, is the place that is taken out.

Two things the RFC leaves open, and how they are closed here:
- *Strata.* Each stratum draws under a key of its own: the key with one more text source, the SHA-256 of the stratum's
  name in capitals. Any program for RFC 3797 draws the stratum again when it is given that longer key.
- *Large frames.* Two octets number 65,536 turns; that is the longest run under one key, and 65,535 the largest pool of
  the RFC's own program. A longer run goes on under the key with one more number source: `1./` for turns 65,536 to
  131,071, `2./` after them, and so on, over the pool as the turns before left it. Shorter runs are unchanged by this.
  A digest of 128 bits prefers no place of a pool of 2^32 by more than 2^-96.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

RUN = 65_536  # turns that two octets can number
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+", re.ASCII)
Row = TypeVar("Row")


class BadSource(ValueError):
    """A source has no canonical form. The message is the value that has none, "" for a source without values."""


class SourceKind(StrEnum):
    """Numbers are put in order; text is kept as it stands."""

    NUMBERS = "numbers"
    TEXT = "text"


@dataclass(frozen=True)
class Source:
    """What one public source told: numbers as they were read, or one text."""

    name: str
    kind: SourceKind
    values: tuple[str, ...]


def canonical_number(text: str) -> str:
    """`009319` is `9319.`, `1.50` is `1.5`, `.5` is `0.5`. Raises BadSource for signs, exponents and other scripts."""
    if not NUMBER.fullmatch(text):
        raise BadSource(text)
    whole, _, fraction = text.partition(".")
    return f"{whole.lstrip('0') or '0'}.{fraction.rstrip('0')}"


def canonical_text(text: str) -> str:
    """Letters and digits in capitals; what stands between them goes. Raises BadSource beyond ASCII, or with nothing."""
    kept = re.sub(r"[^A-Z0-9]", "", text.upper()) if text.isascii() else ""
    if not kept:
        raise BadSource(text)
    return kept


def canonical_source(source: Source) -> str:
    """One source with its closing "/". Raises BadSource."""
    if not source.values:
        raise BadSource("")
    if source.kind == SourceKind.TEXT:
        return "".join(map(canonical_text, source.values)) + "/"
    return "".join(sorted(map(canonical_number, source.values), key=_size)) + "/"


def _size(number: str) -> Decimal:
    return Decimal(number)


def key_of(sources: Iterable[Source]) -> str:
    """The key over all sources, in the order in which they were announced. Raises BadSource."""
    key = "".join(map(canonical_source, sources))
    if not key:
        raise BadSource("")
    return key


def key_for(key: str, name: str) -> str:
    """The key under which the stratum `name` draws."""
    return f"{key}{hashlib.sha256(name.encode()).hexdigest().upper()}/"


def digest(key: str, turn: int) -> bytes:
    """The 16 octets of a turn (from 0)."""
    run, place = divmod(turn, RUN)
    octets = place.to_bytes(2, "big")
    chained = f"{key}{run}./" if run else key
    return hashlib.md5(octets + chained.encode("ascii") + octets, usedforsecurity=False).digest()


def select(pool: Sequence[Row], count: int, key: str) -> list[Row]:
    """The first `count` rows that the key takes from the pool, in the order taken; no more than there are."""
    left = list(pool)
    return [left.pop(int.from_bytes(digest(key, turn), "big") % len(left)) for turn in range(min(count, len(left)))]


def shuffled(pool: Sequence[Row], key: str) -> list[Row]:
    """The whole pool in the order in which the key takes it."""
    return select(pool, len(pool), key)
