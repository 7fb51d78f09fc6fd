"""The five vetoes: clear, triggered or unknown, with margin; and where the early warning begins (A-29)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

CLEAR, NEAR, TRIGGERED, UNKNOWN = "clear", "near", "triggered", "unknown"
SEVERITY = (UNKNOWN, CLEAR, NEAR, TRIGGERED)


@dataclass(frozen=True)
class VetoFinding:
    """`is_near`: clear, but within the warning margin that the standard or the city declares."""

    state: str
    is_near: bool = False


def veto_finding(met: bool | None, margin: Decimal | None, near_margin: Decimal | None) -> VetoFinding:
    """A value on the line has not fallen below it: 80 is clear with margin 0, 79.9 triggers (veto 4: under 80)."""
    if met is None:
        return VetoFinding(UNKNOWN)
    if not met:
        return VetoFinding(TRIGGERED)
    near = margin is not None and near_margin is not None and near_margin > 0 and margin <= near_margin
    return VetoFinding(CLEAR, is_near=near)


@dataclass(frozen=True)
class WatchRule:
    """The dated numbers of one condition, of a scoring version. `lookback` and `also` in months; `warning`: the measure
    that gives the early warning of a condition without margin, once it reaches `enough`."""

    lookback: int | None = None
    also: int | None = None
    warning: str = ""
    enough: Decimal | None = None


def watch_rule(rules: Mapping[str, Any], code: str) -> WatchRule:
    """What the rules of a scoring version say of a condition."""
    told = rules.get("vetoes", {}).get(code, {})
    warning = told.get("warning") or {}
    enough = warning.get("at_least")
    return WatchRule(
        told.get("lookback_months"), told.get("also_months"), warning.get("measure", ""),
        None if enough is None else Decimal(str(enough)),
    )  # fmt: skip


def watch_state(found: VetoFinding, warned: Decimal | None, enough: Decimal | None) -> str:
    """`near` lies between clear and triggered: by the margin, or because the warning's number is reached."""
    if found.state != CLEAR:
        return found.state
    is_warned = warned is not None and enough is not None and warned >= enough
    return NEAR if found.is_near or is_warned else CLEAR


def is_worse(before: str, after: str) -> bool:
    """Did the condition come nearer to its line, or cross it? Whatever is no longer known is not called worse."""
    return SEVERITY.index(after) > max(SEVERITY.index(before), SEVERITY.index(CLEAR))
