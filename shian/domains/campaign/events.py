"""What the campaign tells others."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class EvaluationMade:
    """An area was evaluated anew with another result than before."""

    evaluation: int
    area_key: str
    as_of: date
    by: str
    at: datetime


@dataclass(frozen=True)
class ItemRescored:
    """One item of one area got another result inside an evaluation. `is_shared`: other current ones hold the area;
    `is_veto`: the item is a condition that the veto monitor watches."""

    evaluation: int
    indicator_code: str
    area_key: str
    state: str
    is_shared: bool
    is_veto: bool
    by: str
    at: datetime


@dataclass(frozen=True)
class ScoringEntered:
    """Other weights or conversion rules hold for an area ("" for all without their own) from a day on."""

    scoring: int
    area_key: str
    effective_from: date
    by: str
    at: datetime


@dataclass(frozen=True)
class CatalogueIssued:
    """A decomposition catalogue has become somebody's duty."""

    catalogue: int
    kind: str
    by: str
    at: datetime


@dataclass(frozen=True)
class VetoCrossed:
    """A veto of an area came nearer to its line or crossed it; `after` is near or triggered."""

    area_key: str
    item_code: str
    title: str
    before: str
    after: str
    value: str
    by: str
    at: datetime
