"""Who answers for whom: an official of the operator's level, in the same area, the least loaded first."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Any

LEVEL_OF = {"A": "city", "B": "county", "C": "township", "D": "village"}
WIDTH = {"city": 4, "county": 6, "township": 9, "village": 12}
ABOVE = {"village": "township"}  # where nobody of a village stands, another village of the township helps out


@dataclass(frozen=True)
class MatchRules:
    """One dated version of packs/parameters/duty_matches.yaml. `charge_of`: format → line of work."""

    load_warning: int
    status_days: int
    rematch_days: int
    sign_days: int
    complaint_number: str
    charge_of: Mapping[str, str]


@dataclass(frozen=True)
class Need:
    """An operator without an official, by the key of its tier row. `area` is the operator's deepest key."""

    key: int
    tier: str
    area: str
    format: str


@dataclass(frozen=True)
class Candidate:
    """An official who can take more. `load` is what the official has already."""

    key: int
    code: str
    level: str
    area: str
    charge: str = ""
    is_head: bool = False
    load: int = 0


@dataclass(frozen=True)
class Proposal:
    """Who would take it; None where nobody of the level stands in the area. `why`: a key of WHY."""

    need: Need
    official: int | None
    why: str


WHY = {
    "charge": "由分管领域的干部包保",
    "area": "同区划、负荷最低",
    "neighbour": "本村无包保干部，由同乡镇负荷最低的干部包保",
    "nobody": "本区划没有该层级的包保干部",
}


def read_rules(told: Mapping[str, Any]) -> MatchRules:
    """A version of packs/parameters/duty_matches.yaml. Raises KeyError, TypeError, ValueError where it is wrong."""
    charges = {name: charge for charge, formats in told["charges"].items() for name in formats}
    days = {name: int(told[name]) for name in ("status_days", "rematch_days", "sign_days")}
    most = int(told["load_warning"])
    if min(most, *days.values()) < 1:
        raise ValueError("numbers begin at one")
    return MatchRules(load_warning=most, complaint_number=str(told["complaint_number"]), charge_of=charges, **days)


def assign(needs: Iterable[Need], candidates: Sequence[Candidate], rules: MatchRules) -> list[Proposal]:
    """The same needs and candidates give the same proposals: needs in the order of their keys, the largest tier first;
    among candidates the smallest load, heads before others, then by code. Who is in charge of a line of work takes
    what belongs to it until the load is one to warn of."""
    desk = _Desk(candidates)
    ordered = sorted(needs, key=lambda need: (need.tier, need.key))
    return [_proposed(desk, need, rules) for need in ordered]


def _proposed(desk: "_Desk", need: Need, rules: MatchRules) -> Proposal:
    level, charge = LEVEL_OF[need.tier], rules.charge_of.get(need.format, "")
    area = need.area[: WIDTH[level]]
    if len(area) == WIDTH[level]:
        if charge and (found := desk.taken(level, area, charge, below=rules.load_warning)) is not None:
            return Proposal(need, found, "charge")
        if (found := desk.taken(level, area, "")) is not None:
            return Proposal(need, found, "area")
    if level in ABOVE and (found := desk.taken(level, need.area[: WIDTH[ABOVE[level]]], "")) is not None:
        return Proposal(need, found, "neighbour")
    return Proposal(need, None, "nobody")


class _Desk:
    """The candidates by level and area, each group a heap by load; an entry whose load has grown since is put back."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self.loads = {each.key: each.load for each in candidates}
        self.heaps: dict[tuple[str, str, str], list[tuple[int, bool, str, int]]] = defaultdict(list)
        for each in candidates:
            for group in self._groups(each):
                self.heaps[group].append((each.load, not each.is_head, each.code, each.key))
        for heap in self.heaps.values():
            heapify(heap)

    @staticmethod
    def _groups(each: Candidate) -> set[tuple[str, str, str]]:
        own = {(each.level, each.area, ""), (each.level, each.area, each.charge)}
        above = {(each.level, each.area[: WIDTH[ABOVE[each.level]]], "")} if each.level in ABOVE else set()
        return own | above

    def taken(self, level: str, area: str, charge: str, below: int | None = None) -> int | None:
        """The least loaded of the group, with one more now; None for an empty group or a load that is not `below`."""
        heap = self.heaps.get((level, area, charge))
        while heap:
            load, behind, code, key = heappop(heap)
            if load != self.loads[key]:
                heappush(heap, (self.loads[key], behind, code, key))
                continue
            is_taken = below is None or load < below
            self.loads[key] = load + is_taken
            heappush(heap, (self.loads[key], behind, code, key))
            return key if is_taken else None
        return None
