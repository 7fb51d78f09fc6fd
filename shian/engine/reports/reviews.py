"""The self-assessments of a place (自查自评), as its pack declares them: packs/cities/<city>/city.yaml.

self_reviews:
  - {from: 2022-10-16, to: 2022-11-24}                    # of the city itself
  - {area: "131022", from: 2022-09-01, to: 2022-09-20}    # of an area inside it
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml
from django.conf import settings


@dataclass(frozen=True)
class SelfReview:
    """The days in which an area (its code as people write it) assessed itself, both included."""

    area: str
    start: date
    end: date


def self_review(area: str, as_of: date) -> SelfReview | None:
    """The self-assessment that was running on the day, as far as it had come; None when none is declared."""
    found = self_reviews(Path(settings.SHIAN_PACKS) / "cities" / settings.SHIAN_CITY / "city.yaml")
    running = [each for each in found if each.area == area and each.start <= as_of <= each.end]
    return SelfReview(area, running[-1].start, as_of) if running else None


@lru_cache(maxsize=4)
def self_reviews(path: Path) -> tuple[SelfReview, ...]:
    """All that the pack declares, in its order; none without a pack."""
    if not path.exists():
        return ()
    city = yaml.load(path.read_bytes(), yaml.CSafeLoader)
    declared = city.get("self_reviews") or ()
    return tuple(SelfReview(str(each.get("area", city["area"])), each["from"], each["to"]) for each in declared)
