"""The three decomposition catalogues (A-03): who takes which item."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

LEAD, RESPONSIBLE = "牵头", "责任"
MARKET_BUREAU = "SAMR"


@dataclass(frozen=True)
class Candidate:
    """An item as the catalogues want it. `leads` are stated leads only: an inferred lead is none."""

    code: str
    point: int
    title: str
    levels: frozenset[str]
    leads: tuple[str, ...]
    responsible: tuple[str, ...]
    targets: tuple[tuple[str, str, Decimal, str], ...] = field(default=())  # title, operator, threshold, unit


@dataclass(frozen=True)
class Share:
    """One line of a catalogue: an item made somebody's duty."""

    code: str
    audience: str
    role: str


def area_shares(items: Iterable[Candidate], areas: Sequence[str], level: str) -> list[Share]:
    """Item × area for the items that concern areas of this level: the counties of a city, the townships of a county."""
    return [Share(item.code, area, RESPONSIBLE) for item in items if level in item.levels for area in areas]


def department_shares(items: Iterable[Candidate]) -> list[Share]:
    """Item × department: leads first, then the responsible ones; a department that is both leads."""
    shares = []
    for item in items:
        shares += [Share(item.code, code, LEAD) for code in item.leads]
        shares += [Share(item.code, code, RESPONSIBLE) for code in item.responsible if code not in item.leads]
    return shares


def section_shares(items: Iterable[Candidate], sections: Mapping[str, Sequence[int]]) -> list[Share]:
    """Items of the market-regulation bureau × its sections (name → points of the standard that fall to it).

    An item that no section names goes to the first. Without sections the bureau itself takes every item.
    """
    shares = []
    for item in items:
        if MARKET_BUREAU not in {*item.leads, *item.responsible}:
            continue
        role = LEAD if MARKET_BUREAU in item.leads else RESPONSIBLE
        named = [name for name, points in sections.items() if item.point in points]
        shares += [Share(item.code, name, role) for name in named or [next(iter(sections), MARKET_BUREAU)]]
    return shares


def unassigned(items: Iterable[Candidate], *catalogues: Iterable[Share]) -> list[str]:
    """Items that no catalogue holds, by code: there must be none."""
    held = {share.code for shares in catalogues for share in shares}
    return [item.code for item in items if item.code not in held]
