"""How an export of the log leaves: by the door of the app that lists who takes what, which stands above this one.

register_door(Door.of_page)                        # kernel.disclosures
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

Answer = TypeVar("Answer", bound=HttpResponseBase)


class Door(Protocol):
    """What is asked of a door; see kernel.disclosures."""

    def check(self, rows: int, personal: Sequence[str] = (), *, is_masked: bool = True) -> None:
        """May so many rows leave now? What it raises is answered with a page."""

    def let_out(
        self, answer: Answer, *, subject: str, title: str, at: datetime, rows: int = 1, personal: Sequence[str] = (),
        is_masked: bool = True, facts: Mapping[str, str] | None = None,
    ) -> Answer:  # fmt: skip
        """The answer, sealed and listed as taken."""


_doors: list[Callable[[HttpRequest], Door]] = []


def register_door(of_page: Callable[[HttpRequest], Door]) -> None:
    """Name the function that opens the door for a page (there is one)."""
    _doors[:] = [of_page]


def door_of(request: HttpRequest) -> Door:
    """The door of this page."""
    return _doors[0](request)
