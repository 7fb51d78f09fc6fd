"""The three decomposition catalogues (A-03): who takes which item, with which quantified target."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from shian.domains.campaign.rules.readings import plain_text

OPERATOR_WORDS = {">=": "不低于", ">": "高于", "<=": "不超过", "<": "低于", "=": "达到"}
LEAD, RESPONSIBLE = "牵头", "责任"
MARKET_BUREAU = "SAMR"

# Sections of a market-regulation bureau and the points that fall to them, where a city enters no table of its own.
BUREAU_SECTIONS: dict[str, tuple[int, ...]] = {
    "食品协调科": (1, 2, 10, 12, 16, 24, 25, 27, 30, 38, 0),
    "食品生产科": (7, 19, 20, 21, 29),
    "食品经营科": (7, 20, 21, 31, 32),
    "餐饮科": (20, 31, 33),
    "特殊食品科": (20, 21),
    "抽检科": (4, 8, 15, 26),
    "执法支队": (9,),
    "法规科": (3,),
    "信用监管科": (23, 29),
    "消费者权益保护科": (11,),
    "宣传科": (11, 17, 37),
    "人事科": (14,),
    "财务装备科": (12, 13),
    "信息化科": (18, 28, 34),
    "质量发展科": (22, 35, 36),
}


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


def target_of(item: Candidate) -> str:
    """The quantified target in words: every threshold, or the item itself where the standard gives no number."""
    numbers = [
        f"{title}{OPERATOR_WORDS[operator]}{plain_text(threshold)}{unit}"
        for title, operator, threshold, unit in item.targets
    ]
    return "；".join(numbers) or f"{item.title}达到评价要求，佐证材料齐全"


def county_shares(items: Iterable[Candidate], counties: Sequence[str]) -> list[Share]:
    """Item × county for the items that concern a county."""
    return [Share(item.code, county, RESPONSIBLE) for item in items if "county" in item.levels for county in counties]


def department_shares(items: Iterable[Candidate]) -> list[Share]:
    """Item × department: leads first, then the responsible ones; a department that is both leads."""
    shares = []
    for item in items:
        shares += [Share(item.code, code, LEAD) for code in item.leads]
        shares += [Share(item.code, code, RESPONSIBLE) for code in item.responsible if code not in item.leads]
    return shares


def section_shares(items: Iterable[Candidate]) -> list[Share]:
    """Items of the market-regulation bureau × its sections; an item that no section names goes to the first."""
    shares = []
    for item in items:
        if MARKET_BUREAU not in {*item.leads, *item.responsible}:
            continue
        role = LEAD if MARKET_BUREAU in item.leads else RESPONSIBLE
        names = [name for name, points in BUREAU_SECTIONS.items() if item.point in points]
        shares += [Share(item.code, name, role) for name in names or [next(iter(BUREAU_SECTIONS))]]
    return shares


def unassigned(items: Iterable[Candidate], *catalogues: Iterable[Share]) -> list[str]:
    """Items that no catalogue holds, by code: there must be none."""
    held = {share.code for shares in catalogues for share in shares}
    return [item.code for item in items if item.code not in held]
