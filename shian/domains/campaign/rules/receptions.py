"""How the problems of an evaluation moved between two weekly notices. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Standing:
    """A problem today: struck off or open, until when."""

    case: int
    is_open: bool
    due_on: date | None = None


@dataclass(frozen=True)
class Movement:
    """What became of one problem since the notice before; a withdrawn one (不成立, merged) counts no more."""

    case: int
    is_open: bool
    is_overdue: bool = False
    is_new: bool = False
    is_closed: bool = False
    is_reopened: bool = False
    is_withdrawn: bool = False


def movements(before: Mapping[int, bool], now: Iterable[Standing], day: date) -> list[Movement]:
    """Problem by problem: `before` says of those that counted last time whether they were open."""
    found = [_moved(before.get(each.case), each, day) for each in now]
    present = {each.case for each in found}
    return found + [Movement(case, is_open=False, is_withdrawn=True) for case in before if case not in present]


def _moved(was_open: bool | None, now: Standing, day: date) -> Movement:
    return Movement(
        now.case,
        now.is_open,
        is_overdue=now.is_open and now.due_on is not None and now.due_on < day,
        is_new=was_open is None,
        is_closed=not now.is_open and was_open is not False,
        is_reopened=now.is_open and was_open is False,
    )


def counted(before: Mapping[int, bool], moved: Iterable[Movement]) -> dict[str, int]:
    """The numbers of a notice. They tie: open_before + new + reopened - closed - withdrawn_open = open."""
    rows = list(moved)
    standing = [each for each in rows if not each.is_withdrawn]
    withdrawn = [each.case for each in rows if each.is_withdrawn]
    return {
        "total": len(standing),
        "open": sum(each.is_open for each in standing),
        "struck": sum(not each.is_open for each in standing),
        "new": sum(each.is_new for each in standing),
        "closed": sum(each.is_closed for each in standing),
        "reopened": sum(each.is_reopened for each in standing),
        "withdrawn": len(withdrawn),
        "withdrawn_open": sum(before[case] for case in withdrawn),
        "overdue": sum(each.is_overdue for each in standing),
        "open_before": sum(before.values()),
        "total_before": len(before),
    }


def ties(counts: Mapping[str, int]) -> bool:
    """Whether the movement leads from the notice before to this one: 上期未销号＋新增＋重开－销号－撤销＝本期未销号."""
    moved = counts["open_before"] + counts["new"] + counts["reopened"] - counts["closed"] - counts["withdrawn_open"]
    return moved == counts["open"] and counts["total_before"] + counts["new"] - counts["withdrawn"] == counts["total"]
