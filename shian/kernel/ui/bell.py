"""The bell of the top bar: one app says where it leads and how much is unread; the shell knows no inbox.

register_bell("notices:notice_list", unread_count)      # (request) -> int; runs on every page, so it asks nothing
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from shian.kernel.ui.addresses import page_address

Counter = Callable[[HttpRequest], int]


@dataclass(frozen=True)
class Bell:
    url: str
    count: int

    @property
    def shown(self) -> str:
        """What fits on the bell."""
        return str(self.count) if self.count < 100 else "99+"


_bells: list[tuple[str, Counter]] = []


def register_bell(url_name: str, count: Counter) -> None:
    """Name the inbox; there is one."""
    _bells[:] = [(url_name, count)]


def bell_for(request: HttpRequest) -> Bell | None:
    """The bell of the signed-in reader, or None where there is no inbox."""
    user = getattr(request, "user", None)
    if not _bells or user is None or not user.is_authenticated:
        return None
    url_name, count = _bells[0]
    url = page_address(url_name)
    return Bell(url, count(request)) if url else None
