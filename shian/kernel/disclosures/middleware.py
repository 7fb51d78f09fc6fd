"""Stands behind the door: what it asks for becomes a page, a file that went past it does not leave, and who searches
more often than a hand can has to wait."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any, cast

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from shian.kernel.accounts.models import Role
from shian.kernel.accounts.policy import policy_for
from shian.kernel.disclosures.actions import record_look
from shian.kernel.disclosures.asking import asked_why, slowed_down
from shian.kernel.disclosures.door import ReasonNeeded, TooOften, is_listed

SECONDS, OK = 60, 200
FETCHED = ("_live", "_outline", "_outlines", "_points")  # ends of names
LONGEST = 300  # characters of an address that are kept
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.DOTALL)


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


class LookMiddleware:
    """Writes down every page and file that an assessor was given: who, what, when. Without the note no answer leaves.

    What a page fetches by itself (a map's outlines, a screen that renews itself) belongs to the look at the page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer, user = self.get_response(request), cast("Any", request.user)
        if getattr(user, "role", "") != Role.ASSESSOR or request.method != "GET" or answer.status_code != OK:
            return answer
        page = request.resolver_match.view_name if request.resolver_match else ""
        if not page.endswith(FETCHED):
            path = request.get_full_path()[:LONGEST]
            record_look(page=page, path=path, title=_title(answer) or path, by=user, at=timezone.now())
        return answer


def _title(answer: HttpResponseBase) -> str:
    """What the browser's tab shows, without the product's name; "" for what is no page."""
    if not isinstance(answer, HttpResponse) or not answer.headers.get("Content-Type", "").startswith("text/html"):
        return ""
    found = _TITLE.search(answer.content)
    return " ".join(unescape(found[1].decode()).split()).rpartition(" · ")[0][:200] if found else ""
