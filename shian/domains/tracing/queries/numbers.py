"""Dated numbers of tracing, from the pack."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shian.kernel.parameters.dated import Dated


@dataclass(frozen=True)
class Numbers:
    """silent_days: without an upload a producer has stopped; producers, certificates: targets of the year."""

    silent_days: int
    producers: int
    certificates: int


def _read(told: Mapping[str, Any]) -> Numbers:
    targets = told["targets"]
    return Numbers(int(told["silent_days"]), int(targets["producers"]), int(targets["certificates"]))


NUMBERS: Dated[Numbers] = Dated("tracing", _read)
