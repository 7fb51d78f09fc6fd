"""What every answer gets: a content security policy (no inline script or style, nothing from outside), and actors named
as the reader may see them."""

from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]

from shian.kernel.ui.actors import actors_seen_by

POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)


PERMISSIONS = "camera=(self), geolocation=(self), " + ", ".join(
    f"{name}=()"
    for name in (
        "accelerometer", "autoplay", "browsing-topics", "display-capture", "encrypted-media", "gyroscope",
        "hid", "magnetometer", "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking",
    )
)  # fmt: skip


class ContentSecurityPolicyMiddleware:
    """Adds to every answer, those of errors too, what a browser may do with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class ActorsMiddleware:
    """Names actors for whoever asks for the page (see actors.py); stands below the one that knows the user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with actors_seen_by(lambda: request.user):
            return self.get_response(request)


class NulMiddleware:
    """A NUL is in no text that the database holds: an address with one names nothing. The interface for programs
    refuses parameters by itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], values: dict[str, Any]
    ) -> None:
        asked = [] if getattr(view, "is_api", False) else [told for _name, told in request.GET.lists()]
        if any("\0" in each for each in chain(*asked, map(str, values.values()))):
            raise Http404


class StaticFilesMiddleware:
    """Serves static files; a front end built while the server runs is served without a restart, as its manifest is.

    WhiteNoise lists the files when it starts. A file that is not in the list is looked for once more and added; one
    that is gone leaves it. Names carry a digest of the content, so a listed file that is still there is the same.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._listed = WhiteNoiseMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        url = request.path_info
        if url.startswith(self._listed.static_prefix) and not self._listed.autorefresh and not self._is_there(url):
            self._look_again(url)
        answer: HttpResponseBase = self._listed(request)
        return answer

    def _is_there(self, url: str) -> bool:
        known = self._listed.files.get(url)
        return known is not None and all(Path(path).exists() for _accepts, path, _headers in known.alternatives)

    def _look_again(self, url: str) -> None:
        found = self._listed.find_file(url)
        if found is not None:
            self._listed.files[url] = found
        else:
            self._listed.files.pop(url, None)
