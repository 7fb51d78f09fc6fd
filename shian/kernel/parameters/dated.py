"""Dated numbers of a pack: packs/parameters/<name>.yaml, one version after the other.

    versions:
      - valid_from: 2021-01-01
        basis: where the numbers are from
        confidence: M
        warned_before: 60

A number that a city may change, or that the law may change, is such a version and never a constant. A new version is a
new entry with its first day; the earlier ones stay, because what happened under them is judged by them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

FOLDER = "parameters"

T = TypeVar("T")


@dataclass(frozen=True)
class Dated(Generic[T]):
    """The versions of one file. `name` is its path below packs/parameters without the ending; `read` makes one version
    of what its entry tells (KeyError, TypeError or ValueError where that is wrong)."""

    name: str
    read: Callable[[Mapping[str, Any]], T]

    def at(self, day: date) -> T:
        """The version in force on the day. Raises ImproperlyConfigured when there is none, or the file is wrong."""
        found = [version for first, version in self._dated() if first <= day]
        if not found:
            raise ImproperlyConfigured(f"packs/{FOLDER}/{self.name}.yaml has no version in force on {day}.")
        return found[-1]

    def versions(self) -> tuple[T, ...]:
        """Every version, the oldest first. Raises ImproperlyConfigured for a file that is missing or wrong."""
        return tuple(version for _, version in self._dated())

    def _dated(self) -> tuple[tuple[date, T], ...]:
        return _versions(Path(settings.SHIAN_PACKS) / FOLDER / f"{self.name}.yaml", self.read)


@lru_cache(maxsize=256)
def _versions(path: Path, read: Callable[[Mapping[str, Any]], T]) -> tuple[tuple[date, T], ...]:
    try:
        told = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        found = [(each["valid_from"], read(each)) for each in told["versions"]]
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise ImproperlyConfigured(f"{FOLDER}/{path.name}: {error!r}") from error
    if len({first for first, _ in found}) != len(found):
        raise ImproperlyConfigured(f"{FOLDER}/{path.name}: two versions begin on the same day.")
    return tuple(sorted(found, key=lambda pair: pair[0]))
