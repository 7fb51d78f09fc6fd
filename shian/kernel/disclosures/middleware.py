"""Stands behind the door: what it asks for becomes a page, a file that went past it does not leave, and who searches
more often than a hand can has to wait."""

from collections.abc import Callable
from typing import Any

from allauth.core.internal import ratelimit
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from shian.kernel.accounts.policy import policy_for
from shian.kernel.disclosures.asking import asked_why, slowed_down
from shian.kernel.disclosures.door import ReasonNeeded, TooOften, is_listed

SECONDS = 60


class FileEscaped(RuntimeError):
    """A view answered with an attachment that nobody sealed and listed: a mistake of the program, answered by 500."""


class DoorMiddleware:
    """Above the interface's own middleware, which answers the same exceptions with problem details."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if "attachment" in answer.headers.get("Content-Disposition", "").lower() and not is_listed(answer):
            answer.close()
            raise FileEscaped(request.path)
        return answer

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], values: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Searches of one account are counted; those of programs are, with their other requests, by their token."""
        if not request.GET.get("q") or getattr(view, "is_api", False) or not request.user.is_authenticated:
            return None
        rates = {"search": f"{policy_for(request.user).searches_per_minute}/{SECONDS}s/user"}
        counted = ratelimit.consume(request, app=__name__, action="search", config=rates, limit_get=True)
        return None if counted else slowed_down(request, SECONDS)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """The view's transaction has been rolled back by now."""
        if isinstance(exception, TooOften):
            return slowed_down(request, exception.seconds)
        return asked_why(request) if isinstance(exception, ReasonNeeded) else None
