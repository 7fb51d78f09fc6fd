"""A round's sample: strata, who is left out and why, and what a team must come to; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

MODE_WORDS = {"overt": "明查", "covert": "暗访"}
ROUND_STEPS = {"planned": "drawn", "drawn": "visiting", "visiting": "closed"}


class LeftOut(StrEnum):
    """Why a point stands in the frame but is not drawn."""

    NOT_READY = "尚未就绪"
    BENCHMARK = "标杆点位"
    CHECKED_LATELY = "近期检查过"


@dataclass(frozen=True)
class RoundNumbers:
    """The dated numbers of packs/parameters/field_rounds.yaml."""

    ratio: Decimal
    least: int
    reserves: Decimal
    quiet_days: int
    members: int
    certificates: Decimal
    topics: tuple[str, ...]


def read_numbers(told: Mapping[str, Any]) -> RoundNumbers:
    """One version of the file. Raises KeyError, ValueError."""
    return RoundNumbers(
        Decimal(told["ratio"]), int(told["least"]), Decimal(told["reserves"]), int(told["quiet_days"]),
        int(told["members"]), Decimal(told["certificates"]), tuple(map(str, told["topics"])),
    )  # fmt: skip


def stratum_of(county: str, mode: str, code: str) -> str:
    """County, way of checking and format, as the record of a draw names it: 固安县 明查 M19."""
    return f"{county} {MODE_WORDS[mode]} {code}"


def format_of(stratum: str) -> tuple[str, str]:
    """(mode, code) of a stratum. Raises ValueError for another text."""
    _county, word, code = stratum.rsplit(" ", 2)
    mode = next((mode for mode, each in MODE_WORDS.items() if each == word), None)
    if mode is None:
        raise ValueError(stratum)
    return mode, code


def left_out(*, is_ready: bool, is_benchmark: bool, last_checked: date | None, day: date, quiet_days: int) -> str:
    """Why a point is not drawn, "" when it may be."""
    if not is_ready:
        return LeftOut.NOT_READY
    if is_benchmark:
        return LeftOut.BENCHMARK
    if last_checked is not None and last_checked > day - timedelta(days=quiet_days):
        return LeftOut.CHECKED_LATELY
    return ""


@dataclass(frozen=True)
class TeamStrength:
    """How many belong to a team, and how many of them hold a certificate that is valid."""

    members: int
    certified: int

    @property
    def share(self) -> Decimal:
        """Certified of all, 0 to 1."""
        return Decimal(self.certified) / self.members if self.members else Decimal(0)

    def lacks(self, numbers: RoundNumbers) -> tuple[str, ...]:
        """Which of "members" and "certificates" falls short; the share is compared exactly, not as it is rounded."""
        short = []
        if self.members < numbers.members:
            short.append("members")
        if Decimal(self.certified) < numbers.certificates * self.members or not self.members:
            short.append("certificates")
        return tuple(short)
