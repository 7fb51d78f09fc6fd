"""Room for the calls of a request, so that no loop of it stands on an edge of Python's stack."""

from collections.abc import Callable
from typing import TypeVar

R = TypeVar("R")
SLOTS = 33_000  # of 8 bytes: CPython takes a chunk of 512 kB for it and lays what is called in the other half


def with_room(function: Callable[..., R]) -> Callable[..., R]:
    """The same function, in a frame so large that whatever it calls lies in one chunk with it. Django can take it for
    a middleware.

    CPython lays the frames of a thread in chunks of 16 kB and gives a chunk back to the system when its last frame is
    left. A loop that stands at the end of one so asks for memory and gives it back with every single call: the rows of
    a list then took four times as long, for one page and not for another, as depth would have it. Mended in the newest
    3.13 and 3.14 (https://github.com/python/cpython/issues/142183); memory that is not touched costs nothing.
    """

    def called(*args: object, **options: object) -> R:
        return function(*args, **options)

    called.__code__ = called.__code__.replace(co_stacksize=SLOTS)
    return called
