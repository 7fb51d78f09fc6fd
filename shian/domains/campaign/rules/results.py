"""From an outcome to the row that is stored, and the digests that make two evaluations comparable."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from operator import attrgetter
from typing import Any

from shian.domains.campaign.rules.assessment import NOT_APPLICABLE, UNKNOWN, Outcome
from shian.domains.campaign.rules.rounding import rounded
from shian.domains.campaign.rules.scoring import Formula, points
from shian.domains.campaign.rules.vetoes import veto_finding

MODULUS = 1 << 256
PLACES = Decimal("0.0001")
STATES = ("computed", "verdict", "external", "unknown", "not_applicable")
_as_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, check_circular=False).encode
VETO_STATES = ("clear", "triggered", "unknown")
COUNTED = (*STATES, *(f"vetoes_{state}" for state in VETO_STATES))


@dataclass(frozen=True)
class Scored:
    """Everything a stored result says, without the evaluation it belongs to; `reasons` and `basis` are JSON."""

    state: str
    value: Decimal | None
    unit: str
    operator: str
    threshold: Decimal | None
    margin: Decimal | None
    met: bool | None
    ratio: Decimal | None
    weight: Decimal
    score: Decimal | None
    lost: Decimal | None
    formula: str
    reasons: str
    stated_reason: str
    veto_state: str
    is_near_veto: bool
    basis: str

    @cached_property
    def content(self) -> str:
        """All of it as one line in PostgreSQL's COPY text format: what is stored is what is hashed."""
        return "\t".join(map(_text, _values(self)))

    @cached_property
    def _bytes(self) -> bytes:
        return self.content.encode()

    def digest(self, code: str, area_key: str) -> str:
        """SHA-256 over the item, the area and all of this."""
        return hashlib.sha256(f"{code}\t{area_key}\t".encode() + self._bytes).hexdigest()


SCORED = tuple(each.name for each in fields(Scored))
_values = attrgetter(*SCORED)


def scored(
    outcome: Outcome,
    *,
    weight: Decimal,
    formula: Formula,
    stated_reason: str = "",
    is_veto: bool = False,
    near_margin: Decimal | None = None,
) -> Scored:
    """The row for an outcome. A not applicable item leaves the denominator: its weight is 0."""
    head, ratio = outcome.headline, outcome.ratio
    weight = Decimal(0) if outcome.state == NOT_APPLICABLE else weight
    score = None if ratio is None else points(weight, ratio)
    found = veto_finding(outcome.met, _margin(outcome), near_margin) if _is_watched(outcome, is_veto) else None
    return Scored(
        state=outcome.state,
        value=_rounded(head.value if head else None),
        unit=head.unit if head else "",
        operator=head.operator if head else "",
        threshold=_rounded(head.threshold if head else None),
        margin=_rounded(head.margin if head else None),
        met=outcome.met,
        ratio=ratio,
        weight=weight.quantize(PLACES),
        score=score,
        lost=None if score is None else weight - score,
        formula=_formula_text(outcome, formula),
        reasons=_as_json(outcome.reasons),
        stated_reason=stated_reason if outcome.state == UNKNOWN else "",
        veto_state=found.state if found else "",
        is_near_veto=bool(found and found.is_near),
        basis=_as_json(outcome.basis),
    )


def _is_watched(outcome: Outcome, is_veto: bool) -> bool:
    return is_veto and outcome.state != NOT_APPLICABLE


def _margin(outcome: Outcome) -> Decimal | None:
    return outcome.headline.margin if outcome.headline else None


def _formula_text(outcome: Outcome, formula: Formula) -> str:
    if outcome.ratio is None or outcome.headline is None:
        return ""
    return f"{formula.kind}@{formula.version}" if formula.version else formula.kind


def evaluation_digest(digests: Iterable[str]) -> str:
    """Sum of the rows' digests modulo 2²⁵⁶: independent of order, one changed row moves it by a difference."""
    return f"{sum(int(digest, 16) for digest in digests) % MODULUS:064x}"


def replaced_digest(total: str, old: str, new: str) -> str:
    """The evaluation's digest after one row changed."""
    return f"{(int(total, 16) - int(old, 16) + int(new, 16)) % MODULUS:064x}"


@dataclass(frozen=True)
class Tally:
    """What an area's score is made of; tallies add up."""

    earned: Decimal = Decimal(0)
    possible: Decimal = Decimal(0)
    decided: Decimal = Decimal(0)
    counts: tuple[int, ...] = (0,) * len(COUNTED)

    @classmethod
    def over(cls, rows: Collection[Any]) -> "Tally":
        """What the results add up to: anything with state, weight, score and veto_state."""
        states, vetoes = Counter(row.state for row in rows), Counter(row.veto_state for row in rows)
        decided = [row for row in rows if row.score is not None]
        return cls(
            earned=sum((row.score for row in decided), Decimal(0)),
            possible=sum((row.weight for row in rows), Decimal(0)),
            decided=sum((row.weight for row in decided), Decimal(0)),
            counts=(*(states[state] for state in STATES), *(vetoes[state] for state in VETO_STATES)),
        )

    def __add__(self, other: "Tally") -> "Tally":
        counts = tuple(mine + theirs for mine, theirs in zip(self.counts, other.counts, strict=True))
        return Tally(self.earned + other.earned, self.possible + other.possible, self.decided + other.decided, counts)

    def __neg__(self) -> "Tally":
        return Tally(-self.earned, -self.possible, -self.decided, tuple(-count for count in self.counts))

    @property
    def by_name(self) -> dict[str, int]:
        """The counts by the columns they are stored in."""
        return dict(zip(COUNTED, self.counts, strict=True))


def converted_total(earned: Decimal, possible: Decimal, total: Decimal) -> Decimal | None:
    """Points earned of the applicable ones, on the scale of the standard (120); None when nothing is applicable."""
    return rounded(earned / possible * total) if possible else None


def _rounded(number: Decimal | None) -> Decimal | None:
    return None if number is None else number.quantize(PLACES, ROUND_HALF_UP)


def _text(value: object) -> str:
    """One field in COPY text format: \\N for nothing, t and f, numbers without trailing zeros, escaped text."""
    if isinstance(value, str):
        return value if value.isprintable() and "\\" not in value else value.translate(_ESCAPES)
    if value is None:
        return "\\N"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return "t" if value else "f"


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
