"""What every answer gets: a content security policy (no inline script or style, nothing from outside), and actors named
as the reader may see them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from shian.kernel.ui.actors import actors_seen_by

POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)


class ContentSecurityPolicyMiddleware:
    """Adds the policy to every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response


class ActorsMiddleware:
    """Names actors for whoever asks for the page (see actors.py); stands below the one that knows the user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with actors_seen_by(lambda: request.user):
            return self.get_response(request)
