"""The five vetoes: clear, triggered or unknown, with margin (A-29)."""

from dataclasses import dataclass
from decimal import Decimal

CLEAR, TRIGGERED, UNKNOWN = "clear", "triggered", "unknown"


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
